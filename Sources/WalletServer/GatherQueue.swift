import Synchronization
package import WalletCore
package import WalletSystem

/// Whose request it is, and until when.
package struct Ticket: Sendable {
  package var socket: SocketID
  package var requestID: UInt32
  package var verb: Verb
  /// Monotonic microseconds.
  package var deadline: Int64
  /// When the round began in which it was read, on the same clock.
  package var receivedAt: Int64
  package var byteCount: Int
  /// How many requests it counts for in a gather.
  package var weight = 1

  /// Of a place that was emptied: no socket and no request is numbered so, and its time is over.
  static let empty = Ticket(
    socket: SocketID(slot: .max, generation: 0), requestID: 0, verb: .ping, deadline: .min, receivedAt: 0, byteCount: 0,
    weight: 0)

  var isEmpty: Bool { requestID == 0 }
}

/// What a gather holds.
package protocol GatheredRequest: Sendable {
  /// Stands where a request was moved away.
  static var placeholder: Self { get }
  /// It may be answered by a glance.
  var mayBeGlance: Bool { get }
}

extension LedgerRequest: GatheredRequest {
  package static var placeholder: LedgerRequest { .info }

  package var mayBeGlance: Bool {
    switch self {
    case .balance, .guarded(.balance, _, _): true
    default: false
    }
  }
}

extension DeferredRead: GatheredRequest {
  package static var placeholder: DeferredRead { .nothing }

  package var mayBeGlance: Bool { false }
}

/// Requests that go through a queue together, and whose they are.
package struct Gather<Request: GatheredRequest>: Sendable {
  /// One for each request.
  package internal(set) var tickets: [Ticket] = []
  package internal(set) var requests: [Request] = []

  package init() {}

  package var isEmpty: Bool { tickets.isEmpty }
  package var count: Int { tickets.count }
  var weight: Int { tickets.reduce(0) { $0 + $1.weight } }

  package mutating func append(_ ticket: Ticket, _ request: consuming Request) {
    tickets.append(ticket)
    requests.append(request)
  }

  /// Takes over what another one has, which is empty then and keeps its memory. The requests are large, and full of
  /// references: they are moved, since a copy would cost more than it takes to read them from the wire.
  mutating func append(movedFrom other: inout Gather) {
    tickets.append(contentsOf: other.tickets)
    for index in other.requests.indices {
      var request = Request.placeholder
      swap(&request, &other.requests[index])
      requests.append(request)
    }
    other.removeAll()
  }

  /// Its memory stays.
  mutating func removeAll() {
    tickets.removeAll(keepingCapacity: true)
    requests.removeAll(keepingCapacity: true)
  }

  /// Takes those out whose ticket is meant.
  ///
  /// - Returns: Their tickets.
  mutating func remove(where isMeant: (Ticket) -> Bool) -> [Ticket] {
    let removed = tickets.filter(isMeant)
    if removed.isEmpty { return [] }
    var kept = Gather()
    for index in tickets.indices where !isMeant(tickets[index]) { kept.append(tickets[index], requests[index]) }
    self = kept
    return removed
  }

  /// Empties the places of those whose ticket is meant. The others aren't moved: there may be tens of thousands, and whoever
  /// closes connections or cancels as fast as he can would have them moved each time.
  ///
  /// - Returns: Their tickets.
  mutating func empty(where isMeant: (Ticket) -> Bool) -> [Ticket] {
    var removed: [Ticket] = []
    for index in tickets.indices where isMeant(tickets[index]) {
      removed.append(tickets[index])
      tickets[index] = Ticket.empty
      requests[index] = .placeholder
    }
    return removed
  }
}

/// The answers to a gather, in its order.
package struct Completions: Sendable {
  package var tickets: [Ticket]
  package var outcomes: [LedgerOutcome]
  /// For the log, of calls that failed or were slow; in the order of their tickets.
  package var notes: [CallNote] = []
  /// Of the time that the gather took, what its commit did.
  var commitMicroseconds: Int64 = 0
  /// Its queue waits to hear that it was delivered.
  var isAwaited = false

  package init(tickets: [Ticket] = [], outcomes: [LedgerOutcome] = []) {
    self.tickets = tickets
    self.outcomes = outcomes
  }

  package mutating func append(_ ticket: Ticket, _ outcome: LedgerOutcome) {
    tickets.append(ticket)
    outcomes.append(outcome)
  }
}

