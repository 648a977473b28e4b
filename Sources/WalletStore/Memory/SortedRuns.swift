/// A list that is sorted while it grows, a slice at a time, and then taken in order: no step takes long.
struct SortedRuns<Element: Comparable> {
  private let sliceCount: Int
  private var elements: [Element] = []
  /// Where the part begins that isn't sorted yet.
  private var sortedCount = 0

  /// What is left of a sorted slice.
  struct Head {
    fileprivate var first: Element
    fileprivate var others: Range<Int>
  }
  typealias Heads = [Head]

  /// What is left of each sorted slice, from `beginTaking` on, as a heap: the one with the next element is first. Setting it back
  /// takes back what was taken since.
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
    heads = stride(from: 0, to: elements.count, by: sliceCount).map {
      Head(first: elements[$0], others: $0 + 1..<min($0 + sliceCount, elements.count))
    }
    heads.sort { $0.first < $1.first }
  }

  /// The next in order.
  mutating func next() -> Element? {
    guard let next = heads.first?.first else { return nil }
    if let position = heads[0].others.first {
      heads[0].first = elements[position]
      heads[0].others = position + 1..<heads[0].others.upperBound
    } else {
      let last = heads.removeLast()
      if heads.isEmpty { return next }
      heads[0] = last
    }
    sink()
    return next
  }

  /// Lets the first head down to where none below it comes before it.
  private mutating func sink() {
    let head = heads[0]
    var place = 0
    while true {
      var below = 2 * place + 1
      if below >= heads.count { break }
      if below + 1 < heads.count, heads[below + 1].first < heads[below].first { below += 1 }
      if !(heads[below].first < head.first) { break }
      heads[place] = heads[below]
      place = below
    }
    heads[place] = head
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
