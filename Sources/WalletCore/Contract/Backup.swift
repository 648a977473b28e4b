/// Asks for a file that the ledger can be restored from.
public struct BackupRequest: Equatable, Sendable {
  /// Only the rows behind the newest backup.
  public var isIncremental: Bool

  public init(isIncremental: Bool = false) { self.isIncremental = isIncremental }
}

/// A backup that is in its place, whole and verified.
public struct BackupReport: Equatable, Sendable {
  /// Its name in the folder of backups.
  public var file: String
  /// The last row in it.
  public var head: JournalHead
  public var epoch: UInt32
  public var bytes: Int64
  /// Of the file.
  public var sha256: ShortBytes
  /// Of an increment: the row that it goes on behind.
  public var baseSeq: Int64?
  /// Of the journal.
  public var rows: Int64
  /// There was nothing to back up: the file was there before.
  public var isOld: Bool
  public var microseconds: Int64

  public init(
    file: String, head: JournalHead, epoch: UInt32, bytes: Int64, sha256: ShortBytes, baseSeq: Int64?, rows: Int64,
    isOld: Bool, microseconds: Int64
  ) {
    self.file = file
    self.head = head
    self.epoch = epoch
    self.bytes = bytes
    self.sha256 = sha256
    self.baseSeq = baseSeq
    self.rows = rows
    self.isOld = isOld
    self.microseconds = microseconds
  }
}

/// What programs say of backups.
public enum BackupText {
  public static func done(file: String, baseSeq: Int64?, seq: Int64, rows: Int64, bytes: Int64, isOld: Bool) -> String {
    if isOld { return "nothing has come since \(file), which ends at row \(seq)" }
    let what = baseSeq.map { $0 + 1 == seq ? "row \(seq)" : "rows \($0 + 1) to \(seq)" } ?? "whole, up to row \(seq)"
    return "backed up: \(file), \(what), \(rows == 1 ? "1 row" : "\(rows) rows"), \(bytes) bytes"
  }

  public static func head(seq: Int64, digest: [UInt8]) -> String { "head \(seq):\(Hexadecimal.text(digest))" }
}

extension BackupReport {
  public var done: String {
    BackupText.done(file: file, baseSeq: baseSeq, seq: head.seq, rows: rows, bytes: bytes, isOld: isOld)
  }
}
