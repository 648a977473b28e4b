/// The fences of the key segments, in memory: in which segment a key must be, and where the next one begins, without a look
/// into the file.
///
/// In order, in pieces of some hundred: one that comes in between moves no more than its piece.
struct KeyFences {
  /// The segment behind a fence.
  struct Segment {
    private(set) var number: UInt32
    /// The number of its filter (`KeyFilters`); 0: none.
    fileprivate(set) var filter: UInt32 = 0
  }

  private struct Fence {
    var key: UUIDKey
    var segment: Segment
  }

  private static let pieceMax = 512
  /// What each takes at most: pieces may be half empty.
  static let bytesPerFence = 2 * MemoryLayout<Fence>.stride + 1

  /// The first fence of each piece.
  private var starts: [UUIDKey] = []
  private var pieces: [[Fence]] = []
  private(set) var count = 0
  /// Those that the open transaction has added.
  private var added: [UUIDKey] = []

  /// The segment of the last fence that isn't above a key; `nil` without one.
  func segment(of key: UUIDKey) -> Segment? {
    guard let piece = piece(of: key) else { return nil }
    return pieces[piece][Self.position(above: key, pieces[piece]) - 1].segment
  }

  /// The segment of a key has this filter from now on; 0: none.
  mutating func setFilter(_ filter: UInt32, of key: UUIDKey) {
    guard let piece = piece(of: key) else { return }
    pieces[piece][Self.position(above: key, pieces[piece]) - 1].segment.filter = filter
  }

  /// The first fence above a key.
  func next(after key: UUIDKey) -> UUIDKey? {
    guard let piece = piece(of: key) else { return starts.first }
    let position = Self.position(above: key, pieces[piece])
    if position < pieces[piece].count { return pieces[piece][position].key }
    return piece + 1 < starts.count ? starts[piece + 1] : nil
  }

  /// The fence must be new.
  mutating func insert(_ key: UUIDKey, segment: UInt32) {
    added.append(key)
    count += 1
    let fence = Fence(key: key, segment: Segment(number: segment))
    guard var piece = piece(of: key) else { return insertPiece([fence], at: 0) }
    var position = Self.position(above: key, pieces[piece])
    if pieces[piece].count == Self.pieceMax {
      // What grows at the end leaves full pieces behind.
      if position == Self.pieceMax, piece == pieces.count - 1 { return insertPiece([fence], at: piece + 1) }
      let half = Self.pieceMax / 2
      insertPiece(Array(pieces[piece][half...]), at: piece + 1)
      pieces[piece].removeLast(Self.pieceMax - half)
      if position > half { (piece, position) = (piece + 1, position - half) }
    }
    pieces[piece].insert(fence, at: position)
  }

  /// The transaction is committed.
  mutating func settle() { added.removeAll(keepingCapacity: added.count <= Self.pieceMax) }

  /// The transaction doesn't come about.
  mutating func takeBack() {
    for key in added { remove(key) }
    added.removeAll(keepingCapacity: true)
  }

  /// No segment has a filter any more.
  mutating func dropFilters() {
    for piece in pieces.indices {
      for position in pieces[piece].indices { pieces[piece][position].segment.filter = 0 }
    }
  }

  private mutating func remove(_ key: UUIDKey) {
    guard let piece = piece(of: key) else { return }
    let position = Self.position(above: key, pieces[piece]) - 1
    guard pieces[piece][position].key == key else { return }
    count -= 1
    pieces[piece].remove(at: position)
    if let first = pieces[piece].first {
      starts[piece] = first.key
    } else {
      pieces.remove(at: piece)
      starts.remove(at: piece)
    }
  }

  private mutating func insertPiece(_ fences: [Fence], at index: Int) {
    starts.insert(fences[0].key, at: index)
    pieces.insert(fences, at: index)
  }

  /// The last piece that begins at a key or below it.
  private func piece(of key: UUIDKey) -> Int? {
    let position = starts.firstPosition { key < $0 }
    return position > 0 ? position - 1 : nil
  }

  private static func position(above key: UUIDKey, _ fences: [Fence]) -> Int { fences.firstPosition { key < $0.key } }
}
