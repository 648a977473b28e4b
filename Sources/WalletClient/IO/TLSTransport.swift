import WalletTLS

/// TLS over another byte stream. It is connected once the handshake is done.
///
/// `@unchecked Sendable`: everything is touched on the loop only.
final class TLSTransport: Transport, @unchecked Sendable {
  /// What is encrypted in one piece.
  private static let pieceBytesMax = 64 << 10

  private let engine: TLSEngine
  private let endpoint: WalletEndpoint
  private let expectedName: String
  private var events: (@Sendable (TransportEvent) -> Void)?
  private var below: (any Transport)?
  private var isShakingHands = false
  private var isConnected = false

  init(
    _ context: TLSContext, expecting name: String, endpoint: WalletEndpoint,
    events: @escaping @Sendable (TransportEvent) -> Void
  ) throws(TLSFailure) {
    engine = try TLSEngine(context, pipe: TLSPipe(), expecting: name)
    expectedName = name
    self.endpoint = endpoint
    self.events = events
  }

  /// - Parameter open: Opens the stream below, whose events come after it has returned.
  func open(_ open: (@escaping @Sendable (TransportEvent) -> Void) -> any Transport) {
    below = open { [weak self] event in self?.handle(event) }
  }

  private func handle(_ event: TransportEvent) {
    switch event {
    case .connected:
      isShakingHands = true
      var output: [UInt8] = []
      do throws(TLSFailure) { try engine.start(output: &output) } catch { return end(error) }
      below?.send(output)
    case .received(let bytes): receive(bytes)
    case .refused: pass(event)
    case .closed(let why): pass(isShakingHands ? .closed("\(why) during the TLS handshake") : event)
    }
  }

  private func receive(_ bytes: [UInt8]) {
    var (plain, output): ([UInt8], [UInt8]) = ([], [])
    do throws(TLSFailure) {
      defer { if !output.isEmpty { below?.send(output) } }
      try engine.receive(bytes, into: &plain, output: &output)
    } catch {
      return end(error)
    }
    if engine.isEstablished, !isConnected {
      isShakingHands = false
      isConnected = true
      events?(.connected)
    }
    if !plain.isEmpty { events?(.received(plain)) }
    if engine.hasEnded { pass(.closed("the server closed the connection")) }
  }

  func send(_ bytes: [UInt8]) {
    guard isConnected else { return }
    var output: [UInt8] = []
    do throws(TLSFailure) {
      for start in stride(from: 0, to: bytes.count, by: Self.pieceBytesMax) {
        try engine.send(bytes, from: start, count: min(Self.pieceBytesMax, bytes.count - start), output: &output)
      }
    } catch {
      return end(error)
    }
    if !output.isEmpty { below?.send(output) }
  }

  func close() {
    events = nil
    if isConnected {
      var output: [UInt8] = []
      engine.close(output: &output)
      if !output.isEmpty { below?.send(output) }
    }
    below?.close()
    below = nil
  }

  private func end(_ failure: TLSFailure) {
    let name = failure.problem == .wrongName ? " than \(expectedName)" : ""
    pass(.refused(.tls(failure.problem, "\(endpoint): \(failure)\(name)")))
  }

  private func pass(_ event: TransportEvent) {
    let events = events
    isConnected = false
    close()
    events?(event)
  }
}

/// A stream that can't be had, for a reason that is known before anything is tried.
final class UnusableTransport: Transport, @unchecked Sendable {
  private var events: (@Sendable (TransportEvent) -> Void)?

  init(_ cause: FailureCause, loop: any ClientLoop, events: @escaping @Sendable (TransportEvent) -> Void) {
    self.events = events
    loop.execute { [weak self] in self?.events?(.refused(cause)) }
  }

  func send(_ bytes: [UInt8]) {}
  func close() { events = nil }
}
