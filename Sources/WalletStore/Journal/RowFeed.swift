import CSQLite
import WalletCore

/// Rows on their way into `transactions`: a virtual table over the rows of a gather, which one statement reads.
///
/// `INSERT … SELECT` from it takes a little over half the time of a statement for each row: nothing is bound, and the
/// cursor of the table stays where the last row went.
@safe
final class RowFeed {
  /// A stretch of the gather's bytes.
  struct Stretch {
    var start: UInt32
    var count: UInt32
  }

  /// What the table gets of a row.
  struct Row {
    var seq: Int64
    var walletID: Int64
    var version: Int64
    var amount: Int64
    var balance: Int64
    var previousSeq: Int64
    var originID: Int64
    var createdAt: Int64
    var kind: UInt8
    var keyIsText: Bool
    var counterAccount: Stretch
    var reason: Stretch
    var reference: Stretch
    var key: Stretch
    var requestDigest: Stretch
    var correlationID: Stretch
    var digest: Stretch
  }

  /// What the callbacks of the virtual table see.
  @unsafe
  struct Source {
    var rows: UnsafePointer<Row>?
    var bytes: UnsafeRawPointer
    var count = 0
  }

  private static let name = "row_feed"

  private let source: UnsafeMutablePointer<Source>
  private let module: UnsafeMutablePointer<sqlite3_module>
  private let insert: Statement
  private var rows: [Row] = []
  /// Texts, keys and digests of the gather.
  private var bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
  private var byteCount = 0

  init(_ database: Database) throws(SQLiteError) {
    unsafe source = .allocate(capacity: 1)
    unsafe source.initialize(to: Source(rows: nil, bytes: UnsafeRawPointer(source)))
    unsafe module = .allocate(capacity: 1)
    unsafe module.initialize(to: RowFeedModule.module)
    unsafe try database.addModule(Self.name, module, source)
    insert = try database.prepare(
      """
      INSERT INTO transactions (\(TransactionTable.columns))
      SELECT seq, \(TransactionRow.formatCurrent), 0, kind, wallet_id, version, amount, 0, balance, 0, 0,
        counter_account, NULL, NULL, NULL, previous_seq, origin_id, NULL, reason, NULL, reference, idempotency_key,
        request_digest, correlation_id, NULL, NULL, created_at, NULL, digest
      FROM \(Self.name)
      """)
  }

  deinit {
    // The statement and the connection may outlive this by a moment, and don't read any more.
    unsafe source.deinitialize(count: 1)
    unsafe source.deallocate()
    unsafe module.deallocate()
    unsafe bytes.deallocate()
  }

  var count: Int { rows.count }

  /// - Parameter row: It must be plain (`TransactionRow.isPlain`).
  func append(_ row: borrowing TransactionRow, originID: Int64) {
    let (key, keyIsText) = keep(row.attribution.key)
    rows.append(
      Row(
        seq: row.seq, walletID: row.walletID, version: row.version, amount: row.amount, balance: row.balance,
        previousSeq: row.previousSeq, originID: originID, createdAt: row.createdAt, kind: row.kind.rawValue,
        keyIsText: keyIsText, counterAccount: keep(row.counterAccount.utf8),
        reason: keep(row.attribution.audit.reason.utf8),
        reference: keep(row.attribution.audit.reference.utf8), key: key, requestDigest: keep(row.requestDigest),
        correlationID: keep(row.attribution.audit.correlationID.utf8), digest: keep(row.digest)))
  }

  /// A row that was appended and isn't written yet, which is seldom asked for.
  func row(_ seq: Int64, _ origins: OriginTable) throws(StoreError) -> TransactionRow? {
    guard let last = rows.last, seq <= last.seq, let row = rows.last(where: { $0.seq == seq }) else { return nil }
    guard let kind = TransactionKind(rawValue: row.kind) else {
      throw .inconsistent("transaction \(seq) is of the unknown kind \(row.kind)")
    }
    let audit = Command.Audit(
      reason: Text(utf8: kept(row.reason)), reference: Text(utf8: kept(row.reference)),
      correlationID: Text(utf8: kept(row.correlationID)))
    var made = TransactionRow(
      seq: seq, kind: kind, walletID: row.walletID, version: row.version, amount: row.amount, balance: row.balance,
      held: 0, overdraftLimit: 0, counterAccount: Text(utf8: kept(row.counterAccount)),
      attribution: Attribution(key: key(row), audit: audit, origin: try origins.origin(row.originID)),
      createdAt: row.createdAt)
    made.previousSeq = row.previousSeq
    made.requestDigest = kept(row.requestDigest)
    made.digest = kept(row.digest)
    return made
  }

