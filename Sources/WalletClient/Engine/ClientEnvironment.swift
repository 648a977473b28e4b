/// What the client takes from the world. Nothing else in it reads a clock, draws a random number or opens a socket, so a
/// test or a simulation decides all three.
package struct ClientEnvironment: Sendable {
  package var loop: any ClientLoop
  /// 64 random bits.
  package var random: @Sendable () -> UInt64
  package var openTransport: TransportFactory
  /// The token in a file.
  package var readToken: @Sendable (_ path: String) throws(TokenFile.Unusable) -> String

  package init(
    loop: any ClientLoop, random: @escaping @Sendable () -> UInt64, openTransport: @escaping TransportFactory,
    readToken: @escaping @Sendable (_ path: String) throws(TokenFile.Unusable) -> String = TokenFile.read
  ) {
    self.loop = loop
    self.random = random
    self.openTransport = openTransport
    self.readToken = readToken
  }
}

/// Where a client's engine lives: one thing at a time, in the order given, and a clock.
package protocol ClientLoop: AnyObject, Sendable {
  /// A clock that never goes back. May be read from any thread.
  func nowNanoseconds() -> UInt64
  /// Milliseconds since 1970 UTC, for keys. May be read from any thread.
  func wallMilliseconds() -> UInt64
  /// Does `work` on the loop, after what was given before.
  func execute(_ work: @escaping @Sendable () -> Void)
  /// Does `work` on the loop at that time of ``nowNanoseconds()`` or soon after.
  func execute(atNanoseconds: UInt64, _ work: @escaping @Sendable () -> Void)
  /// Traps unless called on the loop.
  func assertOnLoop()
}

/// Opens a byte stream to an endpoint. Called on the loop; the events arrive on the loop too, and not before it returns.
package typealias TransportFactory =
  @Sendable (WalletEndpoint, _ timeoutNanoseconds: UInt64, _ events: @escaping @Sendable (TransportEvent) -> Void) ->
  any Transport

/// A byte stream, used on the loop only.
package protocol Transport: AnyObject {
  func send(_ bytes: [UInt8])
  /// No event comes after it.
  func close()
}

package enum TransportEvent: Sendable {
  case connected
  case received([UInt8])
  /// It can't be had, and couldn't another time. The last event.
  case refused(FailureCause)
  /// It is over, from the other side or for the reason given. The last event.
  case closed(String)
}
