/// What the measured connections ask for.
package enum Workload: String, CaseIterable, Codable, Sendable {
  case debit, credit, balance, list, mixed
  /// A hold, and then a capture of all of it: both together count as one operation.
  case holdCapture = "hold-capture"

  /// Shares of `mixed`, in percent; the rest is lists.
  package static let mixedBalancePercent = 50
  package static let mixedDebitPercent = 30
  package static let mixedCreditPercent = 10

  var lists: Bool { self == .list || self == .mixed }
  var reads: Bool { self == .balance || lists }
}

/// The server's language.
package enum ServerProtocol: String, CaseIterable, Codable, Sendable {
  /// walletd's own.
  case wrp
  /// That of Redis.
  case resp
}

/// How idempotency keys are made.
package enum KeyKind: String, CaseIterable, Codable, Sendable {
  /// Ordered by time.
  case uuidv7
  /// UUIDv4.
  case random
}

/// Everything that a run depends on, apart from the server and the time.
package struct BenchSettings: Codable, Equatable, Sendable {
  /// HOST:PORT.
  package var server: String
  package var `protocol` = ServerProtocol.wrp
  package var connections: Int
  /// Requests that each connection keeps outstanding or, at a fixed rate, may have outstanding.
  package var inFlight: Int
  /// Operations a second that are due, whatever the server does; `nil`: as many as it answers.
  package var rate: Int?
  /// Measured time.
  package var seconds: Int
  /// Time under load before it.
  package var warmUpSeconds: Int
  package var workload: Workload
  package var distribution = Distribution.uniform
  package var keys = KeyKind.uuidv7
  /// Items of a Batch; `nil`: requests of their own.
  package var batch: Int?
  package var batchMode = BatchMode.items
  package var wallets: Int
  /// Names wallets that other runs can use again; `nil`: this run's alone.
  package var ownerPrefix: String?
  /// Mutations to make instead of a measurement.
  package var fill: Int?
  /// Whether all wallets are compared at the end.
  package var checks = true
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

  /// Amounts are drawn from these, in minor units.
  static let amounts: ClosedRange<Int64> = 1...100

  /// Credits that each wallet gets before the measurement; lists need a few rows to read.
  package var creditsPerWallet: Int { workload.lists ? 4 : 1 }

  /// What each wallet is credited in all: four times what its share of a million debits a second takes, and a million
  /// more for those that are drawn more often than others. Where some wallets get far more than their share, each one
  /// could take everything; the sum stays within 62 bits.
  var fundsPerWallet: Int64 {
    let debitsMax = Int64(fill ?? (seconds + warmUpSeconds) * 1_000_000)
    switch distribution {
    case .uniform: return 4 * (debitsMax / Int64(wallets) + 1) * Self.amounts.upperBound + 1_000_000
    case .zipf, .hot: return min(debitsMax * Self.amounts.upperBound + 1_000_000, (1 << 62) / Int64(wallets))
    }
  }

  /// Operations of a request.
  var batchSize: Int { batch ?? 1 }

  /// Set-up and check keep more outstanding than a slow shape does: they aren't measured.
  var pipelineDepth: Int {
    if batchSize > 1 { return inFlight }
    let deep = min(128, max(1, 2048 / connections))
    return rate == nil ? max(inFlight, deep) : deep
  }

  var slotsPerConnection: Int { max(inFlight, pipelineDepth) }
}
