/// One connection: its buffers, and the operations that wait for its answers.
final class Connection {
  let token: Int
  /// `nil` while it is lost.
  private(set) var channel: Channel?
  /// The server has said GOAWAY: nothing new is sent.
  var isLeaving = false
  var isBlocked = false
  /// It stands in the engine's list of those with something to send.
  var isMarked = false

  /// The beginning of a message whose rest hasn't come.
  var input: [UInt8] = []
  var output: [UInt8] = []
  var outputStart = 0

  /// Indexed by request id - 1.
  private let slots: FixedArray<Operation?>
  /// A ring of the free slots, taken and given back in turn: as long as answers come in the order of the requests, slots
  /// are used in a circle.
  private let freeSlots: FixedArray<Int32>
  private var firstFree = 0
  private(set) var outstanding = 0
  /// The slot of the oldest request in flight, as long as answers come in order.
  private var oldest = 0

  init(token: Int, depth: Int) {
    self.token = token
    slots = FixedArray(repeating: nil, count: depth)
    freeSlots = FixedArray(repeating: 0, count: depth)
    for slot in 0..<depth { freeSlots[slot] = Int32(slot) }
  }

  func opened(_ channel: Channel) {
    self.channel = channel
    isLeaving = false
    isBlocked = false
    input.removeAll(keepingCapacity: true)
    output.removeAll(keepingCapacity: true)
    outputStart = 0
  }

  /// - Returns: The operations that were sent and got no answer.
  func lost() -> [Operation] {
    channel = nil
    var operations: [Operation] = []
    for index in 0..<slots.count {
      if let operation = slots[index] { operations.append(operation) }
      slots[index] = nil
      freeSlots[index] = Int32(index)
    }
    firstFree = 0
    oldest = 0
    outstanding = 0
    return operations
  }

  /// - Returns: The request id.
  func keep(_ operation: Operation) -> UInt32 {
    precondition(outstanding < slots.count, "more in flight than there are slots")
    let slot = Int(freeSlots[firstFree])
    firstFree = next(firstFree)
    slots[slot] = operation
    outstanding += 1
    return UInt32(slot + 1)
  }

  /// `nil` when no request has this id.
  ///
  /// - Parameter requestID: 0 for the oldest request in flight.
  func take(_ requestID: UInt32) -> Operation? {
    let slot: Int
    if requestID == 0 {
      slot = oldest
      oldest = next(oldest)
    } else {
      slot = Int(requestID) - 1
    }
    guard slot >= 0, slot < slots.count, let operation = slots[slot] else { return nil }
    slots[slot] = nil
    var lastFree = firstFree + slots.count - outstanding
    if lastFree >= slots.count { lastFree -= slots.count }
    freeSlots[lastFree] = Int32(slot)
    outstanding -= 1
    return operation
  }

  private func next(_ place: Int) -> Int { place + 1 == slots.count ? 0 : place + 1 }
}
