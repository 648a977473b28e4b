import Synchronization

extension WalletClient {
  /// Waits before another attempt; a cancelled task waits no longer.
  func pause(failures: Int, atLeastMillis millis: UInt32) async {
    let wakeUp = WakeUp()
    let nanoseconds = pauseNanoseconds(failures: failures, atLeastMillis: millis)
    await withTaskCancellationHandler {
      await withCheckedContinuation { sleeper in
        wakeUp.set(sleeper)
        wake(afterNanoseconds: nanoseconds) { wakeUp.now() }
      }
    } onCancel: {
      wakeUp.now()
    }
  }
}

/// Wakes a sleeper once, whoever calls first.
private final class WakeUp: Sendable {
  private struct State {
    var sleeper: CheckedContinuation<Void, Never>?
    var hasCome = false
  }
  private let state = Mutex(State())

  func set(_ sleeper: CheckedContinuation<Void, Never>) {
    let hasCome = state.withLock { state in
      if !state.hasCome { state.sleeper = sleeper }
      return state.hasCome
    }
    if hasCome { sleeper.resume() }
  }

  func now() {
    let sleeper = state.withLock { state in
      state.hasCome = true
      defer { state.sleeper = nil }
      return state.sleeper
    }
    sleeper?.resume()
  }
}
