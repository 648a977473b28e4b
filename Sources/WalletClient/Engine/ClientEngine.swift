import Synchronization
import WalletWire

/// Carries calls over connections: sends, waits, tries again, gives up in time.
///
/// `@unchecked Sendable`: everything mutable in it, in its connections and in its calls (but for a call's atomic flag) is
/// touched on the loop only, which does one thing at a time.
final class ClientEngine: @unchecked Sendable {
  let endpoint: WalletEndpoint
  let options: WalletClientOptions
  let environment: ClientEnvironment

  var calls: [UInt64: Call] = [:]
  var slots: [Slot]
  /// Every connection that isn't closed, those included that have left their slot.
  var connections: [UInt64: Connection] = [:]
  var timers = TimerHeap<Timer>()
  private var wakeAt: UInt64?
  private var lastID: UInt64 = 0
  private var isClosed = false

  /// A place for a connection, and the calls that wait for it.
  struct Slot {
    var connection: UInt64?
    var waiting: [UInt64] = []
    /// Failures to connect, one after the other.
    var failures = 0
    var reconnectIsPlanned = false
  }

  enum Timer {
    case deadline(call: UInt64)
    case retry(call: UInt64)
    case reconnect(slot: Int)
    case greeting(connection: UInt64)
    case silence(connection: UInt64)
  }

  init(endpoint: WalletEndpoint, options: WalletClientOptions, environment: ClientEnvironment) {
    self.endpoint = endpoint
    self.options = options
    self.environment = environment
    slots = Array(repeating: Slot(), count: max(1, min(options.connections, 1_024)))
  }

  var now: UInt64 { environment.loop.nowNanoseconds() }

  func nextID() -> UInt64 {
    lastID += 1
    return lastID
  }

  // MARK: Calls

  /// Takes a call. Its completion comes once, on the loop, not long after its deadline at the latest.
  func submit(_ call: Call) {
    environment.loop.assertOnLoop()
    guard !isClosed else { return call.complete(call.state.failure(.clientClosed)) }
    guard !call.isCancelRequested else { return call.complete(call.state.failure(.cancelled)) }
    guard calls.count < options.callsMax else {
      return call.complete(call.state.failure(.tooManyCalls(limit: options.callsMax)))
    }
    call.id = nextID()
    calls[call.id] = call
    plan(.deadline(call: call.id), at: call.deadline)
    dispatch(call)
  }

  /// Cancels a call whose task was cancelled. A mutation that is under way is given a moment, since the server's answer
  /// to CANCEL says what became of it.
  func cancel(_ call: Call) {
    environment.loop.assertOnLoop()
    guard calls[call.id] === call else { return }
    call.state.cancel()
    guard case .inFlight(let id, let request) = call.place, let connection = connections[id] else {
      return finish(call, call.state.failure(.cancelled))
    }
    connection.state.cancel(request: request)
    scheduleFlush(connection)
    guard call.state.isMutation else {
      connection.state.forget(request: request)
      finish(call, call.state.failure(.cancelled))
      return advance(connection)
    }
    call.deadline = min(call.deadline, now + Self.cancelGraceNanoseconds)
    plan(.deadline(call: call.id), at: call.deadline)
  }

  private static let cancelGraceNanoseconds: UInt64 = 500_000_000

  func finish(_ call: Call, _ result: CallResult) {
    calls[call.id] = nil
    call.place = .done
    call.complete(result)
    if timers.count > 1_024, timers.count > 4 * (calls.count + connections.count) { dropStaleTimers() }
  }

  /// Sends a call on the connection with the least to do, or lets it wait for one.
  func dispatch(_ call: Call) {
    let slot = slots.indices.min { load(of: $0) < load(of: $1) } ?? 0
    call.place = .waiting(slot: slot)
    slots[slot].waiting.append(call.id)
    if let connection = connection(of: slot) { advance(connection) } else { ensureConnection(slot) }
  }

  private func load(of slot: Int) -> Int {
    slots[slot].waiting.count + (connection(of: slot)?.state.inFlight ?? 0)
  }

  func connection(of slot: Int) -> Connection? { slots[slot].connection.flatMap { connections[$0] } }

  /// Ends a call or plans its next attempt, as its state decided.
  func follow(_ decision: CallState.Decision, _ call: Call) {
    switch decision {
    case .finish(let result): finish(call, result)
    case .retry(let afterMillis):
      var pause = backoff(failures: call.state.attempts)
      if afterMillis > 0 {
        // Not all at once when many were sent away together.
        pause = UInt64(afterMillis) * 1_000_000
        pause += environment.random() % (pause / 8 + 1)
      }
      guard pause < call.deadline, now < call.deadline - pause else {
        // Waiting for an attempt that can't come would only delay the same answer.
        return finish(call, call.state.failure(call.state.lastCause ?? .timedOut("")))
      }
      call.place = .pausing
      plan(.retry(call: call.id), at: now + pause)
    }
  }

