internal import CSQLite

/// Moves the log into the database file beside the commits, a piece at a time as it grows. Once it is long, what commits have
/// added during the last pass is moved between two of them, and the next commit begins the log anew.
///
/// When a checkpoint fails, the log still has everything: it is tried again once the log has grown by as much again, and
/// the bound on free disk space is the bound of the log. After a failed sync it isn't: what was moved before may be lost,
/// and no later sync would tell. The next start writes all of the log anew.
final class LogMover {
  private let database: Database
  private let background: BackgroundCheckpoints
  private let framesBeforeCheckpoint: Int
  /// A log as long as this begins anew.
  private let framesBeforeAnew: Int
  /// So much is moved between two commits.
  private let framesAtLast: Int
  /// From here on the rest is moved between two commits, however much it is.
  private let framesMax: Int
  private(set) var framesInLog = 0
  /// Passes that have moved something, and those that failed.
  private(set) var passes: UInt64 = 0
  private(set) var failures: UInt64 = 0
  private var framesMoved = 0
  /// Frames in the log from which a checkpoint is due.
  private var framesDue: Int
  /// The last pass in the background has moved a part of the log.
  private var hasPassed = false
  private var isFailing = false
  private var failedSync: SQLiteError?

  init(
    _ database: Database, _ background: BackgroundCheckpoints, framesBeforeCheckpoint: Int, movesBeforeAnew: Int
  ) {
    self.database = database
    self.background = background
    self.framesBeforeCheckpoint = framesBeforeCheckpoint
    framesAtLast = framesBeforeCheckpoint / 4
    framesBeforeAnew = movesBeforeAnew * framesBeforeCheckpoint
    framesMax = framesBeforeAnew + max(7 * framesBeforeCheckpoint, framesBeforeAnew / 2)
    framesDue = framesBeforeCheckpoint
  }

  /// Called between commits.
  ///
  /// - Returns: A line for the operator.
  func advance() -> String? {
    if background.isRunning || failedSync != nil { return nil }
    do throws(SQLiteError) {
      return try move() && recovered() ? "a checkpoint succeeded again" : nil
    } catch {
      return failed(error)
    }
  }

  /// - Returns: Whether a checkpoint has ended with the whole log in the database file.
  private func move() throws(SQLiteError) -> Bool {
    lookAtLog()
    if let pass = try background.takeResult(), note(pass) { return true }
    while framesInLog > framesMoved, framesInLog >= framesDue {
      if hasPassed, framesInLog >= framesBeforeAnew,
        framesInLog - framesMoved <= framesAtLast || framesInLog >= framesMax
      {
        return note(try database.checkpoint(.passive))
      }
      background.begin()
      guard let pass = try background.takeResult() else { return false }
      if note(pass) { return true }
    }
    return false
  }

  private func lookAtLog() {
    if database.framesInLog < framesInLog { beganAnew() }
    framesInLog = database.framesInLog
  }

  private func beganAnew() {
    framesMoved = 0
    framesDue = framesBeforeCheckpoint
    hasPassed = false
  }

  /// - Returns: Whether it has moved everything that was there.
  private func note(_ checkpoint: Database.Checkpoint) -> Bool {
    passes += 1
    if checkpoint.framesMoved > framesInLog {
      // All of a log that a commit has begun anew since.
      beganAnew()
      return true
    }
    if checkpoint.framesMoved > framesMoved {
      framesMoved = checkpoint.framesMoved
      hasPassed = framesMoved < framesInLog
      framesDue = hasPassed && framesInLog >= framesBeforeAnew ? 0 : framesMoved + framesBeforeCheckpoint
    } else {
      // Another program reads, and holds the rest back.
      hasPassed = false
      framesDue = framesInLog + framesAtLast
    }
    return framesMoved == framesInLog
  }

  private func recovered() -> Bool {
    defer { isFailing = false }
    return isFailing
  }

  private func failed(_ error: SQLiteError) -> String? {
    failures += 1
    framesDue = framesInLog + framesBeforeCheckpoint
    hasPassed = false
    defer { isFailing = true }
    if error.code == WALLETD_SQLITE_IOERR_FSYNC {
      failedSync = error
      database.leaveLogWhenClosed()
      background.leaveLog()
      return "a checkpoint's sync failed, the log keeps everything and grows until the next start: \(error)"
    }
    return isFailing ? nil : "a checkpoint failed, the log keeps everything and grows: \(error)"
  }

  /// Moves all of it, at the end.
  func finish() throws(SQLiteError) {
    background.wait()
    do throws(SQLiteError) { _ = try background.takeResult() } catch { _ = failed(error) }
    if let failedSync { throw failedSync }
    do throws(SQLiteError) {
      _ = try database.checkpoint(.truncate)
    } catch {
      _ = failed(error)
      throw error
    }
  }
}
