package import WalletCore

extension BatchItem {
  /// What a mutation changes; its item has the options.
  public enum Mutation: Sendable {
    /// See ``WalletClient/openWallet(owner:currency:name:_:)``.
    case openWallet(owner: String, currency: String, name: String)
    /// See ``WalletClient/debit(_:amount:_:)``.
    case debit(WalletReference, amount: Int64)
    /// See ``WalletClient/credit(_:amount:_:)``.
    case credit(WalletReference, amount: Int64)
    /// See ``WalletClient/transfer(from:to:amount:_:)``.
    case transfer(from: WalletReference, to: WalletReference, amount: Int64)
    /// See ``WalletClient/hold(_:amount:timeout:_:)``.
    case hold(WalletReference, amount: Int64, timeout: Duration)
    /// See ``WalletClient/capture(holdID:amount:isFinal:_:)``.
    case capture(holdID: Int64, amount: Int64?, currency: String, isFinal: Bool)
    /// See ``WalletClient/release(holdID:_:)``.
    case release(holdID: Int64)
    /// See ``WalletClient/refund(transactionID:amount:_:)``.
    case refund(transactionID: Int64, amount: Int64?, currency: String)
    /// See ``WalletClient/freeze(_:scope:untilMicros:_:)``.
    case freeze(WalletReference, scope: FreezeScope, untilMicros: Int64)
    /// See ``WalletClient/unfreeze(_:scope:_:)``.
    case unfreeze(WalletReference, scope: FreezeScope)
    /// See ``WalletClient/setLimits(_:to:_:)``.
    case setLimits(WalletReference, WalletLimits)
    /// See ``WalletClient/closeWallet(_:_:)``.
    case closeWallet(WalletReference)
  }
}

extension BatchItem.Mutation {
  package var verb: Verb {
    switch self {
    case .openWallet: .openWallet
    case .debit: .debit
    case .credit: .credit
    case .transfer: .transfer
    case .hold: .hold
    case .capture: .capture
    case .release: .release
    case .refund: .refund
    case .freeze: .freeze
    case .unfreeze: .unfreeze
    case .setLimits: .setLimits
    case .closeWallet: .closeWallet
    }
  }

  /// Why it can't be sent; `nil` when it can. All other rules are the server's.
  var brokenRule: String? {
    switch self {
    case .capture(_, amount: 0, _, _), .refund(_, amount: 0, _):
      // On the wire 0 stands for all of it, which nobody means who has reckoned an amount.
      "an amount is from 1; without one it is all that is left"
    default: nil
    }
  }
}
