package import WalletCore

/// One metric: what it is called, what it means, and where its values come from. `MetricCatalogue` has them all.
package struct Metric: Sendable {
  package enum Kind: String, Sendable {
    case counter, gauge, histogram
  }

  package enum Value: Sendable {
    case integer(Int64)
    case count(UInt64)
    /// Microseconds, told as seconds.
    case time(Int64)
    case histogram(Histogram, Unit)
  }

  /// What the numbers of a histogram are.
  package enum Unit: Sendable {
    case one
    /// Told as seconds.
    case microseconds
  }

  package struct Sample: Sendable {
    /// One for each label of the metric.
    var labels: [String]
    var value: Value
  }

  package let name: String
  package let kind: Kind
  package let labels: [String]
  /// A sentence without its full stop.
  package let help: String
  let samples: @Sendable (AdminStatus) -> [Sample]

  init(
    _ kind: Kind, _ name: String, _ help: String, labels: [String],
    samples: @escaping @Sendable (AdminStatus) -> [Sample]
  ) {
    precondition(name.hasPrefix("walletd_"))
    self.kind = kind
    self.name = name
    self.help = help
    self.labels = labels
    self.samples = samples
  }

  /// One value; `nil` where there is none now.
  init(_ kind: Kind, _ name: String, _ help: String, _ value: @escaping @Sendable (AdminStatus) -> Value?) {
    self.init(kind, name, help, labels: []) { status in value(status).map { [Sample(labels: [], value: $0)] } ?? [] }
  }
}
