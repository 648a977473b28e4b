import TestSupport
import Testing
import WalletCore

@testable import WalletStore

@Suite("Recent keys")
struct RecentKeysTests {
  @Test("they are a dictionary that can be shortened from its end", arguments: [1, 4, 100, 5000])
  func asDictionary(_ capacity: Int) {
    var generator = SeededGenerator(of: "recent keys, capacity \(capacity)")
    var keys = RecentKeys(capacity: capacity, seed: generator.next())
    for round in 0..<4 {
      var expected: [(key: IdempotencyKey, seq: Int64)] = []
      var known: [IdempotencyKey: Int64] = [:]
      var seq: Int64 = 0
      for _ in 0..<60 {
        let (uuids, others) = (keys.uuids.count, keys.others.count)
        let before = expected.count
        for _ in 0..<Int.random(in: 0...60, using: &generator) {
          let key = TestKeys.any(&generator)
          seq += 1
          #expect(keys.seq(of: key) == known[key])
          guard known[key] == nil else { continue }
          keys.insert(key, seq: seq)
          known[key] = seq
          expected.append((key, seq))
        }
        if Bool.random(using: &generator) {
          keys.shrink(uuids: uuids, others: others)
          for (key, _) in expected[before...] {
            known[key] = nil
            #expect(keys.seq(of: key) == nil)
          }
          expected.removeLast(expected.count - before)
        }
        #expect(keys.count == known.count)
      }
      for (key, seq) in known { #expect(keys.seq(of: key) == seq, "round \(round)") }
      keys.removeAll()
      #expect(keys.count == 0 && known.keys.allSatisfy { keys.seq(of: $0) == nil })
    }
  }

  @Test("keys of one millisecond, and keys that differ only in their time, are spread over the table")
  func spread() {
    for isTime in [true, false] {
      var keys = RecentKeys(capacity: 20_000, seed: 0x1234_5678_9ABC_DEF0)
      for index in 0..<20_000 as Range<UInt64> {
        let high: UInt64 = 0x018B_CFE5_6800_7000 + (isTime ? index << 16 : 0)
        keys.insert(.uuid(high: high, low: isTime ? 1 << 63 : 1 << 63 | index), seq: Int64(index))
      }
      // In a table on which they fell together, this would take minutes.
      for _ in 0..<20 {
        for index in 0..<20_000 as Range<UInt64> {
          let high: UInt64 = 0x018B_CFE5_6800_7000 + (isTime ? index << 16 : 0)
          #expect(keys.seq(of: .uuid(high: high, low: isTime ? 1 << 63 : 1 << 63 | index)) == Int64(index))
        }
      }
    }
  }
}

/// Keys as clients make them, and as they might.
enum TestKeys {
  /// Of few enough that some come twice.
  static func any(_ generator: inout SeededGenerator) -> IdempotencyKey {
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: .text(Text("key-of-words-\(Int.random(in: 0..<2000, using: &generator))"))
    case 1: .uuid(high: 0, low: UInt64.random(in: 0..<1000, using: &generator))
    case 2: .uuid(high: UInt64.random(in: 0..<1000, using: &generator) << 32, low: 0)
    case 3: ordered(milliseconds: 1_700_000_000_000 + UInt64.random(in: 0..<5, using: &generator), &generator)
    default: .uuid(high: generator.next(), low: generator.next())
    }
  }

  /// As the bundled clients make them.
  static func ordered(milliseconds: UInt64, _ generator: inout SeededGenerator) -> IdempotencyKey {
    .uuid(high: milliseconds << 16 | 0x7000 | generator.next() & 0xFFF, low: generator.next() >> 2 | 1 << 63)
  }
}
