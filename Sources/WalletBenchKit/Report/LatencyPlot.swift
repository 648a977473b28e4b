import Glibc
import WalletCore

/// A plot of latencies by percentile, as one SVG without anything from outside. The axis of percentiles is logarithmic in
/// what lies above them, so that 99, 99.9 and 99.99 % lie as far from each other: the tail is what is looked for.
enum LatencyPlot {
  struct Point: Equatable {
    /// 0 to 100.
    var percentile: Double
    var microseconds: Int64
  }

  private static let width = 960.0
  private static let height = 480.0
  private static let left = 80.0
  private static let right = 30.0
  private static let top = 50.0
  private static let bottom = 60.0

  /// - Parameter points: By rising percentiles; the last one is of 100.
  static func svg(_ points: [Point], title: String) -> String {
    let most = max(1, points.map(\.microseconds).max() ?? 1)
    let step = tick(most)
    let ceiling = (most + step - 1) / step * step
    // The end of the axis: one decade beyond the last percentile that isn't 100.
    let decades = max(1, points.lazy.filter { $0.percentile < 100 }.map(\.percentile).map(decade).max() ?? 1)
    let x = { (percentile: Double) in
      left + min(1, percentile >= 100 ? 1 : decade(percentile) / decades) * (width - left - right)
    }
    let y = { (microseconds: Int64) in
      height - bottom - Double(microseconds) / Double(ceiling) * (height - top - bottom)
    }

    var parts: [String] = []
    for value in stride(from: Int64(0), through: ceiling, by: Int(step)) {
      parts.append(line(left, y(value), width - right, y(value)))
      parts.append(text(left - 8, y(value) + 4, "end", "\(Money.text(value, exponent: 3))"))
    }
    var label = "0"
    for number in 0...Int(decades + 1e-9) {
      let place = left + Double(number) / decades * (width - left - right)
      parts.append(line(place, top, place, height - bottom))
      parts.append(text(place, height - bottom + 20, "middle", "\(label) %"))
      label = number == 0 ? "90" : number == 1 ? "99" : number == 2 ? "99.9" : label + "9"
    }
    parts.append(text(width / 2, height - 14, "middle", "percentile of requests"))
    parts.append(text(left, top - 12, "end", "ms"))
    parts.append(text(width / 2, 24, "middle", escaped(title)))
    let path = points.map { "\(rounded(x($0.percentile))),\(rounded(y($0.microseconds)))" }.joined(separator: " ")
    parts.append("<polyline fill=\"none\" stroke=\"#1764ab\" stroke-width=\"2\" points=\"\(path)\"/>")
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(width)) \(Int(height))" font-family="sans-serif" \
      font-size="13">
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(parts.joined(separator: "\n"))
      </svg>

      """
  }

  /// 0 at 0 %, 1 at 90 %, 2 at 99 % and so on.
  static func decade(_ percentile: Double) -> Double { -log10(1 - percentile / 100) }

  /// 1, 2 or 5 times a power of ten, so that at most ten of them reach `most`.
  private static func tick(_ most: Int64) -> Int64 {
    var power: Int64 = 1
    while true {
      for factor in [1, 2, 5] as [Int64] where factor * power * 10 >= most { return factor * power }
      power *= 10
    }
  }

  private static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
    "<line x1=\"\(rounded(x1))\" y1=\"\(rounded(y1))\" x2=\"\(rounded(x2))\" y2=\"\(rounded(y2))\" stroke=\"#dddddd\"/>"
  }

  private static func text(_ x: Double, _ y: Double, _ anchor: String, _ text: String) -> String {
    "<text x=\"\(rounded(x))\" y=\"\(rounded(y))\" text-anchor=\"\(anchor)\" fill=\"#333333\">\(text)</text>"
  }

  private static func rounded(_ value: Double) -> String { Money.text(Int64((value * 10).rounded()), exponent: 1) }

  private static func escaped(_ text: String) -> String {
    text.map { $0 == "&" ? "&amp;" : $0 == "<" ? "&lt;" : String($0) }.joined()
  }
}
