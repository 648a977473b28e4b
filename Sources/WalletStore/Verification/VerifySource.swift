internal import Dispatch
package import WalletCore
package import WalletSystem

/// Begins verifications, each with a connection of its own that can't write.
package final class VerifySource {
  private let environment: IntegrityEnvironment
  private let time: any TimeSource
  private let ledgerID: String

  /// Of a ledger that is served.
  init(
    _ folder: DataFolder, settings: StoreSettings, ledgerID: String, desk: CopyDesk, time: any TimeSource,
    schedule: @escaping BackgroundCheckpoints.Schedule = VerifySource.schedule
  ) {
    self.ledgerID = ledgerID
    self.time = time
    environment = IntegrityEnvironment(source: .copy(desk), folder: folder, settings: settings, schedule: schedule)
  }

  /// Of a folder that nobody serves, whose lock is held.
  ///
  /// - Throws: `LedgerFileError` for a file that isn't such a ledger, or of another version.
  package init(
    offline folder: DataFolder, settings: StoreSettings, time: any TimeSource
  ) throws {
    self.time = time
    let database = try folder.open(.read, settings: settings)
    try Schema.requireCurrent(database)
    ledgerID = try Schema.identity(of: database).ledgerID
    environment = IntegrityEnvironment(source: .file, folder: folder, settings: settings, schedule: Self.schedule)
  }

  /// A thread for a while.
  package static let schedule: BackgroundCheckpoints.Schedule = { work in
    DispatchQueue.global(qos: .utility).async(execute: work)
  }

  package func open(_ request: VerifyRequest) throws(LedgerFault) -> Result<any LedgerStream, Failure> {
    do {
      let database = try environment.folder.open(.read, settings: environment.settings)
      let run = try VerifyRun(
        database, ledgerID: ledgerID, request, sizes: environment.settings.verifying)
      return .success(try Verifier(run, request, environment, time: time))
    } catch {
      let why = (error as? StoreError)?.words ?? "\(error)"
      return .failure(Failure(.unavailable, .message("the ledger can't be read: \(why)")))
    }
  }
}
