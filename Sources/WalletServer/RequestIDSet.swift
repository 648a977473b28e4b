/// The ids of a connection's requests in flight: numbers other than 0 in a small open table, without a hash that is made
/// against strangers. A client that chooses ids which fall together slows its own connection by as many steps as it may
/// have requests in flight.
struct RequestIDSet {
  /// 0: free. A power of two, at most half of it taken.
  private var slots: [UInt32] = []
  private(set) var count = 0

  private static let slotsMin = 16

  var isEmpty: Bool { count == 0 }

  func contains(_ id: UInt32) -> Bool {
    if slots.isEmpty { return false }
    return slots[slot(of: id)] == id
  }

  /// `false` when it is there already.
  mutating func insert(_ id: UInt32) -> Bool {
    precondition(id != 0, "0 is no request's id")
    if count * 2 >= slots.count { grow() }
    let slot = slot(of: id)
    if slots[slot] == id { return false }
    slots[slot] = id
    count += 1
    return true
  }

  /// `false` when it isn't there.
  mutating func remove(_ id: UInt32) -> Bool {
    if slots.isEmpty { return false }
    var hole = slot(of: id)
    guard slots[hole] == id else { return false }
    count -= 1
    let mask = slots.count - 1
    var next = (hole + 1) & mask
    // Whatever was pushed on by what goes moves up, so that no search ends early.
    while slots[next] != 0 {
      let home = home(of: slots[next])
      if (next - home) & mask >= (next - hole) & mask {
        slots[hole] = slots[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    slots[hole] = 0
    return true
  }

  private func home(of id: UInt32) -> Int { Int((id &* 0x9E37_79B1) >> 7) & (slots.count - 1) }

  /// Where the id is, or where it would go.
  private func slot(of id: UInt32) -> Int {
    let mask = slots.count - 1
    var slot = home(of: id)
    while slots[slot] != 0, slots[slot] != id { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let ids = slots
    slots = Array(repeating: 0, count: max(Self.slotsMin, ids.count * 2))
    for id in ids where id != 0 { slots[slot(of: id)] = id }
  }
}
