import WalletCore
import WalletSystem

/// Verifies a copy as `walletd verify` would: a backup that can't be trusted is worse than none.
final class CheckStage: BackupStage {
  private static let roomBytes = 1 << 20

  private(set) var name = "verify"
  private(set) var done: Int64 = 0
  private(set) var total: Int64 = 0
  private let job: BackupJob
  private var verifier: (any LedgerStream)?
  private var firstFinding: VerifyFinding?

  init(_ job: BackupJob) { self.job = job }

  func step() throws(BackupError) -> BackupStep {
    guard let verifier else {
      verifier = try begin()
      return .more
    }
    switch try during("the copy can't be verified", { try verifier.advance(roomBytes: Self.roomBytes) }) {
    case .more(let events), .waiting(let events):
      for event in events { note(event) }
      return .more
    case .finished(let events):
      self.verifier = nil
      for event in events {
        note(event)
        if case .report(let report) = event { return try end(report) }
      }
      throw .store("the copy's verification ended without a report")
    case .failed(let failure):
      self.verifier = nil
      throw .store("the copy can't be verified: \(failure.message)")
    }
  }

  private func begin() throws(BackupError) -> any LedgerStream {
    try during("the copy can't be read") {
      try settle()
      let source = try VerifySource(offline: job.making.work, settings: job.settings, time: job.time)
      return try source.open(VerifyRequest()).get()
    }
  }

  /// A copy says of itself that it has a log beside it. From here on it is one file, which can be read where nothing can be
  /// written.
  private func settle() throws {
    let copy = try CopyTarget.file(job.path, settings: job.settings).open()
    try copy.execute("PRAGMA synchronous = FULL")
    let mode = try copy.text("PRAGMA journal_mode = DELETE") ?? "nothing"
    guard mode == "delete" else {
      throw LedgerFileError.setting(name: "journal_mode", expected: "delete", found: mode)
    }
  }

  private func note(_ event: StreamEvent) {
    switch event {
    case .progress(let stage, let done, let total): (name, self.done, self.total) = ("verify \(stage)", done, total)
    case .finding(let finding): firstFinding = firstFinding ?? finding
    case .report, .transaction, .token, .backup: break
    }
  }

  private func end(_ report: VerifyReport) throws(BackupError) -> BackupStep {
    if report.findings > 0 {
      throw .damaged(
        "the copy isn't sound, so it was dropped: \(report.findings) findings, the first one "
          + "\(firstFinding?.text ?? "not told"). Look at the ledger itself: walletctl verify")
    }
    if let why = report.integritySkippedBecause {
      throw .store("the copy was dropped, since SQLite's own check of it was skipped: \(why)")
    }
    let manifest = try during("the copy can't be read") {
      let copy = try Database(path: job.path, access: .read, vfs: job.settings.vfs)
      return BackupManifest(
        ledgerID: job.ledgerID, epoch: job.epoch,
        file: BackupManifest.fileName(
          ledgerID: job.ledgerID, epoch: job.epoch, seq: report.head.seq, baseSeq: nil),
        bytes: 0, sha256: ShortBytes(), head: report.head, lastRowAt: try JournalTimes(copy).at(report.head.seq),
        base: nil, rows: report.rows, createdAt: job.time.wallMicroseconds)
    }
    return .next(SealStage(job, manifest))
  }

  func cancel() { verifier?.cancel() }
}

/// When rows of the journal were stored.
struct JournalTimes {
  private let select: Statement

  init(_ database: Database) throws(SQLiteError) {
    select = try database.prepare(
      """
      SELECT created_at FROM transactions WHERE seq = ?1 UNION ALL SELECT created_at FROM refusals WHERE seq = ?1
      UNION ALL SELECT created_at FROM administration WHERE seq = ?1
      """)
  }

  /// 0 for a place without a row.
  func at(_ seq: Int64) throws(SQLiteError) -> Int64 {
    select.bind(1, seq)
    defer { select.reset() }
    return try select.step() ? select.integer(0) : 0
  }
}
