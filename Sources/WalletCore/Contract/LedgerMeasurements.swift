/// What a ledger has done since it was opened, and how it stands.
package struct LedgerMeasurements: Sendable {
  // Counted as it happens, in plain integers of the queue that owns the ledger.
  /// COMMIT alone: the writes to the log, and the sync.
  package var commits = Histogram(Histogram.durations)
  package var requestsPerCommit = Histogram(Histogram.sizes)
  package var rowsPerCommit = Histogram(Histogram.sizes)
  /// Refusals that were recorded, by the number of their reason.
  package var refusals = [UInt64](repeating: 0, count: 256)
  package var commitsRolledBack: UInt64 = 0
  package var cacheLookups: UInt64 = 0
  package var cacheMisses: UInt64 = 0
  package var cacheEvictions: UInt64 = 0
  package var checkpoints: UInt64 = 0
  package var checkpointFailures: UInt64 = 0

  // As it stands when it is asked.
  package var head = JournalHead(seq: 0, digest: [])
  package var cachedWallets = 0
  package var cachedWalletsMax = 0
  /// Rows of the journal that the projections don't show yet.
  package var projectionLag = 0
  package var logBytes = 0
  package var freeDiskBytes: Int64?
  /// The last time that was stored, microseconds.
  package var lastStoredAt: Int64 = 0
  /// Why mutations would be refused now; `nil` when they would not.
  package var unavailableBecause: String?
  /// The clock is the reason, or would be.
  package var clockIsTrusted = true

  package init() {}
}
