/// How a request names a wallet.
public enum WalletReference: Hashable, Sendable {
  /// By id; a currency that is given (not empty) must be the wallet's.
  case id(Int64, currency: Text)
  case name(WalletName)

  /// The name that a wallet has unless its opener says otherwise.
  public static let defaultName: Text = "main"

  /// Of requests that name a hold or a transaction instead; they may have a currency all the same.
  public static let none = WalletReference.name(WalletName(owner: "", currency: "", name: ""))

  /// The name that a request gives; `nil` where it gives an id, or names no wallet at all.
  public var name: WalletName? {
    if case .name(let name) = self, !name.owner.isEmpty { name } else { nil }
  }

  public var currency: Text {
    switch self {
    case .id(_, let currency): currency
    case .name(let name): name.currency
    }
  }
}

/// A wallet by owner, currency and name. Never used again after closing.
public struct WalletName: Hashable, Sendable {
  public var owner: Text
  public var currency: Text
  public var name: Text

  public init(owner: Text, currency: Text, name: Text) {
    self.owner = owner
    self.currency = currency
    self.name = name
  }
}
