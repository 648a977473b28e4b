package import WalletSystem

/// A folder that holds one ledger: `ledger.db` with its log, and `lock`.
package final class DataFolder: Sendable {
  /// Why a folder can't be used.
  package enum Failure: Error, Equatable, Sendable {
    /// Another server has it.
    case inUse
    /// It has files and none of them is a ledger.
    case notEmpty(found: String)
    case system(SystemError)
  }

  static let databaseName = "ledger.db"
  static let lockName = "lock"
  /// A copy that is looked at and removed; a process that ends before leaves it to the next start.
  private static let copyName = "ledger-copy.db"

  package let path: String
  let files: any Files
  private let lock: any FileLock

  /// Makes the folder when it is missing, and takes its lock.
  package init(path: String, files: any Files) throws(Failure) {
    self.path = path
    self.files = files
    do {
      try files.createFolder(path)
      let names = try files.names(in: path)
      if !names.contains(Self.databaseName), let stranger = names.sorted().first(where: { $0 != Self.lockName }) {
        throw Failure.notEmpty(found: stranger)
      }
      guard let lock = try files.lock("\(path)/\(Self.lockName)") else { throw Failure.inUse }
      self.lock = lock
      if !names.contains(Self.databaseName) {
        try files.createPrivateFile("\(path)/\(Self.databaseName)")
        try files.syncFolder(path)
      }
    } catch let error as Failure {
      throw error
    } catch let error as SystemError {
      throw .system(error)
    } catch {
      preconditionFailure("an error of no known kind: \(error)")
    }
  }

  func open(_ access: Database.Access, settings: StoreSettings) throws -> Database {
    let database = try Database(path: "\(path)/\(Self.databaseName)", access: access, vfs: settings.vfs)
    switch access {
    case .write:
      // Settings are written into the file: first it must be known to be ours.
      try Schema.requireLedgerOrNothing(database)
      try Pragmas.configureWriter(database)
    case .checkpoint: try Pragmas.configureCheckpointer(database)
    case .read: try Pragmas.configureReader(database)
    }
    return database
  }

  /// Whether a folder has a ledger.
  package static func hasLedger(_ path: String, files: any Files) -> Bool { files.exists("\(path)/\(databaseName)") }

  // MARK: The copy

  /// An empty file that only its owner may read.
  func createCopy() throws(SystemError) {
    try removeCopy()
    try files.createPrivateFile("\(path)/\(Self.copyName)")
  }

  func removeCopy() throws(SystemError) {
    for suffix in ["", "-wal", "-shm", "-journal"] { try files.remove("\(path)/\(Self.copyName)\(suffix)") }
  }

  func openCopy(settings: StoreSettings) throws(SQLiteError) -> Database {
    try Database(path: "\(path)/\(Self.copyName)", access: .checkpoint, vfs: settings.vfs)
  }

  func availableBytes() throws(SystemError) -> Int64 { try files.availableBytes(path) }

  func unlock() { lock.release() }
}
