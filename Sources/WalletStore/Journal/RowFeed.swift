import CSQLite
import WalletCore

/// Rows on their way into `transactions`: a virtual table over the rows of a gather, which one statement reads.
///
/// `INSERT … SELECT` from it takes a little over half the time of a statement for each row: nothing is bound, and the
/// cursor of the table stays where the last row went.
@safe
final class RowFeed {
  /// What the callbacks of the virtual table see.
  @unsafe
  struct Source {
    var rows: UnsafePointer<TransactionRow>?
    var originIDs: UnsafePointer<Int64>?
    var count = 0
    let offsets = Offsets()
    /// The key of the row that is being read.
    var key: (UInt64, UInt64) = (0, 0)
  }

  /// Where a row has its texts and digests.
  struct Offsets {
    let counterAccount = Offsets.of(\.counterAccount)
    let reason = Offsets.of(\.audit.reason)
    let reference = Offsets.of(\.audit.reference)
    let correlationID = Offsets.of(\.audit.correlationID)
    let requestDigest = Offsets.of(\.requestDigest)
    let digest = Offsets.of(\.digest)

    private static func of(_ path: PartialKeyPath<TransactionRow>) -> Int {
      guard let offset = MemoryLayout<TransactionRow>.offset(of: path) else {
        preconditionFailure("a column of a row isn't stored in it")
      }
      return offset
    }
  }

  private static let name = "row_feed"

  private let source: UnsafeMutablePointer<Source>
  private let module: UnsafeMutablePointer<sqlite3_module>
  private let insert: Statement
  private(set) var rows: [TransactionRow] = []
  private var originIDs: [Int64] = []

  init(_ database: Database) throws(SQLiteError) {
    unsafe source = .allocate(capacity: 1)
    unsafe source.initialize(to: Source())
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
  }

  /// - Parameter row: It must be plain (`TransactionRow.isPlain`).
  func append(_ row: TransactionRow, originID: Int64) {
    rows.append(row)
    originIDs.append(originID)
  }

  func row(_ seq: Int64) -> TransactionRow? {
    guard let first = rows.first, seq >= first.seq else { return nil }
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].seq < seq { low = middle + 1 } else { high = middle }
    }
    return low < rows.count && rows[low].seq == seq ? rows[low] : nil
  }

  func shrink(to count: Int) {
    if count == 0 {
      rows.removeAll(keepingCapacity: true)
      originIDs.removeAll(keepingCapacity: true)
    } else {
      rows.removeLast(rows.count - count)
      originIDs.removeLast(originIDs.count - count)
    }
  }

  /// Writes all rows; they stay to be found until they are dropped.
  func write() throws(StoreError) {
    if rows.isEmpty { return }
    let result: Result<Void, StoreError> = unsafe rows.withUnsafeBufferPointer { rows in
      unsafe originIDs.withUnsafeBufferPointer { originIDs in
        unsafe source.pointee.rows = rows.baseAddress
        unsafe source.pointee.originIDs = originIDs.baseAddress
        unsafe source.pointee.count = rows.count
        defer { unsafe source.pointee.count = 0 }
        do throws(StoreError) { return .success(try insert.ran()) } catch { return .failure(error) }
      }
    }
    try result.get()
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
    guard let rows = unsafe source.pointee.rows, let originIDs = unsafe source.pointee.originIDs else { return }
    let row = unsafe rows + position
    switch column {
    case 0: unsafe sqlite3_result_int64(context, row.pointee.seq)
    case 1: unsafe sqlite3_result_int64(context, Int64(row.pointee.kind.rawValue))
    case 2: unsafe sqlite3_result_int64(context, row.pointee.walletID)
    case 3: unsafe sqlite3_result_int64(context, row.pointee.version)
    case 4: unsafe sqlite3_result_int64(context, row.pointee.amount)
    case 5: unsafe sqlite3_result_int64(context, row.pointee.balance)
    case 6: unsafe text(row, source.pointee.offsets.counterAccount, context)
    case 7: if unsafe row.pointee.previousSeq != 0 { unsafe sqlite3_result_int64(context, row.pointee.previousSeq) }
    case 8: unsafe sqlite3_result_int64(context, originIDs[position])
    case 9: unsafe text(row, source.pointee.offsets.reason, context)
    case 10: unsafe text(row, source.pointee.offsets.reference, context)
    case 11: unsafe key(row, source, context)
    case 12: unsafe blob(row, source.pointee.offsets.requestDigest, context)
    case 13: unsafe text(row, source.pointee.offsets.correlationID, context)
    case 14: unsafe sqlite3_result_int64(context, row.pointee.createdAt)
    default: unsafe blob(row, source.pointee.offsets.digest, context)
    }
  }

  private static func bytes(_ row: UnsafePointer<TransactionRow>, _ offset: Int) -> UnsafeRawBufferPointer {
    unsafe ShortBytes.bytes(at: (UnsafeRawPointer(row) + offset).assumingMemoryBound(to: ShortBytes.self))
  }

  /// NULL for empty text.
  private static func text(_ row: UnsafePointer<TransactionRow>, _ offset: Int, _ context: OpaquePointer?) {
    let bytes = unsafe bytes(row, offset)
    if unsafe !bytes.isEmpty {
      unsafe walletd_sqlite3_result_text_static(context, bytes.baseAddress, Int32(bytes.count))
    }
  }

  /// NULL for no bytes.
  private static func blob(_ row: UnsafePointer<TransactionRow>, _ offset: Int, _ context: OpaquePointer?) {
    let bytes = unsafe bytes(row, offset)
    if unsafe !bytes.isEmpty {
      unsafe walletd_sqlite3_result_blob_static(context, bytes.baseAddress, Int32(bytes.count))
    }
  }

  /// As `Statement.bind` does it.
  private static func key(
    _ row: UnsafePointer<TransactionRow>, _ source: UnsafeMutablePointer<RowFeed.Source>, _ context: OpaquePointer?
  ) {
    switch unsafe row.pointee.key {
    case nil: return
    case .uuid(let high, let low):
      unsafe source.pointee.key = (high.bigEndian, low.bigEndian)
      let offset = unsafe MemoryLayout<RowFeed.Source>.offset(of: \.key) ?? 0
      unsafe walletd_sqlite3_result_blob_static(context, UnsafeRawPointer(source) + offset, 16)
    case .text(let text):
      unsafe text.utf8.withUnsafeBytes { bytes in
        unsafe walletd_sqlite3_result_text(context, bytes.baseAddress, Int32(bytes.count))
      }
    // Rows with such a key aren't plain.
    case .item: return
    }
  }
}