  private func kept(_ stretch: Stretch) -> ShortBytes {
    let start = Int(stretch.start)
    return unsafe ShortBytes(UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(stretch.count)]))
  }

  private func key(_ row: Row) -> IdempotencyKey? {
    if row.key.count == 0 { return nil }
    if row.keyIsText { return .text(Text(utf8: kept(row.key))) }
    let start = Int(row.key.start)
    return unsafe .uuid(
      high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)))
  }

  /// Drops all rows but the first ones. Their bytes stay until all are dropped.
  func shrink(to count: Int) {
    rows.removeLast(rows.count - count)
    if count == 0 { byteCount = 0 }
  }

  @inline(__always)
  private func keep(_ value: ShortBytes) -> Stretch {
    let count = value.count
    reserve(count + ShortBytes.inlineMax + 1)
    if let base = unsafe bytes.baseAddress { unsafe value.copy(to: base + byteCount) }
    defer { byteCount += count }
    return Stretch(start: UInt32(byteCount), count: UInt32(count))
  }

  private func keep(_ key: IdempotencyKey?) -> (Stretch, isText: Bool) {
    switch key {
    case .uuid(let high, let low):
      reserve(16)
      unsafe bytes.storeBytes(of: high.bigEndian, toByteOffset: byteCount, as: UInt64.self)
      unsafe bytes.storeBytes(of: low.bigEndian, toByteOffset: byteCount + 8, as: UInt64.self)
      defer { byteCount += 16 }
      return (Stretch(start: UInt32(byteCount), count: 16), false)
    case .text(let text): return (keep(text.utf8), true)
    // Rows with a key of an item aren't plain.
    case nil, .item: return (Stretch(start: 0, count: 0), false)
    }
  }

  private func reserve(_ more: Int) {
    if unsafe byteCount + more <= bytes.count { return }
    let larger = unsafe UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * bytes.count + more, alignment: 16)
    unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<byteCount]))
    unsafe bytes.deallocate()
    unsafe bytes = larger
  }

  /// Writes all rows.
  func write() throws(StoreError) {
    if rows.isEmpty { return }
    let result: Result<Void, StoreError> = unsafe rows.withUnsafeBufferPointer { rows in
      unsafe source.pointee.rows = rows.baseAddress
      if let base = unsafe bytes.baseAddress { unsafe source.pointee.bytes = UnsafeRawPointer(base) }
      unsafe source.pointee.count = rows.count
      defer { unsafe source.pointee.count = 0 }
      do throws(StoreError) { return .success(try insert.ran()) } catch { return .failure(error) }
    }
    try result.get()
    shrink(to: 0)
  }
}

/// The virtual table: its columns in the order of `declaration`.
private enum RowFeedModule {
  static let declaration = """
    CREATE TABLE row_feed (seq, kind, wallet_id, version, amount, balance, counter_account, previous_seq, origin_id, \
    reason, reference, idempotency_key, request_digest, correlation_id, created_at, digest)
    """

  /// SQLite's own part comes first, as it demands.
  @unsafe
  struct Table {
    var base: sqlite3_vtab
    var source: UnsafeMutablePointer<RowFeed.Source>
  }

  @unsafe
  struct Cursor {
    var base: sqlite3_vtab_cursor
    var position: Int
  }

