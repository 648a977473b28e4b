import ArgumentParser

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
    let arguments = Array(CommandLine.arguments.dropFirst())
    let asksForHelp = !Set(arguments).isDisjoint(with: ["-h", "--help", "--help-hidden"])
    if arguments.first == Serve._commandName, !asksForHelp { return Configuring.serve(Array(arguments.dropFirst())) }
    main(arguments)
  }
}

/// Exit codes, after sysexits.h. docs/OPERATING.md has the same table, made of this one.
enum ExitStatus: Int32, CaseIterable {
  case done = 0
  case usage = 64
  case notALedger = 65
  case addressUnavailable = 69
  case cannotCreate = 73
  case storage = 74
  case inUse = 75
  case configuration = 78

  var meaning: String {
    switch self {
    case .done:
      "stopped as asked: SIGTERM or SIGINT, and everything accepted was answered; or a second one ended it at once"
    case .usage: "an option is wrong, or the address isn't one that may be listened on so"
    case .notALedger: "the data folder isn't a ledger that this version can serve, or it contradicts itself"
    case .addressUnavailable: "an address can't be listened on: it is in use, or not of this machine"
    case .cannotCreate: "the data folder can't be made or written"
    case .storage: "a commit or the storage failed: what was not answered is known only by asking again after a restart"
    case .inUse: "another server has the data folder"
    case .configuration: "a setting of the environment or of the file is wrong"
    }
  }

  /// What an operator does about it.
  var advice: String {
    switch self {
    case .done: "nothing"
    case .usage: "mend the command line"
    case .notALedger: "don't start it again: read the line, then VERIFY.md"
    case .addressUnavailable: "look who listens there"
    case .cannotCreate: "look at owner and mode of the folder, and whether the disk can be written"
    case .storage: "look at the disk and its kernel messages; a restart writes the whole log anew"
    case .inUse: "look for the other server"
    case .configuration: "`walletd check-config` names each setting and its place"
    }
  }
}
