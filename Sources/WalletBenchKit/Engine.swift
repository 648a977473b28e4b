import WalletCore
import WalletSystem
import WalletWire

/// The closed loop: sends what a phase asks for, on all connections from one thread, and hands it the answers.
///
/// A connection that is lost is opened again, and what it had outstanding is asked for again under the same key, until
/// the outcome is known.
final class Engine {
  /// Repetitions, 100 ms apart, after which an outcome counts as unknowable.
  private static let repetitionsMax = 100
  private static let repetitionPause: Int64 = 100_000

  private let handshake: Handshake
  private let time: any TimeSource
  private let encoder: RequestEncoder
  private let poller = Poller()
  private var connections: [Connection] = []
  /// Operations to send again, by when.
  private var repetitions: [(operation: Operation, due: Int64)] = []
  private var outstanding = 0
  private var lastAnswerAt: Int64 = 0
  private var lostSince: Int64?
  /// The phase has nothing more to ask for.
  private var isExhausted = false
  private(set) var serverName = ""
  private(set) var connectionsLost = 0
  private(set) var repeated = 0

  init(_ settings: BenchSettings, runID: String, time: any TimeSource) throws(BenchFailure) {
    handshake = Handshake(server: settings.server)
    self.time = time
    encoder = RequestEncoder(runID: runID)
    ClientSocket.raiseDescriptorLimit()
    for token in 0..<settings.connections {
      let connection = Connection(token: token, depth: settings.pipelineDepth)
      try open(connection)
      connections.append(connection)
    }
  }

  deinit {
    for connection in connections { if let descriptor = connection.descriptor { ClientSocket.close(descriptor) } }
  }

  /// Operations whose outcome isn't known.
  var unresolved: Int { outstanding + repetitions.count }

  /// Returns when the phase wants nothing more and everything is answered.
  func run<P: Phase>(_ phase: P) throws(BenchFailure) {
    var buffer = [UInt8](repeating: 0, count: 256 * 1024)
    var now = time.monotonicMicroseconds
    var tickAt = now
    lastAnswerAt = now
    isExhausted = false
    for connection in connections { advance(connection, phase, now) }
    while !isExhausted || outstanding > 0 || !repetitions.isEmpty {
      let ready = poller.wait(timeoutMilliseconds: 20)
      for index in 0..<ready {
        let event = poller.ready(index)
        let connection = connections[event.token]
        if event.reading { try read(connection, &buffer, phase) }
        if event.writing { flush(connection) }
      }
      now = time.monotonicMicroseconds
      if now >= tickAt {
        tickAt = now + 100_000
        phase.tick(now)
        try upkeep(phase, now)
      }
    }
  }

  // MARK: Sending

  /// Sends as much as the phase and its depth allow.
  private func advance<P: Phase>(_ connection: Connection, _ phase: P, _ now: Int64) {
    guard connection.descriptor != nil else { return }
    while !connection.isLeaving, connection.outstanding < phase.depth {
      guard var operation = dueRepetition(now) ?? phase.next(now) else {
        isExhausted = true
        break
      }
      if operation.repetitions == 0 { operation.sentAt = now }
      let id = connection.keep(operation)
      outstanding += 1
      encoder.append(operation, requestID: id, to: &connection.output)
    }
    flush(connection)
  }

  private func dueRepetition(_ now: Int64) -> Operation? {
    guard let last = repetitions.last, last.due <= now else { return nil }
    repeated += 1
    return repetitions.removeLast().operation
  }

  private func flush(_ connection: Connection) {
    guard let descriptor = connection.descriptor else { return }
    while connection.outputStart < connection.output.count {
      guard let count = ClientSocket.send(descriptor, connection.output, from: connection.outputStart) else {
        if !connection.isBlocked { poller.watch(descriptor, writing: true, token: connection.token) }
        connection.isBlocked = true
        return
      }
      if count < 0 { return lose(connection) }
      connection.outputStart += count
    }
    connection.output.removeAll(keepingCapacity: true)
    connection.outputStart = 0
    if connection.isBlocked { poller.watch(descriptor, writing: false, token: connection.token) }
    connection.isBlocked = false
  }

  // MARK: Receiving

  private func read<P: Phase>(_ connection: Connection, _ buffer: inout [UInt8], _ phase: P) throws(BenchFailure) {
    // Lost earlier in the same round.
    guard let descriptor = connection.descriptor else { return }
    guard let count = ClientSocket.receive(descriptor, into: &buffer) else { return }
    guard count > 0 else { return lose(connection) }
    let now = time.monotonicMicroseconds
    if connection.input.isEmpty {
      let used = try consume(connection, buffer.span.extracting(0..<count), phase, now)
      connection.input.append(contentsOf: buffer[used..<count])
    } else {
      var input: [UInt8] = []
      swap(&input, &connection.input)
      input.append(contentsOf: buffer[..<count])
      let used = try consume(connection, input.span, phase, now)
      input.removeFirst(used)
      swap(&input, &connection.input)
    }
    advance(connection, phase, now)
  }