/// Where requests gather while the ones before them are at work: by being busy, without timers.
///
/// `perform` is called for a gather at a time on the queue that `schedule` leads to, and what it answers goes to
/// `deliver` in one piece. What takes only a glance, and small gathers where that is quicker (`InPlace`), are answered on the
/// caller's thread while nobody performs: at any moment there is one who performs, and each sees all that was done before.
package final class GatherQueue<Request: GatheredRequest>: Sendable {
  package typealias Perform = @Sendable (Gather<Request>) -> Completions
  package typealias Glance = @Sendable (borrowing Gather<Request>) -> Completions?

  private struct State {
    var pending = Gather<Request>()
    /// Somebody performs or will at once: whoever sets it.
    var isScheduled = false
    /// Something was performed since the last tick.
    var wasBusy = false
    /// Whoever performs does it on a caller's thread.
    var isInPlace = false
    /// Answers on their way. Until they are there nothing is performed in place: its answers would overtake them.
    var undelivered = 0
    var usual = UsualGather()
    /// Its commits aside.
    var usualWork = UsualGather()
    /// What waits for a moment in which nobody performs.
    var jobs: [@Sendable () -> Void] = []
    /// Where connections' shares are counted.
    var table: [Int] = []

    /// Takes a gather over; what it gives back is no longer needed.
    mutating func add(_ gather: inout Gather<Request>) {
      if pending.isEmpty { swap(&pending, &gather) } else { pending.append(movedFrom: &gather) }
    }

    /// `false` when somebody performs already.
    mutating func begin() -> Bool {
      if isScheduled { return false }
      isScheduled = true
      wasBusy = true
      return true
    }

    /// - Returns: Whether somebody else must go on.
    mutating func end() -> Bool {
      isInPlace = false
      isScheduled = !pending.isEmpty || !jobs.isEmpty
      return isScheduled
    }
  }

  private let state = Mutex(State())
  private let gatherMax: Int
  private let time: any TimeSource
  private let schedule: @Sendable (@escaping @Sendable () -> Void) -> Void
  private let perform: Perform
  private let takeUnfinished: @Sendable (inout Completions) -> Gather<Request>
  private let glance: Glance
  private let deliver: @Sendable (Completions) -> Void
  private let upkeep: @Sendable (_ isIdle: Bool) -> Bool
  private let linger: Linger?
  private let inPlace: InPlace?

  /// - Parameters:
  ///   - takeUnfinished: Takes out of the answers what has to be asked again: it goes to the end of the queue.
  ///   - glance: Answers a gather at once, or says `nil` when that could take long. Must not wait for anything.
  ///   - upkeep: Called between gathers, when the answers are on their way, and when nothing was asked for a while.
  ///     Answers whether more is to be done in idle time.
  ///   - linger: Waits a little for those who were answered just now. `nil`: nobody does.
  ///   - inPlace: Which gathers are performed by whoever has read them. `nil`: none.
  package init(
    gatherMax: Int, time: any TimeSource, schedule: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
    perform: @escaping Perform,
    takeUnfinished: @escaping @Sendable (inout Completions) -> Gather<Request> = { _ in Gather() },
    glance: @escaping Glance = { _ in nil },
    deliver: @escaping @Sendable (Completions) -> Void,
    upkeep: @escaping @Sendable (_ isIdle: Bool) -> Bool = { _ in false },
    linger: Linger? = nil, inPlace: InPlace? = nil
  ) {
    self.gatherMax = gatherMax
    self.time = time
    self.schedule = schedule
    self.perform = perform
    self.takeUnfinished = takeUnfinished
    self.glance = glance
    self.deliver = deliver
    self.upkeep = upkeep
    self.linger = linger
    self.inPlace = inPlace
  }

  /// Takes the requests over, and gives back an empty gather with memory in it.
  package func submit(_ gather: inout Gather<Request>) {
    let (mustSchedule, count) = state.withLock { state in
      state.add(&gather)
      defer { state.isScheduled = true }
      return (!state.isScheduled, state.pending.count)
    }
    gather.removeAll()
    if mustSchedule { schedule { self.drain() } } else { linger?.noticed(pending: count) }
  }

  /// Answers the requests on the caller's thread where that is quicker than to hand them on: when nobody performs, and a glance
  /// is enough or the gather is small. Else takes them over.
  ///
  /// - Returns: Whether they were answered. Either way the gather is empty then, and keeps its memory.
  package func answerOrSubmit(_ gather: inout Gather<Request>, answer: (Completions) -> Void) -> Bool {
    let mayGlance = mayGlance(gather)
    let isSmall = state.withLock { state -> Bool? in
      let isSmall = state.undelivered == 0 && self.isSmall(gather, state.usual)
      guard mayGlance || isSmall, state.begin() else { return nil }
      state.isInPlace = true
      return isSmall
    }
    guard let isSmall else {
      submit(&gather)
      return false
    }
    var isAnswered = true
    if mayGlance, let completions = glance(gather) {
      answer(completions)
    } else if isSmall {
      _ = performAll(&gather, answer)
    } else {
      state.withLock { $0.add(&gather) }
      isAnswered = false
    }
    gather.removeAll()
    if state.withLock({ $0.end() }) { schedule { self.drain() } }
    return isAnswered
  }

  private func isSmall(_ gather: borrowing Gather<Request>, _ usual: UsualGather) -> Bool {
    guard let inPlace else { return false }
    let weight = gather.weight
    return weight <= gatherMax && inPlace.isMeant(weight, usual: usual)
  }

  /// Answers that are awaited have been delivered.
  func delivered() { state.withLock { $0.undelivered -= 1 } }

  /// Whether a caller's thread performs a gather right now.
  package var isInPlace: Bool { state.withLock { $0.isInPlace } }

  /// Runs a job in a moment in which nobody performs, on the queue that `schedule` leads to.
  package func betweenGathers(_ job: @escaping @Sendable () -> Void) {
    let mustSchedule = state.withLock { state in
      state.jobs.append(job)
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    if mustSchedule { schedule { self.drain() } }
  }

  private func mayGlance(_ gather: borrowing Gather<Request>) -> Bool {
    for index in gather.requests.indices where !gather.requests[index].mayBeGlance { return false }
    let now = time.monotonicMicroseconds
    return gather.tickets.allSatisfy { $0.deadline > now }
  }

  /// Takes a request back that hasn't been taken up.
  ///
  /// - Returns: Its ticket, or `nil` when it is too late.
  package func cancel(_ requestID: UInt32, of socket: SocketID) -> Ticket? {
    state.withLock { state in state.pending.empty { $0.requestID == requestID && $0.socket == socket }.first }
  }

  /// Takes all of a connection's requests back that haven't been taken up.
  ///
  /// - Returns: Their tickets.
  package func drop(_ socket: SocketID) -> [Ticket] {
    state.withLock { state in state.pending.empty { $0.socket == socket } }
  }

  /// Called a few times a second: what was left for idle time is done when nothing was asked since the last call.
  package func tick() {
    let isIdle = state.withLock { state in
      defer { state.wasBusy = false }
      if state.isScheduled || state.wasBusy { return false }
      state.isScheduled = true
      return true
    }
    guard isIdle else { return }
    schedule {
      while self.upkeep(true), self.state.withLock({ $0.pending.isEmpty && $0.jobs.isEmpty }) {}
      self.drain()
    }
  }

  private func drain() {
    var gather = Gather<Request>()
    var jobs: [@Sendable () -> Void] = []
    while take(&gather, &jobs) {
      for job in jobs { job() }
      jobs.removeAll()
      if gather.isEmpty { continue }
      let (answered, microseconds) = performAll(&gather) { completions in
        var completions = completions
        if inPlace != nil {
          completions.isAwaited = true
          state.withLock { $0.undelivered += 1 }
        }
        deliver(completions)
      }
      linger?.wait(answered: answered, tookMicroseconds: microseconds) { self.state.withLock { $0.pending.count } }
    }
  }

  /// By whoever has begun.
  ///
  /// - Returns: How many were answered, and what it took with the upkeep after it.
  private func performAll(_ gather: inout Gather<Request>, _ deliver: (Completions) -> Void) -> (Int, Int64) {
    let now = time.monotonicMicroseconds
    let weight = gather.weight
    var completions: Completions
    if gather.tickets.contains(where: { $0.deadline <= now }) {
      let expired = gather.remove { $0.deadline <= now }
      completions = gather.isEmpty ? Completions() : perform(gather)
      for ticket in expired where !ticket.isEmpty {
        completions.append(
          ticket, .failed(Failure(.deadlineExceeded), commitSeq: LedgerOutcome.placeUnknown, replayed: false))
      }
    } else {
      completions = perform(gather)
    }
    let performed = time.monotonicMicroseconds - now
    state.withLock { state in
      state.usual.note(weight: weight, microseconds: performed)
      state.usualWork.note(weight: weight, microseconds: performed - completions.commitMicroseconds)
    }
    var unfinished = takeUnfinished(&completions)
    // Whoever came meanwhile is before it.
    if !unfinished.isEmpty { submit(&unfinished) }
    let answered = completions.tickets.count
    deliver(completions)
    _ = upkeep(false)
    return (answered, time.monotonicMicroseconds - now)
  }

  /// The next gather, and what was to come before it; `false` when nothing is left, and then the next submission schedules
  /// again.
  private func take(_ gather: inout Gather<Request>, _ jobs: inout [@Sendable () -> Void]) -> Bool {
    gather.removeAll()
    return state.withLock { state in
      swap(&state.jobs, &jobs)
      if state.pending.isEmpty, jobs.isEmpty {
        state.isScheduled = false
        // The next requests gather in memory that is there.
        swap(&state.pending, &gather)
        return false
      }
      // A look between gathers is no load.
      if !state.pending.isEmpty { state.wasBusy = true }
      // What is left is moved once for each full gather, of which there are few.
      let weightMax = GatherLength.weightMax(state.usualWork, most: gatherMax)
      if state.pending.weight > weightMax {
        gather = state.pending.takeFairly(weightMax: weightMax, &state.table)
      } else {
        swap(&state.pending, &gather)
      }
      return true
    }
  }
}
