import Dispatch
import Synchronization
import Testing

@testable import WalletServer

/// When a gather waits for those who were answered just now, and for how long. Nobody sleeps here: `Waits` stands for it.
struct LingerTests {
  /// Records each wait and says how it ends.
  private final class Waits: Sendable {
    private struct State {
      var lengths: [Int64] = []
      /// Words that were there before anybody could have come.
      var leftovers = 0
      var comes = 0
      var linger: Linger?
    }

    private let state = Mutex(State())

    var lengths: [Int64] { state.withLock { $0.lengths } }

    /// So many requests wait while it sleeps.
    func comes(_ pending: Int) { state.withLock { $0.comes = pending } }

    var leftovers: Int { state.withLock { $0.leftovers } }

    func linger(max: Int64 = 2_000, endsLate: Bool = false) -> Linger {
      let linger = Linger(microsecondsMax: max) { semaphore, microseconds in
        let isLeftOver = semaphore.wait(microseconds: 0)
        let (comes, linger) = self.state.withLock { state in
          state.lengths.append(microseconds)
          if isLeftOver { state.leftovers += 1 }
          return (state.comes, state.linger)
        }
        linger?.noticed(pending: comes)
        return !endsLate && semaphore.wait(microseconds: 0)
      }
      state.withLock { $0.linger = linger }
      return linger
    }
  }

  /// Four wait, eight were answered; `come` are there when it looks for the second time.
  private func gather(_ linger: Linger, _ waits: Waits, took: Int64 = 3_000, come: Int) {
    var looks = 0
    waits.comes(come)
    linger.wait(answered: 8, tookMicroseconds: took) {
      looks += 1
      return looks <= 2 ? 4 : come
    }
  }

  @Test("it waits a third of what the gather before took, and no longer than it may")
  func waitsAShare() {
    let waits = Waits()
    let linger = waits.linger(max: 2_000)
    gather(linger, waits, took: 900, come: 12)
    gather(linger, waits, took: 60_000, come: 12)
    #expect(waits.lengths == [300, 2_000])
  }

  @Test("it doesn't wait for a single caller, nor where commits are quick")
  func waitsForNobodyAlone() {
    let waits = Waits()
    let linger = waits.linger()
    linger.wait(answered: 1, tookMicroseconds: 5_000) { 0 }
    gather(linger, waits, took: Linger.microsecondsMin * Linger.share - 1, come: 12)
    #expect(waits.lengths == [])
    gather(linger, waits, took: Linger.microsecondsMin * Linger.share, come: 12)
    #expect(waits.lengths == [Linger.microsecondsMin])
  }

  @Test("it doesn't wait when all are there already")
  func allAreThere() {
    let waits = Waits()
    let linger = waits.linger()
    var looks = 0
    linger.wait(answered: 8, tookMicroseconds: 3_000) {
      looks += 1
      return looks == 1 ? 4 : 12
    }
    #expect(waits.lengths == [])
  }

  @Test("where nobody comes it sits out one gather, then two, then four, and after a success none")
  func sitsOut() {
    let waits = Waits()
    let linger = waits.linger()
    var waited: [Int] = []
    for index in 0..<12 {
      let before = waits.lengths.count
      gather(linger, waits, come: index == 11 ? 12 : 4)
      if waits.lengths.count > before { waited.append(index) }
    }
    #expect(waited == [0, 2, 5, 10])
    for _ in 0..<4 { gather(linger, waits, come: 4) }
    for _ in 0..<2 { gather(linger, waits, come: 12) }
    let before = waits.lengths.count
    for _ in 0..<40 { gather(linger, waits, come: 12) }
    // Once it pays, it waits each time.
    #expect(waits.lengths.count >= before + 30)
  }

  @Test("a word that comes too late for its wait doesn't end the next one")
  func lateWord() {
    let waits = Waits()
    let late = waits.linger(endsLate: true)
    for _ in 0..<3 { gather(late, waits, come: 12) }
    #expect(waits.lengths.count == 3)
    #expect(waits.leftovers == 0)
  }
}
