package import WalletSystem

/// Sockets in memory, which a test fills, blocks and breaks.
package final class MemoryTransport: Transport {
  /// An object, so that what is added to it isn't copied.
  private final class Stream {
    var arrived: [UInt8] = []
    /// What was read of `arrived`.
    var readCount = 0
    var hasEnded = false
    var isBroken = false
    var sent: [UInt8] = []
    var room = Int.max
    var isClosed = false
    var reading = true
    var identity = PeerIdentity.unknown
    var writing = false
  }

  private var streams: [SocketID: Stream] = [:]
  package private(set) var isListening = true

  package init() {}

  package func open(_ id: SocketID) { streams[id] = Stream() }

  package func arrive(_ bytes: [UInt8], on id: SocketID) {
    guard let stream = streams[id] else { return }
    if stream.readCount == stream.arrived.count {
      stream.arrived = bytes
      stream.readCount = 0
    } else {
      stream.arrived += bytes
    }
  }

  package func hasArrived(on id: SocketID) -> Bool {
    streams[id].map { $0.readCount < $0.arrived.count } ?? false
  }

  package func setIdentity(_ identity: PeerIdentity, of id: SocketID) { streams[id]?.identity = identity }
  package func identity(of id: SocketID) -> PeerIdentity { streams[id]?.identity ?? .unknown }

  package func end(_ id: SocketID) { streams[id]?.hasEnded = true }
  package func hasEnded(_ id: SocketID) -> Bool { streams[id].map { $0.hasEnded || $0.isBroken } ?? true }
  /// As by a reset: nothing more of what has arrived can be read, and nothing can be written.
  package func breakOff(_ id: SocketID) { streams[id]?.isBroken = true }
  /// Bytes that the peer still takes.
  package func setRoom(_ room: Int, _ id: SocketID) { streams[id]?.room = room }
  package func room(_ id: SocketID) -> Int { streams[id]?.room ?? 0 }
  package func isClosed(_ id: SocketID) -> Bool { streams[id]?.isClosed ?? true }
  package func isWatchedForReading(_ id: SocketID) -> Bool { streams[id]?.reading ?? false }
  package func isWatchedForWriting(_ id: SocketID) -> Bool { streams[id]?.writing ?? false }

  package func takeSent(_ id: SocketID) -> [UInt8] {
    defer { streams[id]?.sent = [] }
    return streams[id]?.sent ?? []
  }

  package func read(_ id: SocketID, into buffer: inout [UInt8], countMax: Int) -> ReadResult {
    guard let stream = streams[id], !stream.isBroken else { return .ended }
    let count = min(countMax, stream.arrived.count - stream.readCount)
    if count == 0 { return stream.hasEnded ? .ended : .wouldBlock }
    buffer += stream.arrived[stream.readCount..<stream.readCount + count]
    stream.readCount += count
    return .bytes(count)
  }

  package func write(_ id: SocketID, _ buffer: [UInt8], from start: Int) -> WriteResult {
    guard let stream = streams[id], !stream.isClosed, !stream.isBroken else { return .broken }
    let count = min(stream.room, buffer.count - start)
    if count == 0 { return .wouldBlock }
    stream.sent += buffer[start..<start + count]
    if stream.room != Int.max { stream.room -= count }
    return .bytes(count)
  }

  package func watch(_ id: SocketID, reading: Bool, writing: Bool) {
    streams[id]?.reading = reading
    streams[id]?.writing = writing
  }
  package func close(_ id: SocketID) { streams[id]?.isClosed = true }
  package func stopListening() { isListening = false }
}
