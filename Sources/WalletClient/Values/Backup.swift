/// What a backup tells while it is made. The last event is its report.
public enum BackupEvent: Sendable, Equatable {
  case progress(BackupProgress)
  case report(BackupReport)
}

public struct BackupProgress: Sendable, Equatable {
  /// `copy`, `verify …`, `rows` or `seal`.
  public var stage: String
  public var done: Int64
  /// 0 where it isn't known.
  public var total: Int64
}

/// A backup that is in the server's folder, whole and verified.
public struct BackupReport: Sendable, Equatable {
  /// In the server's folder of backups; beside it lies a manifest of the same name that ends with `.json`.
  public var file: String
  /// The last row in it.
  public var head: JournalHead
  public var epoch: UInt32
  public var bytes: Int64
  /// Of the file.
  public var sha256: [UInt8]
  /// Of an increment: the row that it goes on behind. `nil` for a whole backup.
  public var baseSeq: Int64?
  /// Of the journal.
  public var rows: Int64
  /// Nothing has come since this file, so none was made.
  public var isOld: Bool
  /// How long it took.
  public var micros: Int64
}
