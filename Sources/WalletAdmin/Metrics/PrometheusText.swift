import WalletCore

/// The text format of Prometheus, version 0.0.4.
package enum PrometheusText {
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  package static func page(_ metrics: [Metric], _ status: AdminStatus) -> String {
    var page = ""
    for metric in metrics {
      let samples = metric.samples(status)
      if samples.isEmpty { continue }
      page += "# HELP \(metric.name) \(escaped(metric.help, quotes: false))\n"
      page += "# TYPE \(metric.name) \(metric.kind.rawValue)\n"
      for sample in samples { write(sample, of: metric, to: &page) }
    }
    return page
  }

  private static func write(_ sample: Metric.Sample, of metric: Metric, to page: inout String) {
    precondition(sample.labels.count == metric.labels.count, "\(metric.name) has other labels")
    let pairs = zip(metric.labels, sample.labels).map { "\($0)=\"\(escaped($1, quotes: true))\"" }
    func line(_ suffix: String, _ more: [String] = [], _ value: String) {
      let all = pairs + more
      page += "\(metric.name)\(suffix)\(all.isEmpty ? "" : "{\(all.joined(separator: ","))}") \(value)\n"
    }
    switch sample.value {
    case .integer(let value): line("", [], "\(value)")
    case .count(let value): line("", [], "\(value)")
    case .time(let microseconds): line("", [], seconds(microseconds))
    case .histogram(let histogram, let unit):
      func text(_ value: Int64) -> String { unit == .one ? "\(value)" : seconds(value) }
      var sum: UInt64 = 0
      for (bound, count) in zip(histogram.bounds, histogram.counts) {
        sum += count
        line("_bucket", ["le=\"\(text(bound))\""], "\(sum)")
      }
      line("_bucket", ["le=\"+Inf\""], "\(histogram.count)")
      line("_sum", [], text(Int64(clamping: histogram.sum)))
      line("_count", [], "\(histogram.count)")
    }
  }

  /// Exact: no value passes through a binary fraction.
  static func seconds(_ microseconds: Int64) -> String {
    let magnitude = microseconds.magnitude
    var fraction = String(magnitude % 1_000_000)
    fraction = String(repeating: "0", count: 6 - fraction.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return (microseconds < 0 ? "-" : "") + "\(magnitude / 1_000_000)" + (fraction.isEmpty ? "" : ".\(fraction)")
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
