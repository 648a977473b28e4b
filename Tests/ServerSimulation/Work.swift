internal import Synchronization
package import WalletServer

/// Work of the queues, run when the test says so.
package final class Work: Sendable {
  private struct State {
    var pending: [@Sendable () -> Void] = []
    var delivered: [Completions] = []
    var ofStreams: [[StreamDelivery]] = []
  }
  private let state = Mutex(State())

  package init() {}

  package var hasAny: Bool {
    state.withLock { !$0.pending.isEmpty || !$0.delivered.isEmpty || !$0.ofStreams.isEmpty }
  }

  package func add(_ work: @escaping @Sendable () -> Void) { state.withLock { $0.pending.append(work) } }

  package func deliver(_ completions: Completions) { state.withLock { $0.delivered.append(completions) } }

  package func deliver(_ deliveries: [StreamDelivery]) { state.withLock { $0.ofStreams.append(deliveries) } }

  package var hasPending: Bool { state.withLock { !$0.pending.isEmpty } }

  /// - Returns: `false` when there is nothing to do.
  package func runNext() -> Bool {
    guard let work = state.withLock({ $0.pending.isEmpty ? nil : $0.pending.removeFirst() }) else { return false }
    work()
    return true
  }

  /// Forgets all that is to be done.
  package func clear() { state.withLock { $0 = State() } }

  package func runAll() {
    while let work = state.withLock({ $0.pending.isEmpty ? nil : $0.pending.removeFirst() }) { work() }
  }

  package func takeDelivered() -> [Completions] {
    state.withLock { state in
      defer { state.delivered = [] }
      return state.delivered
    }
  }

  package func takeFirstDelivered() -> Completions? {
    state.withLock { $0.delivered.isEmpty ? nil : $0.delivered.removeFirst() }
  }

  package func takeStreamDeliveries() -> [[StreamDelivery]] {
    state.withLock { state in
      defer { state.ofStreams = [] }
      return state.ofStreams
    }
  }
}
