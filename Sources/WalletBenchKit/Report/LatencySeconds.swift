import Histogram

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

  private static let latencyMax: UInt64 = 3_600_000_000

  private var seconds: [Second] = []
  private var current = Histogram<UInt64>(highestTrackableValue: latencyMax, numberOfSignificantValueDigits: .two)
  /// Whole seconds of the measured time; what comes after the last one counts to it.
  private let secondsMax: Int

  package init(secondsMax: Int) { self.secondsMax = max(1, secondsMax) }

  /// - Parameters:
  ///   - microseconds: How long it took.
  ///   - moment: Of its answer, microseconds from the begin of the measured time.
  package mutating func record(microseconds: Int64, at moment: Int64) {
    let second = min(Int(moment / 1_000_000), secondsMax - 1)
    while seconds.count < second { close() }
    _ = current.record(UInt64(min(max(0, microseconds), Int64(Self.latencyMax))))
  }

  /// Those that are over, and the one that is under way.
  package var all: [Second] { current.totalCount == 0 ? seconds : seconds + [summary] }

  private mutating func close() {
    seconds.append(summary)
    current.reset()
  }

  private var summary: Second {
    let longest = current.maxRecorded
    func at(_ percentile: Double) -> Int64 { Int64(clamping: min(current.valueAtPercentile(percentile), longest)) }
    guard current.totalCount > 0 else { return Second() }
    return Second(
      count: Int(current.totalCount), p50: at(50), p99: at(99), p999: at(99.9), max: Int64(clamping: longest))
  }
}
