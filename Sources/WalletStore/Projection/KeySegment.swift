import WalletCore

/// Entries of a segment where they lie: keys in order, each with the seq of its first result.
@safe
struct KeyEntries {
  /// Both halves of a key and 6 bytes of seq, most significant byte first.
  static let byteCount = 22

  let count: Int
  private let bytes: UnsafeRawBufferPointer

  /// - Parameter bytes: They must stay where they are for as long as this is used. `nil` unless they are whole entries.
  @unsafe
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count.isMultiple(of: Self.byteCount) else { return nil }
    count = bytes.count / Self.byteCount
    unsafe self.bytes = bytes
  }

  func key(_ index: Int) -> UUIDKey {
    let start = index * Self.byteCount
    return unsafe UUIDKey(
      high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)))
  }

  func seq(_ index: Int) -> Int64 {
    let start = index * Self.byteCount + 16
    let top = unsafe UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt16.self))
    let bottom = unsafe UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 2, as: UInt32.self))
    return Int64(top) << 32 | Int64(bottom)
  }

  /// The first of the first `end` entries whose key isn't below one; `end` when there is none.
  func position(notBelow key: UUIDKey, before end: Int) -> Int { (0..<end).firstPosition { !(self.key($0) < key) } }

  /// The seq of a key.
  func seq(of key: UUIDKey) -> Int64? {
    let position = position(notBelow: key, before: count)
    return position < count && self.key(position) == key ? seq(position) : nil
  }
}

/// A segment in memory, as its row has it, while keys are merged into it.
struct KeySegment {
  private(set) var bytes: [UInt8] = []

  var count: Int { bytes.count / KeyEntries.byteCount }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// - Returns: Whether they are whole entries.
  @unsafe
  mutating func load(_ entries: UnsafeRawBufferPointer) -> Bool {
    removeAll()
    guard unsafe KeyEntries(entries) != nil else { return false }
    unsafe bytes.append(contentsOf: entries)
    return true
  }

  func key(_ index: Int) -> UUIDKey { withEntries { $0.key(index) } }

  var lastKey: UUIDKey? { count > 0 ? key(count - 1) : nil }

  func position(notBelow key: UUIDKey) -> Int {
    withEntries { $0.position(notBelow: key, before: $0.count) }
  }

  /// The bytes of some entries.
  func bytes(of entries: Range<Int>) -> ArraySlice<UInt8> {
    bytes[entries.lowerBound * KeyEntries.byteCount..<entries.upperBound * KeyEntries.byteCount]
  }

  /// Merges keys that are in order: the last one first, so that what lies above a new key moves once.
  ///
  /// - Throws: `inconsistent` for a key that is there already, or comes twice.
  mutating func merge(_ keys: ArraySlice<RecentKeys.Entry>) throws(StoreError) {
    // Entries before `end` are where they were; those from `target` on are where they belong.
    var end = count
    var target = count + keys.count
    bytes.append(contentsOf: repeatElement(0, count: keys.count * KeyEntries.byteCount))
    for entry in keys.reversed() {
      let key = entry.key
      let position = withEntries { $0.position(notBelow: key, before: end) }
      move(position..<end, to: target - (end - position))
      target -= end - position
      end = position
      if target < count, self.key(target) == key {
        let other = withEntries { $0.seq(target) }
        throw .inconsistent("journal rows \(other) and \(entry.seq) have the same key")
      }
      target -= 1
      put(entry, at: target)
    }
  }

  private mutating func move(_ entries: Range<Int>, to target: Int) {
    if entries.isEmpty || target == entries.lowerBound { return }
    unsafe bytes.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      unsafe (base + target * KeyEntries.byteCount).copyMemory(
        from: base + entries.lowerBound * KeyEntries.byteCount, byteCount: entries.count * KeyEntries.byteCount)
    }
  }

  private mutating func put(_ entry: RecentKeys.Entry, at index: Int) {
    let start = index * KeyEntries.byteCount
    unsafe bytes.withUnsafeMutableBytes { bytes in
      unsafe bytes.storeBytes(of: entry.high.bigEndian, toByteOffset: start, as: UInt64.self)
      unsafe bytes.storeBytes(of: entry.low.bigEndian, toByteOffset: start + 8, as: UInt64.self)
      unsafe bytes.storeBytes(
        of: UInt16(truncatingIfNeeded: entry.seq >> 32).bigEndian, toByteOffset: start + 16, as: UInt16.self)
      unsafe bytes.storeBytes(
        of: UInt32(truncatingIfNeeded: entry.seq).bigEndian, toByteOffset: start + 18, as: UInt32.self)
    }
  }

  private func withEntries<Result>(_ body: (KeyEntries) -> Result) -> Result {
    unsafe bytes.withUnsafeBytes { bytes in
      guard let entries = unsafe KeyEntries(bytes) else { preconditionFailure("a segment of whole entries isn't") }
      return body(entries)
    }
  }
}
