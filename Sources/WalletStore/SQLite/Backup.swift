internal import CSQLite
internal import Synchronization

/// SQLite's online backup from one connection into the file of another one. The source may write between two steps.
@safe
final class Backup {
  private let handle: OpaquePointer
  private let source: Database
  private let target: Database
  private var isFinished = false

  @unsafe
  init(_ handle: OpaquePointer, from source: Database, to target: Database) {
    unsafe self.handle = handle
    self.source = source
    self.target = target
  }

  deinit { if !isFinished { unsafe sqlite3_backup_finish(handle) } }

  /// Copies some pages. A file that is busy is tried again with the next step.
  ///
  /// - Returns: Whether all is copied.
  func step(pages: Int32) throws(SQLiteError) -> Bool {
    let code = unsafe sqlite3_backup_step(handle, pages)
    switch code & 0xFF {
    case SQLITE_OK, SQLITE_BUSY, SQLITE_LOCKED: return false
    case SQLITE_DONE: return true
    default: throw SQLiteError(code: code, message: "a copy can't go on", statement: "backup")
    }
  }

  var pageCount: Int { unsafe Int(sqlite3_backup_pagecount(handle)) }
  var remaining: Int { unsafe Int(sqlite3_backup_remaining(handle)) }

  /// Completes a copy, or drops one that isn't complete.
  func finish() throws(SQLiteError) {
    isFinished = true
    let code = unsafe sqlite3_backup_finish(handle)
    guard code == SQLITE_OK else { throw target.error(code, "backup") }
  }
}

/// Set by whoever wants something on another thread to end.
final class StopFlag: Sendable {
  private let flag = Atomic(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }

  func set() { flag.store(true, ordering: .relaxed) }
}
