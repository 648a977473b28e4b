import CSQLite
import WalletCore

/// Why a file can't be served as a ledger.
package enum LedgerFileError: Error, Equatable, Sendable {
  /// It belongs to another program.
  case notALedger(String)
  /// It was written by a newer walletd.
  case newer(found: Int64, known: Int64)
  /// A setting that safety rests on was not taken.
  case setting(name: String, expected: String, found: String)
}

extension Schema {
  /// Brings a file to the newest version. An empty file becomes an empty ledger.
  ///
  /// - Parameter ledgerID: The id that a new ledger gets.
  static func migrate(
    _ database: Database, migrations: [String] = migrations, ledgerID: @autoclosure () -> String, createdAt: Int64
  ) throws {
    let found = try requireLedgerOrNothing(database, known: migrations.count)
    if found == 0 { try database.execute("PRAGMA application_id = \(applicationID)") }
    for step in Int(found)..<migrations.count {
      try database.execute("BEGIN IMMEDIATE")
      do {
        try database.execute(migrations[step])
        if step == 0 { try fill(database, ledgerID: ledgerID(), createdAt: createdAt) }
        try set(database, "schema_version", Int64(step + 1))
        try database.execute("COMMIT")
      } catch {
        if database.isInTransaction { try database.execute("ROLLBACK") }
        throw error
      }
    }
  }

  /// Reads whose file it is, and writes nothing.
  ///
  /// - Returns: The schema version; 0 for a file without tables.
  @discardableResult
  static func requireLedgerOrNothing(_ database: Database, known: Int = migrations.count) throws -> Int64 {
    let tables = try database.integer("SELECT count(*) FROM sqlite_schema") ?? 0
    let application = try database.integer("PRAGMA application_id") ?? 0
    guard application == applicationID || (tables == 0 && application == 0) else {
      throw LedgerFileError.notALedger("its application id is \(application), not \(applicationID)")
    }
    let found = tables == 0 ? 0 : try version(of: database)
    guard found <= known else { throw LedgerFileError.newer(found: found, known: Int64(known)) }
    return found
  }

  /// - Throws: `LedgerFileError` unless it is a ledger of this version.
  static func requireCurrent(_ database: Database) throws {
    let version = try requireLedgerOrNothing(database)
    guard version == Int64(migrations.count) else {
      throw LedgerFileError.notALedger(
        version == 0 ? "it is empty" : "its schema version \(version) is older: serve it once with this walletd")
    }
  }

  /// Since this version rows of the journal, and what is written with them, lie as they do now.
  static let rowsVersionMin: Int64 = 4

  /// - Returns: The schema version of a file whose rows can't be read as those of a ledger of this version; `nil` when they can.
  static func foreignRowsVersion(_ database: Database) throws -> Int64? {
    let version = try database.integer("SELECT value FROM meta WHERE key = 'schema_version'") ?? 0
    return (rowsVersionMin...Int64(migrations.count)).contains(version) ? nil : version
  }

  /// Whose ledger a file is, and of which time.
  static func identity(of database: Database) throws -> (ledgerID: String, epoch: UInt32) {
    guard let ledgerID = try database.text("SELECT value FROM meta WHERE key = 'ledger_id'"),
      let epoch = try database.integer("SELECT value FROM meta WHERE key = 'epoch'").flatMap({ UInt32(exactly: $0) })
    else { throw LedgerFileError.notALedger("it has no ledger id or epoch") }
    return (ledgerID, epoch)
  }

  private static func version(of database: Database) throws -> Int64 {
    guard try database.integer("SELECT 1 FROM sqlite_schema WHERE name = 'meta'") != nil,
      let version = try database.integer("SELECT value FROM meta WHERE key = 'schema_version'")
    else { throw LedgerFileError.notALedger("it has no schema version") }
    return version
  }

  private static func fill(_ database: Database, ledgerID: String, createdAt: Int64) throws {
    let meta = try database.prepare("INSERT INTO meta (key, value) VALUES (?, ?)")
    meta.bind(1, "ledger_id")
    meta.bind(2, Text(ledgerID))
    try meta.run()
    try set(database, "epoch", 1)
    try set(database, "created_at", createdAt)
    let currency = try database.prepare("INSERT INTO currencies (code, exponent) VALUES (?, ?)")
    for (code, exponent) in ISO4217.exponents.sorted(by: { $0.key < $1.key }) {
      currency.bind(1, Text(code))
      currency.bind(2, Int64(exponent))
      try currency.run()
    }
    let account = try database.prepare("INSERT INTO counter_accounts (name) VALUES (?)")
    for name in CounterAccount.builtIn {
      account.bind(1, name)
      try account.run()
    }
  }

  private static func set(_ database: Database, _ key: Text, _ value: Int64) throws {
    let statement = try database.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)")
    statement.bind(1, key)
    statement.bind(2, value)
    try statement.run()
  }
}
