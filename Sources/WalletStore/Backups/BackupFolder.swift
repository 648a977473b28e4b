import WalletCore
import WalletSystem

/// A folder of backups: files, each with a manifest beside it. What is being made lies in a folder of its own below it, and
/// takes its place when it is whole.
struct BackupFolder: Sendable {
  private static let makingName = ".making"
  private static let lockName = ".lock"
  private static let manifestName = "manifest.json"

  let path: String
  let files: any Files

  /// What is there.
  struct Listing {
    /// By their seqs; a whole one before an increment.
    var manifests: [BackupManifest] = []
    /// Manifests that can't be read, each with why.
    var unreadable: [String] = []
  }

  /// - Parameter ledgerID: Others are left out; `nil`: none are.
  func list(of ledgerID: String?) throws(BackupError) -> Listing {
    let names = try during("the folder of backups can't be read") {
      try files.names(in: path).filter(BackupManifest.isName).sorted()
    }
    var listing = Listing()
    let reader = try during("manifests can't be read") { try ManifestReader() }
    for name in names {
      do throws(BackupError) {
        let manifest = try manifest(name, reader)
        if ledgerID == nil || manifest.ledgerID == ledgerID { listing.manifests.append(manifest) }
      } catch {
        listing.unreadable.append(error.message)
      }
    }
    listing.manifests.sort { left, right in
      left.head.seq != right.head.seq
        ? left.head.seq < right.head.seq
        : left.epoch != right.epoch ? left.epoch < right.epoch : left.base == nil && right.base != nil
    }
    return listing
  }

  func manifest(_ name: String, _ reader: ManifestReader) throws(BackupError) -> BackupManifest {
    let bytes = try during("\(name) can't be read") {
      try files.contents(of: "\(path)/\(name)", countMax: BackupManifest.bytesMax)
    }
    guard let bytes else { throw .damaged("\(name) is longer than a manifest") }
    return try reader.manifest(bytes, name: name)
  }

  /// What a file must be by its manifest.
  func requireFile(_ manifest: BackupManifest) throws(BackupError) {
    let place = "\(path)/\(manifest.file)"
    guard files.exists(place) else { throw .damaged("\(manifest.file) is missing, and its manifest is there") }
    let bytes = try during("\(manifest.file) can't be looked at") { try files.byteCount(of: place) }
    guard bytes == manifest.bytes else {
      throw .damaged("\(manifest.file) has \(bytes) bytes, and by its manifest \(manifest.bytes)")
    }
  }

  // MARK: Making one

  /// A backup that is being made. One at a time in a folder, whoever makes it.
  struct Making {
    let lock: any FileLock
    /// Has one file, which becomes the backup.
    let work: DataFolder
    let workPath: String
    var filePath: String { "\(workPath)/\(DataFolder.databaseName)" }
  }

  func begin() throws(BackupError) -> Making {
    try during("no backup can be made in \(path)") {
      try files.createFolder(path)
      guard let lock = try files.lock("\(path)/\(Self.lockName)") else {
        throw BackupError.busy("another backup is being made in \(path)")
      }
      let workPath = "\(path)/\(Self.makingName)"
      // What a killed process has left.
      try files.removeFolderOfFiles(workPath)
      return Making(lock: lock, work: try makeWork(workPath), workPath: workPath)
    }
  }

  private func makeWork(_ workPath: String) throws(BackupError) -> DataFolder {
    do throws(DataFolder.Failure) {
      return try DataFolder(path: workPath, files: files)
    } catch {
      guard case .system(let error) = error else { throw .busy("\(workPath) is in use") }
      throw .system(error, advice: "no backup can be made in \(path)")
    }
  }

  /// Drops what isn't whole. What can't be removed is removed by whoever makes the next one.
  func abandon(_ making: Making) {
    making.work.unlock()
    try? files.removeFolderOfFiles(making.workPath)
    making.lock.release()
  }

  /// Puts a whole file in its place. It counts from the moment its manifest is there.
  func publish(_ making: Making, _ manifest: BackupManifest) throws(BackupError) {
    try during("the backup can't be put in its place") {
      let draft = "\(making.workPath)/\(Self.manifestName)"
      try files.write(Array(manifest.encoded.utf8), to: draft)
      try files.rename(making.filePath, to: "\(path)/\(manifest.file)")
      try files.syncFolder(path)
      try files.rename(draft, to: "\(path)/\(manifest.name)")
      try files.syncFolder(path)
    }
    abandon(making)
  }
}
