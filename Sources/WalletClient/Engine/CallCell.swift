import Synchronization

/// Brings together a call and the cancellation of its task, whichever comes first.
final class CallCell: Sendable {
  private struct State {
    var call: Call?
    var isCancelled = false
  }
  private let state = Mutex(State())

  func set(_ call: Call) {
    let isCancelled = state.withLock { state in
      state.call = call
      return state.isCancelled
    }
    if isCancelled { call.requestCancel() }
  }

  /// The call to cancel, when there is one already; later ones are born cancelled.
  func cancel() -> Call? {
    let call = state.withLock { state in
      state.isCancelled = true
      return state.call
    }
    call?.requestCancel()
    return call
  }
}
