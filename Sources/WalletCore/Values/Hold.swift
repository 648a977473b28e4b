/// Money of a wallet that is reserved. Its id is the seq of the row that made it.
public struct Hold: Equatable, Sendable {
  /// An open hold ends once, in one of the other ways.
  public enum State: UInt8, Sendable {
    case open = 1
    case captured = 2
    case released = 3
    case expired = 4
  }

  public var id: Int64
  public var walletID: Int64
  /// What was reserved, minor units.
  public var amount: Int64
  /// What has been captured of it.
  public var captured: Int64
  /// What is still reserved; 0 once it has ended.
  public var remaining: Int64
  public var createdAt: Int64
  /// From this time on it reserves nothing, microseconds.
  public var endsAt: Int64
  public var state: State
  /// When it was captured, released or expired; 0 while it is open.
  public var endedAt: Int64

  public init(
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
  public func isDue(at now: Int64) -> Bool { state == .open && endsAt <= now }

  /// The order in which holds of a wallet expire.
  public static func expiresBefore(_ left: Hold, _ right: Hold) -> Bool {
    left.endsAt != right.endsAt ? left.endsAt < right.endsAt : left.id < right.id
  }
}
