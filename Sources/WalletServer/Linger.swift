internal import Synchronization
package import WalletSystem

/// A short wait before a gather begins while others are at work, for those who were answered just now: most of them ask again at
/// once, and without it they would always miss the commit that begins right then. Two halves of the clients would take turns, each
/// waiting for the other's commit and for its own.
///
/// It waits at most a share of what the gather before took, so where syncs are quick it hardly waits; and where nobody comes it
/// stops trying for a while. A single caller never waits: it is answered, and then nothing is pending.
package final class Linger: Sendable {
  /// Of the time that the gather before took.
  package static let share: Int64 = 3
  /// Below it waking up takes longer than the wait.
  package static let microsecondsMin: Int64 = 60
  /// How many gathers it sits out, at most, after it waited in vain again and again.
  private static let pauseMax = 256

  private struct State {
    /// How many must be there to end the wait; `nil` while nobody waits.
    var wanted: Int?
    var pause = 1
    var toSkip = 0
  }

  private let state = Mutex(State())
  private let enough = TimedSemaphore()

  private let microsecondsMax: Int64
  private let sleep: Sleep

  /// Waits for the semaphore, but no longer than so many microseconds.
  ///
  /// Whether it was signalled.
  package typealias Sleep = @Sendable (TimedSemaphore, _ microseconds: Int64) -> Bool

  package static let realSleep: Sleep = { semaphore, microseconds in semaphore.wait(microseconds: microseconds) }

  package init(microsecondsMax: Int64, sleep: @escaping Sleep = Linger.realSleep) {
    self.microsecondsMax = microsecondsMax
    self.sleep = sleep
  }

  /// On the queue that performs.
  ///
  /// - Parameters:
  ///   - answered: How many the last gather answered.
  ///   - tookMicroseconds: What it took.
  ///   - pending: How many wait now.
  func wait(answered: Int, tookMicroseconds: Int64, pending: () -> Int) {
    let there = pending()
    let microseconds = min(tookMicroseconds / Self.share, microsecondsMax)
    guard there > 0, answered > 0, microseconds >= Self.microsecondsMin else { return }
    let wanted = there + answered
    let mayWait = state.withLock { state in
      if state.toSkip > 0 {
        state.toSkip -= 1
        return false
      }
      state.wanted = wanted
      return true
    }
    guard mayWait else { return }
    // Those who came between the look and the wish weren't compared with it.
    let hasWaited = pending() < wanted && sleep(enough, microseconds)
    let came = pending() - there
    let wasSignalled = state.withLock { state in
      defer { state.wanted = nil }
      // Worth it when half of them came.
      if came >= (answered + 1) / 2 {
        state.pause = 1
      } else {
        state.toSkip = state.pause
        state.pause = min(state.pause * 2, Self.pauseMax)
      }
      return state.wanted == nil
    }
    // It is there or on its way, and must not end the next wait.
    if wasSignalled, !hasWaited { enough.wait() }
  }

  /// On whichever queue adds requests.
  func noticed(pending: Int) {
    let isEnough = state.withLock { state in
      guard let wanted = state.wanted, pending >= wanted else { return false }
      state.wanted = nil
      return true
    }
    if isEnough { enough.signal() }
  }
}
