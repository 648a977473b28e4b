/// How often each wallet is chosen.
package enum Distribution: Equatable, Sendable {
  case uniform
  /// The wallet of rank k with a weight of k^-exponent.
  case zipf(exponent: Double)
  /// One wallet gets everything.
  case hot

  package static let zipfExponent = 0.99
  package static let zipfExponentMax = 10.0

  /// `uniform`, `zipf`, `zipf:1.2` or `hot`.
  package init?(_ text: String) {
    switch text {
    case "uniform": self = .uniform
    case "zipf": self = .zipf(exponent: Self.zipfExponent)
    case "hot": self = .hot
    default:
      guard text.hasPrefix("zipf:"), let exponent = Double(text.dropFirst(5)) else { return nil }
      guard exponent > 0, exponent <= Self.zipfExponentMax else { return nil }
      self = .zipf(exponent: exponent)
    }
  }

  package var text: String {
    switch self {
    case .uniform: "uniform"
    case .zipf(let exponent): "zipf:\(exponent)"
    case .hot: "hot"
    }
  }
}

extension Distribution: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let value = Distribution(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a distribution")
    }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// Chooses wallets by their places.
struct WalletSampler: Sendable {
  private enum Kind {
    case uniform
    case zipf(ZipfSampler)
    case hot
  }

  private let kind: Kind
  private let count: Int
  /// Without a common divisor with `count`: multiplying by it spreads neighbouring ranks over the wallets, since hot wallets
  /// don't lie side by side in a real ledger, and still gives each rank a wallet of its own.
  private let stride: Int

  init(_ distribution: Distribution, count: Int) {
    self.count = count
    var stride = Int(Double(count) * 0.618_033_988_75) | 1
    while Self.divisor(stride, count) != 1 { stride += 2 }
    self.stride = stride
    switch distribution {
    case .uniform: kind = .uniform
    case .zipf(let exponent): kind = .zipf(ZipfSampler(count: count, exponent: exponent))
    case .hot: kind = .hot
    }
  }

  func next(_ random: inout SplitMix64) -> Int {
    switch kind {
    case .uniform: random.next(below: count)
    case .zipf(let sampler): wallet(rank: sampler.rank(&random))
    case .hot: wallet(rank: 1)
    }
  }

  /// - Parameter rank: From 1, the most frequent.
  func wallet(rank: Int) -> Int { rank * stride % count }

  private static func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
}
