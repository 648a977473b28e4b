internal import WalletCore
package import WalletSystem

/// Why there is no backup, or why one can't be restored.
package enum BackupError: Error, Equatable, Sendable {
  /// It contradicts its manifest, its neighbours or itself.
  case damaged(String)
  /// Somebody else is at work there.
  case busy(String)
  /// What was asked for can't be had from what is there.
  case impossible(String)
  /// The folder has something that must not be lost.
  case occupied(String)
  case system(SystemError, advice: String)
  case store(String)

  package var message: String {
    switch self {
    case .damaged(let message), .busy(let message), .impossible(let message), .occupied(let message),
      .store(let message):
      message
    case .system(let error, let advice): advice.isEmpty ? "\(error)" : "\(advice): \(error)"
    }
  }
}

extension BackupError {
  /// What a client is answered who has asked for a backup.
  var failure: Failure {
    switch self {
    case .impossible(let rule): .invalidArgument("incremental", rule)
    case .busy(let message): Failure(.resourceExhausted, .message(message), retryAfterMilliseconds: 1000)
    default: Failure(.unavailable, .message(message))
    }
  }

  /// Any error of what a backup is made with.
  init(_ error: any Error, _ activity: String) {
    switch error {
    case let error as BackupError: self = error
    case let error as SystemError: self = .system(error, advice: activity)
    case let error as SQLiteError: self = .store("\(activity): \(error)")
    case let error as StoreError: self = .store("\(activity): \(error.words)")
    case let error as LedgerFault: self = .store("\(activity): \(error.message)")
    case let error as LedgerFileError: self = .damaged("\(activity): \(error)")
    case let error as DataFolder.Failure: self = .store("\(activity): \(error)")
    default: self = .store("\(activity): \(error)")
    }
  }
}

/// With every error as a `BackupError` that says what was being done.
func during<Result>(_ activity: String, _ body: () throws -> Result) throws(BackupError) -> Result {
  do { return try body() } catch { throw BackupError(error, activity) }
}
