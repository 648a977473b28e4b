/// What a verification tells. The last event is its report.
public enum VerificationEvent: Sendable, Equatable {
  case progress(VerificationProgress)
  case finding(VerificationFinding)
  case report(VerificationReport)
}

public struct VerificationProgress: Sendable, Equatable {
  /// `journal`, `wallets`, `totals`, `keys`, `copy` or `integrity`.
  public var stage: String
  public var done: Int64
  /// 0 where it isn't known.
  public var total: Int64
}

/// Something that isn't as it must be.
public struct VerificationFinding: Sendable, Equatable {
  /// Such as `digest`, `wallet.balance` or `key`.
  public var what: String
  /// 0 where it is no wallet's.
  public var walletID: Int64
  /// The row of the journal; 0 where it is none's.
  public var seq: Int64
  public var expected: String
  public var found: String
}

public struct VerificationReport: Sendable, Equatable {
  /// Up to which everything was verified: what one keeps elsewhere, and gives to a later verification.
  public var head: JournalHead
  /// Of the journal.
  public var rows: Int64
  public var wallets: Int64
  public var keys: Int64
  public var findings: Int64
  /// Of them, those that were told one by one.
  public var findingsTold: Int64
  /// Why SQLite's own structures weren't checked; `nil` when they were.
  public var integritySkippedBecause: String?
  /// How long it took.
  public var micros: Int64
}
