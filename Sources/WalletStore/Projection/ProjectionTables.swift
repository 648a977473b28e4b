import WalletCore

/// Writes the entries of the projections: plainly, where each must be new, or again, after a start, where some may have
/// been written before.
final class ProjectionTables {
  private let database: Database
  private let insertKey: Statement
  private let insertKeyAgain: Statement
  private let selectKey: Statement
  private let selectKeyBelow: Statement
  private let selectLastKey: Statement
  private let selectKeyAbove: Statement
  private let insertReference: Statement
  private let insertMark: Statement
  private let setTotal: Statement
  private let setWatermark: Statement

  init(_ database: Database) throws(SQLiteError) {
    self.database = database
    insertKey = try database.prepare("INSERT INTO idempotency (key, seq) VALUES (?, ?)")
    insertKeyAgain = try database.prepare("INSERT OR IGNORE INTO idempotency (key, seq) VALUES (?, ?)")
    selectKey = try database.prepare("SELECT seq FROM idempotency WHERE key = ?")
    selectKeyBelow = try database.prepare(
      "SELECT key FROM idempotency WHERE key >= x'' AND key < ? AND length(key) = 16 ORDER BY key DESC LIMIT 1")
    selectLastKey = try database.prepare(
      "SELECT key FROM idempotency WHERE key >= x'' AND length(key) = 16 ORDER BY key DESC LIMIT 1")
    selectKeyAbove = try database.prepare(
      "SELECT key FROM idempotency WHERE key > ? AND length(key) = 16 ORDER BY key LIMIT 1")
    insertReference = try database.prepare("INSERT OR IGNORE INTO reference_index (block, hash, seq) VALUES (?, ?, ?)")
    insertMark = try database.prepare("INSERT OR IGNORE INTO version_index (wallet_id, version, seq) VALUES (?, ?, ?)")
    setTotal = try database.prepare(
      """
      INSERT INTO counter_totals (currency, counter_account, total, seq) VALUES (?, ?, ?, ?)
      ON CONFLICT (currency, counter_account) DO UPDATE SET total = excluded.total, seq = excluded.seq
      """)
    setWatermark = try database.prepare("UPDATE projections SET seq = ? WHERE name = 'ledger'")
  }

  // MARK: Keys

  /// Where a key has its first result, by the table on disk.
  func seq(of key: IdempotencyKey) throws(StoreError) -> Int64? {
    selectKey.bind(1, key)
    defer { selectKey.reset() }
    return try selectKey.stepped() ? selectKey.integer(0) : nil
  }

  func write(_ entry: RecentKeys.Entry) throws(StoreError) {
    insertKey.bind(1, entry.high, entry.low)
    insertKey.bind(2, entry.seq)
    try insertKey.ran()
  }

  func write(_ key: IdempotencyKey, seq: Int64) throws(StoreError) {
    insertKey.bind(1, key)
    insertKey.bind(2, seq)
    try insertKey.ran()
  }

  /// - Throws: `inconsistent` when the key is known with another row.
  func writeAgain(_ key: IdempotencyKey, seq: Int64) throws(StoreError) {
    insertKeyAgain.bind(1, key)
    insertKeyAgain.bind(2, seq)
    try insertKeyAgain.ran()
    if database.changes == 1 { return }
    guard try self.seq(of: key) == seq else {
      throw .inconsistent("the key of journal row \(seq) is known with another row")
    }
  }

  /// The stretch without keys around one that the table doesn't have.
  func gap(around high: UInt64, _ low: UInt64) throws(StoreError) -> KeyGap {
    KeyGap(above: try neighbour(selectKeyBelow, high, low), below: try neighbour(selectKeyAbove, high, low))
  }

  private func neighbour(_ statement: Statement, _ high: UInt64, _ low: UInt64) throws(StoreError) -> KeyGap.Bound? {
    statement.bind(1, high, low)
    return try bound(statement)
  }

  /// The stretch above the last key of the table.
  func gapAtEnd() throws(StoreError) -> KeyGap { KeyGap(above: try bound(selectLastKey)) }

  private func bound(_ statement: Statement) throws(StoreError) -> KeyGap.Bound? {
    defer { statement.reset() }
    guard try statement.stepped() else { return nil }
    guard case .uuid(let high, let low) = statement.key(0) else {
      throw .inconsistent("a key of 16 bytes is no UUID")
    }
    return KeyGap.Bound(high: high, low: low)
  }

  // MARK: Others

  func write(_ reference: Generation.Reference) throws(StoreError) {
    insertReference.bind(1, reference.block)
    insertReference.bind(2, Int64(reference.hash))
    insertReference.bind(3, reference.seq)
    try insertReference.ran()
  }

  func write(_ mark: Generation.Mark) throws(StoreError) {
    insertMark.bind(1, mark.walletID)
    insertMark.bind(2, mark.version)
    insertMark.bind(3, mark.seq)
    try insertMark.ran()
  }

  func write(_ account: CounterTotals.Account, _ total: Int64, seq: Int64) throws(StoreError) {
    setTotal.bind(1, account.currency)
    setTotal.bind(2, account.name)
    setTotal.bind(3, total)
    setTotal.bind(4, seq)
    try setTotal.ran()
  }

  func setWatermark(_ seq: Int64) throws(StoreError) {
    setWatermark.bind(1, seq)
    try setWatermark.ran()
    guard database.changes == 1 else { throw .inconsistent("the table of projections has no row for the ledger") }
  }
}
