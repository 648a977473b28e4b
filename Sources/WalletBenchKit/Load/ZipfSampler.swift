import Glibc

/// Ranks from 1 to n where rank k has a weight of k^-exponent, each in constant time whatever n is: rejection-inversion
/// (W. Hörmann, G. Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions", ACM
/// Transactions on Modeling and Computer Simulation 6(3), 1996).
struct ZipfSampler: Sendable {
  private let count: Double
  private let exponent: Double
  private let integralFirst: Double
  private let integralLast: Double
  private let squeeze: Double

  /// - Parameters:
  ///   - count: At least 1.
  ///   - exponent: Above 0.
  init(count: Int, exponent: Double) {
    precondition(count >= 1 && exponent > 0, "a Zipf distribution of \(count) ranks and exponent \(exponent)")
    self.count = Double(count)
    self.exponent = exponent
    integralFirst = Self.integral(1.5, exponent) - 1
    integralLast = Self.integral(Double(count) + 0.5, exponent)
    squeeze = 2 - Self.inverse(Self.integral(2.5, exponent) - Self.weight(2, exponent), exponent)
  }

  func rank(_ random: inout SplitMix64) -> Int {
    while true {
      let uniform = Double(random.next() >> 11) * 0x1p-53
      let area = integralLast + uniform * (integralFirst - integralLast)
      let exact = Self.inverse(area, exponent)
      let rank = min(max(1, (exact + 0.5).rounded(.down)), count)
      if rank - exact <= squeeze || area >= Self.integral(rank + 0.5, exponent) - Self.weight(rank, exponent) {
        return Int(rank)
      }
    }
  }

  private static func weight(_ x: Double, _ exponent: Double) -> Double { exp(-exponent * log(x)) }

  /// The integral of the weight, (x^(1 - exponent) - 1) / (1 - exponent), or log x at the exponent 1.
  private static func integral(_ x: Double, _ exponent: Double) -> Double {
    let logarithm = log(x)
    let product = (1 - exponent) * logarithm
    return logarithm * (abs(product) > 1e-8 ? expm1(product) / product : 1 + product / 2 * (1 + product / 3))
  }

  private static func inverse(_ area: Double, _ exponent: Double) -> Double {
    // Rounding must not go below the pole.
    let product = max(-1, area * (1 - exponent))
    return exp(area * (abs(product) > 1e-8 ? log1p(product) / product : 1 - product * (0.5 - product / 3)))
  }
}
