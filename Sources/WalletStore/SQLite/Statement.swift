import CSQLite
import WalletCore

/// A prepared statement. Values are copied when they are bound; bindings are made anew for each use.
@safe
final class Statement {
  private let handle: OpaquePointer
  private let database: Database
  private let sql: String
  /// Texts and bytes of one use.
  private let kept = UnsafeMutableRawBufferPointer.allocate(byteCount: 1024, alignment: 16)
  private var keptCount = 0
  /// Of a value that there was no memory for: without it the statement must not run.
  private var bindingFailure = SQLITE_OK

  @unsafe
  init(_ handle: OpaquePointer, of database: Database, sql: String) {
    unsafe self.handle = handle
    self.database = database
    self.sql = sql
  }

  deinit {
    unsafe sqlite3_finalize(handle)
    unsafe kept.deallocate()
  }

  /// Whether there is a row. Without one the statement is ready for the next use.
  func step() throws(SQLiteError) -> Bool {
    guard bindingFailure == SQLITE_OK else {
      let error = SQLiteError(code: bindingFailure, message: "out of memory", statement: sql)
      reset()
      throw error
    }
    let code = unsafe sqlite3_step(handle)
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      reset()
      return false
    default:
      let error = database.error(code, sql)
      reset()
      throw error
    }
  }

  /// Runs a statement that answers no row.
  func run() throws(SQLiteError) {
    while try step() {}
  }

  /// Makes the statement ready for the next use. Its error, if any, was the last step's and is known.
  func reset() {
    unsafe sqlite3_reset(handle)
    keptCount = 0
    bindingFailure = SQLITE_OK
  }

  // MARK: Binding, from 1

  func bind(_ index: Int32, _ value: Int64) { check(unsafe sqlite3_bind_int64(handle, index, value)) }

  /// NULL for 0.
  func bindNonzero(_ index: Int32, _ value: Int64) { if value == 0 { bindNull(index) } else { bind(index, value) } }

  func bind(_ index: Int32, _ value: Text) {
    check(
      unsafe value.utf8.withUnsafeBytes { bytes in
        let (kept, isKept) = unsafe keep(bytes)
        return isKept
          ? unsafe walletd_sqlite3_bind_text_static(handle, index, kept, Int32(bytes.count))
          : unsafe walletd_sqlite3_bind_text(handle, index, kept, Int32(bytes.count))
      })
  }

  /// NULL for empty text.
  func bindNonempty(_ index: Int32, _ value: Text) { if value.isEmpty { bindNull(index) } else { bind(index, value) } }

  /// NULL for no bytes.
  func bindNonempty(_ index: Int32, _ value: ShortBytes) {
    if value.isEmpty { return bindNull(index) }
    unsafe value.withUnsafeBytes { unsafe bind(index, blob: $0) }
  }

  /// NULL for no bytes.
  func bindNonempty(_ index: Int32, _ value: [UInt8]) { bindNonempty(index, value[...]) }

  /// NULL for no bytes.
  func bindNonempty(_ index: Int32, _ value: ArraySlice<UInt8>) {
    if value.isEmpty { return bindNull(index) }
    unsafe value.withUnsafeBytes { unsafe bind(index, blob: $0) }
  }

  /// No bytes where NULL may not stand.
  func bindOrEmpty(_ index: Int32, _ value: ShortBytes) {
    unsafe value.withUnsafeBytes { unsafe bind(index, blob: $0) }
  }

  /// Between a batch's key and an item's index: a control character, which no key of a client has.
  private static let itemSeparator = "\u{1F}"

  /// A UUID as a BLOB of 16 bytes, other keys as TEXT: SQLite never takes one for the other. An item of a batch has its
  /// index behind the batch's key, as 4 bytes or in decimal.
  func bind(_ index: Int32, _ key: IdempotencyKey?) {
    switch key {
    case nil: bindNull(index)
    case .text(let text): bind(index, text)
    case .uuid(let high, let low): bind(index, high, low)
    case .item(.text(let batch), let item): bind(index, Text("\(batch)\(Self.itemSeparator)\(item)"))
    case .item(let batch, let item):
      guard case .uuid(let high, let low) = batch else { preconditionFailure("a batch isn't an item of a batch") }
      var bytes: [UInt8] = []
      for half in [high, low] { unsafe withUnsafeBytes(of: half.bigEndian) { unsafe bytes.append(contentsOf: $0) } }
      unsafe withUnsafeBytes(of: item.bigEndian) { unsafe bytes.append(contentsOf: $0) }
      bindNonempty(index, bytes)
    }
  }

  /// A UUID as a BLOB of 16 bytes.
  func bind(_ index: Int32, _ high: UInt64, _ low: UInt64) {
    var bytes = (high.bigEndian, low.bigEndian)
    unsafe withUnsafeBytes(of: &bytes) { unsafe bind(index, blob: $0) }
  }

  func bindNull(_ index: Int32) { check(unsafe sqlite3_bind_null(handle, index)) }

  @unsafe
  private func bind(_ index: Int32, blob bytes: UnsafeRawBufferPointer) {
    let (kept, isKept) = unsafe keep(bytes)
    check(
      isKept
        ? unsafe walletd_sqlite3_bind_blob_static(handle, index, kept, Int32(bytes.count))
        : unsafe walletd_sqlite3_bind_blob(handle, index, kept, Int32(bytes.count)))
  }

  /// Copies bytes to where they stay until the statement is used again, which spares SQLite an allocation for each.
  ///
  /// - Returns: Where they lie, and whether they will stay there: what doesn't fit is left for SQLite to copy.
  @unsafe
  private func keep(_ bytes: UnsafeRawBufferPointer) -> (UnsafeRawPointer, Bool) {
    guard let room = unsafe kept.baseAddress else { preconditionFailure("a statement without memory") }
    guard let source = bytes.baseAddress, bytes.count > 0 else { return (UnsafeRawPointer(room), true) }
    guard unsafe keptCount + bytes.count <= kept.count else { return unsafe (source, false) }
    let target = unsafe room + keptCount
    unsafe target.copyMemory(from: source, byteCount: bytes.count)
    keptCount += bytes.count
    return (UnsafeRawPointer(target), true)
  }

  /// A bind can fail for want of memory, which the next step tells, or by a mistake of ours.
  private func check(_ code: Int32) {
    if code == SQLITE_OK { return }
    precondition(code == SQLITE_NOMEM, "binding a value to \"\(sql)\" failed with \(code)")
    bindingFailure = code
  }

  // MARK: Columns, from 0

  func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

  /// Whether a value is text.
  func isText(_ column: Int32) -> Bool { unsafe sqlite3_column_type(handle, column) == SQLITE_TEXT }

  /// Empty for NULL. Text is taken as it lies there: to have it end with a zero, SQLite may want memory, and where there is
  /// none it would look like NULL.
  func text(_ column: Int32) -> Text {
    guard let bytes = unsafe sqlite3_column_blob(handle, column) else { return Text() }
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    // Only valid UTF-8 was ever written; what an edit from outside made of it is shown as well as it can be.
    let string = unsafe String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    return Text(string)
  }

  /// Empty for NULL.
  func bytes(_ column: Int32) -> [UInt8] {
    guard let bytes = unsafe sqlite3_column_blob(handle, column) else { return [] }
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    return unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
  }

  /// Empty for NULL.
  @unsafe
  func withBlob<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let bytes = unsafe sqlite3_column_blob(handle, column)
    let count = unsafe bytes == nil ? 0 : Int(sqlite3_column_bytes(handle, column))
    return unsafe body(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  /// Empty for NULL.
  func shortBytes(_ column: Int32) -> ShortBytes {
    guard let bytes = unsafe sqlite3_column_blob(handle, column) else { return [] }
    return unsafe ShortBytes(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))))
  }

  /// `nil` for NULL, and for anything that isn't a key.
  func key(_ column: Int32) -> IdempotencyKey? {
    if unsafe sqlite3_column_type(handle, column) == SQLITE_TEXT {
      let text = text(column)
      guard text.string.contains(Self.itemSeparator) else { return .text(text) }
      let parts = text.string.split(separator: Self.itemSeparator, omittingEmptySubsequences: false)
      guard parts.count == 2, let item = UInt32(parts[1]) else { return nil }
      return .item(.text(Text(String(parts[0]))), index: item)
    }
    let bytes = bytes(column)
    guard bytes.count == 16 || bytes.count == 20 else { return nil }
    let number = { (part: ArraySlice<UInt8>) in part.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    let key = IdempotencyKey.uuid(high: number(bytes[..<8]), low: number(bytes[8..<16]))
    return bytes.count == 16 ? key : .item(key, index: UInt32(number(bytes[16...])))
  }
}
