/// One connection: its buffers, and the operations that wait for its answers.
final class Connection {
  let token: Int
  /// `nil` while it is lost.
  private(set) var descriptor: Int32?
  /// The server has said GOAWAY: nothing new is sent.
  var isLeaving = false
  var isBlocked = false

  /// The beginning of a frame whose rest hasn't come.
  var input: [UInt8] = []
  var output: [UInt8] = []
  var outputStart = 0

  /// Indexed by request id - 1.
  private var slots: [Operation?]
  private var freeSlots: [Int]

  init(token: Int, depth: Int) {
    self.token = token
    slots = Array(repeating: nil, count: depth)
    freeSlots = Array((0..<depth).reversed())
  }

  var outstanding: Int { slots.count - freeSlots.count }

  func opened(_ descriptor: Int32) {
    self.descriptor = descriptor
    isLeaving = false
    isBlocked = false
    input.removeAll(keepingCapacity: true)
    output.removeAll(keepingCapacity: true)
    outputStart = 0
  }

  /// - Returns: The operations that were sent and got no answer.
  func lost() -> [Operation] {
    descriptor = nil
    let operations = slots.compactMap { $0 }
    for index in slots.indices { slots[index] = nil }
    freeSlots = Array(slots.indices.reversed())
    return operations
  }

  /// - Returns: The request id.
  func keep(_ operation: Operation) -> UInt32 {
    guard let slot = freeSlots.popLast() else { preconditionFailure("more in flight than there are slots") }
    slots[slot] = operation
    return UInt32(slot + 1)
  }

  /// `nil` when no request has this id.
  func take(_ requestID: UInt32) -> Operation? {
    let slot = Int(requestID) - 1
    guard slots.indices.contains(slot), let operation = slots[slot] else { return nil }
    slots[slot] = nil
    freeSlots.append(slot)
    return operation
  }
}
