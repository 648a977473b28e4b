/// How many audit rows denied calls may have: a bucket for each principal and one for all. Who knocks without end fills
/// neither the disk nor the journal; what has no row is counted, and the next row of the principal says how many those were.
package struct AuditAllowance: Sendable {
  package struct Rate: Equatable, Sendable {
    package var perSecond: Int64
    package var burst: Int64

    package init(perSecond: Int64, burst: Int64) {
      self.perSecond = perSecond
      self.burst = burst
    }
  }

  private struct Bucket: Sendable {
    var tokens: Double
    var filledAt: Int64
    var omitted: Int64 = 0

    mutating func fill(_ rate: Rate, at now: Int64) {
      let seconds = Double(max(0, now - filledAt)) / 1_000_000
      tokens = min(Double(rate.burst), tokens + seconds * Double(rate.perSecond))
      filledAt = now
    }
  }

  /// Principals whose buckets are kept; those of others are full.
  static let principalsMax = 10_000

  private let ofPrincipal: Rate
  private let ofAll: Rate
  private var all: Bucket
  private var buckets: [Text: Bucket] = [:]
  /// Since the last time that somebody asked.
  private var untold: Int64 = 0

  package init(
    ofPrincipal: Rate = Rate(perSecond: 1, burst: 20), ofAll: Rate = Rate(perSecond: 10, burst: 100), now: Int64
  ) {
    self.ofPrincipal = ofPrincipal
    self.ofAll = ofAll
    all = Bucket(tokens: Double(ofAll.burst), filledAt: now)
  }

  /// - Parameter now: Monotonic microseconds.
  /// - Returns: How many before it were left out, when a row may be written; else `nil`, and this one is left out.
  package mutating func take(_ principal: Text, now: Int64) -> Int64? {
    all.fill(ofAll, at: now)
    if buckets.count >= Self.principalsMax, buckets[principal] == nil { buckets.removeAll() }
    var bucket = buckets[principal] ?? Bucket(tokens: Double(ofPrincipal.burst), filledAt: now)
    bucket.fill(ofPrincipal, at: now)
    defer { buckets[principal] = bucket }
    guard bucket.tokens >= 1, all.tokens >= 1 else {
      bucket.omitted += 1
      untold += 1
      return nil
    }
    bucket.tokens -= 1
    all.tokens -= 1
    defer { bucket.omitted = 0 }
    return bucket.omitted
  }

  /// How many were left out since the last time.
  package mutating func takeUntold() -> Int64 {
    defer { untold = 0 }
    return untold
  }
}
