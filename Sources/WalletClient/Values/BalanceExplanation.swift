public import WalletCore

/// Why a wallet's balance is what it is. Amounts are minor units, times microseconds since 1970 UTC.
public struct BalanceExplanation: Sendable, Equatable {
  public var wallet: Wallet
  /// Before the first row that was added up.
  public var openingBalance: Int64
  /// The wallet's version then; 0: it is explained from its beginning.
  public var openingVersion: Int64
  /// When the first row that was added up was stored; 0 when there is none.
  public var openingAtMicros: Int64
  /// By kind and reason, the largest amounts first. A sum without a reason is of all that have none of their own, where a
  /// wallet has very many reasons.
  public var sums: [BalanceSum]
  /// Open ones, by their ends.
  public var holds: [HoldInfo]
  /// In effect.
  public var freezes: [FreezeInfo]
  /// What a freeze of debits keeps from being spent: all that would be available; else 0.
  public var frozenAmount: Int64
  public var limits: WalletLimits
  /// One for each limit that is set and that something counts for.
  public var limitUses: [LimitUse]
  /// Newest first.
  public var lastChanges: [Transaction]
  /// The wallet's rows that were read and added up.
  public var rowsRecomputed: Int64
  /// The sum, and each row's figures, are those of the wallet.
  public var isEqual: Bool
  /// What doesn't fit; empty when all does.
  public var difference: String
  /// The links of all rows that were read are right, up to this transaction; 0: one isn't.
  public var chainVerifiedTo: Int64
  /// The place of the journal that it is about.
  public var commitSeq: Int64
}

/// What a wallet's rows of one kind and reason come to.
public struct BalanceSum: Sendable, Equatable {
  /// `nil` for a kind that is newer than this client.
  public var kind: TransactionKind?
  public var reason: String
  public var count: Int64
  /// Signed.
  public var amount: Int64
  public var heldChange: Int64
}

/// An open hold.
public struct HoldInfo: Sendable, Equatable {
  public var id: Int64
  /// As it was reserved.
  public var amount: Int64
  public var captured: Int64
  public var remaining: Int64
  public var createdAtMicros: Int64
  public var endsAtMicros: Int64
  public var reason: String
  public var reference: String
}

/// A freeze in effect.
public struct FreezeInfo: Sendable, Equatable {
  /// `nil` for a scope that is newer than this client.
  public var scope: FreezeScope?
  public var reason: String
  public var sinceMicros: Int64
  /// 0: until it is lifted.
  public var untilMicros: Int64
}

/// How much of a limit is used.
public struct LimitUse: Sendable, Equatable {
  /// `nil` for a kind that is newer than this client.
  public var kind: LimitKind?
  /// Minor units, or a count.
  public var limit: Int64
  public var used: Int64
  public var remaining: Int64
  /// 0 where there is no window.
  public var windowEndMicros: Int64
}
