/// Puts operations into batches of a size, or leaves them alone when it is 1.
struct Batcher {
  let size: Int
  let batches: BatchPool

  /// - Parameter itemsMax: Operations that are left; at least 1.
  func next(
    _ source: inout OperationSource, _ now: Int64, itemsMax: Int = .max,
    _ operation: (inout OperationSource) -> Operation
  ) -> Operation {
    if size == 1 { return operation(&source) }
    let place = batches.add(count: min(size, itemsMax)) { _ in operation(&source) }
    return source.batch(place, now)
  }
}
