import TestSupport
import Testing

@testable import WalletStore

@Suite("Sorted runs")
struct SortedRunsTests {
  @Test("what was added comes out in order, whatever was taken back on the way", arguments: [1, 2, 7, 64, 4096])
  func order(_ sliceCount: Int) {
    var generator = SeededGenerator(of: "sorted runs of \(sliceCount)")
    for _ in 0..<40 {
      var runs = SortedRuns<Int>(sliceCount: sliceCount)
      var expected: [Int] = []
      for _ in 0..<Int.random(in: 0...12, using: &generator) {
        let committed = expected.count
        for _ in 0..<Int.random(in: 0...3 * min(sliceCount, 40), using: &generator) {
          let element = Int.random(in: 0...500, using: &generator)
          runs.append(element)
          expected.append(element)
        }
        if Int.random(in: 0..<3, using: &generator) == 0 {
          let rest = Int.random(in: committed...expected.count, using: &generator)
          runs.shrink(to: rest)
          expected.removeLast(expected.count - rest)
        }
        #expect(runs.count == expected.count)
        runs.settle()
      }
      runs.beginTaking()
      expected.sort()
      expectTaken(&runs, expected, &generator)

      // It is as good as new when it is empty again.
      runs.removeAll()
      #expect(runs.count == 0 && runs.next() == nil)
      for element in [5, 3, 4] { runs.append(element) }
      runs.beginTaking()
      #expect([runs.next(), runs.next(), runs.next(), runs.next()] == [3, 4, 5, nil])
    }
  }

  /// Takes some, puts some back, and goes on.
  private func expectTaken(_ runs: inout SortedRuns<Int>, _ expected: [Int], _ generator: inout SeededGenerator) {
    var taken = 0
    while taken < expected.count {
      let heads = runs.heads
      let count = Int.random(in: 1...max(1, expected.count / 3), using: &generator)
      let some = (0..<count).compactMap { _ in runs.next() }
      #expect(some == Array(expected[taken..<min(taken + count, expected.count)]))
      if Bool.random(using: &generator) { runs.heads = heads } else { taken += some.count }
    }
    #expect(runs.next() == nil && runs.next() == nil)
  }
}
