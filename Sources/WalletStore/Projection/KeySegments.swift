import WalletCore

/// Where each UUID key has its first result: sorted segments of some 180 keys, a page each, with a fence in front of each.
///
/// A key belongs to the segment with the last fence that isn't above it. Keys that grow with time fill new segments at
/// the end, at a small part of the work of a row for each; keys in between are merged into theirs.
final class KeySegments {
  /// Keys of a segment: what fits into a page of 4096 bytes.
  static let keysMax = 184

  private let selectFence: Statement
  private let selectNextFence: Statement
  private let selectLastFence: Statement
  private let insertFence: Statement
  private let selectSegment: Statement
  private let insertSegment: Statement
  private let updateSegment: Statement
  private let selectLastSegment: Statement
  private let selectCounts: Statement
  private let selectFences: Statement
  /// The segment that keys are merged into.
  private var loaded = KeySegment()
  /// `nil` where there are too many: then they are looked up in the file.
  private var fences: KeyFences?
  private var fencesMax = 0
  /// Of the segments that were looked into first, as far as there is room.
  private var filters = KeyFilters(countMax: 0, seed: 0)

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
    selectFences = try database.prepare("SELECT first_key, segment FROM key_fences ORDER BY first_key")
    selectCounts = try database.prepare(
      "SELECT (SELECT count(*) FROM key_fences), (SELECT coalesce(max(segment), 0) FROM key_segments)")
  }

  /// Sees that there is a fence for each segment: the keys behind one that is gone would be taken for new ones. Keeps them in
  /// memory from then on.
  ///
  /// - Parameters:
  ///   - countMax: Fences that are kept; of more none is.
  ///   - filters: Empty; segments get one when they are looked into.
  /// - Throws: `inconsistent` when one is missing.
  func readFences(countMax: Int, filters: KeyFilters) throws(StoreError) {
    guard try selectCounts.stepped() else { throw .inconsistent("the key segments can't be counted") }
    let (count, segments) = (selectCounts.integer(0), selectCounts.integer(1))
    selectCounts.reset()
    guard count == segments else {
      throw .inconsistent("the key segments go up to \(segments) and have \(count) fences")
    }
    fencesMax = countMax
    fences = nil
    self.filters = filters
    guard count <= countMax else { return }
    var read = KeyFences()
    defer { selectFences.reset() }
    while try selectFences.stepped() {
      guard let number = UInt32(exactly: selectFences.integer(1)) else {
        throw .inconsistent("a fence of the keys leads to segment \(selectFences.integer(1))")
      }
      read.insert(try Self.fence(selectFences, 0), segment: number)
    }
    read.settle()
    fences = read
  }

  /// The transaction is committed.
  func settle() { fences?.settle() }

  /// The transaction doesn't come about.
  func takeBack() {
    fences?.takeBack()
    // One may have been made of what a segment had only in this transaction, and lack what it has given away there.
    fences?.dropFilters()
    filters.dropAll()
  }

  // MARK: Finding

  /// Where a key has its first result.
  func seq(of high: UInt64, _ low: UInt64) throws(StoreError) -> Int64? {
    let key = UUIDKey(high: high, low: low)
    let known = fences?.segment(of: key)
    let segment: Int64
    if let known {
      if known.filter != 0, filters.lacks(key, known.filter) { return nil }
      segment = Int64(known.number)
    } else {
      guard let found = try self.segment(of: key) else { return nil }
      segment = found
    }
    defer { selectSegment.reset() }
    try find(segment)
    let (isWhole, seq) = unsafe selectSegment.withBlob(0) { bytes in
      guard let entries = unsafe KeyEntries(bytes) else { return (false, nil as Int64?) }
      if let known, known.filter == 0 { makeFilter(of: entries, behind: key) }
      return (true, entries.seq(of: key))
    }
    guard isWhole else { throw Self.cut(segment) }
    return seq
  }

  private func makeFilter(of entries: KeyEntries, behind key: UUIDKey) {
    guard let filter = filters.make() else { return }
    for index in 0..<entries.count { filters.add(entries.key(index), to: filter) }
    fences?.setFilter(filter, of: key)
  }

  /// The segment of a key gets new ones, or gives some away.
  private func follow(_ keys: ArraySlice<RecentKeys.Entry>, isSplit: Bool) {
    guard let first = keys.first, let filter = fences?.segment(of: first.key)?.filter, filter != 0 else { return }
    if isSplit {
      // It would go on to say of those given away that they could be there.
      fences?.setFilter(0, of: first.key)
      filters.drop(filter)
    } else {
      for entry in keys { filters.add(entry.key, to: filter) }
    }
  }

  /// The stretch without keys around one that isn't there.
  func gap(around high: UInt64, _ low: UInt64) throws(StoreError) -> KeyGap {
    let key = UUIDKey(high: high, low: low)
    var lower: UUIDKey?
    var upper = try nextFence(after: key)
    if let segment = try segment(of: key) {
      try load(segment)
      let position = loaded.position(notBelow: key)
      if position > 0 { lower = loaded.key(position - 1) }
      if position < loaded.count { upper = loaded.key(position) }
    }
    return KeyGap(above: lower, below: upper)
  }

  /// The stretch above the last key.
  func gapAtEnd() throws(StoreError) -> KeyGap {
    guard let segment = try lastSegment() else { return KeyGap(above: nil) }
    try load(segment)
    return KeyGap(above: loaded.lastKey)
  }

  // MARK: Writing

  /// Writes keys that are in order.
  ///
  /// - Throws: `inconsistent` when one is there already.
  func write(_ keys: ArraySlice<RecentKeys.Entry>) throws(StoreError) {
    var rest = keys
    while let first = rest.first {
      let key = first.key
      let segment = try segment(of: key)
      let end = try nextFence(after: key)
      let count = end.map { end in rest.firstPosition { !($0.key < end) } - rest.startIndex } ?? rest.count
      if let segment { try load(segment) } else { loaded.removeAll() }
      try loaded.merge(rest.prefix(count))
      follow(rest.prefix(count), isSplit: loaded.count > Self.keysMax)
      try store(in: segment, isLast: end == nil)
      rest = rest.dropFirst(count)
    }
  }

  /// Stores the loaded entries in their segment, and in new ones what doesn't fit.
  private func store(in segment: Int64?, isLast: Bool) throws(StoreError) {
    // What grew at the end leaves full segments behind; what grew in the middle leaves parts alike, with room.
    let partCount = (loaded.count + Self.keysMax - 1) / Self.keysMax
    let size = isLast ? Self.keysMax : (loaded.count + partCount - 1) / partCount
    for number in 0..<partCount {
      let part = number * size..<min((number + 1) * size, loaded.count)
      if number == 0, let segment {
        updateSegment.bind(1, segment)
        updateSegment.bindNonempty(2, loaded.bytes(of: part))
        try updateSegment.ran()
      } else {
        let new = try newSegment()
        insertSegment.bind(1, new)
        insertSegment.bindNonempty(2, loaded.bytes(of: part))
        try insertSegment.ran()
        // The first segment of all begins before every key.
        try addFence(number == 0 ? UUIDKey(high: 0, low: 0) : loaded.key(part.lowerBound), new)
      }
    }
  }

  private func addFence(_ key: UUIDKey, _ segment: Int64) throws(StoreError) {
    insertFence.bind(1, key.high, key.low)
    insertFence.bind(2, segment)
    try insertFence.ran()
    if let number = UInt32(exactly: segment), fences?.count ?? fencesMax < fencesMax {
      fences?.insert(key, segment: number)
    } else {
      fences = nil
      filters.dropAll()
    }
  }

  // MARK: Segments

  private func segment(of key: UUIDKey) throws(StoreError) -> Int64? {
    if let segment = fences?.segment(of: key) { return Int64(segment.number) }
    if fences != nil { return nil }
    selectFence.bind(1, key.high, key.low)
    defer { selectFence.reset() }
    return try selectFence.stepped() ? selectFence.integer(0) : nil
  }

  private func nextFence(after key: UUIDKey) throws(StoreError) -> UUIDKey? {
    if let fence = fences?.next(after: key) { return fence }
    if fences != nil { return nil }
    selectNextFence.bind(1, key.high, key.low)
    defer { selectNextFence.reset() }
    return try selectNextFence.stepped() ? try Self.fence(selectNextFence, 0) : nil
  }

  private func lastSegment() throws(StoreError) -> Int64? {
    defer { selectLastFence.reset() }
    return try selectLastFence.stepped() ? selectLastFence.integer(0) : nil
  }

  private static func fence(_ statement: Statement, _ column: Int32) throws(StoreError) -> UUIDKey {
    guard case .uuid(let high, let low) = statement.key(column) else {
      throw .inconsistent("a fence of the keys is no UUID")
    }
    return UUIDKey(high: high, low: low)
  }

  private func newSegment() throws(StoreError) -> Int64 {
    defer { selectLastSegment.reset() }
    guard try selectLastSegment.stepped() else { throw .inconsistent("the key segments have no highest number") }
    return selectLastSegment.integer(0) + 1
  }

  private func load(_ segment: Int64) throws(StoreError) {
    defer { selectSegment.reset() }
    try find(segment)
    guard unsafe selectSegment.withBlob(0, { unsafe loaded.load($0) }) else { throw Self.cut(segment) }
  }

  private func find(_ segment: Int64) throws(StoreError) {
    selectSegment.bind(1, segment)
    guard try selectSegment.stepped() else { throw .inconsistent("key segment \(segment) is missing") }
  }

  private static func cut(_ segment: Int64) -> StoreError {
    .inconsistent("key segment \(segment) isn't made of whole entries")
  }

  /// The entries of a segment, as a column has them.
  ///
  /// - Returns: Whether they were whole ones.
  static func read(_ statement: Statement, _ column: Int32, into entries: inout [RecentKeys.Entry]) -> Bool {
    entries.removeAll(keepingCapacity: true)
    return unsafe statement.withBlob(column) { bytes in
      guard let stored = unsafe KeyEntries(bytes) else { return false }
      for index in 0..<stored.count {
        let key = stored.key(index)
        entries.append(RecentKeys.Entry(high: key.high, low: key.low, seq: stored.seq(index)))
      }
      return true
    }
  }
}
