import WalletSystem
import WalletTLS

/// Sends what a phase asks for, on all connections from one thread, and hands it the answers.
///
/// A connection that is lost is opened again, and what it had outstanding is asked for again under the same key, until
/// the outcome is known.
final class Engine<Wire: WireProtocol> {
  /// How long a server may take for an answer before it counts as gone, microseconds.
  let patience: Int64 = 10_000_000
  /// The longest wait for answers.
  let timeoutMilliseconds: Int32 = 20
  let wire: Wire
  let server: String
  let access: BenchAccess
  private let pipe = TLSPipe()
  let time: any TimeSource
  let poller = Poller()
  let batches = BatchPool()
  var connections: [Connection] = []
  /// Operations to send again, by when; the soonest is last.
  var repetitions: [(operation: Operation, due: Int64)] = []
  /// Operations that answers have called for.
  var followUps: [Operation] = []
  /// Operations whose connection was lost and that can't be sent again.
  var abandoned: [Operation] = []
  var outstanding = 0
  var lastAnswerAt: Int64 = 0
  var lostSince: Int64?
  var stallWatch = StallWatch()
  /// The phase has nothing more to ask for.
  var isExhausted = false
  /// Whose turn it is, when operations are due on any connection.
  var turn = 0
  var pacing = Pacing()
  /// Connections with output that wasn't sent, by their tokens.
  var unsent: [Int] = []
  var peer = Peer()
  var connectionsLost = 0
  var repeated = 0

  init(
    _ wire: Wire, _ settings: BenchSettings, _ access: BenchAccess = BenchAccess(), time: any TimeSource
  ) throws(BenchFailure) {
    self.wire = wire
    self.access = access
    self.time = time
    server = settings.server
    ClientSocket.raiseDescriptorLimit()
    for token in 0..<settings.connections {
      let connection = Connection(token: token, depth: settings.slotsPerConnection)
      connections.append(connection)
      try open(connection)
    }
  }

  deinit {
    for connection in connections { connection.channel?.close() }
  }

  /// Operations whose outcome isn't known.
  var unresolved: Int { outstanding + followUps.count + repetitions.count + abandoned.count }

  /// Returns when the phase wants nothing more and everything is answered.
  func run<P: Phase>(_ phase: P) throws(BenchFailure) {
    var buffer = [UInt8](repeating: 0, count: 256 * 1024)
    var now = time.monotonicMicroseconds
    var tickAt = now
    lastAnswerAt = now
    stallWatch = StallWatch()
    isExhausted = false
    if phase.isPaced { pace(phase, now) } else { for connection in connections { advance(connection, phase, now) } }
    while !isExhausted || unresolved > 0 {
      let ready = phase.isPaced ? pausedAndReady() : poller.wait(timeoutMilliseconds: timeoutMilliseconds)
      let wokenAt = time.monotonicMicroseconds
      for index in 0..<ready {
        let event = poller.ready(index)
        if event.token == Poller.timerToken { continue }
        let connection = connections[event.token]
        if event.reading { try read(connection, &buffer, phase) }
        if event.writing { flush(connection) }
      }
      now = time.monotonicMicroseconds
      if phase.isPaced { pace(phase, now) }
      while let operation = abandoned.popLast() { try giveUp(operation, phase) }
      try phase.round(now)
      if now >= tickAt {
        tickAt = now + 100_000
        phase.tick(now)
        try upkeep(phase, now)
      }
      stallWatch.wasAway(since: wokenAt, until: time.monotonicMicroseconds)
    }
    try phase.round(now)
  }

  /// At a fixed rate: how many sockets are ready when the next round is due.
  private func pausedAndReady() -> Int {
    poller.rest(until: pacing.restUntil)
    if pacing.isDueAfterRest { return poller.wait(timeoutMilliseconds: 0) }
    if let due = pacing.nextDue { poller.wake(at: due) }
    return poller.wait(timeoutMilliseconds: timeoutMilliseconds)
  }

  /// Opens again what was lost, wakes connections with room, and notices a server that has fallen silent.
  private func upkeep<P: Phase>(_ phase: P, _ now: Int64) throws(BenchFailure) {
    if let lostSince {
      do throws(BenchFailure) {
        for connection in connections where connection.channel == nil { try open(connection) }
        self.lostSince = nil
        lastAnswerAt = time.monotonicMicroseconds
      } catch {
        if now - lostSince > patience { throw .unreachable("lost the server for 10 s: \(error.message)") }
      }
    }
    repetitions.sort { $0.due > $1.due }
    if !phase.isPaced {
      for connection in connections where connection.outstanding < phase.depth { advance(connection, phase, now) }
    }
    if lostSince == nil, outstanding > 0, now - max(lastAnswerAt, stallWatch.quietSince) > patience {
      throw .unreachable("the server hasn't answered anything for 10 s, with \(outstanding) requests outstanding")
    }
  }

  // MARK: Connections

  private func open(_ connection: Connection) throws(BenchFailure) {
    let deadline = time.monotonicMicroseconds + patience
    let channel = try Channel.open(server, access, pipe: pipe, deadline: deadline, time)
    do throws(BenchFailure) {
      peer = try wire.greet(channel, deadline: deadline, time)
    } catch {
      channel.close()
      throw error
    }
    connection.opened(channel)
    poller.add(channel.descriptor, token: connection.token)
  }

  func lose(_ connection: Connection) {
    guard let channel = connection.channel else { return }
    connectionsLost += 1
    channel.close()
    let now = time.monotonicMicroseconds
    if lostSince == nil { lostSince = now }
    for var operation in connection.lost() {
      outstanding -= 1
      if operation.kind.isMutation { operation.isUnknown = true }
      operation.repetitions += 1
      if Wire.repeats(operation.kind) { repetitions.append((operation, now)) } else { abandoned.append(operation) }
    }
  }
}
