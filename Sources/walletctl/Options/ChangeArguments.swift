import ArgumentParser
import WalletClient

/// What every change of a wallet takes, before what every mutation takes.
struct ChangeArguments: ParsableArguments {
  @Option(help: "Why: a short code, such as esim.purchase.")
  var reason: String

  @Option(help: ArgumentHelp("Only if the wallet has this version.", valueName: "version"))
  var expectVersion: Int64?

  func validate() throws {
    if let expectVersion, expectVersion < 1 { throw ValidationError("--expect-version must be from 1") }
  }

  func options(_ arguments: MutationArguments, key: String, counterAccount: String = "") -> MutationOptions {
    var options = arguments.options(reason: reason, key: key)
    options.expectedVersion = expectVersion
    options.counterAccount = counterAccount
    return options
  }
}
