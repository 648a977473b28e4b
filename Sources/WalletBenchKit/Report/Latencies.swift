import Histogram

/// Latencies as HdrHistogram counts them, in microseconds.
struct Latencies {
  /// Longer than any run's patience, so that none is cut off.
  private static let longest: UInt64 = 3_600_000_000

  private(set) var histogram: Histogram<UInt64>

  init(_ digits: SignificantDigits) {
    histogram = Histogram(highestTrackableValue: Self.longest, numberOfSignificantValueDigits: digits)
  }

  mutating func record(_ microseconds: Int64) {
    _ = histogram.record(UInt64(min(max(0, microseconds), Int64(Self.longest))))
  }

  mutating func reset() { histogram.reset() }

  var count: Int { Int(histogram.totalCount) }

  var longest: Int64 { Int64(clamping: histogram.maxRecorded) }

  /// A bucket's upper end may lie above the largest value in it.
  func at(_ percentile: Double) -> Int64 { min(Int64(clamping: histogram.valueAtPercentile(percentile)), longest) }
}
