/// What a freeze stops.
public enum FreezeScope: UInt8, Sendable, CaseIterable {
  case debit = 1
  case credit = 2
  case all = 3

  public func covers(_ other: FreezeScope) -> Bool { self == .all || self == other }
}

/// A freeze of a wallet, or of one side of it.
public struct Freeze: Equatable, Sendable {
  /// As it was asked for.
  public var scope: FreezeScope
  public var reason: Text
  public var since: Int64
  /// From then on it has no effect; 0: until it is lifted.
  public var until: Int64

  public init(scope: FreezeScope, reason: Text, since: Int64, until: Int64) {
    self.scope = scope
    self.reason = reason
    self.since = since
    self.until = until
  }

  public func isInEffect(at now: Int64) -> Bool { until == 0 || now < until }
}
