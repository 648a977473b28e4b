/// What the measured connections ask for.
package enum Workload: String, CaseIterable, Codable, Sendable {
  case debit, credit, balance, list, mixed

  /// Shares of `mixed`, in percent; the rest is lists.
  package static let mixedBalancePercent = 50
  package static let mixedDebitPercent = 30
  package static let mixedCreditPercent = 10

  var lists: Bool { self == .list || self == .mixed }
}

/// Everything that a run depends on, apart from the server and the time.
package struct BenchSettings: Codable, Equatable, Sendable {
  /// HOST:PORT.
  package var server: String
  package var connections: Int
  /// Requests that each connection keeps outstanding.
  package var inFlight: Int
  /// Measured time.
  package var seconds: Int
  /// Time under load before it.
  package var warmUpSeconds: Int
  package var workload: Workload
  package var wallets: Int
  package var seed: UInt64

  package init(
    server: String = "127.0.0.1:7431", connections: Int = 64, inFlight: Int = 1, seconds: Int = 10,
    warmUpSeconds: Int = 1, workload: Workload = .debit, wallets: Int = 100_000, seed: UInt64 = 0
  ) {
    self.server = server
    self.connections = connections
    self.inFlight = inFlight
    self.seconds = seconds
    self.warmUpSeconds = warmUpSeconds
    self.workload = workload
    self.wallets = wallets
    self.seed = seed
  }

  /// Operations in flight that the generator keeps room for.
  package static let outstandingMax = 1_000_000

  /// The flag that breaks its rule, and the rule; `nil` when all is well.
  package var violation: String? {
    let ranges: [(name: String, value: Int, range: ClosedRange<Int>)] = [
      ("--connections", connections, 1...10_000), ("--in-flight", inFlight, 1...65_536),
      ("--seconds", seconds, 1...86_400), ("--warm-up", warmUpSeconds, 0...3_600),
      ("--wallets", wallets, 1...10_000_000),
    ]
    for (name, value, range) in ranges where !range.contains(value) {
      return "\(name) must be \(range.lowerBound) to \(range.upperBound), not \(value)"
    }
    if connections * inFlight > Self.outstandingMax {
      return "--connections times --in-flight must be at most \(Self.outstandingMax), not \(connections * inFlight)"
    }
    return nil
  }

  /// Amounts are drawn from these, in minor units.
  static let amounts: ClosedRange<Int64> = 1...100

  /// Credits that each wallet gets before the measurement; lists need a few rows to read.
  package var creditsPerWallet: Int { workload.lists ? 4 : 1 }

  /// What each wallet is credited in all: four times what its share of a million debits a second takes, and a million
  /// more for those that are drawn more often than others.
  var fundsPerWallet: Int64 {
    let debitsMax = Int64(seconds + warmUpSeconds) * 1_000_000
    return 4 * (debitsMax / Int64(wallets) + 1) * Self.amounts.upperBound + 1_000_000
  }

  /// Set-up and check keep more outstanding than a slow shape does: they aren't measured.
  var pipelineDepth: Int { max(inFlight, min(128, max(1, 2048 / connections))) }
}
