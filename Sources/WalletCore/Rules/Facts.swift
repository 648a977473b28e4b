/// What is known when a command is decided. Gathered by the store, read by the rules.
public struct Facts: Sendable {
  /// What the journal has under the command's key.
  public var prior: Prior?
  /// The wallet that the command's address leads to; that of the hold or transaction which it names.
  public var wallet: WalletAccount?
  /// The exponent of the currency that the command names; `nil` when it is not known, or none is named.
  public var exponent: UInt8?
  /// The total of the command's counter-account in the wallet's currency; `nil` when there is no such account.
  public var counterAccountTotal: Int64?
  /// The balances of all wallets of that currency; 0 where no counter-account is in question.
  public var walletsTotal: Int64
  /// The seq of the next row.
  public var nextSeq: Int64
  /// The id of the next wallet.
  public var nextWalletID: Int64
  /// What only few commands need.
  public var special: SpecialFacts?

  @inlinable
  @inline(__always)
  public init(
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
public final class SpecialFacts: Sendable {
  /// The other wallet of a transfer.
  public struct Counterparty: Sendable {
    public var wallet: WalletAccount
    public var controls: WalletControls

    public init(wallet: WalletAccount, controls: WalletControls) {
      self.wallet = wallet
      self.controls = controls
    }
  }

  /// The row that a refund names.
  public struct Original: Sendable {
    public var seq: Int64
    public var kind: TransactionKind
    /// What it took, positive.
    public var amount: Int64
    /// What was refunded of it.
    public var refunded: Int64

    public init(seq: Int64, kind: TransactionKind, amount: Int64, refunded: Int64) {
      self.seq = seq
      self.kind = kind
      self.amount = amount
      self.refunded = refunded
    }
  }

  /// Of the wallet. Without holds that are due: their expiry is in the journal already.
  public let controls: WalletControls
  /// Rows of expired holds that this command has brought: callers compare versions with the one before them.
  public let expired: Int64
  public let counterparty: Counterparty?
  /// A transfer names its destination in a currency that nobody knows.
  public let destinationCurrencyIsUnknown: Bool
  public let hold: Hold?
  public let original: Original?
  /// What the wallet has used of the open windows, for limits that are set where there were none.
  public let usedBefore: LimitUsage?

  public init(
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
