import WalletCore

/// Rows on their way into `transactions`: written as SQLite would write them, into an image of the table that lies in memory
/// (`TableImage`), from which one statement takes them over.
///
/// Together that takes little more than half of the instructions that SQLite takes to make a row out of its columns.
@safe
final class RowFeed {
  /// The columns of `transactions`.
  private static let columnCount = 29
  /// Of a row's texts together: far above what requests may have. Longer ones would need more than a page, or more than two bytes
  /// of a header for a column.
  private static let textBytesMax = 4096
  /// Of a header: its own length in one byte, and a type for each column.
  private static let headerBytesMax = 1 + 2 * RowFeed.columnCount

  private let image: TableImage
  private let insert: Statement
  /// Where a row is made: its header, and its values, with room for what is written in whole words.
  private let header = UnsafeMutableRawPointer.allocate(byteCount: RowFeed.headerBytesMax + 8, alignment: 8)
  private let values = UnsafeMutableRawPointer.allocate(byteCount: TableImage.pageBytes, alignment: 8)

  init(_ database: Database) throws(SQLiteError) {
    image = try TableImage("feed", of: "transactions", database)
    insert = try database.prepare("INSERT INTO main.transactions SELECT * FROM feed.transactions")
  }

  deinit {
    unsafe header.deallocate()
    unsafe values.deallocate()
  }

  var count: Int { image.count }

  /// - Parameter row: It must be plain (`TransactionRow.isPlain`).
  /// - Returns: `false` when there is no room for it.
  func append(_ row: borrowing TransactionRow, originID: Int64) -> Bool {
    guard Self.textBytes(of: row) <= Self.textBytesMax else { return false }
    let audit = row.attribution.audit
    var types = unsafe header + 1
    var values = unsafe self.values
    let put = { (type: UInt64) in unsafe Record.write(varint: type, to: &types) }
    put(Record.null)
    put(Record.one)
    put(Record.zero)
    put(unsafe Record.write(Int64(row.kind.rawValue), to: &values))
    put(unsafe Record.write(row.walletID, to: &values))
    put(unsafe Record.write(row.version, to: &values))
    put(unsafe Record.write(row.amount, to: &values))
    put(Record.zero)
    put(unsafe Record.write(row.balance, to: &values))
    put(Record.zero)
    put(Record.zero)
    put(unsafe Self.text(row.counterAccount.utf8, to: &values))
    put(Record.null)
    put(Record.null)
    put(Record.null)
    put(row.previousSeq == 0 ? Record.null : unsafe Record.write(row.previousSeq, to: &values))
    put(unsafe Record.write(originID, to: &values))
    put(Record.null)
    put(unsafe Self.text(audit.reason.utf8, to: &values))
    put(Record.null)
    put(unsafe Self.text(audit.reference.utf8, to: &values))
    put(unsafe Self.key(row.attribution.key, to: &values))
    put(unsafe Self.blob(row.requestDigest, to: &values))
    put(unsafe Self.text(audit.correlationID.utf8, to: &values))
    put(Record.null)
    put(Record.null)
    put(unsafe Record.write(row.createdAt, to: &values))
    put(Record.null)
    put(unsafe Self.blob(row.digest, to: &values))
    let headerBytes = unsafe types - header
    let valueBytes = unsafe values - self.values
    unsafe header.storeBytes(of: UInt8(headerBytes), as: UInt8.self)
    guard let place = unsafe image.add(row.seq, payloadBytes: headerBytes + valueBytes) else { return false }
    unsafe place.copyMemory(from: header, byteCount: headerBytes)
    unsafe (place + headerBytes).copyMemory(from: self.values, byteCount: valueBytes)
    return true
  }

  private static func textBytes(of row: borrowing TransactionRow) -> Int {
    let audit = row.attribution.audit
    let key = if case .text(let text) = row.attribution.key { text.utf8.count } else { 0 }
    return row.counterAccount.utf8.count + audit.reason.utf8.count + audit.reference.utf8.count
      + audit.correlationID.utf8.count + key
  }

  /// NULL for empty text.
  @inline(__always)
  private static func text(_ value: ShortBytes, to place: inout UnsafeMutableRawPointer) -> UInt64 {
    let count = unsafe copy(value, to: &place)
    return count == 0 ? Record.null : Record.type(text: count)
  }

  /// NULL for no bytes.
  @inline(__always)
  private static func blob(_ value: ShortBytes, to place: inout UnsafeMutableRawPointer) -> UInt64 {
    let count = unsafe copy(value, to: &place)
    return count == 0 ? Record.null : Record.type(blob: count)
  }

  /// - Returns: How many bytes there were.
  @inline(__always)
  private static func copy(_ value: ShortBytes, to place: inout UnsafeMutableRawPointer) -> Int {
    let count = value.count
    if count > 0 { unsafe value.copy(to: place) }
    unsafe place += count
    return count
  }

  @inline(__always)
  private static func key(_ key: IdempotencyKey?, to place: inout UnsafeMutableRawPointer) -> UInt64 {
    switch key {
    case .uuid(let high, let low):
      unsafe place.storeBytes(of: high.bigEndian, as: UInt64.self)
      unsafe place.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
      unsafe place += 16
      return Record.type(blob: 16)
    case .text(let text): return unsafe self.text(text.utf8, to: &place)
    // Rows with a key of an item aren't plain.
    case nil, .item: return Record.null
    }
  }

  /// A row that was appended and isn't written yet, which is seldom asked for.
  func row(_ seq: Int64, _ origins: OriginTable) throws(StoreError) -> TransactionRow? {
    guard let last = image.lastRowID, seq <= last, let payload = unsafe image.payload(of: seq) else { return nil }
    let columns = unsafe RecordColumns(payload, columnCount: Self.columnCount)
    let integer = { (column: Int) in unsafe columns.integer(column) }
    let text = { (column: Int) in unsafe Text(utf8: columns.bytes(column)) }
    guard let kind = TransactionKind(rawValue: UInt8(truncatingIfNeeded: integer(3))) else {
      throw .inconsistent("transaction \(seq) is of the unknown kind \(integer(3))")
    }
    let audit = Command.Audit(reason: text(18), reference: text(20), correlationID: text(23))
    var row = TransactionRow(
      seq: seq, kind: kind, walletID: integer(4), version: integer(5), amount: integer(6), balance: integer(8), held: 0,
      overdraftLimit: 0, counterAccount: text(11),
      attribution: Attribution(key: unsafe columns.key(21), audit: audit, origin: try origins.origin(integer(16))),
      createdAt: integer(26))
    row.previousSeq = integer(15)
    row.requestDigest = unsafe columns.bytes(22)
    row.digest = unsafe columns.bytes(28)
    return row
  }

  /// Drops all rows but the first ones. None of them was written.
  func shrink(to count: Int) { image.shrink(to: count) }

  /// Writes all rows. Once in a transaction: `removeAll` comes behind it.
  func write() throws(StoreError) {
    if count == 0 { return }
    image.finish()
    try insert.ran()
  }

  /// The transaction is over, whether or not the rows were written.
  func removeAll() { image.removeAll() }
}
