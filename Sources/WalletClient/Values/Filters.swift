public import WalletCore

/// Which of a wallet's transactions are listed. What is left at its default excludes nothing.
public struct TransactionFilter: Sendable, Equatable {
  /// Stored at or after it, microseconds since 1970 UTC; 0: from the wallet's beginning.
  public var fromMicros: Int64 = 0
  /// Stored before it, microseconds since 1970 UTC, above ``fromMicros``; 0: no end.
  public var beforeMicros: Int64 = 0
  /// One of them; empty: all.
  public var kinds: Set<TransactionKind> = []
  /// At most 64 bytes of `[a-z0-9._-]`.
  public var reason = ""
  /// At most 64 bytes.
  public var actor = ""
  /// At most 128 bytes.
  public var reference = ""
  /// From 0, minor units: of the change of the balance without its sign, or of what a hold reserves.
  public var minAmount: Int64 = 0
  /// From ``minAmount``, minor units; 0: no bound.
  public var maxAmount: Int64 = 0

  public init() {}
}

/// Which refusals are listed. What is left at its default excludes nothing.
public struct RefusalFilter: Sendable, Equatable {
  /// Those that its address led to, and those of before it was opened.
  public var wallet: WalletReference?
  /// Stored at or after it, microseconds since 1970 UTC.
  public var fromMicros: Int64 = 0
  /// Stored before it, microseconds since 1970 UTC, above ``fromMicros``; 0: no end.
  public var beforeMicros: Int64 = 0
  /// One of them; empty: all.
  public var reasons: Set<ErrorReason> = []
  /// At most 64 bytes.
  public var actor = ""
  /// As the requests named it: at most 64 bytes of `[A-Za-z0-9._:@-]`.
  public var ownerID = ""

  public init() {}
}

/// Of which moment a balance is asked for.
public enum BalanceMoment: Sendable, Equatable {
  /// Microseconds since 1970 UTC, from the wallet's opening on and not in the future. Rows that were stored at this very
  /// time count; holds that had ended by then don't. The answer never changes.
  case time(micros: Int64)
  /// Right after the transaction that made this version, from 1 to the wallet's.
  case version(Int64)
}
