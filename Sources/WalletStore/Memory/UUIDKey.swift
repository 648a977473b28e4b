/// A key that is a UUID.
struct UUIDKey: Comparable, Hashable {
  var high: UInt64
  var low: UInt64

  @inline(__always)
  static func < (left: UUIDKey, right: UUIDKey) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }

  /// - Parameter seed: Of a table in memory: a stranger who doesn't know it can't choose keys for one place of it.
  @inline(__always)
  func hash(seed: UInt64) -> UInt64 {
    // Both halves of a product by an odd constant: the high bits of a UUIDv7 are time and hardly differ.
    let mixed = (low ^ high &* 0x9E37_79B9_7F4A_7C15 ^ seed).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return mixed.high ^ mixed.low
  }
}
