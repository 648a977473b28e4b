package import WalletTLS

/// TLS between the sockets and the server: what the server writes is encrypted below it, and it reads plaintext. Connections
/// over Unix sockets go through as they are. A server without TLS doesn't have this layer.
///
/// The server needn't know of handshakes: until one is done, reading brings nothing and writing is refused, so that a peer who
/// never finishes is one who never says HELLO. Nothing decrypted is kept here, and of what is encrypted at most one piece for each
/// connection, so the server's bounds hold.
///
/// Confined to the queue of the transport below.
package final class TLSTransport: Transport, TransportHandler {
  /// What is encrypted in one piece: four full records.
  static let pieceBytesMax = 4 * TLSPipe.recordBytesMax
  /// What may wait to be sent on a connection: a piece, or answers to a peer who asks for new keys and reads nothing.
  static let pendingBytesMax = 2 * pieceBytesMax
  /// Steps of handshakes in a round: each takes a third of a millisecond, for which everybody else waits. What is left is reported
  /// again in the next round.
  static let handshakeStepsMax = 8
  /// What a connection takes beside: some 15 KiB while it is idle (measured), and a record in each direction.
  package static let connectionBytesMax = pendingBytesMax + 48 * 1024

  private let below: any Transport
  private weak var handler: (any TransportHandler)?
  private let strangers: TLSStrangers
  private let pipe = TLSPipe()
  private var context: TLSContext
  private var log: LogBudget
  private var sessions: [TLSSession?] = []
  private var handshakeSteps = 0
  /// What was read from a socket, and what is to be written to one: only within a call.
  private var encrypted: [UInt8] = []
  private var output: [UInt8] = []

  /// - Parameters:
  ///   - below: Reports to this object; it may outlive it.
  ///   - log: Takes a line for the operator.
  package init(
    below: any Transport, context: TLSContext, strangers: TLSStrangers, time: any TimeSource,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.below = below
    self.context = context
    self.strangers = strangers
    self.log = LogBudget(time: time, log: log)
  }

  package func report(to handler: any TransportHandler) { self.handler = handler }

  /// New connections get this one; those that are there keep theirs.
  package func replaceContext(_ context: TLSContext) { self.context = context }

  private func session(_ id: SocketID) -> TLSSession? {
    guard Int(id.slot) < sessions.count, let session = sessions[Int(id.slot)], session.socket == id else { return nil }
    return session
  }

  // MARK: From below

  package func accepted(_ socket: SocketID, peer: String) {
    if peer != SocketAddress.localHost {
      while sessions.count <= Int(socket.slot) { sessions.append(nil) }
      sessions[Int(socket.slot)] = TLSSession(socket, peer: peer)
    }
    handler?.accepted(socket, peer: peer)
  }

  package func adopted(_ socket: SocketID, peer: String) { handler?.adopted(socket, peer: peer) }

  package func ready(_ socket: SocketID, reading: Bool, writing: Bool) {
    guard let session = session(socket) else { return report(socket, reading, writing) }
    // What the server has given is its to give again; anything else goes from here.
    if writing, !session.pending.isEmpty, session.coveredCount == 0 {
      _ = flush(session)
      watchBelow(session)
    }
    if !session.isEstablished, !session.hasEnded {
      handshakeSteps += 1
      if handshakeSteps > Self.handshakeStepsMax { return }
    }
    report(socket, reading, writing && session.isWriting)
  }

  private func report(_ socket: SocketID, _ reading: Bool, _ writing: Bool) {
    if reading || writing { handler?.ready(socket, reading: reading, writing: writing) }
  }

  package func roundEnded() {
    handshakeSteps = 0
    handler?.roundEnded()
  }

  // MARK: Reading

  package func read(_ id: SocketID, into buffer: inout [UInt8], countMax: Int) -> ReadResult {
    guard let session = session(id) else { return below.read(id, into: &buffer, countMax: countMax) }
    guard !session.hasEnded else { return .ended }
    encrypted.removeAll(keepingCapacity: true)
    // The rest of a record that has begun before comes to it.
    let room = max(countMax - TLSPipe.recordBytesMax, countMax / 2)
    switch below.read(id, into: &encrypted, countMax: room) {
    case .wouldBlock: return .wouldBlock
    case .ended: return .ended
    case .bytes: return decrypt(session, into: &buffer)
    }
  }

  /// Decrypts all of `encrypted`.
  private func decrypt(_ session: TLSSession, into buffer: inout [UInt8]) -> ReadResult {
    let before = buffer.count
    output.removeAll(keepingCapacity: true)
    do throws(TLSFailure) {
      let engine = try engine(of: session)
      let wasEstablished = engine.isEstablished
      defer { send(session) }
      try engine.receive(encrypted, into: &buffer, output: &output)
      if !wasEstablished, engine.isEstablished { session.isEstablished = true }
      session.hasEnded = engine.hasEnded
    } catch {
      buffer.removeLast(buffer.count - before)
      return fail(session, error)
    }
    if session.pending.count > Self.pendingBytesMax {
      return fail(session, TLSFailure(.other, "it asks for more answers than it reads"))
    }
    if buffer.count > before { return .bytes(buffer.count - before) }
    return session.hasEnded ? .ended : .wouldBlock
  }

  /// Begins with the first bytes: until a peer has sent some, its connection costs nothing here.
  private func engine(of session: TLSSession) throws(TLSFailure) -> TLSEngine {
    if let engine = session.engine { return engine }
    if let answer = strangers.answer(to: encrypted) {
      output = answer
      send(session)
      throw TLSFailure(.noTLS, "it doesn't speak TLS, which this port does")
    }
    let engine = try TLSEngine(context, pipe: pipe)
    session.engine = engine
    return engine
  }

  private func fail(_ session: TLSSession, _ failure: TLSFailure) -> ReadResult {
    session.hasEnded = true
    session.isEstablished = false
    log.say("connection from \(session.peer) closed: \(failure)")
    return .ended
  }

  /// Sends what is in `output`, or keeps it until the socket takes it.
  private func send(_ session: TLSSession) {
    guard !output.isEmpty else { return }
    session.pending.append(contentsOf: output)
    _ = flush(session)
    watchBelow(session)
  }

  // MARK: Writing

  /// Bytes count as written once the socket has all of what they were encrypted to: so what the server counts as waiting
  /// is what waits.
  package func write(_ id: SocketID, _ buffer: [UInt8], from start: Int) -> WriteResult {
    guard let session = session(id) else { return below.write(id, buffer, from: start) }
    guard session.isEstablished, let engine = session.engine else { return .broken }
    if !session.pending.isEmpty {
      let result = flush(session)
      guard case .bytes = result else { return result }
    }
    if session.coveredCount > 0 {
      let count = session.coveredCount
      session.coveredCount = 0
      return .bytes(count)
    }
    let count = min(buffer.count - start, Self.pieceBytesMax)
    guard count > 0 else { return .bytes(0) }
    output.removeAll(keepingCapacity: true)
    do throws(TLSFailure) {
      try engine.send(buffer, from: start, count: count, output: &output)
    } catch {
      _ = fail(session, error)
      return .broken
    }
    return push(session, count)
  }

  /// Sends `output`, which `count` bytes of plaintext were encrypted to.
  private func push(_ session: TLSSession, _ count: Int) -> WriteResult {
    var sent = 0
    while sent < output.count {
      switch below.write(session.socket, output, from: sent) {
      case .bytes(let bytes): sent += bytes
      case .wouldBlock:
        session.pending = Array(output[sent...])
        session.coveredCount = count
        return .wouldBlock
      case .broken: return .broken
      }
    }
    return .bytes(count)
  }

  /// Sends what is pending.
  private func flush(_ session: TLSSession) -> WriteResult {
    while session.pendingStart < session.pending.count {
      switch below.write(session.socket, session.pending, from: session.pendingStart) {
      case .bytes(let count): session.pendingStart += count
      case .wouldBlock: return .wouldBlock
      case .broken: return .broken
      }
    }
    session.pending = []
    session.pendingStart = 0
    return .bytes(0)
  }

  package func watch(_ id: SocketID, reading: Bool, writing: Bool) {
    guard let session = session(id) else { return below.watch(id, reading: reading, writing: writing) }
    session.isReading = reading
    session.isWriting = writing
    watchBelow(session)
  }

  private func watchBelow(_ session: TLSSession) {
    below.watch(session.socket, reading: session.isReading, writing: session.isWriting || !session.pending.isEmpty)
  }

  // MARK: The end

  package func close(_ id: SocketID) {
    if let session = session(id) {
      // Behind a record that is half sent nothing else may come.
      if session.isEstablished, session.pending.isEmpty, let engine = session.engine {
        output.removeAll(keepingCapacity: true)
        engine.close(output: &output)
        // A peer that doesn't take it learns it by the end of the connection.
        if !output.isEmpty { _ = below.write(id, output, from: 0) }
      }
      sessions[Int(id.slot)] = nil
    }
    below.close(id)
  }

  package func stopListening() { below.stopListening() }

  package func identity(of id: SocketID) -> PeerIdentity {
    guard let session = session(id) else { return below.identity(of: id) }
    return session.engine?.peerNames.map { .certificate(names: $0) } ?? .unknown
  }
}

/// One connection with TLS.
final class TLSSession {
  let socket: SocketID
  let peer: String
  /// `nil` until the first bytes are there.
  var engine: TLSEngine?
  /// The server may write.
  var isEstablished = false
  /// There is nothing more to be read.
  var hasEnded = false
  /// Encrypted and not sent, from `pendingStart` on.
  var pending: [UInt8] = []
  var pendingStart = 0
  /// How many bytes of the server's output the end of `pending` stands for: they count as written once it is sent.
  var coveredCount = 0
  /// What the server wants to be told of.
  var isReading = true
  var isWriting = false

  init(_ socket: SocketID, peer: String) {
    self.socket = socket
    self.peer = peer
  }
}
