/// Decimal text of amounts. Integers only: no binary fraction comes near money.
public enum Money {
  /// Why text is not an amount.
  public enum ParseError: Error, Equatable, Sendable {
    case notANumber
    /// More digits after the point than the currency has.
    case tooManyDigits(exponent: Int)
    /// Beyond int64 minor units.
    case outOfRange
  }

  /// The largest exponent that a currency may have.
  public static let exponentMax = 18

  /// Minor units of decimal text, such as 1230 for "12.30" with exponent 2.
  ///
  /// Takes an optional leading minus, at least one digit before the point, and at most `exponent` digits after it.
  public static func minorUnits(_ text: String, exponent: Int) throws(ParseError) -> Int64 {
    var digits = text.utf8[...]
    let negative = digits.first == UInt8(ascii: "-")
    if negative { digits.removeFirst() }
    let parts = digits.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty else { throw .notANumber }
    let fraction = parts.count == 2 ? Array(parts[1]) : []
    if parts.count == 2, fraction.isEmpty { throw .notANumber }
    let isDigit = { (byte: UInt8) in byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    guard whole.allSatisfy(isDigit), fraction.allSatisfy(isDigit) else { throw .notANumber }
    guard fraction.count <= exponent else { throw .tooManyDigits(exponent: exponent) }

    var value: Int64 = 0
    let zeros = Array(repeating: UInt8(ascii: "0"), count: exponent - fraction.count)
    for digit in Array(whole) + fraction + zeros {
      let (shifted, overflowed) = value.multipliedReportingOverflow(by: 10)
      // Counted downwards, since int64 reaches one further there.
      let (next, crossed) = shifted.subtractingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
      guard !overflowed, !crossed else { throw .outOfRange }
      value = next
    }
    if negative { return value }
    guard value != Int64.min else { throw .outOfRange }
    return -value
  }

  /// Decimal text with exactly `exponent` digits after the point, such as "12.30" for 1230 with exponent 2.
  public static func text(_ minorUnits: Int64, exponent: Int) -> String {
    var digits = String(minorUnits.magnitude)
    if digits.utf8.count <= exponent {
      digits = String(repeating: "0", count: exponent + 1 - digits.utf8.count) + digits
    }
    if exponent > 0 { digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -exponent)) }
    return (minorUnits < 0 ? "-" : "") + digits
  }
}
