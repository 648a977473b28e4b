import WalletCore

/// Two lists of entries that must be the same, however long: of each bucket only a sum of secret digests is kept. What
/// differs is found by coming again for the buckets that differ.
final class Census {
  /// What leads to a row, as two numbers, and the row.
  struct Item: Hashable {
    var high: UInt64
    var low: UInt64
    var seq: Int64
  }

  private let bucketCount: Int
  /// Of the journal's digests less the table's.
  private var sums: [UInt64]
  private(set) var count: Int64 = 0
  /// While entries are collected: of these buckets, those of the journal and those of the table that have no other side.
  private var wanted: ClosedRange<Int>?
  private var differing: [Int] = []
  private var ours: [Item: Int] = [:]

  /// - Parameter bucketCount: A power of two.
  init(bucketCount: Int) {
    precondition(bucketCount > 0 && bucketCount & (bucketCount - 1) == 0)
    self.bucketCount = bucketCount
    sums = Array(repeating: 0, count: bucketCount)
  }

  /// An entry that the journal asks for.
  func expect(_ item: Item) {
    if wanted == nil { count += 1 }
    note(item, 1)
  }

  /// An entry that the table has.
  func find(_ item: Item) { note(item, -1) }

  private func note(_ item: Item, _ sign: Int) {
    var hasher = Hasher()
    hasher.combine(item.high)
    hasher.combine(item.low)
    let bucket = hasher.finalize() & (bucketCount - 1)
    if let wanted {
      guard wanted.contains(bucket), isDiffering(bucket) else { return }
      let count = (ours[item] ?? 0) + sign
      ours[item] = count == 0 ? nil : count
      return
    }
    hasher = Hasher()
    hasher.combine(item)
    let digest = UInt64(bitPattern: Int64(hasher.finalize()))
    sums[bucket] &+= sign > 0 ? digest : ~digest &+ 1
  }

  private func isDiffering(_ bucket: Int) -> Bool { sums[bucket] != 0 }

  var isEqual: Bool { sums.allSatisfy { $0 == 0 } }

  // MARK: Finding out

  /// Begins to collect the entries of some buckets that differ.
  ///
  /// - Parameter itemsMax: About so many entries.
  /// - Returns: Whether there are any left.
  func beginCollecting(itemsMax: Int) -> Bool {
    if differing.isEmpty, wanted == nil { differing = sums.indices.filter { sums[$0] != 0 }.reversed() }
    ours.removeAll()
    guard let first = differing.last else { return false }
    let perBucket = max(1, Int(count) / bucketCount)
    var last = first
    for _ in 0..<max(1, itemsMax / perBucket) {
      guard let next = differing.popLast() else { break }
      last = next
    }
    wanted = first...last
    return true
  }

  /// Those of the collected ones that are on one side only: wanted and missing, or found and too many.
  var differences: (missing: [Item], strange: [Item]) {
    (
      ours.filter { $0.value > 0 }.keys.sorted { $0.seq < $1.seq },
      ours.filter { $0.value < 0 }.keys.sorted { $0.seq < $1.seq }
    )
  }
}
