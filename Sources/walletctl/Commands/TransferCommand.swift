import ArgumentParser
import WalletClient

struct TransferCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer", abstract: "Moves an amount from one wallet to another of the same currency.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var wallet: WalletOptions

  @Option(help: "The id of the wallet that gets it, instead of its owner and name.")
  var toWallet: Int64?

  @Option(help: "The owner of the wallet that gets it; its currency is that of the other.")
  var toOwner: String?

  @Option(help: "The name of the wallet that gets it. (default: main)")
  var toName: String?

  @Option(help: "The amount in the currency's own units, such as 12.30.")
  var amount: String

  @OptionGroup var change: ChangeArguments
  @OptionGroup var arguments: MutationArguments

  func validate() throws {
    if let toWallet {
      guard toWallet > 0 else { throw ValidationError("--to-wallet must be a positive id") }
      guard toOwner == nil, toName == nil else {
        throw ValidationError("--to-wallet names the wallet already: leave out --to-owner and --to-name")
      }
    } else {
      guard toOwner != nil else {
        throw ValidationError("say which wallet gets it: --to-wallet ID, or --to-owner OWNER [--to-name NAME]")
      }
    }
  }

  func run() async throws {
    let session = try connection.makeSession()
    let source = wallet.reference
    let (minorUnits, unit) = try await session.amount(amount) { try await session.unit(of: source) }
    let destination: WalletReference =
      if let toWallet { .id(toWallet) } else { .owner(toOwner ?? "", currency: unit.currency, name: toName ?? "main") }
    let key = arguments.key ?? session.client.makeIdempotencyKey()
    let output = try await session.mutate(
      .transfer(from: source, to: destination, amount: minorUnits), change.options(arguments, key: key), unit: unit)
    try output.showTransfer()
  }
}
