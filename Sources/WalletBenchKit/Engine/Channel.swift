import WalletSystem
package import WalletTLS

/// How the server is recognised and who asks, which no result may show.
package struct BenchAccess: Sendable {
  /// With it the load speaks TLS.
  package var tls: TLSContext?
  /// The name that the server's certificate must have.
  package var serverName = ""
  package var token: String?

  package init() {}
}

/// One connection's bytes, encrypted or not.
final class Channel {
  /// What is encrypted in one piece.
  private static let pieceBytesMax = 64 * 1024

  let descriptor: Int32
  private let tls: TLSEngine?
  private var encrypted: [UInt8] = []
  private var plain: [UInt8] = []
  /// Encrypted and not sent, from `pendingStart` on; the end of it stands for `coveredCount` bytes of the caller's.
  private var pending: [UInt8] = []
  private var pendingStart = 0
  private var coveredCount = 0

  private init(_ descriptor: Int32, _ tls: TLSEngine?) {
    self.descriptor = descriptor
    self.tls = tls
  }

  func close() { ClientSocket.close(descriptor) }

  /// Connects, and shakes hands where there is TLS.
  static func open(
    _ server: String, _ access: BenchAccess, pipe: TLSPipe, deadline: Int64, _ time: any TimeSource
  ) throws(BenchFailure) -> Channel {
    let left = Int32(clamping: max(1, (deadline - time.monotonicMicroseconds) / 1000))
    let descriptor = try ClientSocket.connect(server, timeoutMilliseconds: left)
    guard let context = access.tls else { return Channel(descriptor, nil) }
    do throws(BenchFailure) {
      let channel = Channel(descriptor, try engine(context, pipe, access.serverName))
      try channel.shakeHands(server, deadline, time)
      return channel
    } catch {
      ClientSocket.close(descriptor)
      throw error
    }
  }

  private static func engine(
    _ context: TLSContext, _ pipe: TLSPipe, _ name: String
  ) throws(BenchFailure) -> TLSEngine {
    do throws(TLSFailure) {
      return try TLSEngine(context, pipe: pipe, expecting: name)
    } catch {
      throw .unreachable("TLS: \(error)")
    }
  }

  private func shakeHands(_ server: String, _ deadline: Int64, _ time: any TimeSource) throws(BenchFailure) {
    guard let tls else { return }
    do throws(TLSFailure) { try tls.start(output: &pending) } catch { throw .unreachable("TLS: \(error)") }
    while !tls.isEstablished {
      if flush() == -1 { throw .unreachable("\(server) closed the connection during the TLS handshake") }
      let left = Int32(clamping: (deadline - time.monotonicMicroseconds) / 1000)
      guard left > 0, ClientSocket.waitToRead(descriptor, timeoutMilliseconds: left) else {
        throw .unreachable("\(server) says nothing during the TLS handshake for 10 s")
      }
      encrypted.removeAll(keepingCapacity: true)
      guard let count = ClientSocket.receive(descriptor, appendingTo: &encrypted) else { continue }
      guard count > 0 else { throw .unreachable("\(server) closed the connection during the TLS handshake") }
      do throws(TLSFailure) {
        try tls.receive(encrypted, into: &plain, output: &pending)
      } catch {
        throw .unreachable("no TLS with \(server): \(error)")
      }
    }
    if flush() == -1 { throw .unreachable("\(server) closed the connection during the TLS handshake") }
  }

  /// Bytes received; 0 at the end of the stream; `nil` when there is nothing yet; -1 when the connection is broken.
  func receive(into buffer: inout [UInt8]) -> Int? {
    guard let tls else { return ClientSocket.receive(descriptor, into: &buffer) }
    encrypted.removeAll(keepingCapacity: true)
    guard let count = ClientSocket.receive(descriptor, appendingTo: &encrypted) else { return nil }
    if count <= 0 { return count }
    do throws(TLSFailure) { try tls.receive(encrypted, into: &plain, output: &pending) } catch { return -1 }
    if !pending.isEmpty, coveredCount == 0, flush() == -1 { return -1 }
    let plainCount = plain.count
    guard plainCount > 0 else { return tls.hasEnded ? 0 : nil }
    // At most a read and a record.
    buffer.replaceSubrange(0..<plainCount, with: plain)
    plain.removeAll(keepingCapacity: true)
    return plainCount
  }

  /// Bytes sent; `nil` when none can be now; -1 when the connection is broken.
  func send(_ buffer: [UInt8], from start: Int) -> Int? {
    guard let tls else { return ClientSocket.send(descriptor, buffer, from: start) }
    if !pending.isEmpty {
      guard let result = flush() else { return nil }
      if result < 0 { return -1 }
    }
    if coveredCount > 0 {
      defer { coveredCount = 0 }
      return coveredCount
    }
    let count = min(buffer.count - start, Self.pieceBytesMax)
    do throws(TLSFailure) { try tls.send(buffer, from: start, count: count, output: &pending) } catch { return -1 }
    guard let result = flush() else {
      coveredCount = count
      return nil
    }
    return result < 0 ? -1 : count
  }

  /// 0 when all is sent; `nil` when it can't be now; -1 when the connection is broken.
  private func flush() -> Int? {
    while pendingStart < pending.count {
      guard let count = ClientSocket.send(descriptor, pending, from: pendingStart) else { return nil }
      if count < 0 { return -1 }
      pendingStart += count
    }
    pending.removeAll(keepingCapacity: true)
    pendingStart = 0
    return 0
  }
}
