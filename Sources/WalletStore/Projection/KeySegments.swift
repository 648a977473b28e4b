import WalletCore

/// Where each UUID key has its first result: sorted segments of some 180 keys, a page each, with a fence in front of each.
///
/// A key belongs to the segment with the last fence that isn't above it. Keys that grow with time fill new segments at
/// the end, at a small part of the work of a row for each; keys in between are merged into theirs.
final class KeySegments {
  /// Keys of a segment: what fits into a page of 4096 bytes.
  static let keysMax = 184
  /// Both halves, most significant byte first, and 6 bytes of seq.
  static let entryByteCount = 22

  private let selectFence: Statement
  private let selectNextFence: Statement
  private let selectLastFence: Statement
  private let insertFence: Statement
  private let selectSegment: Statement
  private let insertSegment: Statement
  private let updateSegment: Statement
  private let selectLastSegment: Statement
  private let selectCounts: Statement
  /// The segment that is being looked at.
  private var entries: [RecentKeys.Entry] = []
  private var encoded: [UInt8] = []

  init(_ database: Database) throws(SQLiteError) {
    selectFence = try database.prepare(
      "SELECT segment FROM key_fences WHERE first_key <= ? ORDER BY first_key DESC LIMIT 1")
    selectNextFence = try database.prepare(
      "SELECT first_key FROM key_fences WHERE first_key > ? ORDER BY first_key LIMIT 1")
    selectLastFence = try database.prepare("SELECT segment FROM key_fences ORDER BY first_key DESC LIMIT 1")
    insertFence = try database.prepare("INSERT INTO key_fences (first_key, segment) VALUES (?, ?)")
    selectSegment = try database.prepare("SELECT entries FROM key_segments WHERE segment = ?")
    insertSegment = try database.prepare("INSERT INTO key_segments (segment, entries) VALUES (?, ?)")
    updateSegment = try database.prepare("UPDATE key_segments SET entries = ?2 WHERE segment = ?1")
    selectLastSegment = try database.prepare("SELECT coalesce(max(segment), 0) FROM key_segments")
    selectCounts = try database.prepare(
      "SELECT (SELECT count(*) FROM key_fences), (SELECT coalesce(max(segment), 0) FROM key_segments)")
  }

  /// Whether there is a fence for each segment: the keys behind one that is gone would be taken for new ones.
  ///
  /// - Throws: `inconsistent` when there isn't.
  func checkFences() throws(StoreError) {
    defer { selectCounts.reset() }
    guard try selectCounts.stepped(), selectCounts.integer(0) == selectCounts.integer(1) else {
      throw .inconsistent(
        "the key segments go up to \(selectCounts.integer(1)) and have \(selectCounts.integer(0)) fences")
    }
  }

  // MARK: Finding

  /// Where a key has its first result.
  func seq(of high: UInt64, _ low: UInt64) throws(StoreError) -> Int64? {
    guard let segment = try segment(of: high, low) else { return nil }
    try load(segment)
    let key = RecentKeys.Entry(high: high, low: low, seq: 0)
    let position = entries.firstPosition(notBelow: key)
    guard position < entries.count, entries[position].isSameKey(as: key) else { return nil }
    return entries[position].seq
  }

  /// The stretch without keys around one that isn't there.
  func gap(around high: UInt64, _ low: UInt64) throws(StoreError) -> KeyGap {
    var lower: KeyGap.Bound?
    var upper = try nextFence(after: high, low)
    if let segment = try segment(of: high, low) {
      try load(segment)
      let position = entries.firstPosition(notBelow: RecentKeys.Entry(high: high, low: low, seq: 0))
      if position > 0 { lower = entries[position - 1].bound }
      if position < entries.count { upper = entries[position].bound }
    }
    return KeyGap(above: lower, below: upper)
  }

  /// The stretch above the last key.
  func gapAtEnd() throws(StoreError) -> KeyGap {
    defer { selectLastFence.reset() }
    guard try selectLastFence.stepped() else { return KeyGap(above: nil) }
    try load(selectLastFence.integer(0))
    return KeyGap(above: entries.last?.bound)
  }

  // MARK: Writing

  /// Writes keys that are in order.
  ///
  /// - Throws: `inconsistent` when one is there already.
  func write(_ keys: ArraySlice<RecentKeys.Entry>) throws(StoreError) {
    var rest = keys
    while let first = rest.first {
      let segment = try segment(of: first.high, first.low)
      let end = try nextFence(after: first.high, first.low)
      let count = end.map { end in rest.firstPosition { !($0.bound < end) } - rest.startIndex } ?? rest.count
      let belonging = rest.prefix(count)
      if let segment { try load(segment) } else { entries.removeAll(keepingCapacity: true) }
      try merge(belonging)
      try store(in: segment, isLast: end == nil)
      rest = rest.dropFirst(count)
    }
  }

