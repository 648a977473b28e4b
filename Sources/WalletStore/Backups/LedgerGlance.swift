internal import WalletCore
internal import WalletSystem

/// What a file says of itself to somebody who only reads, whether or not a server has it.
package struct LedgerGlance: Sendable {
  package var ledgerID: String
  package var epoch: UInt32
  package var schemaVersion: Int64
  package var schemaKnown: Int64
  package var sqliteVersion: String
  package var journalMode: String
  package var pageBytes: Int64
  package var fileBytes: Int64
  package var headSeq: Int64
  /// When the last row was stored, microseconds; 0 where there is none.
  package var lastStoredAt: Int64

  /// - Throws: `LedgerFileError`, or why it can't be read.
  package init(_ folder: String) throws {
    let database = try Database(path: "\(folder)/\(DataFolder.databaseName)", access: .read, vfs: nil)
    try Pragmas.configureReader(database)
    schemaVersion = try Schema.requireLedgerOrNothing(database)
    schemaKnown = Int64(Schema.migrations.count)
    (ledgerID, epoch) = try Schema.identity(of: database)
    sqliteVersion = try database.text("SELECT sqlite_version()") ?? ""
    journalMode = try database.text("PRAGMA journal_mode") ?? ""
    pageBytes = try database.integer("PRAGMA page_size") ?? 0
    fileBytes = pageBytes * (try database.integer("PRAGMA page_count") ?? 0)
    let scan = try JournalScan(database, OriginTable(reading: database))
    headSeq = try scan.head()
    lastStoredAt = headSeq == 0 ? 0 : try JournalTimes(database).at(headSeq)
  }
}

/// The newest backup that a folder has.
package struct NewestBackup: Sendable {
  package var file: String
  package var seq: Int64
  package var createdAt: Int64
  package var bytes: Int64

  /// - Returns: `nil` where there is none of this ledger.
  package static func find(in path: String, ledgerID: String) throws(BackupError) -> NewestBackup? {
    let listing = try BackupFolder(path: path, files: SystemFiles()).list(of: ledgerID)
    guard let newest = listing.manifests.max(by: { $0.createdAt < $1.createdAt }) else { return nil }
    return NewestBackup(
      file: newest.file, seq: newest.head.seq, createdAt: newest.createdAt, bytes: newest.bytes)
  }
}
