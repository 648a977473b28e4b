import ArgumentParser
import Glibc

/// The server's command line. Sub-commands: `serve`, `check-config`, `init`, `verify`.
@main
struct Walletd: ParsableCommand {
  /// The version of every program of this package.
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "walletd", abstract: "A ledger of prepaid wallets.",
    discussion: """
      Exit codes: 0 stopped as asked, 64 usage, 65 the data folder isn't a ledger that this version can serve or \
      contradicts itself, 69 the address can't be listened on, 73 the data folder can't be made or written, 74 a commit \
      or the storage failed, 75 another server has the data folder, 78 a setting in the file or the environment is wrong. \
      `verify` has its own.
      """,
    version: version, subcommands: [Serve.self, CheckConfig.self, Init.self, Verify.self, BenchEngine.self])

  /// What `serve` is given is completed before it is parsed.
  static func main() {
    // Dispatch complains, in the middle of the log, of every thread whose priority it may not raise: of most, unless root.
    _ = unsafe setenv("LIBDISPATCH_LOG", "NO", 0)
    let arguments = Array(CommandLine.arguments.dropFirst())
    let asksForHelp = !Set(arguments).isDisjoint(with: ["-h", "--help", "--help-hidden"])
    if arguments.first == Serve._commandName, !asksForHelp { return Configuring.serve(Array(arguments.dropFirst())) }
    main(arguments)
  }
}

/// Exit codes, after sysexits.h.
enum ExitStatus: Int32 {
  case done = 0
  case usage = 64
  case notALedger = 65
  case addressUnavailable = 69
  case cannotCreate = 73
  case storage = 74
  case inUse = 75
  case configuration = 78
}
