import WalletCore
import WalletSystem

/// Where the pages of a whole backup come from.
enum PageSource {
  /// The ledger is served: the connection that writes copies between gathers.
  case desk(CopyDesk)
  /// Nobody serves it, and its lock is held.
  case file(Database)
}

/// Copies the file of the ledger. Commits go on and are in the copy.
final class WholeCopyStage: BackupStage {
  /// Pages of a step where nobody else waits.
  private static let pagesOffline: Int32 = 4096

  let name = "copy"
  private(set) var done: Int64 = 0
  private(set) var total: Int64 = 0
  private let job: BackupJob
  private let source: PageSource
  /// Of the ledger, to see how large it is.
  private let database: Database
  private var copy: OnlineCopy?
  private var backup: Backup?

  init(_ job: BackupJob, _ source: PageSource, reading database: Database) {
    self.job = job
    self.source = source
    self.database = database
  }

  func step() throws(BackupError) -> BackupStep {
    switch source {
    case .desk(let desk): try follow(desk)
    case .file(let database): try copy(database)
    }
  }

  private func requireRoom() throws(BackupError) {
    let bytes = try during("the ledger can't be read") {
      (try database.integer("PRAGMA page_count") ?? 0) * (try database.integer("PRAGMA page_size") ?? 0)
    }
    try job.requireRoom(bytes: bytes)
  }

  private func follow(_ desk: CopyDesk) throws(BackupError) -> BackupStep {
    guard let copy else {
      if total == 0 { try requireRoom() }
      // Another one may be waited for; its turn comes.
      copy = desk.ask(.file(job.path, settings: job.settings))
      return .more
    }
    copy.wait(milliseconds: job.settings.verifying.pollMilliseconds)
    switch copy.progress {
    case .waiting: return .more
    case .copying(let pages, let of):
      (done, total) = (Int64(pages), Int64(of))
      // What is written meanwhile goes to the disk in small parts, so that the commits' own syncs don't wait for all of it.
      // To open the file beside SQLite gives up its locks, for which nobody competes here.
      try sync()
      return .more
    case .finished: return .next(CheckStage(job))
    case .failed(let why): throw .store("the copy can't be made in \(job.folder.path): \(why)")
    }
  }

  private func copy(_ source: Database) throws(BackupError) -> BackupStep {
    if backup == nil { try requireRoom() }
    return try during("the copy can't be made in \(job.folder.path)") {
      let backup = try self.backup ?? source.backup(into: CopyTarget.file(job.path, settings: job.settings).open())
      self.backup = backup
      guard try backup.step(pages: Self.pagesOffline) else {
        (done, total) = (Int64(backup.pageCount - backup.remaining), Int64(backup.pageCount))
        try sync()
        return .more
      }
      try backup.finish()
      self.backup = nil
      return .next(CheckStage(job))
    }
  }

  private func sync() throws(BackupError) {
    try during("the copy can't be written") { try job.folder.files.syncFile(job.path) }
  }

  func cancel() { copy?.cancel() }
}
