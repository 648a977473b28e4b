import WalletCore

/// A stretch of UUIDs in which the key table on disk is known to have none: a key inside it is new without a look.
///
/// Keys that grow with time fall into the stretch above the last one that was written. It is found by looking, never by
/// trusting the time in a key: a key from a clock that is years ahead only makes it shorter.
struct KeyGap {
  struct Bound: Comparable {
    var high: UInt64
    var low: UInt64

    static func < (left: Bound, right: Bound) -> Bool {
      left.high != right.high ? left.high < right.high : left.low < right.low
    }
  }

  /// Exclusive; both `nil` in an empty table.
  private var lower: Bound?
  private var upper: Bound?
  /// Looks in vain since the stretch was last found, or since it last helped.
  private var misses = 0

  /// A stretch is looked for again after so many keys that fell outside it: random keys shouldn't pay for it each time.
  private static let missesBeforeSearch = 256

  init(above lower: Bound?, below upper: Bound? = nil) {
    self.lower = lower
    self.upper = upper
  }

  func hasNone(_ high: UInt64, _ low: UInt64) -> Bool {
    let bound = Bound(high: high, low: low)
    return lower.map { $0 < bound } ?? true && upper.map { bound < $0 } ?? true
  }

  /// A key outside was looked for and not found.
  ///
  /// - Returns: Whether its neighbours should be looked for, to begin a new stretch between them.
  mutating func missed() -> Bool {
    misses += 1
    guard misses >= Self.missesBeforeSearch else { return false }
    misses = 0
    return true
  }

  /// A key was written: the stretch begins behind it when it falls inside.
  mutating func wrote(_ high: UInt64, _ low: UInt64) {
    if hasNone(high, low) { lower = Bound(high: high, low: low) }
  }
}
