import WalletWire

/// One connection of the engine; on the loop only.
final class Connection {
  let id: UInt64
  let slot: Int
  var state: ConnectionState
  var transport: (any Transport)?
  var isConnected = false
  var flushIsScheduled = false
  /// Since when nothing came while something was awaited.
  var quietSince: UInt64
  var silenceIsWatched = false
  var hasCarriedCalls = false
  var pingIsOut = false

  init(id: UInt64, slot: Int, state: ConnectionState, now: UInt64) {
    self.id = id
    self.slot = slot
    self.state = state
    quietSince = now
  }
}

extension ClientEngine {
  // MARK: Connecting

  /// Sees to it that a slot with waiting calls gets a connection, now or after its pause.
  func ensureConnection(_ slot: Int) {
    guard slots[slot].connection == nil, !slots[slot].reconnectIsPlanned else { return }
    if slots[slot].failures == 0 { return connect(slot) }
    slots[slot].reconnectIsPlanned = true
    plan(.reconnect(slot: slot), at: now + backoff(failures: slots[slot].failures))
  }

  func connect(_ slot: Int) {
    guard slots[slot].connection == nil else { return }
    let hello: [UInt8]
    do throws(TokenFile.Unusable) {
      hello = try makeHello()
    } catch {
      disappoint(slot, ConnectionState.Failure(cause: .invalidRequest("\(error)"), isPermanent: true))
      return dropFinished(from: slot)
    }
    let connection = Connection(id: nextID(), slot: slot, state: ConnectionState(hello: hello), now: now)
    let id = connection.id
    connections[id] = connection
    slots[slot].connection = id
    let timeout = options.connectTimeout.nanoseconds
    connection.transport = environment.openTransport(endpoint, timeout) { [weak self] event in
      self?.handle(event, connection: id)
    }
    plan(.greeting(connection: id), at: now + timeout)
  }

  private func makeHello() throws(TokenFile.Unusable) -> [UInt8] {
    guard let path = options.tokenFile else { return RequestEncoding.hello(options) }
    var options = options
    options.token = try environment.readToken(path)
    return RequestEncoding.hello(options)
  }

  private func handle(_ event: TransportEvent, connection id: UInt64) {
    environment.loop.assertOnLoop()
    guard let connection = connections[id] else { return }
    switch event {
    case .connected:
      connection.isConnected = true
      flush(connection)
    case .received(let bytes):
      connection.quietSince = now
      connection.pingIsOut = false
      for event in connection.state.received(bytes) { handle(event, connection) }
      if connections[id] != nil { scheduleFlush(connection) }
    case .closed(let why):
      let cause: FailureCause =
        connection.state.phase == .greeting ? .unreachable("\(endpoint): \(why)") : .connectionLost(why)
      fail(connection, ConnectionState.Failure(cause: cause, isPermanent: false))
    case .refused(let cause):
      let isGreeting = connection.state.phase == .greeting
      fail(
        connection,
        ConnectionState.Failure(
          cause: isGreeting ? cause : .connectionLost(cause.description), isPermanent: isGreeting))
    }
  }

  private func handle(_ event: ConnectionState.Event, _ connection: Connection) {
    switch event {
    case .ready:
      advance(connection)
    case .response(let id, let response):
      // Not before: a server that greets and leaves again and again must not be met without a pause.
      slots[connection.slot].failures = 0
      if let call = calls[id] { answer(call, response) }
      advance(connection)
    case .event(let id, let payload):
      slots[connection.slot].failures = 0
      if let call = calls[id] { take(payload, of: call) }
    case .leaving:
      leave(connection)
    case .failed(let failure):
      fail(connection, failure)
    }
  }

  private func answer(_ call: Call, _ response: ConnectionState.Response) {
    if response.status == 0 {
      return finish(
        call,
        .reply(
          response.payload, replayed: response.flags.contains(.replayed), afterUnknown: call.state.anyUnknown))
    }
    let rejection = Rejection(
      payload: response.payload, status: response.status, replayed: response.flags.contains(.replayed),
      retryAfterMillis: response.retryAfterMillis)
    follow(call.state.refused(rejection, notExecuted: response.flags.contains(.notExecuted)), call)
  }

  /// An event of a stream. From the first one on the stream has no deadline.
  private func take(_ event: [UInt8], of call: Call) {
    guard let onEvent = call.onEvent else { return }
    call.state.eventCame()
    call.deadline = .max
    if !onEvent(event) { cancel(call) }
  }

  // MARK: Sending

  func send(_ call: Call, on connection: Connection) {
    if let limit = connection.state.requestBytesMax(method: call.method), call.payload.count > limit {
      return finish(
        call, call.state.failure(.invalidRequest("\(call.payload.count) bytes, above the server's limit of \(limit)")))
    }
    if connection.state.inFlight == 0 { connection.quietSince = now }
    connection.hasCarriedCalls = true
    call.state.attemptBegan()
    let request = connection.state.send(
      call: call.id, method: call.method, payload: call.payload, deadlineMillis: serverDeadlineMillis(call))
    call.place = .inFlight(connection: connection.id, request: request)
    scheduleFlush(connection)
    watchSilence(connection)
  }

