/// So many a second, and so many at once.
package struct RateLimit: Equatable, Sendable {
  package let burst: Int64
  /// 0: no limit.
  let nanosecondsEach: Int64

  package static let none = RateLimit()

  private init() {
    burst = 0
    nanosecondsEach = 0
  }

  /// - Parameters:
  ///   - perSecond: 1 to `perSecondMax`.
  ///   - burst: 1 to `burstMax`.
  package init(perSecond: Int64, burst: Int64) {
    precondition((1...Self.perSecondMax).contains(perSecond) && (1...Self.burstMax).contains(burst))
    self.burst = burst
    nanosecondsEach = 1_000_000_000 / perSecond
  }

  package static let perSecondMax: Int64 = 1_000_000_000
  /// What it all takes at the slowest rate stays far within an int64 of nanoseconds.
  package static let burstMax: Int64 = 1_000_000_000

  var isNone: Bool { nanosecondsEach == 0 }
  package var perSecond: Int64 { isNone ? 0 : 1_000_000_000 / nanosecondsEach }
}

/// What is left of a rate limit: a point in time, from which the rest is reckoned. No timer fills it.
struct RateBucket {
  /// When everything that was taken is given back, nanoseconds of the monotonic clock.
  private var fullAt: Int64 = 0

  /// Microseconds until so much may be taken; 0: now. More than the burst may be taken from a full bucket, and is paid for
  /// afterwards.
  func wait(for count: Int64, _ limit: RateLimit, now: Int64) -> Int64 {
    let room = limit.burst * limit.nanosecondsEach - missing(now)
    let needed = min(count, limit.burst) * limit.nanosecondsEach
    return room >= needed ? 0 : (needed - room + 999) / 1000
  }

  mutating func take(_ count: Int64, _ limit: RateLimit, now: Int64) {
    fullAt = now * 1000 + missing(now) + count * limit.nanosecondsEach
  }

  /// Nothing of it is in use: a new one would be the same.
  func isFull(now: Int64) -> Bool { missing(now) == 0 }

  private func missing(_ now: Int64) -> Int64 { max(0, fullAt - now * 1000) }
}
