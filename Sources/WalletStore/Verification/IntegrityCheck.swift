internal import CSQLite
internal import Synchronization
internal import WalletSystem

/// SQLite's own look at a file that nobody writes. It can't be cut into steps, so it has a thread of its own.
final class IntegrityCheck: Sendable {
  enum Result: Equatable, Sendable {
    /// What is wrong, in SQLite's words; none when the file is sound.
    case ended([String])
    case failed(String)
  }

  private static let messagesMax = 100
  private static let operationsBetweenLooks: Int32 = 10_000

  private let state = Mutex<Result?>(nil)
  private let ended = TimedSemaphore()
  private let stop = StopFlag()

  /// - Parameters:
  ///   - schedule: Runs the work on another thread.
  ///   - open: Opens the file, on that thread.
  ///   - close: Called when the file is closed.
  func begin(
    schedule: BackgroundCheckpoints.Schedule, open: @escaping @Sendable () throws -> Database,
    close: @escaping @Sendable () -> Void
  ) {
    schedule {
      let result = self.look(open)
      close()
      self.state.withLock { $0 = result }
      self.ended.signal()
    }
  }

  private func look(_ open: () throws -> Database) -> Result {
    do {
      if stop.isSet { return .failed("it was cancelled") }
      let database = try open()
      database.stop(when: stop, operationsBetweenLooks: Self.operationsBetweenLooks)
      let rows = try database.prepare("PRAGMA integrity_check(\(Self.messagesMax))")
      var messages: [String] = []
      while try rows.step() { messages.append(rows.text(0).string) }
      return .ended(messages == ["ok"] ? [] : messages)
    } catch let error as SQLiteError where error.primary == SQLITE_CORRUPT || error.primary == SQLITE_NOTADB {
      return .ended([error.description])
    } catch {
      return .failed("\(error)")
    }
  }

  /// `nil` while it runs. Waits for it, but not for long.
  func result(waitingMilliseconds milliseconds: Int) -> Result? {
    _ = ended.wait(microseconds: Int64(milliseconds) * 1000)
    return state.withLock { $0 }
  }

  func cancel() { stop.set() }
}
