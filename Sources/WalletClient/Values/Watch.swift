/// Where a watch begins.
public enum WatchStart: Sendable, Equatable {
  /// With the journal's first row.
  case beginning
  /// Behind a row of the journal: a transaction's id, or a `commitSeq`.
  case after(Int64)
  /// Behind the event that this token came with.
  case token(String)
  /// With what comes from now on.
  case now
}

/// A transaction as it was committed, or nothing but a place to go on from.
public struct WatchEvent: Sendable, Equatable {
  /// `nil`: nothing happened that the watch is about, but there is a new token. The first event of a watch is such a one, and
  /// tells that it stands, unless it began with that very token.
  public var transaction: Transaction?
  /// Minor units, before the transaction.
  public var balanceBefore: Int64
  /// Minor units, before the transaction.
  public var heldBefore: Int64
  public var currency: String
  public var exponent: Int
  /// A watch that begins with it goes on behind this event.
  public var resumeToken: String
  /// The transaction's place in the journal, or that up to which the server has looked.
  public var commitSeq: Int64
  /// As it came on the wire.
  package var encoded: [UInt8]
}
