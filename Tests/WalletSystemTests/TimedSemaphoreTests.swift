import TestSupport
import Testing

@testable import WalletSystem

struct TimedSemaphoreTests {
  @Test("a signal ends a wait, before it or in it, and each one ends one")
  func signals() throws {
    let semaphore = TimedSemaphore()
    #expect(!semaphore.wait(microseconds: 500))
    semaphore.signal()
    semaphore.signal()
    #expect(semaphore.wait(microseconds: 0))
    semaphore.wait()
    #expect(!semaphore.wait(microseconds: 0))
    let waiting = Threads.start(1) { _ in semaphore.wait(microseconds: 60_000_000) }
    Threads.sleep(milliseconds: 20)
    semaphore.signal()
    #expect(try waiting.wait() == [true])
  }
}
