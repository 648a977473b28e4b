/// Money of a wallet that is reserved. Its id is the seq of the row that made it.
package struct Hold: Equatable, Sendable {
  /// An open hold ends once, in one of the other ways.
  package enum State: UInt8, Sendable {
    case open = 1
    case captured = 2
    case released = 3
    case expired = 4
  }

  package var id: Int64
  package var walletID: Int64
  /// What was reserved, minor units.
  package var amount: Int64
  /// What has been captured of it.
  package var captured: Int64
  /// What is still reserved; 0 once it has ended.
  package var remaining: Int64
  package var createdAt: Int64
  /// From this time on it reserves nothing, microseconds.
  package var endsAt: Int64
  package var state: State
  /// When it was captured, released or expired; 0 while it is open.
  package var endedAt: Int64

  package init(
    id: Int64, walletID: Int64, amount: Int64, captured: Int64 = 0, remaining: Int64, createdAt: Int64, endsAt: Int64,
    state: State = .open, endedAt: Int64 = 0
  ) {
    self.id = id
    self.walletID = walletID
    self.amount = amount
    self.captured = captured
    self.remaining = remaining
    self.createdAt = createdAt
    self.endsAt = endsAt
    self.state = state
    self.endedAt = endedAt
  }

  /// Whether it is open and its end has come.
  package func isDue(at now: Int64) -> Bool { state == .open && endsAt <= now }

  /// The order in which holds of a wallet expire.
  package static func expiresBefore(_ left: Hold, _ right: Hold) -> Bool {
    left.endsAt != right.endsAt ? left.endsAt < right.endsAt : left.id < right.id
  }
}
