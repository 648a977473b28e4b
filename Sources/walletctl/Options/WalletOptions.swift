import ArgumentParser
import WalletClient

/// Which wallet: by id, or by owner, currency and name.
struct WalletOptions: ParsableArguments {
  @Option(help: "The wallet's id, instead of owner, currency and name.")
  var wallet: Int64?

  @Option(help: "The wallet's owner.")
  var owner: String?

  @Option(help: "The wallet's currency, such as USD.")
  var currency: String?

  @Option(help: "The wallet's name. (default: main)")
  var name: String?

  func validate() throws {
    if let wallet {
      guard wallet > 0 else { throw ValidationError("--wallet must be a positive id") }
      guard owner == nil, currency == nil, name == nil else {
        throw ValidationError("--wallet names the wallet already: leave out --owner, --currency and --name")
      }
    } else {
      guard owner != nil, currency != nil else {
        throw ValidationError("say which wallet: --wallet ID, or --owner OWNER --currency CURRENCY [--name NAME]")
      }
    }
  }

  var reference: WalletReference {
    if let wallet { return .id(wallet) }
    return .owner(owner ?? "", currency: currency ?? "", name: name ?? "main")
  }

  /// The wallet's unit where it is known without asking.
  var isoUnit: Unit? { currency.flatMap { Unit.iso($0) } }

  /// For messages to people.
  var text: String {
    if let wallet { return "wallet \(wallet)" }
    return "wallet \(name ?? "main") of \(owner ?? "") in \(currency ?? "")"
  }
}
