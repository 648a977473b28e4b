/// A few bits of each key that a segment has, so that nearly every new key is known to be new without a look into the file: a
/// Bloom filter for each segment, as far as there is room.
///
/// Of a key that is there it never says that it isn't. Of one that isn't it may say, once in a hundred times, that it could be:
/// then the segment is looked into.
struct KeyFilters {
  /// What one takes: 2,048 bits for the 184 keys that a segment may have.
  static let bytesPerFilter = wordsPerFilter * MemoryLayout<UInt64>.stride
  /// Bits that a key has, all of them in one line of the processor's cache.
  private static let bitsPerKey = 6
  private static let wordsPerLine = 8
  private static let linesPerFilter = 4
  private static let wordsPerFilter = wordsPerLine * linesPerFilter
  private static let filtersPerPiece = 1024

  private let countMax: Int
  private let seed: UInt64
  /// They come as they are needed: to move what is there would keep everybody waiting.
  private var pieces: [[UInt64]] = []
  private var count = 0
  private var free: [UInt32] = []

  /// - Parameter seed: Keeps strangers from choosing keys whose bits are those of all others.
  init(countMax: Int, seed: UInt64) {
    self.countMax = min(countMax, Int(UInt32.max))
    self.seed = seed
  }

  /// An empty filter: its number, from 1; `nil` when there are as many as there may be.
  mutating func make() -> UInt32? {
    if let number = free.popLast() {
      let (piece, first) = Self.place(number)
      for word in first..<first + Self.wordsPerFilter { pieces[piece][word] = 0 }
      return number
    }
    guard count < countMax else { return nil }
    if count == pieces.count * Self.filtersPerPiece {
      pieces.append(Array(repeating: 0, count: Self.filtersPerPiece * Self.wordsPerFilter))
    }
    count += 1
    return UInt32(count)
  }

  /// Nobody asks a filter any more.
  mutating func drop(_ number: UInt32) { free.append(number) }

  /// Nobody asks any filter any more.
  mutating func dropAll() { self = KeyFilters(countMax: countMax, seed: seed) }

  mutating func add(_ key: UUIDKey, to number: UInt32) {
    let hash = key.hash(seed: seed)
    let (piece, first) = Self.place(number, hash)
    for bit in Self.bits(hash) { pieces[piece][first + bit >> 6] |= 1 << (bit & 63) }
  }

  /// Whether a key surely isn't there.
  func lacks(_ key: UUIDKey, _ number: UInt32) -> Bool {
    let hash = key.hash(seed: seed)
    let (piece, first) = Self.place(number, hash)
    return unsafe pieces[piece].withUnsafeBufferPointer { words in
      for bit in Self.bits(hash) where unsafe words[first + bit >> 6] & 1 << (bit & 63) == 0 { return true }
      return false
    }
  }

  /// The piece of a filter, and its first word there.
  private static func place(_ number: UInt32) -> (piece: Int, first: Int) {
    let (piece, index) = (Int(number) - 1).quotientAndRemainder(dividingBy: filtersPerPiece)
    return (piece, index * wordsPerFilter)
  }

  /// The line of a key: the hash's two lowest bits choose it, nine more each of its bits.
  private static func place(_ number: UInt32, _ hash: UInt64) -> (piece: Int, first: Int) {
    let (piece, first) = place(number)
    return (piece, first + Int(truncatingIfNeeded: hash & 3) * wordsPerLine)
  }

  @inline(__always)
  private static func bits(_ hash: UInt64) -> some Sequence<Int> {
    (0..<bitsPerKey).lazy.map { Int(truncatingIfNeeded: hash >> (2 + 9 * UInt64($0))) & 511 }
  }
}
