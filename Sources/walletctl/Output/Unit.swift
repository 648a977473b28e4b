import WalletClient

/// A currency with its exponent: what turns minor units into text.
struct Unit: Hashable, Sendable {
  var currency: String
  var exponent: Int

  /// Such as `12.30`.
  func decimal(_ minorUnits: Int64) -> String {
    // A server may send any exponent; more digits than Money takes would be nonsense.
    Money.text(minorUnits, exponent: min(exponent, Money.exponentMax))
  }

  /// Such as `12.30 USD`.
  func text(_ minorUnits: Int64) -> String { "\(decimal(minorUnits)) \(currency)" }

  /// A currency of ISO 4217; `nil` for others, whose exponent the server knows.
  static func iso(_ currency: String) -> Unit? {
    ISO4217.exponent(of: currency).map { Unit(currency: currency, exponent: $0) }
  }
}
