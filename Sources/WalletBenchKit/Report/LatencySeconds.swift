/// What the latencies of a run were from one second to the next, by when the answers came: a run's tail may be that of a
/// few bad seconds, or there all the time.
package struct LatencySeconds {
  package struct Second: Codable, Equatable, Sendable {
    package var count = 0
    /// Microseconds, like the others. 0 in a second without an answer.
    package var p50: Int64 = 0
    package var p99: Int64 = 0
    package var p999: Int64 = 0
    package var max: Int64 = 0
  }

  private var seconds: [Second] = []
  private var current = Latencies(.two)
  /// Whole seconds of the measured time; what comes after the last one counts to it.
  private let secondsMax: Int

  package init(secondsMax: Int) { self.secondsMax = max(1, secondsMax) }

  /// - Parameters:
  ///   - microseconds: How long it took.
  ///   - moment: Of its answer, microseconds from the begin of the measured time.
  package mutating func record(microseconds: Int64, at moment: Int64) {
    let second = min(Int(moment / 1_000_000), secondsMax - 1)
    while seconds.count < second { close() }
    current.record(microseconds)
  }

  /// Those that are over, and the one that is under way.
  package var all: [Second] { current.count == 0 ? seconds : seconds + [summary] }

  private mutating func close() {
    seconds.append(summary)
    current.reset()
  }

  private var summary: Second {
    guard current.count > 0 else { return Second() }
    return Second(
      count: current.count, p50: current.at(50), p99: current.at(99), p999: current.at(99.9), max: current.longest)
  }
}
