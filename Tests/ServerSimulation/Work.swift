internal import Synchronization
package import WalletServer

/// Work of the queues, run when the test says so.
package final class Work: Sendable {
  private let state = Mutex<(pending: [@Sendable () -> Void], delivered: [Completions])>(([], []))

  package init() {}

  package func add(_ work: @escaping @Sendable () -> Void) { state.withLock { $0.pending.append(work) } }

  package func deliver(_ completions: Completions) { state.withLock { $0.delivered.append(completions) } }

  package func runAll() {
    while let work = state.withLock({ $0.pending.isEmpty ? nil : $0.pending.removeFirst() }) { work() }
  }

  package func takeDelivered() -> [Completions] {
    state.withLock { state in
      defer { state.delivered = [] }
      return state.delivered
    }
  }
}
