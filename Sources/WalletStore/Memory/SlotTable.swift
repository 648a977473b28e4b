import CLinux

/// An open-addressed table of positions in an array, by hashes that the caller makes. Never more than half full.
///
/// One that would be is followed by one of twice the size. Each insertion then moves a few places along, so that nobody
/// waits for all of them; until they have been moved, positions are looked for in both.
struct SlotTable: ~Copyable {
  /// Bytes that a position takes, at most: four places in a table that has just begun, and two in the one before it.
  static let bytesPerPosition = 6 * MemoryLayout<UInt32>.stride

  /// Places of a table that has just been made.
  static let placesMin = 4096

  /// Places that an insertion moves. Two would be enough to be done before the next table is due.
  private static let placesPerMove = 8

  private var places: Places
  /// The table before, while it has places that haven't been moved; else an empty one.
  private var old = Places(count: 1)
  private var nextToMove = 0
  private var leftToMove = 0
  private(set) var count = 0

  /// - Parameter placesMin: A power of two is made of it, and a free place is always among them.
  init(placesMin: Int = Self.placesMin) { places = Places(count: max(2, placesMin).nextPowerOfTwo) }

  var isMoving: Bool { leftToMove > 0 }

  func prefetch(_ hash: UInt32) {
    places.prefetch(hash)
    if isMoving { old.prefetch(hash) }
  }

  /// What is mostly what is looked for: the first with as much of the hash as its place tells.
  func first(_ hash: UInt32) -> Int? { find(hash) { _ in true } }

  @inline(__always)
  func find(_ hash: UInt32, _ matches: (Int) -> Bool) -> Int? {
    if let index = places.find(hash, matches) { return index }
    return isMoving ? old.find(hash, matches) : nil
  }

  mutating func insert(_ hash: UInt32, _ index: Int, _ hashOf: (Int) -> UInt32) {
    // A position must fit below the bits of its hash: where places of the array are used again, that changes nothing.
    while 2 * count >= places.count || index + 1 >= places.count { grow(hashOf) }
    if isMoving { move(Self.placesPerMove, hashOf) }
    count += 1
    places.take(hash, UInt32(index + 1))
  }

  /// What is removed must be there.
  mutating func remove(_ hash: UInt32, _ index: Int, _ hashOf: (Int) -> UInt32) {
    count -= 1
    if places.remove(hash, UInt32(index + 1), hashOf) { return }
    let wasThere = isMoving && old.remove(hash, UInt32(index + 1), hashOf)
    precondition(wasThere, "a table has no position \(index)")
  }

  private mutating func grow(_ hashOf: (Int) -> UInt32) {
    if isMoving { move(leftToMove, hashOf) }
    var larger = Places(count: 2 * places.count)
    swap(&places, &larger)
    old = larger
    leftToMove = old.count
    // From a free place on: no cluster begins before it and ends behind it.
    nextToMove = 0
    while old[nextToMove] != 0 { nextToMove += 1 }
  }

  /// Clusters are moved as a whole: what stands behind a hole wouldn't be found.
  private mutating func move(_ placeCount: Int, _ hashOf: (Int) -> UInt32) {
    var owed = placeCount
    while leftToMove > 0, owed > 0 || old[nextToMove] != 0 {
      let position = old.position(nextToMove)
      if position != 0 {
        places.take(hashOf(Int(position) - 1), position)
        old[nextToMove] = 0
      }
      nextToMove += 1
      leftToMove -= 1
      owed -= 1
    }
    if leftToMove == 0 { old = Places(count: 1) }
  }
}

/// Places of a table: positions, counted from 1, each below those bits of its hash that don't tell its place; 0 is a free
/// place. Memory is taken when it is written to.
@safe
private struct Places: ~Copyable {
  private let base: UnsafeMutablePointer<UInt32>
  private let mask: Int

  var count: Int { mask + 1 }

  /// - Parameter count: A power of two.
  init(count: Int) {
    precondition(count > 0 && count & (count - 1) == 0)
    let byteCount = count * MemoryLayout<UInt32>.stride
    guard let memory = unsafe walletd_map_zeros(byteCount) else {
      preconditionFailure("no memory for a table of \(byteCount) bytes")
    }
    unsafe walletd_prefer_large_pages(memory, byteCount)
    unsafe base = memory.bindMemory(to: UInt32.self, capacity: count)
    mask = count - 1
  }

  deinit { unsafe walletd_unmap(base, count * MemoryLayout<UInt32>.stride) }

  /// Goes round at the end.
  subscript(_ place: Int) -> UInt32 {
    @inline(__always)
    get { unsafe base[place & mask] }
    @inline(__always)
    nonmutating set { unsafe base[place & mask] = newValue }
  }

  func prefetch(_ hash: UInt32) { unsafe walletd_prefetch(base + (Int(hash) & mask)) }

  /// The bits of a place that are a position: the table is larger than every position in it.
  private var positions: UInt32 { UInt32(truncatingIfNeeded: mask) }

  private func mark(_ hash: UInt32, _ position: UInt32) -> UInt32 { hash & ~positions | position }

  /// The position in a place; 0 for a free one.
  func position(_ place: Int) -> UInt32 { self[place] & positions }

  @inline(__always)
  func find(_ hash: UInt32, _ matches: (Int) -> Bool) -> Int? {
    var place = Int(hash)
    while true {
      let found = self[place]
      if found == 0 { return nil }
      // What another hash stands for, which lies far away, isn't looked at.
      if found & ~positions == mark(hash, 0), matches(Int(found & positions) - 1) { return Int(found & positions) - 1 }
      place += 1
    }
  }

  func take(_ hash: UInt32, _ position: UInt32) {
    var place = Int(hash)
    while self[place] != 0 { place += 1 }
    self[place] = mark(hash, position)
  }

  /// Closes the hole, so that all that stood behind it is still found.
  ///
  /// - Returns: Whether it was there.
  func remove(_ hash: UInt32, _ position: UInt32, _ hashOf: (Int) -> UInt32) -> Bool {
    var hole = Int(hash)
    while self[hole] != mark(hash, position) {
      if self[hole] == 0 { return false }
      hole += 1
    }
    var place = hole
    while true {
      place += 1
      if self[place] == 0 { break }
      let home = Int(hashOf(Int(self.position(place)) - 1))
      // It may move into the hole unless its home lies behind the hole.
      if (place - home) & mask >= (place - hole) & mask {
        self[hole] = self[place]
        hole = place
      }
    }
    self[hole] = 0
    return true
  }
}