  /// A little less than what is left, so that the server's "too late" arrives before the client stops waiting: it is an
  /// answer, where silence leaves the outcome unknown.
  private func serverDeadlineMillis(_ call: Call) -> UInt32 {
    let left = (call.deadline > now ? call.deadline - now : 0) / 1_000_000
    return UInt32(clamping: max(1, left - min(left / 8, 250)))
  }

  /// Sends what waits for this connection while there is room, and closes it when it has left and nothing is awaited.
  func advance(_ connection: Connection) {
    guard connections[connection.id] != nil else { return }
    if connection.state.phase == .leaving, connection.state.inFlight == 0 {
      flush(connection)
      connection.transport?.close()
      connections[connection.id] = nil
      return
    }
    let slot = connection.slot
    guard connection.state.hasRoom, !slots[slot].waiting.isEmpty else { return }
    var sent = 0
    for id in slots[slot].waiting {
      guard connection.state.hasRoom else { break }
      sent += 1
      if let call = calls[id], call.place == .waiting(slot: slot) { send(call, on: connection) }
    }
    slots[slot].waiting.removeFirst(sent)
  }

  /// Calls made in one turn of the loop, or close together, leave in one piece.
  func scheduleFlush(_ connection: Connection) {
    guard !connection.flushIsScheduled else { return }
    connection.flushIsScheduled = true
    environment.loop.execute { [weak self, id = connection.id] in
      guard let self, let connection = self.connections[id] else { return }
      connection.flushIsScheduled = false
      self.flush(connection)
    }
  }

  private func flush(_ connection: Connection) {
    guard connection.isConnected else { return }
    let bytes = connection.state.takeOutbound()
    if !bytes.isEmpty { connection.transport?.send(bytes) }
  }

  // MARK: Ending

  /// GOAWAY: calls in flight finish here, others go to a new connection.
  private func leave(_ connection: Connection) {
    let slot = connection.slot
    if slots[slot].connection == connection.id {
      slots[slot].connection = nil
      if !connection.hasCarriedCalls {
        disappoint(slot, ConnectionState.Failure(cause: .unreachable("\(endpoint) is leaving"), isPermanent: false))
      }
      dropFinished(from: slot)
      if !slots[slot].waiting.isEmpty { ensureConnection(slot) }
    }
    advance(connection)
  }

  func fail(_ connection: Connection, _ failure: ConnectionState.Failure) {
    let wasGreeted = connection.state.limits != nil
    connection.transport?.close()
    connections[connection.id] = nil
    let slot = connection.slot
    let wasCurrent = slots[slot].connection == connection.id
    if wasCurrent { slots[slot].connection = nil }

    for id in connection.state.calls {
      guard let call = calls[id] else { continue }
      follow(call.state.lost(failure.cause, wasSent: true), call)
    }
    guard wasCurrent else { return }
    if !wasGreeted { disappoint(slot, failure) }
    dropFinished(from: slot)
    if !slots[slot].waiting.isEmpty { ensureConnection(slot) }
  }

  /// Counts a failure to connect, for the slot and for each call that waited for it.
  private func disappoint(_ slot: Int, _ failure: ConnectionState.Failure) {
    slots[slot].failures += 1
    for id in slots[slot].waiting {
      guard let call = calls[id], call.place == .waiting(slot: slot) else { continue }
      if let result = call.state.unconnected(failure.cause, isPermanent: failure.isPermanent) { finish(call, result) }
    }
  }

  func dropFinished(from slot: Int) {
    slots[slot].waiting.removeAll { calls[$0]?.place != .waiting(slot: slot) }
  }

  // MARK: Silence

  private func watchSilence(_ connection: Connection) {
    guard !connection.silenceIsWatched else { return }
    connection.silenceIsWatched = true
    plan(.silence(connection: connection.id), at: now + options.silenceMax.nanoseconds)
  }

  /// A peer that vanished without a word leaves its connection open for hours; asking tells.
  func checkSilence(_ connection: Connection) {
    connection.silenceIsWatched = false
    guard connection.state.inFlight > 0 else { return }
    let quiet = now - connection.quietSince
    let silenceMax = options.silenceMax.nanoseconds
    if connection.pingIsOut, quiet >= 2 * silenceMax {
      return fail(
        connection,
        ConnectionState.Failure(cause: .connectionLost("\(endpoint) gave no sign of life"), isPermanent: false))
    }
    if quiet >= silenceMax, !connection.pingIsOut {
      connection.pingIsOut = true
      connection.state.ping()
      scheduleFlush(connection)
    }
    connection.silenceIsWatched = true
    let next = connection.quietSince + (connection.pingIsOut ? 2 : 1) * silenceMax
    plan(.silence(connection: connection.id), at: max(next, now + 1_000_000))
  }
}
