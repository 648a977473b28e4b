/// A list that is sorted while it grows, a slice at a time, and then taken in order: no step takes long.
struct SortedRuns<Element: Comparable> {
  private let sliceCount: Int
  private var elements: [Element] = []
  /// Where the part begins that isn't sorted yet.
  private var sortedCount = 0
  typealias Heads = [Range<Int>]

  /// What is left of each sorted slice, from `beginTaking` on. Setting it back takes back what was taken since.
  var heads: Heads = []

  /// - Parameter capacity: Elements that there is room for from the beginning.
  init(sliceCount: Int = 4096, capacity: Int = 0) {
    self.sliceCount = sliceCount
    elements.reserveCapacity(capacity)
  }

  var count: Int { elements.count }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func shrink(to count: Int) {
    precondition(count >= sortedCount, "what is sorted can't be taken back")
    elements.removeLast(elements.count - count)
  }

  /// Sorts what has come since. Nothing before it may be taken back any more.
  mutating func settle() {
    while elements.count - sortedCount >= sliceCount { sortSlice(sliceCount) }
  }

  /// No more elements come.
  mutating func beginTaking() {
    settle()
    if sortedCount < elements.count { sortSlice(elements.count - sortedCount) }
    heads = stride(from: 0, to: elements.count, by: sliceCount).map { $0..<min($0 + sliceCount, elements.count) }
  }

  /// The next in order.
  mutating func next() -> Element? {
    guard var best = heads.indices.first else { return nil }
    for index in heads.indices.dropFirst() where elements[heads[index].lowerBound] < elements[heads[best].lowerBound] {
      best = index
    }
    let position = heads[best].lowerBound
    if position + 1 == heads[best].upperBound {
      heads.remove(at: best)
    } else {
      heads[best] = position + 1..<heads[best].upperBound
    }
    return elements[position]
  }

  mutating func removeAll() {
    elements.removeAll(keepingCapacity: true)
    heads.removeAll()
    sortedCount = 0
  }

  private mutating func sortSlice(_ count: Int) {
    elements[sortedCount..<sortedCount + count].sort()
    sortedCount += count
  }
}
