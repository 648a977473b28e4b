import Synchronization
package import WalletCore
package import WalletSystem

/// One request on its way through a queue.
package struct Submission<Request: Sendable>: Sendable {
  package var socket: SocketID
  package var requestID: UInt32
  package var verb: Verb
  package var request: Request
  /// Monotonic microseconds.
  package var deadline: Int64
  package var byteCount: Int
  /// How many requests it counts for in a gather.
  package var weight = 1
}

/// The answer to a submission.
package struct Completion: Sendable {
  package var socket: SocketID
  package var requestID: UInt32
  package var verb: Verb
  package var outcome: LedgerOutcome
  package var byteCount: Int
}

/// Where requests gather while the ones before them are at work: by being busy, without timers.
///
/// `perform` is called for a gather at a time on the queue that `schedule` leads to, and what it answers goes to
/// `deliver` in one piece.
package final class GatherQueue<Request: Sendable>: Sendable {
  package typealias Perform = @Sendable ([Submission<Request>]) -> [Completion]

  private struct State {
    var pending: [Submission<Request>] = []
    var isScheduled = false
  }

  private let state = Mutex(State())
  private let gatherMax: Int
  private let time: any TimeSource
  private let schedule: @Sendable (@escaping @Sendable () -> Void) -> Void
  private let perform: Perform
  private let deliver: @Sendable ([Completion]) -> Void
  /// Called between gathers, when the answers are on their way.
  private let afterwards: @Sendable () -> Void

  package init(
    gatherMax: Int, time: any TimeSource, schedule: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
    perform: @escaping Perform, deliver: @escaping @Sendable ([Completion]) -> Void,
    afterwards: @escaping @Sendable () -> Void = {}
  ) {
    self.gatherMax = gatherMax
    self.time = time
    self.schedule = schedule
    self.perform = perform
    self.deliver = deliver
    self.afterwards = afterwards
  }

  package func submit(_ submissions: [Submission<Request>]) {
    let mustSchedule = state.withLock { state in
      state.pending.append(contentsOf: submissions)
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    if mustSchedule { schedule { self.drain() } }
  }

  /// Takes a request back that hasn't been taken up.
  ///
  /// - Returns: Its size, or `nil` when it is too late.
  package func cancel(_ requestID: UInt32, of socket: SocketID) -> Int? {
    state.withLock { state in
      let index = state.pending.firstIndex { $0.requestID == requestID && $0.socket == socket }
      return index.map { state.pending.remove(at: $0).byteCount }
    }
  }

  /// Takes all of a connection's requests back that haven't been taken up.
  ///
  /// - Returns: Their count and size.
  package func drop(_ socket: SocketID) -> (count: Int, byteCount: Int) {
    state.withLock { state in
      let dropped = state.pending.filter { $0.socket == socket }
      if !dropped.isEmpty { state.pending.removeAll { $0.socket == socket } }
      return (dropped.count, dropped.reduce(0) { $0 + $1.byteCount })
    }
  }

  private func drain() {
    while let gathered = take() {
      let now = time.monotonicMicroseconds
      let expired = gathered.filter { $0.deadline <= now }
      var completions = expired.map {
        $0.completion(.failed(Failure(.deadlineExceeded), commitSeq: 0, replayed: false))
      }
      let due = expired.isEmpty ? gathered : gathered.filter { $0.deadline > now }
      if !due.isEmpty { completions += perform(due) }
      deliver(completions)
      afterwards()
    }
  }

  /// The next gather; `nil` when nothing is left, and then the next submission schedules again.
  private func take() -> [Submission<Request>]? {
    state.withLock { state in
      if state.pending.isEmpty {
        state.isScheduled = false
        return nil
      }
      var weight = 0
      // A request that is heavier than a gather is one alone.
      let end = state.pending.firstIndex { submission in
        weight += submission.weight
        return weight > gatherMax && weight > submission.weight
      }
      guard let end else {
        defer { state.pending = [] }
        return state.pending
      }
      // What is left is moved once for each full gather, of which there are few.
      let gathered = Array(state.pending.prefix(end))
      state.pending.removeFirst(end)
      return gathered
    }
  }
}

extension Submission {
  package func completion(_ outcome: LedgerOutcome) -> Completion {
    Completion(socket: socket, requestID: requestID, verb: verb, outcome: outcome, byteCount: byteCount)
  }
}
