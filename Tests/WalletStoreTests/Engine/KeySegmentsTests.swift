import TestSupport
import Testing
import WalletCore

@testable import WalletStore

@Suite("Segments of keys")
struct KeySegmentsTests {
  private typealias Entry = RecentKeys.Entry

  /// How keys come.
  enum Pattern: CaseIterable {
    case timeOrdered
    case random
    /// Time-ordered ones, with some of other clients between.
    case mixed
    /// One client's clock is years ahead now and then.
    case yearsAhead
    /// Ever smaller.
    case backwards
    /// All in a narrow stretch in the middle of others: segments there split again and again.
    case bunched

    func key(_ index: UInt64, _ generator: inout SeededGenerator) -> (high: UInt64, low: UInt64) {
      let now = 0x018B_CFE5_6800 + index / 8
      let time: UInt64
      switch self {
      case .timeOrdered: time = now
      case .random: return (generator.next(), generator.next())
      case .mixed:
        if index % 3 == 0 { return (generator.next(), generator.next()) }
        time = now
      case .yearsAhead: time = index % 50 == 7 ? now + 100_000_000_000 : now
      case .backwards: time = 0x018B_CFE5_6800 - index
      case .bunched: return index < 600 ? (generator.next(), generator.next()) : (1 << 63, generator.next() >> 40)
      }
      return (time << 16 | 0x7000 | generator.next() & 0xFFF, generator.next() >> 2 | 1 << 63)
    }
  }

  private func database() throws -> Database {
    let database = try Database(path: ":memory:", access: .write, vfs: nil)
    try Schema.migrate(database, ledgerID: "test", createdAt: 0)
    return database
  }

  /// - Parameter fencesMax: With few, the fences are in memory until there are more; with none, they never are. There are half as
  ///   many filters.
  private func segments(_ database: Database, fencesMax: Int) throws -> KeySegments {
    let segments = try KeySegments(database)
    try segments.readFences(countMax: fencesMax, filters: KeyFilters(countMax: fencesMax / 2, seed: 7))
    return segments
  }

