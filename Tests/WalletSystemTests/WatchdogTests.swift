import Testing
import WalletSystem

@Suite struct WatchdogTests {
  @Test func theQueuesAreAskedThreeTimesInATimeout() {
    var watchdog = Watchdog(timeoutMicroseconds: 30_000_000)
    var asked: [Int64] = []
    for second in 0..<60 where watchdog.shouldAsk(now: Int64(second) * 1_000_000) {
      asked.append(Int64(second))
      watchdog.answered()
    }
    #expect(asked == [0, 10, 20, 30, 40, 50])
  }

  @Test func whoDoesNotAnswerIsNotAskedAgainUntilItDoes() {
    var watchdog = Watchdog(timeoutMicroseconds: 3_000_000)
    var asked: [Int64] = []
    for second in 0..<100 where watchdog.shouldAsk(now: Int64(second) * 1_000_000) { asked.append(Int64(second)) }
    #expect(asked == [0])
    watchdog.answered()
    let isAskedAgain = watchdog.shouldAsk(now: 100_000_000)
    #expect(isAskedAgain)
  }

  @Test func theManagersVariablesAreForOneProcess() {
    let timeout = ["WATCHDOG_USEC": "30000000"]
    #expect(Watchdog(environment: timeout, processID: 7) == Watchdog(timeoutMicroseconds: 30_000_000))
    #expect(Watchdog(environment: timeout.merging(["WATCHDOG_PID": "7"]) { $1 }, processID: 7) != nil)
    #expect(Watchdog(environment: timeout.merging(["WATCHDOG_PID": "8"]) { $1 }, processID: 7) == nil)
    for text in ["", "0", "-1", "soon"] {
      #expect(Watchdog(environment: ["WATCHDOG_USEC": text], processID: 7) == nil)
    }
    #expect(Watchdog(environment: [:], processID: 7) == nil)
  }
}
