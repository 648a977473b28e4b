import WalletCore

/// Writes the entries of the projections but wallets: plainly, where each must be new, or again, after a start, where some may have
/// been written before.
final class ProjectionTables {
  private let keys: KeySegments
  private let references: ReferenceIndex
  private let insertKey: Statement
  private let selectKey: Statement
  private let insertMark: Statement
  private let setTotal: Statement
  private let setWalletsTotal: Statement
  private let watermark: Watermark

  init(_ database: Database) throws(SQLiteError) {
    keys = try KeySegments(database)
    references = try ReferenceIndex(database)
    insertKey = try database.prepare("INSERT INTO other_keys (key, seq) VALUES (?, ?)")
    selectKey = try database.prepare("SELECT seq FROM other_keys WHERE key = ?")
    insertMark = try database.prepare("INSERT OR IGNORE INTO version_index (wallet_id, version, seq) VALUES (?, ?, ?)")
    setTotal = try database.prepare(
      """
      INSERT INTO counter_totals (currency, counter_account, total, seq) VALUES (?, ?, ?, ?)
      ON CONFLICT (currency, counter_account) DO UPDATE SET total = excluded.total, seq = excluded.seq
      """)
    setWalletsTotal = try database.prepare(
      """
      INSERT INTO wallet_totals (currency, total, seq) VALUES (?, ?, ?)
      ON CONFLICT (currency) DO UPDATE SET total = excluded.total, seq = excluded.seq
      """)
    watermark = try Watermark(database, .others)
  }

  // MARK: Keys

  /// Where a key has its first result, by the tables on disk.
  func seq(of key: IdempotencyKey) throws(StoreError) -> Int64? {
    if case .uuid(let high, let low) = key { return try keys.seq(of: high, low) }
    selectKey.bind(1, key)
    defer { selectKey.reset() }
    return try selectKey.stepped() ? selectKey.integer(0) : nil
  }

  /// Keys in order, none of which may be there.
  func write(_ entries: ArraySlice<RecentKeys.Entry>) throws(StoreError) { try keys.write(entries) }

  func write(_ key: IdempotencyKey, seq: Int64) throws(StoreError) {
    insertKey.bind(1, key)
    insertKey.bind(2, seq)
    try insertKey.ran()
  }

  /// Whether a key still has to be written.
  ///
  /// - Throws: `inconsistent` when the key is known with another row.
  func lacks(_ key: IdempotencyKey, seq: Int64) throws(StoreError) -> Bool {
    guard let known = try self.seq(of: key) else { return true }
    if known == seq { return false }
    throw .inconsistent("the key of journal row \(seq) is known with row \(known)")
  }

  /// - Throws: `inconsistent` when one is missing.
  func readFences(countMax: Int, filters: KeyFilters) throws(StoreError) {
    try keys.readFences(countMax: countMax, filters: filters)
  }

  /// The transaction is committed.
  func settle() { keys.settle() }

  /// The transaction doesn't come about.
  func takeBack() { keys.takeBack() }

  /// The stretch without keys around one that the tables don't have.
  func gap(around high: UInt64, _ low: UInt64) throws(StoreError) -> KeyGap { try keys.gap(around: high, low) }

  /// The stretch above the last key.
  func gapAtEnd() throws(StoreError) -> KeyGap { try keys.gapAtEnd() }

  // MARK: Others

  func write(_ entries: ArraySlice<Generation.Reference>, run: Int64) throws(StoreError) {
    try references.write(entries, run: run)
  }

  func clearReferences(run: Int64) throws(StoreError) { try references.clear(run: run) }

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

  /// The total of a currency's wallets.
  func writeWallets(_ currency: Text, _ total: Int64, seq: Int64) throws(StoreError) {
    setWalletsTotal.bind(1, currency)
    setWalletsTotal.bind(2, total)
    setWalletsTotal.bind(3, seq)
    try setWalletsTotal.ran()
  }

  func setWatermark(_ seq: Int64) throws(StoreError) { try watermark.move(to: seq) }
}
