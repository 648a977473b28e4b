import WalletCore
import WalletSystem

/// Writes the rows behind the newest backup into a file of their own: the tables of the journal, as a ledger has them. Each
/// row must follow from the one before; no snapshot outlasts a page of them.
final class IncrementStage: BackupStage {
  let name = "rows"
  private(set) var done: Int64 = 0
  private(set) var total: Int64 = 0
  private let job: BackupJob
  private let database: Database
  private var writing: Writing?

  private struct Writing {
    let scan: JournalScan
    let file: IncrementFile
    let base: JournalHead
    /// Rows up to it are written.
    let end: Int64
  }

  init(_ job: BackupJob, reading database: Database) {
    self.job = job
    self.database = database
  }

  func step() throws(BackupError) -> BackupStep {
    guard let writing else { return try begin() }
    let file = writing.file
    if file.head.seq >= writing.end {
      let head = file.head
      let lastRowAt = file.lastRowAt
      try during("the increment can't be written") { try file.close() }
      self.writing = nil
      return .next(
        SealStage(
          job,
          BackupManifest(
            ledgerID: job.ledgerID, epoch: job.epoch,
            file: BackupManifest.fileName(
              ledgerID: job.ledgerID, epoch: job.epoch, seq: head.seq, baseSeq: writing.base.seq),
            bytes: 0, sha256: ShortBytes(), head: head, lastRowAt: lastRowAt, base: writing.base,
            rows: head.seq - writing.base.seq, createdAt: job.time.wallMicroseconds)))
    }
    let end = min(writing.end, file.head.seq + Int64(job.settings.verifying.pageRows))
    try during("the increment can't be written in \(job.folder.path)") {
      try file.inTransaction {
        try database.inSnapshot { () throws(StoreError) in
          try writing.scan.rows(after: file.head.seq, through: end) { entry throws(StoreError) in
            try file.append(entry)
          }
        }
      }
    }
    guard file.head.seq == end else {
      throw .damaged("the journal has no row \(file.head.seq + 1), and goes on behind it: verify the ledger")
    }
    done = file.head.seq - writing.base.seq
    return .more
  }

  private func begin() throws(BackupError) -> BackupStep {
    let scan = try during("the ledger can't be read") {
      try JournalScan(database, OriginTable(reading: database))
    }
    let listing = try job.folder.list(of: job.ledgerID)
    let (head, base) = try during("the ledger can't be read") {
      try database.inSnapshot { () throws(StoreError) in
        let head = try scan.head()
        return (head, try newest(of: listing.manifests, through: head, scan))
      }
    }
    guard let base else {
      let unreadable = listing.unreadable.isEmpty ? "" : " (\(listing.unreadable.joined(separator: "; ")))"
      throw .impossible(
        "there is no backup of this ledger in \(job.folder.path) to go on from: make a whole one first\(unreadable)")
    }
    if base.head.seq == head { return .old(base) }
    total = head - base.head.seq
    // A row takes some 200 bytes; most take less than this.
    try job.requireRoom(bytes: total * 512)
    let file = try during("the increment can't be made in \(job.folder.path)") {
      try IncrementFile(job.path, ledgerID: job.ledgerID, epoch: job.epoch, base: base.head, settings: job.settings)
    }
    writing = Writing(scan: scan, file: file, base: base.head, end: head)
    return .more
  }

  /// The newest backup whose last row is in this journal: after a restore there may be some of rows that are gone.
  private func newest(
    of manifests: [BackupManifest], through head: Int64, _ scan: JournalScan
  ) throws(StoreError) -> BackupManifest? {
    for manifest in manifests.reversed() where manifest.head.seq <= head {
      let isThere = job.folder.files.exists("\(job.folder.path)/\(manifest.file)")
      if isThere, manifest.head.seq == 0 { return manifest }
      if isThere, try scan.entry(at: manifest.head.seq)?.digest == manifest.head.digest { return manifest }
    }
    return nil
  }
}
