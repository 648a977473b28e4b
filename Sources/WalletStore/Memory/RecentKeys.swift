import CLinux
import WalletCore

/// Where the keys of recent rows have their first result, until the key table on disk has them.
///
/// UUIDs, which nearly all keys are, lie in an open-addressed table over an array in order of arrival; the others in a
/// dictionary.
struct RecentKeys {
  struct Entry: Comparable {
    var high: UInt64
    var low: UInt64
    var seq: Int64

    var key: UUIDKey { UUIDKey(high: high, low: low) }

    static func < (left: Entry, right: Entry) -> Bool { left.key < right.key }
  }

  private(set) var uuids: [Entry] = []
  private(set) var others: [(key: IdempotencyKey, seq: Int64)] = []
  private var otherIndex: [IdempotencyKey: Int64] = [:]
  /// Positions in `uuids`, counted from 1, each with as much of its key's hash as there is room for above it; 0 is a
  /// free place. Never more than half full.
  private var places: [UInt32]
  private let seed: UInt64

  /// - Parameter seed: Keeps strangers from choosing keys that all fall on one place.
  init(capacity: Int, seed: UInt64) {
    places = Array(repeating: 0, count: (2 * capacity).nextPowerOfTwo)
    uuids.reserveCapacity(capacity)
    self.seed = seed
    places.preferLargePages()
  }

  /// Brings near what `seq` will look at.
  func prefetch(_ lookUp: LookUp) { places.prefetch(firstPlace(hash(lookUp.key.high, lookUp.key.low))) }

  var count: Int { uuids.count + others.count }

  func seq(of key: IdempotencyKey) -> Int64? {
    guard case .uuid(let high, let low) = key else { return otherIndex[key] }
    let hash = hash(high, low)
    var place = firstPlace(hash)
    while places[place] != 0 {
      // Of another key's entry, which lies far away, nothing is read.
      if mark(hash, 0) == places[place] & ~positions {
        let entry = uuids[Int(places[place] & positions) - 1]
        if entry.high == high, entry.low == low { return entry.seq }
      }
      place = (place + 1) & (places.count - 1)
    }
    return nil
  }

  /// The key must be new.
  mutating func insert(_ key: IdempotencyKey, seq: Int64) {
    guard case .uuid(let high, let low) = key else {
      otherIndex[key] = seq
      others.append((key, seq))
      return
    }
    if 2 * uuids.count >= places.count { grow() }
    uuids.append(Entry(high: high, low: low, seq: seq))
    take(high, low, UInt32(uuids.count))
  }

  /// Takes back all but the first ones.
  mutating func shrink(uuids uuidCount: Int, others otherCount: Int) {
    // The last to come took a free place: freeing in the opposite order leaves the table as it was.
    while uuids.count > uuidCount {
      let entry = uuids[uuids.count - 1]
      let hash = hash(entry.high, entry.low)
      var place = firstPlace(hash)
      while places[place] != mark(hash, UInt32(uuids.count)) { place = (place + 1) & (places.count - 1) }
      places[place] = 0
      uuids.removeLast()
    }
    while others.count > otherCount { otherIndex[others.removeLast().key] = nil }
  }

  mutating func removeAll() {
    for index in places.indices { places[index] = 0 }
    uuids.removeAll(keepingCapacity: true)
    others.removeAll()
    otherIndex.removeAll()
  }

  private func hash(_ high: UInt64, _ low: UInt64) -> UInt64 { UUIDKey(high: high, low: low).hash(seed: seed) }

  private func firstPlace(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (places.count - 1) }

  /// The bits of a place that are a position. There are no more positions than half the places.
  private var positions: UInt32 { UInt32(truncatingIfNeeded: places.count - 1) }

  private func mark(_ hash: UInt64, _ position: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: hash >> 32) & ~positions | position
  }

  private mutating func take(_ high: UInt64, _ low: UInt64, _ position: UInt32) {
    let hash = hash(high, low)
    var place = firstPlace(hash)
    while places[place] != 0 { place = (place + 1) & (places.count - 1) }
    places[place] = mark(hash, position)
  }

  private mutating func grow() {
    places = Array(repeating: 0, count: 2 * places.count)
    for index in uuids.indices { take(uuids[index].high, uuids[index].low, UInt32(index + 1)) }
  }
}

extension Int {
  var nextPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}

extension Array {
  /// For memory that is read at random. Capacity counts.
  mutating func preferLargePages() {
    let length = capacity * MemoryLayout<Element>.stride
    unsafe withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { unsafe walletd_prefer_large_pages(base, length) }
    }
  }

  /// Brings an element nearer to the processor, some time before it is used.
  func prefetch(_ index: Int) {
    unsafe withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { unsafe walletd_prefetch(base + index) }
    }
  }
}
