internal import Dispatch
internal import Synchronization

/// Moves what is in the log into the database file while commits go on, on a connection of its own.
///
/// SQLite up to 3.51.2 can lose what a commit writes that begins the log anew while a checkpoint sets out
/// (sqlite.org/wal.html, "The WAL-reset bug"). The log only begins anew when all of it is in the database file. So one
/// checkpoint runs at a time, on whichever connection, and none is begun here unless something is left to move, which
/// nobody else moves meanwhile.
///
/// `@unchecked Sendable`: the connection belongs to the pass that runs, and `state` keeps a second one away.
package final class BackgroundCheckpoints: @unchecked Sendable {
  /// Runs the work once, at any time.
  package typealias Schedule = @Sendable (_ work: @escaping @Sendable () -> Void) -> Void

  private enum State {
    case idle
    case running
    case ended(Result<Database.Checkpoint, SQLiteError>)
  }

  private let database: Database
  private let schedule: Schedule
  private let state = Mutex(State.idle)
  private let running = DispatchGroup()

  init(_ database: Database, schedule: @escaping Schedule) {
    self.database = database
    self.schedule = schedule
  }

  /// Begins a pass, which must be the only checkpoint until it has ended.
  func begin() {
    state.withLock { state in
      guard case .idle = state else { preconditionFailure("a checkpoint is begun beside another one") }
      state = .running
    }
    running.enter()
    schedule {
      let result = Result { () throws(SQLiteError) in try self.pass() }
      self.state.withLock { $0 = .ended(result) }
      self.running.leave()
    }
  }

  var isRunning: Bool {
    state.withLock { state in
      if case .running = state { return true }
      return false
    }
  }

  /// What a pass has done that has ended since the last call.
  func takeResult() throws(SQLiteError) -> Database.Checkpoint? {
    let ended: Result<Database.Checkpoint, SQLiteError>? = state.withLock { state in
      guard case .ended(let result) = state else { return nil }
      state = .idle
      return result
    }
    return try ended?.get()
  }

  /// Waits for the pass that runs.
  func wait() { running.wait() }

  /// SQLite syncs the file itself only when no commit has come meanwhile, and doesn't tell.
  private func pass() throws(SQLiteError) -> Database.Checkpoint {
    let checkpoint = try database.checkpoint(.passive)
    try database.syncFile()
    return checkpoint
  }

  /// Keeps the closing of the connection from moving the log.
  func leaveLog() { database.leaveLogWhenClosed() }
}
