/// How many audit rows denied calls may have: a bucket for each principal and one for all. Who knocks without end fills
/// neither the disk nor the journal; what has no row is counted, and the next row of the principal says how many those were.
public struct AuditAllowance: Sendable {
  public struct Rate: Equatable, Sendable {
    public var perSecond: Int64
    public var burst: Int64

    public init(perSecond: Int64, burst: Int64) {
      self.perSecond = perSecond
      self.burst = burst
    }
  }

  private struct Bucket: Sendable {
    /// Millionths of a row.
    var credit: Int64
    var filledAt: Int64
    var omitted: Int64 = 0

    mutating func fill(_ rate: Rate, at now: Int64) {
      // In a microsecond each row a second comes to a millionth.
      let (gained, overflow) = max(0, now - filledAt).multipliedReportingOverflow(by: rate.perSecond)
      let creditMax = rate.burst * AuditAllowance.row
      credit = overflow || gained > creditMax ? creditMax : min(creditMax, credit + gained)
      filledAt = now
    }
  }

  private static let row: Int64 = 1_000_000

  /// Principals whose buckets are kept; those of others are full.
  static let principalsMax = 10_000

  private let ofPrincipal: Rate
  private let ofAll: Rate
  private var all: Bucket
  private var buckets: [Text: Bucket] = [:]
  /// Since the last time that somebody asked.
  private var untold: Int64 = 0

  public init(
    ofPrincipal: Rate = Rate(perSecond: 1, burst: 20), ofAll: Rate = Rate(perSecond: 10, burst: 100), now: Int64
  ) {
    self.ofPrincipal = ofPrincipal
    self.ofAll = ofAll
    all = Bucket(credit: ofAll.burst * Self.row, filledAt: now)
  }

  /// - Parameter now: Monotonic microseconds.
  /// - Returns: How many before it were left out, when a row may be written; else `nil`, and this one is left out.
  public mutating func take(_ principal: Text, now: Int64) -> Int64? {
    all.fill(ofAll, at: now)
    if buckets.count >= Self.principalsMax, buckets[principal] == nil { buckets.removeAll() }
    var bucket = buckets[principal] ?? Bucket(credit: ofPrincipal.burst * Self.row, filledAt: now)
    bucket.fill(ofPrincipal, at: now)
    defer { buckets[principal] = bucket }
    guard bucket.credit >= Self.row, all.credit >= Self.row else {
      bucket.omitted += 1
      untold += 1
      return nil
    }
    bucket.credit -= Self.row
    all.credit -= Self.row
    defer { bucket.omitted = 0 }
    return bucket.omitted
  }

  /// How many were left out since the last time.
  public mutating func takeUntold() -> Int64 {
    defer { untold = 0 }
    return untold
  }
}
