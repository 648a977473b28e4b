import Histogram
import WalletCore

/// Counts and latencies of the measured time.
package struct Tally {
  /// Longer than any run's patience, so that no latency is cut off.
  private static let latencyMax: UInt64 = 3_600_000_000

  private var latencies = Histogram<UInt64>(
    highestTrackableValue: Self.latencyMax, numberOfSignificantValueDigits: .three)
  private var counts = Array(repeating: 0, count: Operation.Kind.allCases.count)
  private var refusals: [String: Int] = [:]

  package init() {}

  /// One operation that was done.
  package mutating func count(_ kind: Operation.Kind) { counts[Int(kind.rawValue)] += 1 }

  /// The latency of one request.
  package mutating func record(microseconds: Int64) {
    _ = latencies.record(UInt64(min(max(0, microseconds), Int64(Self.latencyMax))))
  }

  package mutating func add(refusal: String) { refusals[refusal, default: 0] += 1 }

  package mutating func reset() { self = Tally() }

  package var total: Int { counts.reduce(0, +) }

  package var countsByKind: [String: Int] {
    var result: [String: Int] = [:]
    for kind in Operation.Kind.allCases where counts[Int(kind.rawValue)] > 0 {
      result["\(kind.verb)"] = counts[Int(kind.rawValue)]
    }
    return result
  }

  package var refusalsByReason: [String: Int] { refusals }
  package var refused: Int { refusals.values.reduce(0, +) }

  package var latency: Latency {
    if latencies.totalCount == 0 { return Latency() }
    return Latency(
      mean: latencies.mean, p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), p9999: at(99.99),
      max: Int64(clamping: latencies.maxRecorded))
  }

  /// HdrHistogram's text of percentiles (.hgrm), in milliseconds.
  var percentileDistribution: String {
    var text = ""
    latencies.outputPercentileDistribution(to: &text, outputValueUnitScalingRatio: 1000)
    return text
  }

  var plotPoints: [LatencyPlot.Point] {
    latencies.percentiles(ticksPerHalfDistance: 10).map {
      LatencyPlot.Point(percentile: $0.percentileLevelIteratedTo, microseconds: Int64(clamping: $0.value))
    }
  }

  /// A bucket's upper end may lie above the largest value in it.
  private func at(_ percentile: Double) -> Int64 {
    Int64(clamping: min(latencies.valueAtPercentile(percentile), latencies.maxRecorded))
  }
}

/// Microseconds from the first sending of a request to its answer; at a fixed rate from the time at which it was due.
package struct Latency: Codable, Equatable, Sendable {
  package var mean = 0.0
  package var p50: Int64 = 0
  package var p90: Int64 = 0
  package var p99: Int64 = 0
  package var p999: Int64 = 0
  package var p9999: Int64 = 0
  package var max: Int64 = 0
}
