/// Whole numbers counted by the range that they fall into. A plain value: whoever counts owns it.
public struct Histogram: Equatable, Sendable {
  /// The upper end of each range, rising; one more range is for what lies beyond.
  public let bounds: [Int64]
  public private(set) var counts: [UInt64]
  public private(set) var sum: UInt64 = 0

  public init(_ bounds: [Int64]) {
    precondition(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "the ranges must rise")
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  public mutating func add(_ value: Int64) {
    var index = 0
    while index < bounds.count, value > bounds[index] { index += 1 }
    counts[index] &+= 1
    sum &+= UInt64(max(0, value))
  }

  public var count: UInt64 { counts.reduce(0, &+) }

  /// 50 µs to 10 s, in microseconds.
  public static let durations: [Int64] = [
    50, 100, 200, 300, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    2_500_000, 5_000_000, 10_000_000,
  ]

  /// How many there are of something that a gather holds.
  public static let sizes: [Int64] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192]
}