  /// Merges keys into the loaded entries.
  private func merge(_ keys: ArraySlice<RecentKeys.Entry>) throws(StoreError) {
    let isAppended = entries.last.map { last in keys.first.map { last < $0 } ?? true } ?? true
    let old = entries
    entries.append(contentsOf: keys)
    if !isAppended {
      entries.removeAll(keepingCapacity: true)
      var left = old[...]
      var right = keys
      while let one = left.first, let other = right.first {
        if one < other {
          entries.append(one)
          left.removeFirst()
        } else {
          entries.append(other)
          right.removeFirst()
        }
      }
      entries.append(contentsOf: left)
      entries.append(contentsOf: right)
    }
    for index in entries.indices.dropFirst() where entries[index].isSameKey(as: entries[index - 1]) {
      throw .inconsistent("journal rows \(entries[index - 1].seq) and \(entries[index].seq) have the same key")
    }
  }

  /// Stores the loaded entries in their segment, and in new ones what doesn't fit.
  private func store(in segment: Int64?, isLast: Bool) throws(StoreError) {
    // What grew at the end leaves full segments behind; what grew in the middle leaves parts alike, with room.
    let partCount = (entries.count + Self.keysMax - 1) / Self.keysMax
    let size = isLast ? Self.keysMax : (entries.count + partCount - 1) / partCount
    for number in 0..<partCount {
      let part = number * size..<min((number + 1) * size, entries.count)
      encode(part)
      if number == 0, let segment {
        updateSegment.bind(1, segment)
        updateSegment.bindNonempty(2, encoded)
        try updateSegment.ran()
      } else {
        let new = try newSegment()
        insertSegment.bind(1, new)
        insertSegment.bindNonempty(2, encoded)
        try insertSegment.ran()
        // The first segment of all begins before every key.
        let isFirst = number == 0
        insertFence.bind(1, isFirst ? 0 : entries[part.lowerBound].high, isFirst ? 0 : entries[part.lowerBound].low)
        insertFence.bind(2, new)
        try insertFence.ran()
      }
    }
  }

  // MARK: Segments

  private func segment(of high: UInt64, _ low: UInt64) throws(StoreError) -> Int64? {
    selectFence.bind(1, high, low)
    defer { selectFence.reset() }
    return try selectFence.stepped() ? selectFence.integer(0) : nil
  }

  private func nextFence(after high: UInt64, _ low: UInt64) throws(StoreError) -> KeyGap.Bound? {
    selectNextFence.bind(1, high, low)
    defer { selectNextFence.reset() }
    guard try selectNextFence.stepped() else { return nil }
    guard case .uuid(let high, let low) = selectNextFence.key(0) else {
      throw .inconsistent("a fence of the keys is no UUID")
    }
    return KeyGap.Bound(high: high, low: low)
  }

  private func newSegment() throws(StoreError) -> Int64 {
    defer { selectLastSegment.reset() }
    guard try selectLastSegment.stepped() else { throw .inconsistent("the key segments have no highest number") }
    return selectLastSegment.integer(0) + 1
  }

  private func load(_ segment: Int64) throws(StoreError) {
    selectSegment.bind(1, segment)
    defer { selectSegment.reset() }
    guard try selectSegment.stepped() else { throw .inconsistent("key segment \(segment) is missing") }
    guard Self.read(selectSegment, 0, into: &entries) else {
      throw .inconsistent("key segment \(segment) isn't made of whole entries")
    }
  }

  /// The entries of a segment, as a column has them.
  ///
  /// - Returns: Whether they were whole ones.
  static func read(_ statement: Statement, _ column: Int32, into entries: inout [RecentKeys.Entry]) -> Bool {
    entries.removeAll(keepingCapacity: true)
    return unsafe statement.withBlob(column) { bytes in
      guard bytes.count.isMultiple(of: entryByteCount) else { return false }
      for start in stride(from: 0, to: bytes.count, by: entryByteCount) {
        let high = unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        let low = unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self))
        let top = unsafe UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 16, as: UInt16.self))
        let bottom = unsafe UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 18, as: UInt32.self))
        entries.append(RecentKeys.Entry(high: high, low: low, seq: Int64(top) << 32 | Int64(bottom)))
      }
      return true
    }
  }

  private func encode(_ part: Range<Int>) {
    encoded.removeAll(keepingCapacity: true)
    for index in part {
      let entry = entries[index]
      unsafe withUnsafeBytes(of: entry.high.bigEndian) { unsafe encoded.append(contentsOf: $0) }
      unsafe withUnsafeBytes(of: entry.low.bigEndian) { unsafe encoded.append(contentsOf: $0) }
      unsafe withUnsafeBytes(of: (UInt64(entry.seq) << 16).bigEndian) { bytes in
        unsafe encoded.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<6]))
      }
    }
  }
}

extension RecentKeys.Entry {
  fileprivate var bound: KeyGap.Bound { KeyGap.Bound(high: high, low: low) }

  fileprivate func isSameKey(as other: RecentKeys.Entry) -> Bool { high == other.high && low == other.low }
}

extension RandomAccessCollection where Index == Int {
  /// The first position that satisfies what all after it satisfy too.
  fileprivate func firstPosition(where predicate: (Element) -> Bool) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension [RecentKeys.Entry] {
  fileprivate func firstPosition(notBelow key: RecentKeys.Entry) -> Int { firstPosition { !($0 < key) } }
}
