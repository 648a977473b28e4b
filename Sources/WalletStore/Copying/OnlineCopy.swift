internal import Synchronization
internal import WalletSystem

/// The file that a copy is written to. Until it is whole nobody needs it: whoever does brings it to the disk himself.
struct CopyTarget: Sendable {
  /// Makes what is missing of it.
  let prepare: @Sendable () throws -> Void
  let open: @Sendable () throws(SQLiteError) -> Database
  /// Removes what isn't whole.
  let remove: @Sendable () throws(SystemError) -> Void

  /// Beside the ledger, to be looked at and removed.
  static func beside(_ folder: DataFolder, settings: StoreSettings) -> CopyTarget {
    CopyTarget(
      prepare: { try folder.createCopy() },
      open: { () throws(SQLiteError) in try prepared(try folder.openCopy(settings: settings)) },
      remove: { () throws(SystemError) in try folder.removeCopy() })
  }

  /// An empty file that is somebody's own, who removes it.
  static func file(_ path: String, settings: StoreSettings) -> CopyTarget {
    let vfs = settings.vfs
    return CopyTarget(
      prepare: {},
      open: { () throws(SQLiteError) in try prepared(try Database(path: path, access: .checkpoint, vfs: vfs)) },
      remove: {})
  }

  private static func prepared(_ database: Database) throws(SQLiteError) -> Database {
    try database.execute("PRAGMA journal_mode = OFF")
    try database.execute("PRAGMA synchronous = OFF")
    return database
  }
}

/// A copy of the database file that is made while commits go on. Whoever asked for it sees how far it is, and removes it.
final class OnlineCopy: Sendable {
  enum Progress: Equatable, Sendable {
    case waiting
    case copying(pages: Int, of: Int)
    /// The file is complete and closed.
    case finished
    case failed(String)
  }

  private let state = Mutex(Progress.waiting)
  private let ended = TimedSemaphore()
  private let stop = StopFlag()
  let target: CopyTarget

  init(_ target: CopyTarget) { self.target = target }

  var progress: Progress { state.withLock { $0 } }

  /// Waits until it has ended, but not for long.
  func wait(milliseconds: Int) { _ = ended.wait(microseconds: Int64(milliseconds) * 1000) }

  /// What was copied is removed by whoever copies.
  func cancel() { stop.set() }

  var isCancelled: Bool { stop.isSet }

  func set(_ progress: Progress) {
    state.withLock { $0 = progress }
    switch progress {
    case .waiting, .copying: break
    case .finished, .failed: ended.signal()
    }
  }
}

/// Where copies are asked for, on any thread, and taken up between gathers.
final class CopyDesk: Sendable {
  private let wanted = Mutex<OnlineCopy?>(nil)

  /// Asks for a copy.
  ///
  /// - Returns: `nil` while another one is waited for.
  func ask(_ target: CopyTarget) -> OnlineCopy? {
    wanted.withLock { wanted in
      if let other = wanted, !other.isCancelled { return nil }
      let copy = OnlineCopy(target)
      wanted = copy
      return copy
    }
  }

  func take() -> OnlineCopy? {
    wanted.withLock { wanted in
      defer { wanted = nil }
      return wanted
    }
  }
}

/// Makes copies by the connection that writes, some pages between two gathers: no snapshot is held, and what is committed
/// meanwhile is in the copy too. Confined to the queue of the ledger.
final class OnlineCopier {
  private let database: Database
  private let settings: StoreSettings
  let desk = CopyDesk()
  private var running: (copy: OnlineCopy, backup: Backup)?

  init(_ database: Database, settings: StoreSettings) {
    self.database = database
    self.settings = settings
  }

  /// A share of what is wanted.
  ///
  /// - Returns: Whether there is more to do.
  func advance(isIdle: Bool) -> Bool {
    guard running != nil || begin() else { return false }
    guard let (copy, backup) = running else { return false }
    if copy.isCancelled {
      end(.failed("it was cancelled"))
      return false
    }
    do throws(SQLiteError) {
      let pages = isIdle ? settings.verifying.copyPagesIdle : settings.verifying.copyPagesBusy
      if try !backup.step(pages: pages) {
        copy.set(.copying(pages: backup.pageCount - backup.remaining, of: backup.pageCount))
        return true
      }
      try backup.finish()
      running = nil
      copy.set(.finished)
    } catch {
      end(.failed("\(error)"))
    }
    return false
  }

  /// Nothing is copied any more.
  func close() {
    desk.take()?.set(.failed("the ledger is closing"))
    if running != nil { end(.failed("the ledger is closing")) }
  }

  private func begin() -> Bool {
    guard let copy = desk.take() else { return false }
    if copy.isCancelled { return false }
    do {
      try copy.target.prepare()
      running = (copy, try database.backup(into: try copy.target.open()))
      return true
    } catch {
      try? copy.target.remove()
      copy.set(.failed("\(error)"))
      return false
    }
  }

  private func end(_ progress: OnlineCopy.Progress) {
    let copy = running?.copy
    // Closes the file before it is removed.
    running = nil
    do throws(SystemError) {
      try copy?.target.remove()
      copy?.set(progress)
    } catch {
      copy?.set(.failed("\(error)"))
    }
  }
}
