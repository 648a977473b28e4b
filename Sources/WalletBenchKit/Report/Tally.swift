import WalletCore

/// Counts and latencies of the measured time.
package struct Tally {
  private var latencies = Latencies(.three)
  private var counts = Array(repeating: 0, count: Operation.Kind.allCases.count)
  private var refusals: [String: Int] = [:]

  package init() {}

  /// One operation that was done.
  package mutating func count(_ kind: Operation.Kind) { counts[Int(kind.rawValue)] += 1 }

  /// The latency of one request.
  package mutating func record(microseconds: Int64) { latencies.record(microseconds) }

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
    if latencies.count == 0 { return Latency() }
    return Latency(
      mean: latencies.histogram.mean, p50: latencies.at(50), p90: latencies.at(90), p99: latencies.at(99),
      p999: latencies.at(99.9), p9999: latencies.at(99.99), max: latencies.longest)
  }

  /// HdrHistogram's text of percentiles (.hgrm), in milliseconds.
  var percentileDistribution: String {
    var text = ""
    latencies.histogram.outputPercentileDistribution(to: &text, outputValueUnitScalingRatio: 1000)
    return text
  }

  var plotPoints: [LatencyPlot.Point] {
    latencies.histogram.percentiles(ticksPerHalfDistance: 10).map {
      LatencyPlot.Point(percentile: $0.percentileLevelIteratedTo, microseconds: Int64(clamping: $0.value))
    }
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