  @Test(
    "they are a sorted dictionary, and the gap never claims a key that is there", arguments: Pattern.allCases,
    [0, 30, 1 << 20])
  func asDictionary(_ pattern: Pattern, fencesMax: Int) throws {
    var generator = SeededGenerator(of: "key segments, \(pattern)")
    let database = try database()
    var segments = try segments(database, fencesMax: fencesMax)
    var known: [Bits: Int64] = [:]
    var gap = try segments.gapAtEnd()
    var index: UInt64 = 0
    for step in 0..<60 {
      // What is asked for before it is written, as a server does it.
      var fresh: [Entry] = []
      for _ in 0..<[1, 5, 184, 185, 400, 1500][Int.random(in: 0..<6, using: &generator)] {
        let (high, low) = pattern.key(index, &generator)
        index += 1
        guard known[Bits(high, low)] == nil, try seq(high, low, segments, &gap) == nil else { continue }
        known[Bits(high, low)] = Int64(index)
        fresh.append(Entry(high: high, low: low, seq: Int64(index)))
      }
      fresh.sort()
      for entry in fresh { gap.wrote(entry.high, entry.low) }
      var rest = fresh[...]
      while !rest.isEmpty {
        let count = Int.random(in: 1...rest.count, using: &generator)
        try segments.write(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
      for (bits, expected) in known.shuffled(using: &generator).prefix(50) {
        #expect(!gap.hasNone(bits.high, bits.low), "step \(step)")
        #expect(try seq(bits.high, bits.low, segments, &gap) == expected)
        // Its neighbours aren't it.
        for low in [bits.low &+ 1, bits.low &- 1] {
          #expect(try seq(bits.high, low, segments, &gap) == known[Bits(bits.high, low)])
        }
      }
      // As after a restart.
      if step % 10 == 9 {
        segments = try self.segments(database, fencesMax: fencesMax)
        gap = try segments.gapAtEnd()
      }
    }
    for (bits, expected) in known { #expect(try segments.seq(of: bits.high, bits.low) == expected) }
    #expect(try problems(database) == [])
    try expectView(database, known)
  }

  private struct Bits: Hashable {
    var high: UInt64
    var low: UInt64

    init(_ high: UInt64, _ low: UInt64) {
      self.high = high
      self.low = low
    }
  }

  /// As `Projector` looks keys up, with a look where it would spare one.
  private func seq(
    _ high: UInt64, _ low: UInt64, _ segments: KeySegments, _ gap: inout KeyGap
  ) throws -> Int64? {
    let found = try segments.seq(of: high, low)
    if gap.hasNone(high, low) {
      #expect(found == nil, "the gap hid a key")
    } else if found == nil, gap.missed() {
      gap = try segments.gap(around: high, low)
      #expect(gap.hasNone(high, low))
    }
    return found
  }

  /// How segments and fences must lie.
  private func problems(_ database: Database) throws -> [String] {
    var problems: [String] = []
    let rows = try database.prepare(
      """
      SELECT fence.segment, fence.first_key, segment.entries,
        (SELECT min(after.first_key) FROM key_fences AS after WHERE after.first_key > fence.first_key)
      FROM key_fences AS fence LEFT JOIN key_segments AS segment USING (segment) ORDER BY fence.first_key
      """)
    var count: Int64 = 0
    while try rows.step() {
      count += 1
      let (number, entries) = (rows.integer(0), rows.bytes(2))
      let (fence, next) = (rows.bytes(1), rows.bytes(3))
      if fence.count != 16 || count == 1 && fence.contains(where: { $0 != 0 }) { problems.append("fence of \(number)") }
      if entries.isEmpty || entries.count % 22 != 0 || entries.count > 22 * KeySegments.keysMax {
        problems.append("segment \(number) has \(entries.count) bytes")
      }
      let keys = stride(from: 0, to: entries.count, by: 22).map { Array(entries[$0..<$0 + 16]) }
      if !zip(keys, keys.dropFirst()).allSatisfy({ $0.lexicographicallyPrecedes($1) }) {
        problems.append("order in \(number)")
      }
      if keys.contains(where: { $0.lexicographicallyPrecedes(fence) }) { problems.append("a key below \(number)") }
      if !next.isEmpty, keys.contains(where: { !$0.lexicographicallyPrecedes(next) }) {
        problems.append("above \(number)")
      }
    }
    let segments = try database.integer("SELECT count(*) FROM key_segments")
    if segments != count { problems.append("\(count) fences, \(segments ?? 0) segments") }
    return problems
  }

  private func expectView(_ database: Database, _ known: [Bits: Int64]) throws {
    let rows = try database.prepare("SELECT key, seq FROM idempotency")
    var count = 0
    while try rows.step() {
      guard case .uuid(let high, let low) = rows.key(0) else { throw TestFailure("no UUID") }
      #expect(known[Bits(high, low)] == rows.integer(1))
      count += 1
    }
    #expect(count == known.count)
  }

  // MARK: Cases

  private func entries(_ range: some Sequence<UInt64>) -> [Entry] {
    range.map { Entry(high: $0, low: 5, seq: Int64($0)) }
  }

  @Test("keys that grow leave full segments behind; a split in the middle leaves halves")
  func splits() throws {
    let database = try database()
    let segments = try KeySegments(database)
    let counts = {
      let rows = try database.prepare(
        "SELECT length(entries) / 22 FROM key_fences JOIN key_segments USING (segment) ORDER BY first_key")
      var counts: [Int64] = []
      while try rows.step() { counts.append(rows.integer(0)) }
      return counts
    }
    try segments.write(entries(stride(from: 10, to: 10 * 369, by: 10))[...])
    #expect(try counts() == [184, 184])
    try segments.write(entries([10 * 369])[...])
    #expect(try counts() == [184, 184, 1])
    // One more than fits, in the first.
    try segments.write(entries([15])[...])
    #expect(try counts() == [93, 92, 184, 1])
    // Before every key, and between two segments.
    try segments.write(entries([1, 10 * 184 + 5])[...])
    #expect(try counts() == [94, 93, 184, 1] && problems(database) == [])
    // Very many at one place, as a flood writes them.
    try segments.write(entries(10_000..<60_000)[...])
    try segments.write((0..<50_000).map { Entry(high: 20, low: 6 + UInt64($0), seq: 1) }[...])
    #expect(try problems(database) == [])
    #expect(try database.integer("SELECT count(*) FROM idempotency") == 100_372)
  }

  @Test("the first and the last of all keys, and the largest seq")
  func ends() throws {
    let database = try database()
    let segments = try KeySegments(database)
    #expect(try segments.seq(of: 0, 0) == nil && segments.seq(of: .max, .max) == nil)
    #expect(try segments.gapAtEnd().hasNone(0, 0) && segments.gap(around: 5, 5).hasNone(.max, 0))
    try segments.write([Entry(high: 0, low: 0, seq: 1), Entry(high: .max, low: .max, seq: 1 << 48 - 1)])
    #expect(try segments.seq(of: 0, 0) == 1 && segments.seq(of: .max, .max) == 1 << 48 - 1)
    #expect(try segments.seq(of: 0, 1) == nil && segments.gap(around: 7, 7).hasNone(0, 1))
    let end = try segments.gapAtEnd()
    #expect(!end.hasNone(.max, .max) && !end.hasNone(0, 0) && !end.hasNone(4, 4))
    #expect(try database.integer("SELECT max(seq) FROM idempotency") == 1 << 48 - 1)
  }

  @Test("a key that is there already, or twice among the new ones, is refused", arguments: [20, 400])
  func duplicates(_ count: UInt64) throws {
    let database = try database()
    let segments = try KeySegments(database)
    try segments.write(entries(stride(from: 2, through: 2 * count, by: 2))[...])
    let isRefused = { (keys: [Entry]) in
      do throws(StoreError) {
        try segments.write(keys[...])
        return false
      } catch {
        guard case .inconsistent = error else { return false }
        return true
      }
    }
    for key in [2, count, 2 * count] as [UInt64] { #expect(isRefused(entries([key]))) }
    #expect(isRefused(entries([3, 4, 5])))
    #expect(isRefused(entries([7, 7])))
    #expect(isRefused([Entry(high: 9 * count, low: 5, seq: 1), Entry(high: 9 * count, low: 5, seq: 2)]))
  }

  @Test("a transaction that doesn't come about leaves nothing in memory either", arguments: [0, 4, 1 << 20])
  func takenBack(_ fencesMax: Int) throws {
    var generator = SeededGenerator(of: "key segments, taken back")
    let database = try database()
    let segments = try segments(database, fencesMax: fencesMax)
    var known: [Bits: Int64] = [:]
    for round in 0..<40 {
      let fresh = (0..<Int.random(in: 1...900, using: &generator)).map { _ in
        Entry(high: generator.next(), low: 1, seq: Int64(round + 1))
      }.sorted()
      for bits in known.keys.prefix(200) { #expect(try segments.seq(of: bits.high, bits.low &+ 1) == nil) }
      try database.execute("BEGIN IMMEDIATE")
      try segments.write(fresh[...])
      // What is looked into now may be gone afterwards.
      for (bits, expected) in known.shuffled(using: &generator).prefix(200) {
        #expect(try segments.seq(of: bits.high, bits.low) == expected)
        #expect(try segments.seq(of: bits.high, bits.low &+ 1) == nil)
      }
      if round.isMultiple(of: 2) {
        try database.execute("ROLLBACK")
        segments.takeBack()
        for entry in fresh { #expect(try segments.seq(of: entry.high, entry.low) == nil) }
      } else {
        try database.execute("COMMIT")
        segments.settle()
        for entry in fresh { known[Bits(entry.high, entry.low)] = entry.seq }
      }
      for (bits, expected) in known { #expect(try segments.seq(of: bits.high, bits.low) == expected) }
    }
    #expect(try problems(database) == [])
    try expectView(database, known)
  }

  @Test("a fence that is missing, or is none, is noticed before anybody is answered", arguments: [0, 1 << 20])
  func damagedFences(_ fencesMax: Int) throws {
    let database = try database()
    try KeySegments(database).write(entries(1...400)[...])
    _ = try segments(database, fencesMax: fencesMax)
    try database.execute("DELETE FROM key_fences WHERE segment = 3")
    #expect(throws: StoreError.self) { try segments(database, fencesMax: fencesMax) }
    try database.execute("INSERT INTO key_fences (first_key, segment) VALUES (x'FFFF', 3)")
    if fencesMax > 0 { #expect(throws: StoreError.self) { try segments(database, fencesMax: fencesMax) } }
  }

  @Test("a segment that is missing or cut off is no empty one", arguments: [0, 1 << 20])
  func damaged(_ fencesMax: Int) throws {
    let database = try database()
    let segments = try segments(database, fencesMax: fencesMax)
    try segments.write(entries(1...400)[...])
    try database.execute("DELETE FROM key_segments WHERE segment = 2")
    #expect(throws: StoreError.self) { try segments.seq(of: 200, 5) }
    #expect(throws: StoreError.self) { try segments.gap(around: 200, 6) }
    #expect(throws: StoreError.self) { try segments.write(entries([250])[...]) }
    #expect(try segments.seq(of: 20, 5) == 20)
    try database.execute("UPDATE key_segments SET entries = substr(entries, 1, 100) WHERE segment = 1")
    #expect(throws: StoreError.self) { try segments.seq(of: 20, 5) }
  }
}

@Suite("Fences of keys in memory")
struct KeyFencesTests {
  @Test("they lie in order however they come, and what is taken back is gone", arguments: [0, 1, 3])
  func inOrder(_ pattern: Int) {
    var generator = SeededGenerator(of: "fences \(pattern)")
    var fences = KeyFences()
    var settled: [UUIDKey: Int64] = [:]
    for round in 0..<60 {
      var all = settled
      for index in 0..<Int64(Int.random(in: 1...200, using: &generator)) {
        // At the end, anywhere, or most of them close together.
        let place =
          switch pattern {
          case 0: UInt64(round) << 32 | UInt64(index)
          case 1: generator.next()
          default: index % 5 == 0 ? generator.next() : 1 << 40 | generator.next() >> 30
          }
        let key = UUIDKey(high: place, low: generator.next() >> 60)
        guard all[key] == nil else { continue }
        all[key] = Int64(all.count + 1)
        fences.insert(key, segment: UInt32(all.count))
      }
      expectSame(fences, all, &generator)
      if Int.random(in: 0..<3, using: &generator) == 0 {
        fences.takeBack()
      } else {
        fences.settle()
        settled = all
      }
      expectSame(fences, settled, &generator)
    }
    #expect(settled.count > 2_000, "several pieces")
  }

  private func expectSame(_ fences: KeyFences, _ expected: [UUIDKey: Int64], _ generator: inout SeededGenerator) {
    let sorted = expected.keys.sorted()
    #expect(fences.count == sorted.count)
    for _ in 0..<40 {
      let near = sorted.randomElement(using: &generator) ?? UUIDKey(high: 0, low: 0)
      for key in [near, UUIDKey(high: near.high, low: near.low &+ 1), UUIDKey(high: generator.next(), low: 0)] {
        let segment = sorted.last { !(key < $0) }.flatMap { expected[$0] }
        #expect(fences.segment(of: key).map { Int64($0.number) } == segment)
        #expect(fences.next(after: key) == sorted.first { key < $0 })
      }
    }
  }
}

@Suite("Filters of keys")
struct KeyFiltersTests {
  @Test("a key that was added is never said to be lacking, and nearly every other one is")
  func lacking() throws {
    var generator = SeededGenerator(of: "filters of keys")
    var filters = KeyFilters(countMax: 2_000, seed: generator.next())
    let keys = { (_: Int) in UUIDKey(high: generator.next(), low: generator.next()) }
    var members: [UInt32: [UUIDKey]] = [:]
    while let number = filters.make() {
      members[number] = (0..<KeySegments.keysMax).map(keys)
      for key in members[number, default: []] { filters.add(key, to: number) }
    }
    #expect(members.count == 2_000 && Set(members.keys) == Set(1...2_000))
    var passed = 0
    for (number, added) in members {
      for key in added { #expect(!filters.lacks(key, number)) }
      for _ in 0..<100 where !filters.lacks(keys(0), number) { passed += 1 }
    }
    print("of 200,000 other keys \(passed) could be there")
    #expect(passed < 3_000)

    // One that is made of a dropped one is empty.
    filters.drop(77)
    #expect(filters.make() == 77 && filters.make() == nil)
    for key in members[77, default: []] { #expect(filters.lacks(key, 77)) }
    for key in members[78, default: []] { #expect(!filters.lacks(key, 78)) }
  }
}

@Suite("The index of references")
struct ReferenceIndexTests {
  @Test("the hash is FNV-1a", arguments: [("", 0x811C_9DC5), ("a", 0xE40C_292C), ("foobar", 0xBF9C_F968)])
  func hash(_ text: String, _ expected: UInt32) {
    #expect(UInt32(bitPattern: Generation.Reference.hash(Text(text))) == expected)
  }

  @Test("runs are read back by the view, whatever their hashes and lengths", arguments: [1, 499, 500, 501, 3000])
  func runs(_ count: Int) throws {
    var generator = SeededGenerator(of: "reference runs of \(count)")
    let database = try Database(path: ":memory:", access: .write, vfs: nil)
    try Schema.migrate(database, ledgerID: "test", createdAt: 0)
    let index = try ReferenceIndex(database)
    var expected: Set<String> = []
    for run in [1, 10_000, 1 << 40] as [Int64] {
      var references = (0..<Int64(count)).map { place in
        // Some hashes come often, at the ends of a piece too.
        let hash = [Int32.min, -1, 0, 1, .max, Int32(truncatingIfNeeded: generator.next())].randomElement(
          using: &generator)
        return Generation.Reference(hash: hash ?? 0, seq: run + place * 3)
      }
      references.sort()
      for start in stride(from: 0, to: count, by: ReferenceIndex.entriesMax) {
        try index.write(references[start..<min(start + ReferenceIndex.entriesMax, count)], run: run)
      }
      // A run that is cut short and written again.
      if run == 10_000 {
        try index.clear(run: run)
        for start in stride(from: 0, to: count, by: 7) {
          try index.write(references[start..<min(start + 7, count)], run: run)
        }
      }
      for reference in references {
        let hash = String(UInt32(bitPattern: reference.hash), radix: 16, uppercase: true)
        expected.insert(String(repeating: "0", count: 8 - hash.count) + hash + ":\(reference.seq)")
      }
    }
    let rows = try database.prepare("SELECT hex(hash) || ':' || seq FROM reference_rows")
    var found: [String] = []
    while try rows.step() { found.append(rows.text(0).string) }
    #expect(found.count == 3 * count && Set(found) == expected)
  }
}
