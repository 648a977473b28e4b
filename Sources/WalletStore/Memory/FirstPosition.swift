extension RandomAccessCollection where Index == Int {
  /// The first position that satisfies what all after it satisfy too.
  func firstPosition(where predicate: (Element) -> Bool) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
