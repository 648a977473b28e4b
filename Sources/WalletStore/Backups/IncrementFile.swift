import WalletCore

/// The file of an increment while it is written. It has the tables of a ledger, so that rows are read from it as from one,
/// and says by its application id that it isn't one.
final class IncrementFile {
  /// `application_id` of the file: "WLTI".
  static let applicationID: Int64 = 0x574C_5449

  private var database: Database?
  private let journal: JournalTables
  private let sealer = RowSealer()
  private(set) var head: JournalHead
  private(set) var lastRowAt: Int64 = 0

  init(
    _ path: String, ledgerID: String, epoch: UInt32, base: JournalHead, settings: StoreSettings
  ) throws {
    let database = try CopyTarget.file(path, settings: settings).open()
    try Schema.migrate(database, ledgerID: ledgerID, createdAt: 0)
    try database.execute("PRAGMA application_id = \(Self.applicationID)")
    try database.execute("UPDATE meta SET value = \(epoch) WHERE key = 'epoch'")
    self.database = database
    journal = try JournalTables(database)
    head = base
  }

  func inTransaction(_ body: () throws -> Void) throws {
    guard let database else { preconditionFailure("an increment was written after its end") }
    try database.execute("BEGIN IMMEDIATE")
    try body()
    try database.execute("COMMIT")
  }

  func append(_ entry: JournalScan.Entry) throws(StoreError) {
    guard entry.seq == head.seq + 1, sealer.digest(of: entry, after: head.digest) == entry.digest else {
      throw .inconsistent("row \(entry.seq) of the journal doesn't follow from row \(head.seq): verify the ledger")
    }
    try journal.append(entry)
    head = JournalHead(seq: entry.seq, digest: entry.digest)
    lastRowAt = entry.createdAt
  }

  /// Checks the file as SQLite sees it, and closes it.
  func close() throws {
    guard let database else { return }
    let found = try database.text("PRAGMA integrity_check(1)") ?? "nothing"
    guard found == "ok" else { throw StoreError.inconsistent("the increment is spoilt: \(found)") }
    journal.close()
    self.database = nil
  }
}
