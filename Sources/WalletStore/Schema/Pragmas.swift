import CSQLite

/// The settings that durability rests on. Each is read back: a build of SQLite may ignore what it was told.
enum Pragmas {
  /// Pages that SQLite keeps, KiB.
  static let writerCacheKiB = 65_536
  static let readerCacheKiB = 16_384
  /// Has room for the inner pages of a journal of 100 million rows, which each row of a history goes through.
  static let historyCacheKiB = 65_536
  static let checkpointerCacheKiB = 64

  static func configureWriter(_ database: Database) throws {
    // The busy handler is off: nobody else may write, so a busy database is a fault to be seen, not waited for.
    try set(database, "locking_mode", "normal", reads: "normal")
    try set(database, "journal_mode", "WAL", reads: "wal")
    try set(database, "synchronous", "FULL", reads: "2")
    // Makes the DELETE triggers of the journal see what REPLACE would remove.
    try set(database, "recursive_triggers", "ON", reads: "1")
    try set(database, "foreign_keys", "ON", reads: "1")
    try set(database, "trusted_schema", "OFF", reads: "0")
    // Checkpoints are taken by `LogMover`.
    try set(database, "wal_autocheckpoint", "0", reads: "0")
    database.watchLog()
    try set(database, "cell_size_check", "ON", reads: "1")
    try set(database, "cache_size", "-\(writerCacheKiB)", reads: "-\(writerCacheKiB)")
    try set(database, "defensive", SQLITE_DBCONFIG_DEFENSIVE, 1)
  }

  /// For a ledger whose schema is there. The triggers that keep the journal from everyone else cost 8 % of a debit;
  /// on this connection the statements are known, and one that would change the journal can't even be prepared.
  static func guardJournal(_ database: Database) throws {
    database.guardJournal()
    try set(database, "enable_trigger", SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
  }

  private static func set(_ database: Database, _ name: String, _ option: Int32, _ value: Int32) throws {
    var result: Int32 = -1
    let code = database.configure(option, value, &result)
    guard code == SQLITE_OK, result == value else {
      throw LedgerFileError.setting(name: name, expected: "\(value)", found: "\(result) (\(code))")
    }
  }

  /// A checkpoint syncs log and file as a commit of this connection would, if it made any.
  static func configureCheckpointer(_ database: Database) throws {
    try set(database, "query_only", "ON", reads: "1")
    try set(database, "synchronous", "FULL", reads: "2")
    try set(database, "trusted_schema", "OFF", reads: "0")
    try set(database, "cache_size", "-\(checkpointerCacheKiB)", reads: "-\(checkpointerCacheKiB)")
  }

  static func configureReader(_ database: Database) throws {
    try set(database, "query_only", "ON", reads: "1")
    try set(database, "trusted_schema", "OFF", reads: "0")
    try set(database, "cache_size", "-\(readerCacheKiB)", reads: "-\(readerCacheKiB)")
  }

  static func configureHistories(_ database: Database) throws {
    try set(database, "cache_size", "-\(historyCacheKiB)", reads: "-\(historyCacheKiB)")
  }

  private static func set(_ database: Database, _ name: String, _ value: String, reads expected: String) throws {
    try database.execute("PRAGMA \(name) = \(value)")
    let found = try database.text("PRAGMA \(name)") ?? "nothing"
    guard found == expected else { throw LedgerFileError.setting(name: name, expected: expected, found: found) }
  }
}