  static var module: sqlite3_module {
    var module = sqlite3_module()
    unsafe module.xConnect = { database, context, _, _, out, _ in
      guard let context = unsafe context, let memory = unsafe sqlite3_malloc(Int32(MemoryLayout<Table>.size)) else {
        return SQLITE_NOMEM
      }
      let table = unsafe memory.bindMemory(to: Table.self, capacity: 1)
      unsafe table.initialize(
        to: Table(base: sqlite3_vtab(), source: context.assumingMemoryBound(to: RowFeed.Source.self)))
      unsafe out?.pointee = UnsafeMutableRawPointer(table).assumingMemoryBound(to: sqlite3_vtab.self)
      return unsafe sqlite3_declare_vtab(database, RowFeedModule.declaration)
    }
    unsafe module.xDisconnect = { table in
      unsafe sqlite3_free(table)
      return SQLITE_OK
    }
    unsafe module.xBestIndex = { _, plan in
      unsafe plan?.pointee.estimatedCost = 1
      return SQLITE_OK
    }
    unsafe module.xOpen = { _, out in
      guard let memory = unsafe sqlite3_malloc(Int32(MemoryLayout<Cursor>.size)) else { return SQLITE_NOMEM }
      let cursor = unsafe memory.bindMemory(to: Cursor.self, capacity: 1)
      unsafe cursor.initialize(to: Cursor(base: sqlite3_vtab_cursor(), position: 0))
      unsafe out?.pointee = UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
      return SQLITE_OK
    }
    unsafe module.xClose = { cursor in
      unsafe sqlite3_free(cursor)
      return SQLITE_OK
    }
    unsafe module.xFilter = { cursor, _, _, _, _ in
      unsafe RowFeedModule.position(cursor).pointee.position = 0
      return SQLITE_OK
    }
    unsafe module.xNext = { cursor in
      unsafe RowFeedModule.position(cursor).pointee.position += 1
      return SQLITE_OK
    }
    unsafe module.xEof = { cursor in
      let cursor = unsafe RowFeedModule.position(cursor)
      return unsafe cursor.pointee.position < RowFeedModule.source(cursor).pointee.count ? 0 : 1
    }
    unsafe module.xColumn = { cursor, context, column in
      let cursor = unsafe RowFeedModule.position(cursor)
      unsafe RowFeedModule.column(column, RowFeedModule.source(cursor), cursor.pointee.position, context)
      return SQLITE_OK
    }
    unsafe module.xRowid = { cursor, rowid in
      unsafe rowid?.pointee = Int64(RowFeedModule.position(cursor).pointee.position)
      return SQLITE_OK
    }
    return module
  }

  private static func position(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> UnsafeMutablePointer<Cursor> {
    guard let cursor = unsafe cursor else { preconditionFailure("SQLite passed no cursor") }
    return unsafe UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: Cursor.self)
  }

  private static func source(_ cursor: UnsafeMutablePointer<Cursor>) -> UnsafeMutablePointer<RowFeed.Source> {
    guard let table = unsafe cursor.pointee.base.pVtab else { preconditionFailure("a cursor without its table") }
    return unsafe UnsafeMutableRawPointer(table).assumingMemoryBound(to: Table.self).pointee.source
  }

  private static func column(
    _ column: Int32, _ source: UnsafeMutablePointer<RowFeed.Source>, _ position: Int, _ context: OpaquePointer?
  ) {
    guard let rows = unsafe source.pointee.rows else { return }
    let row = unsafe rows + position
    let bytes = unsafe source.pointee.bytes
    switch column {
    case 0: unsafe sqlite3_result_int64(context, row.pointee.seq)
    case 1: unsafe sqlite3_result_int64(context, Int64(row.pointee.kind))
    case 2: unsafe sqlite3_result_int64(context, row.pointee.walletID)
    case 3: unsafe sqlite3_result_int64(context, row.pointee.version)
    case 4: unsafe sqlite3_result_int64(context, row.pointee.amount)
    case 5: unsafe sqlite3_result_int64(context, row.pointee.balance)
    case 6: unsafe text(bytes, row.pointee.counterAccount, context)
    case 7: if unsafe row.pointee.previousSeq != 0 { unsafe sqlite3_result_int64(context, row.pointee.previousSeq) }
    case 8: unsafe sqlite3_result_int64(context, row.pointee.originID)
    case 9: unsafe text(bytes, row.pointee.reason, context)
    case 10: unsafe text(bytes, row.pointee.reference, context)
    case 11:
      if unsafe row.pointee.keyIsText {
        unsafe text(bytes, row.pointee.key, context)
      } else {
        unsafe blob(bytes, row.pointee.key, context)
      }
    case 12: unsafe blob(bytes, row.pointee.requestDigest, context)
    case 13: unsafe text(bytes, row.pointee.correlationID, context)
    case 14: unsafe sqlite3_result_int64(context, row.pointee.createdAt)
    default: unsafe blob(bytes, row.pointee.digest, context)
    }
  }

  /// NULL for empty text.
  private static func text(_ bytes: UnsafeRawPointer, _ stretch: RowFeed.Stretch, _ context: OpaquePointer?) {
    if stretch.count == 0 { return }
    unsafe walletd_sqlite3_result_text_static(context, bytes + Int(stretch.start), Int32(stretch.count))
  }

  /// NULL for no bytes.
  private static func blob(_ bytes: UnsafeRawPointer, _ stretch: RowFeed.Stretch, _ context: OpaquePointer?) {
    if stretch.count == 0 { return }
    unsafe walletd_sqlite3_result_blob_static(context, bytes + Int(stretch.start), Int32(stretch.count))
  }
}
