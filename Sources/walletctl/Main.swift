import ArgumentParser
import Foundation
import WalletWire

/// Runs the command line and turns every end into an exit code: 0 done, 1 refused, 2 usage, 3 cannot reach, 4 outcome
/// unknown.
@main enum Main {
  static func main() async {
    do {
      var command = try WalletCtl.parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as CommandFailure {
      end(failure)
    } catch {
      if let exit = error as? ExitCode { Foundation.exit(exit.rawValue) }
      // Asking for help is no error.
      if WalletCtl.exitCode(for: error).isSuccess { WalletCtl.exit(withError: error) }
      let text = WalletCtl.fullMessage(for: error)
      end(CommandFailure.usage(text, json: CommandLine.arguments.contains("--json"), isWhole: true))
    }
  }

  private static func end(_ failure: CommandFailure) -> Never {
    if let json = failure.json { print(json.text) }
    FileHandle.standardError.write(Data((failure.text + "\n").utf8))
    exit(failure.exitCode)
  }
}

struct WalletCtl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "walletctl",
    abstract: "Opens, reads and changes the wallets of a walletd server.",
    discussion: """
      Amounts are decimal text in the currency's own units, such as 12.30.

      Exit codes: 0 done, 1 refused, 2 wrong usage, 3 cannot reach the server (nothing was done), 4 outcome unknown: \
      the same command with the key that the message shows is safe to repeat, and tells.

      Environment: WALLETD_SERVER is the server when --server isn't given; WALLETD_TOKEN_FILE, WALLETCTL_TLS_CA, \
      WALLETCTL_TLS_CERT and WALLETCTL_TLS_KEY are files as --token-file, --tls-ca, --tls-cert and --tls-key name them.
      """,
    subcommands: [
      OpenCommand.self, BalanceCommand.self, DebitCommand.self, CreditCommand.self, TransferCommand.self,
      HoldCommand.self, CaptureCommand.self, ReleaseCommand.self, RefundCommand.self, FreezeCommand.self,
      UnfreezeCommand.self, SetLimitsCommand.self, CloseCommand.self, HistoryCommand.self, ExplainCommand.self,
      StatementCommand.self, RefusalsCommand.self, WalletsCommand.self, CurrencyCommand.self,
      CounterAccountCommand.self, TokenCommand.self, TrialBalanceCommand.self, WatchCommand.self, VerifyCommand.self,
      BackupCommand.self, DoctorCommand.self, InfoCommand.self,
      PingCommand.self,
      DevCertsCommand.self, CallCommand.self, BatchFileCommand.self, ApplyCommand.self,
    ])
}
