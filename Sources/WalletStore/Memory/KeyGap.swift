import WalletCore

/// A stretch of UUIDs in which the key table on disk is known to have none: a key inside it is new without a look.
///
/// Keys that grow with time fall into the stretch above the last one that was written. It is found by looking, never by
/// trusting the time in a key: a key from a clock that is years ahead only makes it shorter.
struct KeyGap {
  /// Exclusive; both `nil` in an empty table.
  private var lower: UUIDKey?
  private var upper: UUIDKey?
  /// Looks in vain since the stretch was last found, or since it last helped.
  private var misses = 0

  /// A stretch is looked for again after so many keys that fell outside it: random keys shouldn't pay for it each time.
  private static let missesBeforeSearch = 256

  init(above lower: UUIDKey?, below upper: UUIDKey? = nil) {
    self.lower = lower
    self.upper = upper
  }

  func hasNone(_ high: UInt64, _ low: UInt64) -> Bool {
    let key = UUIDKey(high: high, low: low)
    return lower.map { $0 < key } ?? true && upper.map { key < $0 } ?? true
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
    if hasNone(high, low) { lower = UUIDKey(high: high, low: low) }
  }
}
