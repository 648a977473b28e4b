import WalletCore

/// Goes through the keys: the segments of UUIDs in the order of their fences, then all others.
final class KeyWalk: RegisterWalk {
  private static let segmentsPerStep = 32
  private static let keysPerStep = 2048
  /// More segments than a ledger can have; a larger number was made up.
  private static let segmentsMax: Int64 = 1 << 30

  private struct Fence {
    var key: RecentKeys.Entry
    var segment: Int64
    var entries: [RecentKeys.Entry]?
  }

  /// `nil` where the structure was looked at already.
  private let findings: Findings?
  private let selectFences: Statement
  private let selectCounts: Statement
  private let selectFirstOthers: Statement
  private let selectOthers: Statement
  private var nextFence = RecentKeys.Entry(high: 0, low: 0, seq: 0)
  private var isFirstStep = true
  private var hasSegments = true
  private var visited: [Bool] = []
  /// The last other key: text or bytes.
  private var lastText: Text?
  private var lastBytes: [UInt8] = []
  /// What findings call keys that are no UUIDs, while they are few.
  private(set) var names: [Census.Item: Text] = [:]
  private let namesMax: Int

  init(_ database: Database, findings: Findings?, namesMax: Int) throws(SQLiteError) {
    self.findings = findings
    self.namesMax = namesMax
    selectFences = try database.prepare(
      """
      SELECT first_key, key_fences.segment, entries, entries IS NULL
      FROM key_fences LEFT JOIN key_segments USING (segment)
      WHERE first_key >= ?1 ORDER BY first_key LIMIT ?2
      """)
    selectCounts = try database.prepare(
      "SELECT (SELECT count(*) FROM key_fences), (SELECT coalesce(max(segment), 0) FROM key_segments)")
    selectFirstOthers = try database.prepare("SELECT key, seq FROM other_keys ORDER BY key LIMIT ?1")
    selectOthers = try database.prepare("SELECT key, seq FROM other_keys WHERE key > ?2 ORDER BY key LIMIT ?1")
  }

  func step(_ found: Found) throws(StoreError) -> Bool {
    if hasSegments {
      hasSegments = try segments(found)
      if !hasSegments { try checkCounts() }
      return false
    }
    return try others(found)
  }

  // MARK: UUIDs

  /// Fences are never taken away, and keys never pass one: what lies behind the next fence stays there.
  ///
  /// - Returns: Whether there are more.
  private func segments(_ found: Found) throws(StoreError) -> Bool {
    selectFences.bind(1, nextFence.high, nextFence.low)
    selectFences.bind(2, Int64(Self.segmentsPerStep + 1))
    defer { selectFences.reset() }
    var before: Fence?
    var count = 0
    while try selectFences.stepped() {
      guard case .uuid(let high, let low) = selectFences.key(0) else {
        findings?.add("key_fences", expected: "a UUID", found: "\(selectFences.text(0))")
        continue
      }
      let key = RecentKeys.Entry(high: high, low: low, seq: 0)
      if isFirstStep, before == nil, high != 0 || low != 0 {
        findings?.add("key_fences", expected: "the first fence at 0", found: UUIDv7.text(high: high, low: low))
      }
      if let before { try check(before, below: key, found) }
      count += 1
      if count > Self.segmentsPerStep {
        nextFence = key
        isFirstStep = false
        return true
      }
      var entries: [RecentKeys.Entry] = []
      let isThere = selectFences.integer(3) == 0 && KeySegments.read(selectFences, 2, into: &entries)
      before = Fence(key: key, segment: selectFences.integer(1), entries: isThere ? entries : nil)
    }
    if let before { try check(before, below: nil, found) }
    isFirstStep = false
    return false
  }

  private func check(_ fence: Fence, below end: RecentKeys.Entry?, _ found: Found) throws(StoreError) {
    mark(fence.segment)
    guard let entries = fence.entries else {
      findings?.add("key_segments", expected: "segment \(fence.segment)", found: "none that can be read")
      return
    }
    var isOrdered = true
    var before: RecentKeys.Entry?
    for entry in entries {
      if entry < fence.key || before.map({ !($0 < entry) }) ?? false || end.map({ !(entry < $0) }) ?? false {
        isOrdered = false
      }
      before = entry
      try found(Census.Item(high: entry.high, low: entry.low, seq: entry.seq))
    }
    if !isOrdered || entries.isEmpty {
      findings?.add(
        "key_segments", expected: "keys in order between their fences",
        found: "segment \(fence.segment) of \(entries.count)"
      )
    }
  }

  private func mark(_ segment: Int64) {
    guard findings != nil else { return }
    guard (1...Self.segmentsMax).contains(segment) else {
      findings?.add("key_fences", expected: "a segment", found: "\(segment)")
      return
    }
    while visited.count < segment { visited.append(false) }
    if visited[Int(segment) - 1] {
      findings?.add("key_fences", expected: "one fence of segment \(segment)", found: "two")
    }
    visited[Int(segment) - 1] = true
  }

  /// With one fence for each segment, and segments that are numbered without a gap, none is out of sight.
  private func checkCounts() throws(StoreError) {
    defer { selectCounts.reset() }
    guard try selectCounts.stepped() else { return }
    findings?.expect("key_fences", selectCounts.integer(1), selectCounts.integer(0))
  }

  // MARK: All others

  private func others(_ found: Found) throws(StoreError) -> Bool {
    let isFirst = lastText == nil && lastBytes.isEmpty
    let select = isFirst ? selectFirstOthers : selectOthers
    select.bind(1, Int64(Self.keysPerStep))
    if !isFirst {
      if let lastText { select.bind(2, lastText) } else { select.bindNonempty(2, lastBytes) }
    }
    defer { select.reset() }
    var count = 0
    while try select.stepped() {
      count += 1
      (lastText, lastBytes) = select.isText(0) ? (select.text(0), []) : (nil, select.bytes(0))
      guard let key = select.key(0) else {
        findings?.add("key", seq: select.integer(1), expected: "a key", found: Hexadecimal.text(lastBytes))
        continue
      }
      let item = Register.item(of: key, seq: select.integer(1))
      if findings == nil, names.count < namesMax { names[item] = Text(key.text) }
      try found(item)
    }
    return count < Self.keysPerStep
  }
}
