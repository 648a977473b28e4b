/// Lines for the operator that strangers can cause: so many a second, and then how many were left out.
package struct LogBudget {
  private static let linesPerSecond = 10

  private let time: any TimeSource
  private let log: @Sendable (String) -> Void
  private var second: Int64 = 0
  private var lines = 0
  private var leftOut = 0

  package init(time: any TimeSource, log: @escaping @Sendable (String) -> Void) {
    self.time = time
    self.log = log
  }

  package mutating func say(_ line: String) {
    let now = time.monotonicMicroseconds / 1_000_000
    if now != second {
      second = now
      lines = 0
    }
    lines += 1
    guard lines <= Self.linesPerSecond else {
      leftOut += 1
      return
    }
    if leftOut > 0 { log("\(leftOut) lines like the next one were left out") }
    leftOut = 0
    log(line)
  }
}
