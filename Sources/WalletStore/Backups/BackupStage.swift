import WalletCore
import WalletSystem

/// A part of the making of a backup.
protocol BackupStage: AnyObject {
  /// As the wire names it.
  var name: String { get }
  var done: Int64 { get }
  var total: Int64 { get }

  /// A bounded piece of work.
  func step() throws(BackupError) -> BackupStep

  /// Nobody waits for it any more.
  func cancel()
}

enum BackupStep {
  case more
  case next(any BackupStage)
  /// There was nothing to back up.
  case old(BackupManifest)
  /// It is in its place.
  case made(BackupManifest)
}

extension BackupStage {
  func cancel() {}
}

/// What the stages of one backup share.
struct BackupJob {
  let folder: BackupFolder
  let making: BackupFolder.Making
  let settings: StoreSettings
  let time: any TimeSource
  let ledgerID: String
  let epoch: UInt32
  /// Of the file as it is written.
  var path: String { making.filePath }

  /// Says before it begins that there is no room, rather than halfway.
  func requireRoom(bytes: Int64) throws(BackupError) {
    let available = try during("the free space of \(folder.path) can't be read") {
      try folder.files.availableBytes(folder.path)
    }
    let margin = settings.freeBytesMin
    guard available >= bytes, available - bytes >= margin else {
      throw .store(
        "the disk of \(folder.path) has \(available) bytes left; the backup takes \(bytes), and \(margin) must stay "
          + "free (--min-free)")
    }
  }
}
