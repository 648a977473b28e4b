import TestSupport
import Testing

@testable import WalletStore

@Suite("Tables of positions")
struct SlotTableTests {
  /// How a test's hashes are made.
  enum Hashes: CaseIterable, Sendable {
    case spread
    /// Few: long clusters, some of them around the end of the table.
    case colliding
    /// Only the bits that a larger table looks at differ.
    case high

    func make(_ generator: inout SeededGenerator) -> UInt32 {
      switch self {
      case .spread: UInt32.random(in: .min ... .max, using: &generator)
      case .colliding: UInt32.random(in: 0..<12, using: &generator) &- 6
      case .high: UInt32.random(in: 0..<64, using: &generator) << 5 | 31
      }
    }
  }

  @Test("one grows and shrinks as a dictionary does", arguments: [0, 1, 2, 3, 7, 64, 100], Hashes.allCases)
  func asDictionary(_ placesMin: Int, _ hashes: Hashes) {
    var generator = SeededGenerator(of: "table of positions, \(placesMin) \(hashes)")
    var table = SlotTable(placesMin: placesMin)
    var hashOf: [UInt32] = []
    var present: [Int] = []
    var movingSteps = 0
    // Mostly insertions, mostly evictions, and as many of both.
    for share in [9, 1, 5, 8, 2, 9] {
      for _ in 0..<600 {
        if Int.random(in: 0..<10, using: &generator) < share || present.isEmpty {
          hashOf.append(hashes.make(&generator))
          present.append(hashOf.count - 1)
          table.insert(hashOf[hashOf.count - 1], hashOf.count - 1) { hashOf[$0] }
        } else {
          let index = present.remove(at: Int.random(in: 0..<present.count, using: &generator))
          table.remove(hashOf[index], index) { hashOf[$0] }
          #expect(table.find(hashOf[index]) { $0 == index } == nil)
        }
        if table.isMoving { movingSteps += 1 }
        if let index = present.randomElement(using: &generator) {
          #expect(table.find(hashOf[index]) { $0 == index } == index)
        }
      }
      #expect(table.count == present.count)
      let found = present.count { index in table.find(hashOf[index]) { $0 == index } == index }
      #expect(found == present.count)
    }
    #expect(movingSteps > 0)
  }

  @Test("while a table moves, nothing is lost, and what was removed is not found", arguments: [1, 2, 5, 33])
  func moving(_ placesMin: Int) {
    var generator = SeededGenerator(of: "a table that moves, \(placesMin)")
    for _ in 0..<20 {
      var table = SlotTable(placesMin: placesMin)
      var hashOf: [UInt32] = []
      var known: [Int: Bool] = [:]
      while hashOf.count < 3000 {
        let index = hashOf.count
        hashOf.append(UInt32.random(in: .min ... .max, using: &generator))
        table.insert(hashOf[index], index) { hashOf[$0] }
        known[index] = true
        guard table.isMoving, Int.random(in: 0..<4, using: &generator) == 0 else { continue }
        let other = Int.random(in: 0...index, using: &generator)
        guard known[other] == true else { continue }
        table.remove(hashOf[other], other) { hashOf[$0] }
        known[other] = false
      }
      let right = known.count { index, isThere in (table.find(hashOf[index]) { $0 == index } == index) == isThere }
      #expect(right == known.count)
    }
  }

  @Test("a search looks at no position whose hash differs from its own above the table's bits")
  func marks() {
    var table = SlotTable(placesMin: 64)
    for index in 0..<16 { table.insert(UInt32(index) << 8 | 5, index) { UInt32($0) << 8 | 5 } }
    for index in 0..<16 {
      var looks: [Int] = []
      let found = table.find(UInt32(index) << 8 | 5) { position in
        looks.append(position)
        return position == index
      }
      #expect(found == index && looks == [index] && table.first(UInt32(index) << 8 | 5) == index)
    }
  }

  @Test("a search in a table that has just been made ends", arguments: [0, 1, 2])
  func empty(_ placesMin: Int) {
    var table = SlotTable(placesMin: placesMin)
    #expect(table.find(1) { _ in true } == nil && table.first(1) == nil)
    table.insert(7, 0) { _ in 7 }
    #expect(table.find(6) { _ in false } == nil && table.find(7) { $0 == 0 } == 0)
    table.remove(7, 0) { _ in 7 }
    #expect(table.find(7) { _ in true } == nil && table.count == 0)
  }
}
