internal import CSQLite
internal import WalletCore
package import WalletSystem

extension LedgerStore {
  /// Opens the ledger of a folder, or makes one in an empty folder.
  ///
  /// - Parameter inBackground: Where the log is moved, on another thread or, in tests, at once.
  /// - Throws: `LedgerFileError` for a file that isn't such a ledger, `LedgerFault` for one that can't be read or
  ///   contradicts itself.
  package static func open(
    _ folder: DataFolder, settings: StoreSettings, time: any TimeSource, random: any RandomSource,
    inBackground: @escaping BackgroundCheckpoints.Schedule
  ) throws -> LedgerStore {
    do {
      try folder.removeCopy()
      let database = try folder.open(.write, settings: settings)
      let ledgerID = {
        UUIDv7.text(milliseconds: UInt64(time.wallMicroseconds / 1000), random: (random.next(), random.next()))
      }
      try Schema.migrate(database, ledgerID: ledgerID(), createdAt: time.wallMicroseconds)
      // After a failed sync the page cache can show what the disk hasn't: everything is written to the database file
      // and synced once more before anybody is answered.
      guard try database.checkpoint(.truncate).isComplete else {
        throw LedgerFault(.storage, "another program holds the database open for writing or reading")
      }
      try Pragmas.guardJournal(database)
      let description = try describe(database)
      let (head, lastStored) = try lastRow(database, ledgerID: description.ledgerID)
      let wallets = try WalletTable(database)
      let journal = try JournalWriter(database)
      let projections = try ProjectionTables(database)
      let walletWatermark = try Watermark(database, .wallets)
      let begunAt = time.monotonicMicroseconds
      let seed = random.next()
      let recovery = try Recovery(
        database, settings: settings, tables: projections, wallets: wallets, walletWatermark: walletWatermark,
        origins: journal.origins, seed: seed)
      let rows = try recovery.run(head: head.seq)
      let reading = LedgerClock.Reading(wall: time.wallMicroseconds, monotonic: time.monotonicMicroseconds)
      return try LedgerStore(
        Parts(
          folder: folder, settings: settings, database: database,
          checkpoints: BackgroundCheckpoints(folder.open(.checkpoint, settings: settings), schedule: inBackground),
          description: description,
          recovery: RecoveryReport(rows: rows, microseconds: reading.monotonic - begunAt), head: head,
          clock: LedgerClock(lastStored: lastStored, start: reading, acceptsClock: settings.acceptsClock),
          nextWalletID: (database.integer("SELECT max(wallet_id) FROM wallets") ?? 0) + 1, wallets: wallets,
          walletWatermark: walletWatermark, journal: journal, projections: projections, time: time, seed: seed))
    } catch let error as SQLiteError {
      if error.primary == SQLITE_NOTADB { throw LedgerFileError.notALedger(error.description) }
      throw error.fault
    } catch let error as StoreError {
      throw error.fault
    }
  }

  /// What a store is made of.
  struct Parts {
    var folder: DataFolder
    var settings: StoreSettings
    var database: Database
    var checkpoints: BackgroundCheckpoints
    var description: LedgerDescription
    var recovery: RecoveryReport
    var head: JournalHead
    var clock: LedgerClock
    var nextWalletID: Int64
    var wallets: WalletTable
    var walletWatermark: Watermark
    var journal: JournalWriter
    var projections: ProjectionTables
    var time: any TimeSource
    /// Of the tables in memory.
    var seed: UInt64
  }

  private static func describe(_ database: Database) throws -> LedgerDescription {
    let (ledgerID, epoch) = try Schema.identity(of: database)
    let version = unsafe String(cString: sqlite3_libversion())
    return LedgerDescription(ledgerID: ledgerID, epoch: epoch, storage: "SQLite \(version)")
  }

  /// The head of the journal and its time. The chain of a ledger without rows begins at the digest of its name.
  private static func lastRow(_ database: Database, ledgerID: String) throws -> (JournalHead, Int64) {
    let statement = try database.prepare(
      """
      SELECT seq, digest, created_at FROM transactions WHERE seq = (SELECT max(seq) FROM transactions)
      UNION ALL
      SELECT seq, digest, created_at FROM refusals WHERE seq = (SELECT max(seq) FROM refusals)
      UNION ALL
      SELECT seq, digest, created_at FROM administration WHERE seq = (SELECT max(seq) FROM administration)
      ORDER BY seq DESC LIMIT 1
      """)
    guard try statement.step() else {
      return (JournalHead(seq: 0, digest: RowSealer.genesis(ledgerID: ledgerID)), 0)
    }
    let head = JournalHead(seq: statement.integer(0), digest: statement.shortBytes(1))
    guard head.digest.count == SHA256.byteCount else {
      throw LedgerFault(.inconsistent, "journal row \(head.seq) has a digest of \(head.digest.count) bytes")
    }
    return (head, statement.integer(2))
  }
}
