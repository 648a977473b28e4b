import Synchronization

/// What a verification found.
package struct VerifyStatus: Equatable, Sendable {
  /// Microseconds since 1970.
  package var at: Int64
  /// The last row that was verified.
  package var seq: Int64
  package var findings: Int64

  package init(at: Int64, seq: Int64, findings: Int64) {
    self.at = at
    self.seq = seq
    self.findings = findings
  }
}

/// What a backup holds.
package struct BackupStatus: Equatable, Sendable {
  /// Microseconds since 1970.
  package var at: Int64
  /// The last row that it has.
  package var seq: Int64
  package var bytes: Int64

  package init(at: Int64, seq: Int64, bytes: Int64) {
    self.at = at
    self.seq = seq
    self.bytes = bytes
  }
}

/// When what an operator must not forget was done last. Written and read by any thread, a few times a day.
package final class OperationsBoard: Sendable {
  package struct Notices: Equatable, Sendable {
    /// `nil`: none since the start.
    package var verify: VerifyStatus?
    /// The ledger knows these itself; they are put in when the notices are read.
    package var backup: BackupStatus?
    package var backupsFailed: UInt64 = 0
  }

  private let state = Mutex(Notices())

  package init() {}

  package var notices: Notices { state.withLock { $0 } }

  package func verified(_ status: VerifyStatus) { state.withLock { $0.verify = status } }
}
