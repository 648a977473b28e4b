import WalletCore
package import WalletSystem
package import WalletWire

/// The server above its sockets and below its store: connections in, requests to the queues, replies out.
///
/// Confined to the queue of its transport. Time and sockets come from outside.
package final class Server: TransportHandler {
  let limits: ServerLimits
  let transport: any Transport
  let time: any TimeSource
  let log: @Sendable (String) -> Void
  let description: ServerDescription
  let schemaDigest: [UInt8]
  let authentication: Authentication
  let decoder: RequestDecoder
  let encoder = ReplyEncoder()
  var queues: ServerQueues?
  var streamQueues: StreamQueues?

  var connections = ConnectionTable()
  /// Connections without a HELLO, oldest first.
  var greeting: [SocketID] = []
  /// Requests read in this round, for the queues in one piece.
  var gathered = Gather<LedgerRequest>()
  /// What `gathered` has meanwhile, while what it had is answered.
  private var spare = Gather<LedgerRequest>()
  /// Connections that a delivery has answers for.
  var touched: [Connection] = []
  var queuedRequests = 0
  var queuedBytes = 0
  /// Of the queued requests, the explanations of balances.
  var explanations = 0
  var outputBytes = 0
  /// In the buffers of connections whose requests haven't arrived whole.
  var inputBytes = 0
  /// By their names.
  var principals: [Text: Principal] = [:]
  /// All who haven't said HELLO.
  let strangers = Principal("")
  let principalLimits: PrincipalLimits
  var logRate = RateBucket()
  var logLinesLeftOut = 0
  /// The last durable place that an answer has told of.
  var lastCommitSeq: Int64 = 0
  var streams = StreamTable()
  /// The last durable place when streams were last woken.
  var wokenAtSeq: Int64 = 0
  var drain: Drain?
  var counters = ServerCounters()
  var calls = CallLog()
  /// Where the ends of verifications are noted.
  package let operations = OperationsBoard()
  /// Monotonic microseconds of this round, delivery or tick: the clock is read once for all that it handles.
  private(set) var now: Int64
  private var isInRound = false

  struct Drain {
    var beganAt: Int64
    var finished: () -> Void
  }

  /// - Parameters:
  ///   - schemaDigest: SHA-256 of the file descriptor set.
  ///   - log: Takes a line for the operator.
  package init(
    limits: ServerLimits, transport: any Transport, time: any TimeSource, description: ServerDescription,
    schemaDigest: [UInt8], authentication: Authentication = .off, log: @escaping @Sendable (String) -> Void
  ) {
    limits.validate()
    self.limits = limits
    principalLimits = PrincipalLimits(limits)
    self.transport = transport
    self.time = time
    now = time.monotonicMicroseconds
    self.description = description
    self.schemaDigest = schemaDigest
    self.authentication = authentication
    self.log = log
    decoder = RequestDecoder(budget: limits.unpackBytesMax, batchBudget: limits.batchUnpackBytesMax)
  }

  /// Must be called before the transport reports anything.
  ///
  /// - Parameters:
  ///   - streams: `nil` where there are none; then their verbs are UNIMPLEMENTED.
  ///   - calls: Which calls are told in the log.
  package func attach(_ queues: ServerQueues, streams: StreamQueues? = nil, calls: CallLogging = .off) {
    self.queues = queues
    streamQueues = streams
    self.calls.logging = calls
  }

  // MARK: Connections come

  package func accepted(_ socket: SocketID, peer: String) {
    readTime()
    let connection = Connection(socket: socket, peer: peer, principal: strangers, now: now)
    counters.connectionsAccepted &+= 1
    connections.insert(connection)
    greeting.append(socket)
    if let oldest = oldestBeyondAddressLimit(peer) {
      evict(oldest)
    } else if greeting.count > limits.greetingConnectionsMax {
      evict(greeting[0])
    } else if connections.count > limits.connectionsMax {
      // Whoever keeps it full without a word mustn't keep others out.
      if greeting[0] != socket { return evict(greeting[0]) }
      putOut(
        connection, Failure(.resourceExhausted, .message("the server has all the connections it may have")))
    }
  }

  /// All programs of this machine, and everything behind a proxy on it, share the loopback address: it has no limit of
  /// its own.
  private func oldestBeyondAddressLimit(_ peer: String) -> SocketID? {
    if SocketAddress.isLoopback(host: peer) { return nil }
    let ofAddress = greeting.filter { connections[$0]?.peer == peer }
    return ofAddress.count > limits.greetingConnectionsOfOneAddressMax ? ofAddress[0] : nil
  }

  private func evict(_ socket: SocketID) {
    guard let connection = connections[socket] else { return }
    // At once, though a handshake may keep the reason from leaving: else those that are put out would count no longer, and be
    // there all the same.
    putOut(
      connection,
      Failure(.resourceExhausted, .message("too many connections wait to say HELLO; this one waited longest")))
  }

  // MARK: Time

  func readTime() { now = time.monotonicMicroseconds }

  private func beginRound() {
    if isInRound { return }
    isInRound = true
    readTime()
  }

  // MARK: Connections have something

  package func ready(_ socket: SocketID, reading: Bool, writing: Bool) {
    beginRound()
    guard let connection = connections[socket] else { return }
    if writing {
      connection.isBlocked = false
      // There is room for replies again, so what has arrived goes on.
      process(connection)
    }
    if reading, connections[socket] != nil { read(connection) }
  }

  package func roundEnded() {
    isInRound = false
    passOnGathered()
    finishDrainIfDone()
  }

  /// Answers what was read or hands it on. An answer may let a connection go on with more that has arrived.
  func passOnGathered() {
    while !gathered.isEmpty, let queues {
      var gather = Gather<LedgerRequest>()
      swap(&gather, &spare)
      swap(&gather, &gathered)
      let isAnswered = queues.ledger.answerOrSubmit(&gather) { completions in
        readTime()
        answer(completions)
        if !streams.noneWaits { wakeStreams() }
      }
      swap(&gather, &spare)
      if !isAnswered { return }
    }
  }

  private func read(_ connection: Connection) {
    guard !connection.isClosing else {
      // Whatever a peer still sends after its CONNECTION_ERROR is of no interest, but its end is.
      var ignored: [UInt8] = []
      if transport.read(connection.socket, into: &ignored, countMax: limits.readBytesMax) == .ended {
        close(connection)
      }
      return
    }
    connection.compactInput()
    switch transport.read(connection.socket, into: &connection.input, countMax: limits.readBytesMax) {
    case .wouldBlock: return
    case .ended: return close(connection)
    case .bytes(let count):
      counters.bytesIn &+= UInt64(count)
      connection.lastHeardAt = now
      process(connection)
    }
  }

  /// Goes through what has arrived, as far as limits let it.
  func process(_ connection: Connection) {
    if !connection.isClosing, !connection.inputIsEmpty { connection.consumeInput(to: consume(connection)) }
    guard connections[connection.socket] != nil else { return }
    countInput(connection)
    flush(connection)
  }

  func countInput(_ connection: Connection) {
    let change = connection.input.capacity - connection.inputBytes
    if change == 0 { return }
    connection.inputBytes += change
    connection.principal.inputBytes += change
    inputBytes += change
    if inputBytes > limits.inputBytesMax || connection.principal.inputBytes > principalLimits.inputBytesMax {
      shedInput(connection.principal)
    }
  }

  /// - Returns: Where the rest begins.
  private func consume(_ connection: Connection) -> Int {
    // Nothing that happens here changes what has arrived.
    let bytes = connection.input
    let input = bytes.span
    var start = connection.inputStart
    connection.hasMore = false
    connection.spareFramesInTurn = 0
    while !connection.isClosing {
      guard mayTakeMore(connection), connection.spareFramesInTurn < Self.spareFramesInTurnMax else {
        connection.hasMore = start < input.count
        break
      }
      do throws(Failure) {
        guard let next = try connection.state.next(in: input, from: start, limits: limits) else {
          connection.frameBeganAt = start < input.count ? connection.frameBeganAt ?? now : nil
          break
        }
        connection.frameBeganAt = nil
        try perform(next.event, input, connection)
        start = next.end
      } catch {
        // Whoever speaks another protocol is told of whatever calls are told.
        if connection.state.phase == .preface, !calls.logging.tells(of: error) {
          logPutOut(connection, error.message, end: .protocolError)
        }
        fail(connection, error)
      }
    }
    return start
  }

  /// Back-pressure: past its limits a connection isn't read. The reply to a batch can be as long as thousands of others,
  /// so one that is expected counts.
  func mayTakeMore(_ connection: Connection) -> Bool {
    connection.state.inFlight.count < limits.requestsInFlightMax
      && connection.outputWaiting < limits.connectionOutputPauseBytes
      && connection.batchReplyBytesExpected < limits.batchResponseBytesMax
      && connection.heldBackUntil == 0
  }

  private func perform(
    _ event: ConnectionState.Event, _ input: Span<UInt8>, _ connection: Connection
  ) throws(Failure) {
    switch event {
    case .nothing: chargeSpareFrame(connection, isControl: true)
    case .hello(let payload): try greet(connection, input.extracting(payload))
    case .request(let header, let payload): request(header, input, payload, connection)
    case .cancel(let requestID):
      // One that takes a request back was paid for with it.
      chargeSpareFrame(connection, isControl: !connection.state.inFlight.contains(requestID))
      cancel(requestID, connection)
    case .ping(let requestID, let payload):
      chargeSpareFrame(connection, isControl: true)
      let header = FrameHeader(type: .pong, requestID: requestID)
      let bytes = payload.map { input[$0] }
      write(connection) { output in output.appendFrame(header, payload: bytes) }
    }
  }

  private func greet(_ connection: Connection, _ payload: Span<UInt8>) throws(Failure) {
    let hello = try ClientHello.decode(payload)
    guard hello.ledgerID.isEmpty || hello.ledgerID.string == description.ledger.ledgerID else {
      throw .invalidArgument("ledger_id", "this server serves another ledger, \(description.ledger.ledgerID)")
    }
    try authenticate(connection, hello)
    try admit(connection, as: connection.origin.actor)
    connection.state.accepted()
    greeting.removeAll { $0 == connection.socket }
    write(connection) { output in
      encoder.appendHelloAck(
        description, connection.origin.access, time: time.wallMicroseconds, schemaDigest: schemaDigest,
        into: &output)
    }
    if drain != nil { sayGoAway(connection) }
  }

  // MARK: Connections go

  /// Says why, and closes.
  func fail(_ connection: Connection, _ failure: Failure) {
    guard !connection.isClosing else { return }
    connection.isClosing = true
    if connection.end == .peer { connection.end = ConnectionEnd(failure.reason) }
    if !connection.isEndLogged { tell(connection, failure) }
    write(connection) { output in encoder.appendConnectionError(failure, into: &output) }
    flush(connection)
  }

  /// - Parameter isUnread: What waits for it is of no use to it: the machine must not keep it either.
  func close(_ connection: Connection, isUnread: Bool = false) {
    guard connections.remove(connection.socket) else { return }
    counters.ended(connection: connection.end)
    if connection.isGreeting { greeting.removeAll { $0 == connection.socket } }
    outputBytes -= connection.outputWaiting
    inputBytes -= connection.inputBytes
    if !connection.streams.isEmpty { dropStreams(of: connection) }
    connection.leavePrincipal()
    // What it had asked for and nobody has begun is dropped.
    if let queues, connection.queuedRequests > 0 {
      for ticket in gathered.remove(where: { $0.socket == connection.socket }) { forget(ticket) }
      for ticket in queues.ledger.drop(connection.socket) + queues.reads.drop(connection.socket) { forget(ticket) }
    }
    if isUnread { transport.abort(connection.socket) } else { transport.close(connection.socket) }
  }

  /// What was counted when it was queued, and won't be answered by a queue.
  func forget(_ ticket: Ticket) {
    queuedRequests -= 1
    queuedBytes -= ticket.byteCount
    if ticket.verb == .explainBalance { explanations -= 1 }
  }
}
