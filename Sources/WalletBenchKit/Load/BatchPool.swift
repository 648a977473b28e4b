/// The items of batches in flight, kept until their outcome is known so that a repetition is the same request. Places are
/// used again: once warm, nothing is allocated.
final class BatchPool {
  private(set) var batches: [[Operation]] = []
  private var free: [Int] = []

  /// - Returns: The place of a batch with `count` items, each as `item` makes it.
  func add(count: Int, _ item: (Int) -> Operation) -> Int32 {
    if free.isEmpty {
      free.append(batches.count)
      batches.append([])
      batches[batches.count - 1].reserveCapacity(count)
    }
    let place = free.removeLast()
    for index in 0..<count { batches[place].append(item(index)) }
    return Int32(place)
  }

  func items(_ batch: Operation) -> [Operation] { batches[Int(batch.batch)] }

  func remove(_ batch: Operation) {
    batches[Int(batch.batch)].removeAll(keepingCapacity: true)
    free.append(Int(batch.batch))
  }
}
