import WalletCore

/// Where a run tells how it goes.
package protocol Display {
  /// Whether somebody watches: then `live` lines are wanted.
  var isLive: Bool { get }
  /// A line that the next one replaces.
  func live(_ line: String)
  /// A line that stays.
  func line(_ line: String)
}

/// Figures for people.
enum Figures {
  /// With a comma between thousands.
  static func grouped(_ value: Int) -> String {
    var text = ""
    for (index, digit) in String(value.magnitude).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + String(text.reversed())
  }

  static func milliseconds(_ microseconds: Int64) -> String { Money.text(microseconds, exponent: 3) + " ms" }

  /// With two digits after the point.
  static func hundredths(_ value: Double) -> String { Money.text(Int64((value * 100).rounded()), exponent: 2) }

  static func seconds(_ microseconds: Int64) -> String { Money.text(microseconds / 100_000, exponent: 1) + " s" }
}
