/// What is known when a command is decided. Gathered by the store, read by the rules.
package struct Facts: Sendable {
  /// What the journal has under the command's key.
  package var prior: Prior?
  /// The wallet that the command's address leads to; that of the hold or transaction which it names.
  package var wallet: WalletAccount?
  /// The exponent of the currency that the command names; `nil` when it is not known, or none is named.
  package var exponent: UInt8?
  /// The total of the command's counter-account in the wallet's currency; `nil` when there is no such account.
  package var counterAccountTotal: Int64?
  /// The balances of all wallets of that currency; 0 where no counter-account is in question.
  package var walletsTotal: Int64
  /// The seq of the next row.
  package var nextSeq: Int64
  /// The id of the next wallet.
  package var nextWalletID: Int64
  /// What only few commands need.
  package var special: SpecialFacts?

  @inlinable
  @inline(__always)
  package init(
    prior: Prior? = nil, wallet: WalletAccount? = nil, exponent: UInt8? = nil, counterAccountTotal: Int64? = nil,
    walletsTotal: Int64 = 0, nextSeq: Int64, nextWalletID: Int64, special: SpecialFacts? = nil
  ) {
    self.prior = prior
    self.wallet = wallet
    self.exponent = exponent
    self.counterAccountTotal = counterAccountTotal
    self.walletsTotal = walletsTotal
    self.nextSeq = nextSeq
    self.nextWalletID = nextWalletID
    self.special = special
  }
}

/// What only commands with parameters, and those on wallets with holds, freezes or limits, are decided on.
package final class SpecialFacts: Sendable {
  /// The other wallet of a transfer.
  package struct Counterparty: Sendable {
    package var wallet: WalletAccount
    package var controls: WalletControls

    package init(wallet: WalletAccount, controls: WalletControls) {
      self.wallet = wallet
      self.controls = controls
    }
  }

  /// The row that a refund names.
  package struct Original: Sendable {
    package var seq: Int64
    package var kind: TransactionKind
    /// What it took, positive.
    package var amount: Int64
    /// What was refunded of it.
    package var refunded: Int64

    package init(seq: Int64, kind: TransactionKind, amount: Int64, refunded: Int64) {
      self.seq = seq
      self.kind = kind
      self.amount = amount
      self.refunded = refunded
    }
  }

  /// Of the wallet. Without holds that are due: their expiry is in the journal already.
  package let controls: WalletControls
  /// Rows of expired holds that this command has brought: callers compare versions with the one before them.
  package let expired: Int64
  package let counterparty: Counterparty?
  /// A transfer names its destination in a currency that nobody knows.
  package let destinationCurrencyIsUnknown: Bool
  package let hold: Hold?
  package let original: Original?
  /// What the wallet has used of the open windows, for limits that are set where there were none.
  package let usedBefore: LimitUsage?

  package init(
    controls: WalletControls = WalletControls(), expired: Int64 = 0, counterparty: Counterparty? = nil,
    destinationCurrencyIsUnknown: Bool = false, hold: Hold? = nil, original: Original? = nil,
    usedBefore: LimitUsage? = nil
  ) {
    self.controls = controls
    self.expired = expired
    self.counterparty = counterparty
    self.destinationCurrencyIsUnknown = destinationCurrencyIsUnknown
    self.hold = hold
    self.original = original
    self.usedBefore = usedBefore
  }
}
