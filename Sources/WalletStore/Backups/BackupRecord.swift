internal import Synchronization
internal import WalletSystem

/// What is known of the backups of a ledger, for whoever asks, on any thread.
package final class BackupRecord: Sendable {
  package struct Last: Equatable, Sendable {
    /// Microseconds since 1970.
    package var at: Int64
    package var seq: Int64
    package var bytes: Int64
    package var isIncremental: Bool
    /// How long it took; 0 for one that was made before this process.
    package var microseconds: Int64
  }

  package struct Values: Equatable, Sendable {
    /// `nil`: none is known.
    package var last: Last?
    package var made: Int64 = 0
    package var failed: Int64 = 0
    /// Why the last one that was asked for came to nothing; `nil` when it didn't.
    package var failure: String?
  }

  private let state = Mutex(Values())

  package init() {}

  package var values: Values { state.withLock { $0 } }

  /// Backups that were made before this process. What can't be read isn't known.
  func recall(_ path: String, files: any Files, ledgerID: String) {
    let listing = try? BackupFolder(path: path, files: files).list(of: ledgerID)
    guard let newest = listing?.manifests.max(by: { $0.createdAt < $1.createdAt }) else { return }
    let last = Last(
      at: newest.createdAt, seq: newest.head.seq, bytes: newest.bytes, isIncremental: newest.base != nil,
      microseconds: 0)
    state.withLock { $0.last = last }
  }

  func made(_ last: Last) {
    state.withLock { state in
      state.last = last
      state.made += 1
      state.failure = nil
    }
  }

  func failed(_ why: String) {
    state.withLock { state in
      state.failed += 1
      state.failure = why
    }
  }
}
