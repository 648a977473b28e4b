/// What a ledger has done since it was opened, and how it stands.
public struct LedgerMeasurements: Sendable {
  // Counted as it happens, in plain integers of the queue that owns the ledger.
  /// COMMIT alone: the writes to the log, and the sync.
  public var commits = Histogram(Histogram.durations)
  public var requestsPerCommit = Histogram(Histogram.sizes)
  public var rowsPerCommit = Histogram(Histogram.sizes)
  /// Refusals that were recorded, by the number of their reason.
  public var refusals = [UInt64](repeating: 0, count: 256)
  public var commitsRolledBack: UInt64 = 0
  public var cacheLookups: UInt64 = 0
  public var cacheMisses: UInt64 = 0
  public var cacheEvictions: UInt64 = 0
  public var checkpoints: UInt64 = 0
  public var checkpointFailures: UInt64 = 0

  // As it stands when it is asked.
  public var head = JournalHead(seq: 0, digest: [])
  public var cachedWallets = 0
  public var cachedWalletsMax = 0
  /// Rows of the journal that the projections don't show yet.
  public var projectionLag = 0
  public var logBytes = 0
  public var freeDiskBytes: Int64?
  /// The last time that was stored, microseconds.
  public var lastStoredAt: Int64 = 0
  /// Why mutations would be refused now; `nil` when they would not.
  public var unavailableBecause: String?
  /// The clock is the reason, or would be.
  public var clockIsTrusted = true

  public init() {}
}
