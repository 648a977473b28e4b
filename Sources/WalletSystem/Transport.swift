/// Names one socket for as long as the process lives: a number that is used again carries another generation.
package struct SocketID: Hashable, Sendable {
  package var slot: UInt32
  package var generation: UInt32

  package init(slot: UInt32, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }
}

package enum ReadResult: Equatable, Sendable {
  case bytes(Int)
  case wouldBlock
  /// The peer closed, or the connection broke.
  case ended
}

package enum WriteResult: Equatable, Sendable {
  case bytes(Int)
  case wouldBlock
  case broken
}

/// What a transport itself knows of who is on the other side, once the first bytes of a connection can be read.
package enum PeerIdentity: Equatable, Sendable {
  case unknown
  /// The process at the other end of a Unix socket, as the kernel says.
  case unixUser(UInt32)
  /// A certificate that a trusted authority has signed: its common name and its DNS and URI names.
  case certificate(names: [String])
}

/// The byte streams of a server. The machine's is `EventLoop`; a simulation has its own, in memory.
///
/// Every call is made on the queue on which the handler is called.
package protocol Transport: AnyObject {
  /// Appends what has arrived, up to `countMax` bytes.
  func read(_ socket: SocketID, into buffer: inout [UInt8], countMax: Int) -> ReadResult
  /// Sends what the buffer has from `start` on, as far as it goes.
  func write(_ socket: SocketID, _ buffer: [UInt8], from start: Int) -> WriteResult
  /// Which readiness is reported from now on.
  func watch(_ socket: SocketID, reading: Bool, writing: Bool)
  /// Closes after what was written.
  func close(_ socket: SocketID)
  /// Accepts no more connections.
  func stopListening()
  func identity(of socket: SocketID) -> PeerIdentity
}

extension Transport {
  package func identity(of socket: SocketID) -> PeerIdentity { .unknown }
}

/// Who is told what happens on a transport.
package protocol TransportHandler: AnyObject {
  /// - Parameter peer: The address of the other side, without port.
  func accepted(_ socket: SocketID, peer: String)
  /// As `accepted`, of a socket that comes from within the process: whatever guards the way through the network isn't asked.
  func adopted(_ socket: SocketID, peer: String)
  func ready(_ socket: SocketID, reading: Bool, writing: Bool)
  /// All that was ready at once has been reported.
  func roundEnded()
}

extension TransportHandler {
  package func adopted(_ socket: SocketID, peer: String) { accepted(socket, peer: peer) }
}
