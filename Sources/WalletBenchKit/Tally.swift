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

  package mutating func add(_ kind: Operation.Kind, microseconds: Int64) {
    counts[Int(kind.rawValue)] += 1
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
    if total == 0 { return Latency(mean: 0, p50: 0, p99: 0, p999: 0, max: 0) }
    return Latency(
      mean: latencies.mean, p50: at(50), p99: at(99), p999: at(99.9), max: Int64(clamping: latencies.maxRecorded))
  }

  /// A bucket's upper end may lie above the largest value in it.
  private func at(_ percentile: Double) -> Int64 {
    Int64(clamping: min(latencies.valueAtPercentile(percentile), latencies.maxRecorded))
  }
}

/// Microseconds from the first sending of a request to its answer.
package struct Latency: Codable, Equatable, Sendable {
  package var mean: Double
  package var p50: Int64
  package var p99: Int64
  package var p999: Int64
  package var max: Int64
}