  /// The pause after so many failures: doubling, with a random part so that clients don't come back in step.
  func backoff(failures: Int) -> UInt64 {
    let doubled = options.backoff.nanoseconds.multipliedReportingOverflow(
      by: 1 << UInt64(max(0, min(failures - 1, 20))))
    let pause = min(doubled.overflow ? UInt64.max : doubled.partialValue, options.backoffMax.nanoseconds)
    return pause / 2 + environment.random() % (pause / 2 + 1)
  }

  // MARK: Time

  func plan(_ timer: Timer, at time: UInt64) {
    timers.insert(timer, at: time)
    wake()
  }

  /// Asks the loop for the earliest timer, unless it was asked for one at least as early.
  private func wake() {
    guard let earliest = timers.earliest, wakeAt.map({ earliest < $0 }) ?? true else { return }
    wakeAt = earliest
    environment.loop.execute(atNanoseconds: earliest) { [weak self] in self?.woken(for: earliest) }
  }

  private func woken(for time: UInt64) {
    environment.loop.assertOnLoop()
    if wakeAt == time { wakeAt = nil }
    while let timer = timers.popDue(now: now) { strike(timer) }
    wake()
  }

  private func strike(_ timer: Timer) {
    switch timer {
    case .deadline(let id):
      guard let call = calls[id], call.deadline <= now else { return }
      timeOut(call)
    case .retry(let id):
      guard let call = calls[id], call.place == .pausing else { return }
      dispatch(call)
    case .reconnect(let slot):
      slots[slot].reconnectIsPlanned = false
      dropFinished(from: slot)
      if !slots[slot].waiting.isEmpty { connect(slot) }
    case .greeting(let id):
      guard let connection = connections[id], connection.state.phase == .greeting else { return }
      let step = connection.isConnected ? "no greeting from" : "no connection to"
      fail(
        connection,
        ConnectionState.Failure(cause: .unreachable("\(step) \(endpoint) in time"), isPermanent: false))
    case .silence(let id):
      if let connection = connections[id] { checkSilence(connection) }
    }
  }

  private func timeOut(_ call: Call) {
    switch call.place {
    case .inFlight(let id, let request):
      let connection = connections[id]
      connection?.state.cancel(request: request)
      connection?.state.forget(request: request)
      if let connection { scheduleFlush(connection) }
      finish(call, call.state.timedOut(isInFlight: true))
      if let connection { advance(connection) }
    case .waiting(let slot) where connection(of: slot)?.state.phase != .ready && call.state.lastCause == nil:
      let step = connection(of: slot)?.isConnected == true ? "no greeting from" : "no connection to"
      finish(call, call.state.failure(.unreachable("\(step) \(endpoint) within the call's time")))
    case .waiting, .pausing, .done: finish(call, call.state.timedOut(isInFlight: false))
    }
  }

  private func dropStaleTimers() {
    timers.compact { timer in
      switch timer {
      case .deadline(let id), .retry(let id): calls[id] != nil
      case .reconnect: true
      case .greeting(let id), .silence(let id): connections[id] != nil
      }
    }
  }

  // MARK: End

  func close() {
    environment.loop.assertOnLoop()
    isClosed = true
    for connection in connections.values { connection.transport?.close() }
    connections = [:]
    for slot in slots.indices { slots[slot] = Slot() }
    for call in Array(calls.values) {
      var state = call.state
      // What was sent may still take effect.
      if case .inFlight = call.place { _ = state.lost(.clientClosed, wasSent: true) }
      finish(call, state.failure(.clientClosed))
    }
  }
}

/// One call on its way. All but the flag is touched on the loop only: hence `@unchecked Sendable`.
final class Call: @unchecked Sendable {
  enum Place: Equatable {
    case waiting(slot: Int)
    case inFlight(connection: UInt64, request: UInt32)
    case pausing
    case done
  }

  let method: UInt16
  let payload: [UInt8]
  /// Takes each event of a stream, on the loop; `false` when it takes no more, and the stream is cancelled. `nil` for a call
  /// with one answer.
  let onEvent: (@Sendable ([UInt8]) -> Bool)?
  let complete: @Sendable (CallResult) -> Void
  private let cancelRequested = Atomic<Bool>(false)

  var id: UInt64 = 0
  var state: CallState
  var deadline: UInt64
  var place = Place.pausing

  init(
    method: UInt16, payload: [UInt8], state: CallState, deadline: UInt64,
    onEvent: (@Sendable ([UInt8]) -> Bool)? = nil,
    complete: @escaping @Sendable (CallResult) -> Void
  ) {
    self.method = method
    self.payload = payload
    self.state = state
    self.deadline = deadline
    self.onEvent = onEvent
    self.complete = complete
  }

  /// Set from any thread before the loop hears of the cancellation, which may be before it hears of the call.
  var isCancelRequested: Bool { cancelRequested.load(ordering: .acquiring) }
  func requestCancel() { cancelRequested.store(true, ordering: .releasing) }
}

extension Duration {
  /// Whole nanoseconds, from 0 to about 292 years.
  var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return UInt64(min(seconds, 9_000_000_000)) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
  }
}
