import WalletSystem

/// The connections by the slots of their sockets: each request and each answer looks its connection up.
struct ConnectionTable: Sequence {
  private var slots: [Connection?] = []
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  subscript(id: SocketID) -> Connection? {
    let slot = Int(id.slot)
    guard slot < slots.count, let connection = slots[slot], connection.socket == id else { return nil }
    return connection
  }

  mutating func insert(_ connection: Connection) {
    let slot = Int(connection.socket.slot)
    while slots.count <= slot { slots.append(nil) }
    precondition(slots[slot] == nil, "a connection in the place of another")
    slots[slot] = connection
    count += 1
  }

  /// `false` when it isn't there.
  mutating func remove(_ id: SocketID) -> Bool {
    guard self[id] != nil else { return false }
    slots[Int(id.slot)] = nil
    count -= 1
    return true
  }

  func makeIterator() -> some IteratorProtocol<Connection> { slots.lazy.compactMap { $0 }.makeIterator() }
}
