import WalletClient

/// Amounts of requests as text: positive, in the currency's own units.
enum AmountText {
  /// Minor units, from 1; `nil` when the text isn't such an amount (``rule(_:unit:)`` says why).
  static func minorUnits(_ text: String, unit: Unit) -> Int64? {
    guard let value = try? Money.minorUnits(text, exponent: unit.exponent), value > 0 else { return nil }
    return value
  }

  /// Why the text isn't an amount; `nil` when it is one.
  static func rule(_ text: String, unit: Unit) -> String? {
    do throws(Money.ParseError) {
      let value = try Money.minorUnits(text, exponent: unit.exponent)
      return value > 0 ? nil : "must be above 0, not '\(text)'"
    } catch {
      switch error {
      case .notANumber: return "must be a number such as 12.30, not '\(text)'"
      case .tooManyDigits(let exponent):
        return "has more digits after the point than \(unit.currency) has (\(exponent)): '\(text)'"
      case .outOfRange:
        // Only the real exponent tells.
        return unit.exponent == Money.exponentMax ? nil : "is too large: '\(text)'"
      }
    }
  }
}
