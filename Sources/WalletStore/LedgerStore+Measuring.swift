package import WalletCore

/// What the operator sees of the ledger.
extension LedgerStore {
  /// How long a failed gather counts for what the next one would come to: it was the store that couldn't write, which only
  /// another try would show.
  private static let failureCountsMicroseconds: Int64 = 10_000_000

  /// SQLite's default, which no ledger changes, and what stands before each page in the log.
  private static let pageBytes = 4096
  private static let frameHeaderBytes = 24

  package func measure(_ reading: LedgerClock.Reading) -> LedgerMeasurements {
    var measurements = counted
    measurements.head = head
    measurements.cachedWallets = cache.count
    measurements.cachedWalletsMax = settings.cachedWalletsMax
    measurements.cacheEvictions = cache.evictions
    measurements.projectionLag = projector.lag
    measurements.checkpoints = logMover.passes
    measurements.checkpointFailures = logMover.failures
    measurements.logBytes = logMover.framesInLog * (Self.pageBytes + Self.frameHeaderBytes)
    do { measurements.freeDiskBytes = try folder.availableBytes() } catch { measurements.freeDiskBytes = nil }
    measurements.lastStoredAt = clock.lastStored
    if let why = clock.distrust(reading) {
      measurements.clockIsTrusted = false
      measurements.unavailableBecause = why.message
    } else if let free = measurements.freeDiskBytes, free < settings.freeBytesMin {
      measurements.unavailableBecause =
        "the disk has \(free) bytes left; mutations need \(settings.freeBytesMin) (--min-free)"
    } else if let refusedGatherAt, reading.monotonic - refusedGatherAt < Self.failureCountsMicroseconds {
      measurements.unavailableBecause = mutationsUnavailableBecause
    }
    return measurements
  }
}
