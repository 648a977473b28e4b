internal import CSQLite

/// A look at a database past the program that made it.
@safe
package final class SQLiteFile {
  private let handle: OpaquePointer

  /// - Parameters:
  ///   - mayWrite: Only for tests that spoil a file; the rest only read.
  ///   - vfs: SQLite's name of the file system; `nil` for the machine's.
  package init(_ path: String, mayWrite: Bool = false, vfs: String? = nil) throws(TestFailure) {
    var opened: OpaquePointer?
    let access = mayWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
    let code = unsafe sqlite3_open_v2(path, &opened, access, vfs)
    guard code == SQLITE_OK, let opened = unsafe opened else {
      unsafe sqlite3_close_v2(opened)
      throw TestFailure("SQLite can't open \(path): \(code)")
    }
    unsafe handle = opened
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// Every row, every column as text; NULL is empty.
  package func rows(_ sql: String) throws(TestFailure) -> [[String]] {
    var statement: OpaquePointer?
    guard unsafe sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { throw failure(sql) }
    defer { unsafe sqlite3_finalize(statement) }
    var rows: [[String]] = []
    while true {
      switch unsafe sqlite3_step(statement) {
      case SQLITE_ROW:
        rows.append(
          (0..<(unsafe sqlite3_column_count(statement))).map { column in
            unsafe sqlite3_column_text(statement, column).map { unsafe String(cString: $0) } ?? ""
          })
      case SQLITE_DONE: return rows
      default: throw failure(sql)
      }
    }
  }

  /// The first column of the only row.
  package func value(_ sql: String) throws(TestFailure) -> String {
    guard let value = try rows(sql).first?.first else { throw TestFailure("no row: \(sql)") }
    return value
  }

  package func execute(_ sql: String) throws(TestFailure) {
    guard unsafe sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure(sql) }
  }

  private func failure(_ sql: String) -> TestFailure {
    TestFailure("\(sql): \(unsafe String(cString: sqlite3_errmsg(handle)))")
  }
}
