package import WalletCore
package import WalletSystem

/// Begins backups, of a ledger that is served or of a folder that nobody serves.
package final class BackupSource {
  private let ledger: DataFolder
  private let settings: StoreSettings
  private let backups: BackupFolder?
  private let pages: (Database) -> PageSource
  private let time: any TimeSource
  private let ledgerID: String
  private let epoch: UInt32
  private let status: BackupRecord

  /// Of a ledger that is served.
  init(
    _ ledger: DataFolder, settings: StoreSettings, description: LedgerDescription, desk: CopyDesk,
    time: any TimeSource, status: BackupRecord
  ) {
    self.ledger = ledger
    self.settings = settings
    self.time = time
    self.status = status
    (ledgerID, epoch) = (description.ledgerID, description.epoch)
    backups = settings.backupFolder.map { BackupFolder(path: $0, files: ledger.files) }
    pages = { _ in .desk(desk) }
  }

  /// Of a folder that nobody serves, whose lock is held.
  ///
  /// - Throws: `LedgerFileError` for a file that isn't such a ledger, or of another version.
  package init(
    offline ledger: DataFolder, to path: String, settings: StoreSettings, time: any TimeSource
  ) throws {
    self.ledger = ledger
    self.settings = settings
    self.time = time
    status = BackupRecord()
    let database = try ledger.open(.read, settings: settings)
    try Schema.requireCurrent(database)
    (ledgerID, epoch) = try Schema.identity(of: database)
    backups = BackupFolder(path: path, files: ledger.files)
    pages = { database in .file(database) }
  }

  package func open(_ request: BackupRequest) -> Result<any LedgerStream, Failure> {
    guard let backups else {
      return .failure(
        .unimplemented(
          Verb.backup.rawValue, feature: "backups, since the server was started without --backup-dir"))
    }
    do throws(BackupError) {
      let database = try during("the ledger can't be read") { try ledger.open(.read, settings: settings) }
      let job = BackupJob(
        folder: backups, making: try backups.begin(), settings: settings, time: time, ledgerID: ledgerID,
        epoch: epoch)
      let first: any BackupStage =
        request.isIncremental
        ? IncrementStage(job, reading: database) : WholeCopyStage(job, pages(database), reading: database)
      return .success(BackupStream(job, first: first, status: status))
    } catch {
      status.failed(error.message)
      return .failure(error.failure)
    }
  }
}
