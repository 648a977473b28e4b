import CLinux
import CSQLite

/// One connection to a database file. Not thread-safe: one queue owns it.
@safe
final class Database {
  enum Access {
    /// Reads and writes; creates the file when it is missing.
    case write
    /// Moves the log into the file, and changes nothing.
    case checkpoint
    case read
  }

  private let handle: OpaquePointer

  /// Once in a process. Where somebody else has used SQLite before, it can't be told any more; it is only slower then.
  private static let libraryIsPrepared: Bool = {
    guard walletd_sqlite3_count_no_memory() == SQLITE_OK else { return false }
    // One piece of large pages for the writer's cache, with what SQLite needs beside a page; it touches all of it at
    // once. A reader's pages come out of it too.
    let slot = (4096 + Int(walletd_sqlite3_page_header()) + 63) & ~63
    let count = (Pragmas.writerCacheKiB << 10) / slot
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: slot * count, alignment: 1 << 21)
    if let base = memory.baseAddress {
      unsafe walletd_prefer_large_pages(base, memory.count)
      return unsafe walletd_sqlite3_give_page_memory(base, Int32(slot), Int32(count)) == SQLITE_OK
    }
    return false
  }()

  private static func prepareLibrary() { _ = libraryIsPrepared }

  /// - Parameter vfs: SQLite's name of the file system to use; `nil` for the machine's.
  init(path: String, access: Access, vfs: String?) throws(SQLiteError) {
    Self.prepareLibrary()
    var opened: OpaquePointer?
    let flags =
      switch access {
      case .write: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .checkpoint: SQLITE_OPEN_READWRITE
      case .read: SQLITE_OPEN_READONLY
      }
    // NOMUTEX: one queue at a time uses the connection.
    let code = unsafe sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs)
    guard let opened = unsafe opened else {
      throw SQLiteError(code: code, message: "out of memory", statement: "open \(path)")
    }
    guard code == SQLITE_OK else {
      let message = unsafe String(cString: sqlite3_errmsg(opened))
      unsafe sqlite3_close_v2(opened)
      throw SQLiteError(code: code, message: message, statement: "open \(path)")
    }
    unsafe handle = opened
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// Moves an attached database in memory to a place that has room for more, and that others may write to as well. It belongs
  /// to the connection; what it has behind what there was is left open.
  @unsafe
  func growImage(_ name: String, to byteCount: Int) throws(SQLiteError) -> UnsafeMutableRawPointer {
    var count: Int64 = 0
    guard let image = unsafe sqlite3_serialize(handle, name, &count, 0) else { throw error(SQLITE_NOMEM, name) }
    defer { unsafe sqlite3_free(image) }
    guard let memory = unsafe sqlite3_malloc64(UInt64(byteCount)) else { throw error(SQLITE_NOMEM, name) }
    precondition(count <= byteCount)
    unsafe memory.copyMemory(from: image, byteCount: Int(count))
    // It frees the memory, also when it fails.
    let code = unsafe sqlite3_deserialize(
      handle, name, memory.assumingMemoryBound(to: UInt8.self), Int64(byteCount), Int64(byteCount),
      UInt32(SQLITE_DESERIALIZE_FREEONCLOSE))
    guard code == SQLITE_OK else { throw error(code, name) }
    return unsafe memory
  }

  /// Runs statements that answer nothing.
  func execute(_ sql: String) throws(SQLiteError) {
    let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code, sql) }
  }

  func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    var statement: OpaquePointer?
    let code = unsafe sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement = unsafe statement else { throw error(code, sql) }
    return unsafe Statement(statement, of: self, sql: sql)
  }

  /// The first column of the first row, or `nil` without a row.
  func integer(_ sql: String) throws(SQLiteError) -> Int64? {
    let statement = try prepare(sql)
    return try statement.step() ? statement.integer(0) : nil
  }

  func text(_ sql: String) throws(SQLiteError) -> String? {
    let statement = try prepare(sql)
    return try statement.step() ? statement.text(0).string : nil
  }

  /// Begins to copy what this connection sees into the file of another one. What it writes meanwhile is copied too.
  func backup(into other: Database) throws(SQLiteError) -> Backup {
    guard let backup = unsafe sqlite3_backup_init(other.handle, "main", handle, "main") else {
      throw other.error(unsafe sqlite3_errcode(other.handle), "backup")
    }
    return unsafe Backup(backup, from: self, to: other)
  }

  /// Lets a flag end what runs, which fails with SQLITE_INTERRUPT then. The flag must outlive the connection's statements.
  func stop(when flag: StopFlag, operationsBetweenLooks operations: Int32) {
    unsafe sqlite3_progress_handler(
      handle, operations,
      { context in
        guard let context = unsafe context else { return 0 }
        return unsafe Unmanaged<StopFlag>.fromOpaque(context).takeUnretainedValue().isSet ? 1 : 0
      }, Unmanaged.passUnretained(flag).toOpaque())
  }

  /// Rows that the last statement changed.
  var changes: Int64 { unsafe sqlite3_changes64(handle) }

  /// Whether a transaction is open.
  var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

  /// `sqlite3_db_config` for an option that is on or off.
  func configure(_ option: Int32, _ value: Int32, _ result: inout Int32) -> Int32 {
    unsafe walletd_sqlite3_db_config(handle, option, value, &result)
  }

  /// What a checkpoint did.
  struct Checkpoint {
    /// The database file has all that was in the log at the beginning.
    var isComplete: Bool
    /// Frames at the beginning of the log that the database file has.
    var framesMoved: Int
  }

  func checkpoint(_ mode: CheckpointMode) throws(SQLiteError) -> Checkpoint {
    var log: Int32 = 0
    var moved: Int32 = 0
    let code = unsafe sqlite3_wal_checkpoint_v2(handle, "main", mode.rawValue, &log, &moved)
    guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else { throw error(code, "checkpoint") }
    return Checkpoint(isComplete: code == SQLITE_OK && log == moved, framesMoved: max(0, Int(moved)))
  }

  /// Else the last connection that is closed moves the log into the database file.
  func leaveLogWhenClosed() {
    var isSet: Int32 = 0
    let code = configure(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &isSet)
    precondition(code == SQLITE_OK && isSet == 1, "the log can't be kept: \(code)")
  }

  /// Syncs the database file.
  func syncFile() throws(SQLiteError) {
    let code = unsafe walletd_sqlite3_sync_file(handle)
    guard code == SQLITE_OK else { throw SQLiteError(code: code, message: "disk I/O error", statement: "sync") }
  }

  /// Frames that a commit has left in the log, by the last commit's word.
  private(set) var framesInLog = 0

  /// Hears of the log's length after each commit. Once, when the connection is configured.
  func watchLog() {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe sqlite3_wal_hook(
      handle,
      { context, _, _, frames in
        // The connection outlives its hook: closing it comes before its release.
        if let context = unsafe context {
          unsafe Unmanaged<Database>.fromOpaque(context).takeUnretainedValue().framesInLog = Int(frames)
        }
        return SQLITE_OK
      }, context)
  }

  /// Refuses, from here on, to prepare a statement that updates or deletes rows of a table whose rows never change.
  func guardJournal() {
    let code = unsafe sqlite3_set_authorizer(
      handle,
      { _, action, table, _, _, _ in
        guard action == SQLITE_UPDATE || action == SQLITE_DELETE, let table = unsafe table else { return SQLITE_OK }
        let isJournal = unsafe ["transactions", "refusals", "administration", "origins"].contains(
          String(cString: table))
        return isJournal ? SQLITE_DENY : SQLITE_OK
      }, nil)
    precondition(code == SQLITE_OK, "the authorizer of the journal can't be set: \(code)")
  }

  enum CheckpointMode: Int32 {
    case passive = 0
    case full = 1
    case restart = 2
    case truncate = 3
  }

  func error(_ code: Int32, _ statement: String) -> SQLiteError {
    SQLiteError(code: code, message: unsafe String(cString: sqlite3_errmsg(handle)), statement: statement)
  }
}
