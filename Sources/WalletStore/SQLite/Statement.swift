import CSQLite
import WalletCore

/// A prepared statement. Values are copied when they are bound.
@safe
final class Statement {
  private let handle: OpaquePointer
  private let database: Database
  private let sql: String

  @unsafe
  init(_ handle: OpaquePointer, of database: Database, sql: String) {
    unsafe self.handle = handle
    self.database = database
    self.sql = sql
  }

  deinit { unsafe sqlite3_finalize(handle) }

  /// Whether there is a row. Without one the statement is ready for the next use.
  func step() throws(SQLiteError) -> Bool {
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
  func reset() { unsafe sqlite3_reset(handle) }

  // MARK: Binding, from 1

  func bind(_ index: Int32, _ value: Int64) { check(unsafe sqlite3_bind_int64(handle, index, value)) }

  /// NULL for 0.
  func bindNonzero(_ index: Int32, _ value: Int64) { if value == 0 { bindNull(index) } else { bind(index, value) } }

  func bind(_ index: Int32, _ value: Text) {
    var string = value.string
    string.withUTF8 { utf8 in
      let code =
        if let base = utf8.baseAddress {
          unsafe walletd_sqlite3_bind_text(handle, index, base, Int32(utf8.count))
        } else {
          unsafe walletd_sqlite3_bind_text(handle, index, "", 0)
        }
      check(code)
    }
  }

  /// NULL for empty text.
  func bindNonempty(_ index: Int32, _ value: Text) { if value.isEmpty { bindNull(index) } else { bind(index, value) } }

  /// NULL for no bytes.
  func bindNonempty(_ index: Int32, _ value: [UInt8]) {
    if value.isEmpty { return bindNull(index) }
    check(
      unsafe value.withUnsafeBytes { bytes in
        unsafe walletd_sqlite3_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count))
      })
  }

  /// Between a batch's key and an item's index: a control character, which no key of a client has.
  private static let itemSeparator = "\u{1F}"

  /// A UUID as a BLOB of 16 bytes, other keys as TEXT: SQLite never takes one for the other. An item of a batch has its
  /// index behind the batch's key, as 4 bytes or in decimal.
  func bind(_ index: Int32, _ key: IdempotencyKey?) {
    switch key {
    case nil: bindNull(index)
    case .text(let text): bind(index, text)
    case .uuid(let high, let low):
      var bytes = (high.bigEndian, low.bigEndian)
      check(
        unsafe withUnsafeBytes(of: &bytes) { bytes in
          unsafe walletd_sqlite3_bind_blob(handle, index, bytes.baseAddress, 16)
        })
    case .item(.text(let batch), let item): bind(index, Text("\(batch)\(Self.itemSeparator)\(item)"))
    case .item(let batch, let item):
      guard case .uuid(let high, let low) = batch else { preconditionFailure("a batch isn't an item of a batch") }
      var bytes: [UInt8] = []
      for half in [high, low] { unsafe withUnsafeBytes(of: half.bigEndian) { unsafe bytes.append(contentsOf: $0) } }
      unsafe withUnsafeBytes(of: item.bigEndian) { unsafe bytes.append(contentsOf: $0) }
      bindNonempty(index, bytes)
    }
  }

  func bindNull(_ index: Int32) { check(unsafe sqlite3_bind_null(handle, index)) }

  /// A bind can fail for want of memory or by a wrong index. The first can't be told from a wrong row later on, so
  /// neither is survivable.
  private func check(_ code: Int32) {
    precondition(code == SQLITE_OK, "binding a value to \"\(sql)\" failed with \(code)")
  }

  // MARK: Columns, from 0

  func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

  /// Empty for NULL.
  func text(_ column: Int32) -> Text {
    guard let bytes = unsafe sqlite3_column_text(handle, column) else { return "" }
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    return Text(unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
  }

  /// Empty for NULL.
  func bytes(_ column: Int32) -> [UInt8] {
    guard let bytes = unsafe sqlite3_column_blob(handle, column) else { return [] }
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    return unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
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