  /// - Returns: The bytes of whole frames.
  private func consume<P: Phase>(
    _ connection: Connection, _ bytes: Span<UInt8>, _ phase: P, _ now: Int64
  ) throws(BenchFailure) -> Int {
    var start = 0
    while true {
      let found: FrameSlice?
      do throws(FrameError) {
        found = try FrameParser.frame(in: bytes, from: start, frameBytesMax: Handshake.frameBytesMax)
      } catch {
        throw .unreachable("the server sent bytes that are not a frame: \(error)")
      }
      guard let slice = found else { return start }
      start = slice.end
      switch slice.header.type {
      case .response:
        guard let operation = connection.take(slice.header.requestID) else {
          throw .unreachable("the server answered request \(slice.header.requestID), which isn't in flight")
        }
        outstanding -= 1
        lastAnswerAt = now
        if slice.header.code == 0 {
          try phase.succeeded(operation, slice.header, bytes, slice.payload, now)
        } else {
          try refused(operation, slice, bytes, phase, now)
        }
      case .goAway: connection.isLeaving = true
      case .ping: connection.output.appendFrame(FrameHeader(type: .pong), payload: slice.payload.map { bytes[$0] })
      case .connectionError:
        throw .unreachable("the server closed a connection: \(ReplyReader.text(2, bytes, slice.payload))")
      default: throw .unreachable("the server sent a frame of type \(slice.header.type.rawValue)")
      }
    }
  }

  private func refused<P: Phase>(
    _ operation: Operation, _ slice: FrameSlice, _ bytes: Span<UInt8>, _ phase: P, _ now: Int64
  ) throws(BenchFailure) {
    guard let refusal = ReplyReader.refusal(bytes, slice.payload) else { throw .malformed(operation) }
    var operation = operation
    let isRemembered = refusal.reason?.isRemembered ?? false
    // Without the promise the mutation may still have happened; and once one attempt was left open, only a remembered
    // refusal closes it (proto/WIRE.md).
    if operation.kind.isMutation, !slice.header.flags.contains(.notExecuted) { operation.isUnknown = true }
    let isKnown = !operation.isUnknown || isRemembered
    let mayPass = refusal.reason.map(Self.passing.contains) ?? false
    if isKnown, !(phase.insists && mayPass) { return try phase.refused(operation, refusal, now) }
    try repeatLater(operation, phase, due: now + max(Self.repetitionPause, Int64(slice.header.millis) * 1000))
  }

  private static let passing: Set<ErrorReason> = [.resourceExhausted, .unavailable, .deadlineExceeded, .cancelled]

  private func repeatLater<P: Phase>(_ operation: Operation, _ phase: P, due: Int64) throws(BenchFailure) {
    var operation = operation
    operation.repetitions += 1
    if operation.repetitions > Self.repetitionsMax { return try phase.gaveUp(operation) }
    repetitions.append((operation, due))
  }

  // MARK: Connections

  private func open(_ connection: Connection) throws(BenchFailure) {
    let (descriptor, name) = try handshake.open(time)
    serverName = name
    connection.opened(descriptor)
    poller.add(descriptor, token: connection.token)
  }

  private func lose(_ connection: Connection) {
    guard let descriptor = connection.descriptor else { return }
    connectionsLost += 1
    ClientSocket.close(descriptor)
    let now = time.monotonicMicroseconds
    if lostSince == nil { lostSince = now }
    for var operation in connection.lost() {
      outstanding -= 1
      if operation.kind.isMutation { operation.isUnknown = true }
      operation.repetitions += 1
      repetitions.append((operation, now))
    }
  }

  /// Opens again what was lost, wakes connections with room, and notices a server that has fallen silent.
  private func upkeep<P: Phase>(_ phase: P, _ now: Int64) throws(BenchFailure) {
    if let lostSince {
      do throws(BenchFailure) {
        for connection in connections where connection.descriptor == nil { try open(connection) }
        self.lostSince = nil
        lastAnswerAt = time.monotonicMicroseconds
      } catch {
        if now - lostSince > Handshake.patience { throw .unreachable("lost the server for 10 s: \(error.message)") }
      }
    }
    // The soonest is taken first, from the end.
    repetitions.sort { $0.due > $1.due }
    for connection in connections where connection.outstanding < phase.depth { advance(connection, phase, now) }
    if lostSince == nil, outstanding > 0 || !isExhausted, now - lastAnswerAt > Handshake.patience {
      throw .unreachable("the server hasn't answered anything for 10 s, with \(outstanding) requests outstanding")
    }
  }
}
