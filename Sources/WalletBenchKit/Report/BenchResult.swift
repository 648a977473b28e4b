import FoundationEssentials
import WalletWire

/// Everything that a run found out. Its JSON is a contract: names stay.
package struct BenchResult: Codable, Equatable, Sendable {
  package var settings: BenchSettings
  package var runID: String
  package var serverName: String
  package var buildMode = BuildMode.ofThisProgram
  /// How the server was built; empty when it doesn't tell.
  package var serverBuildMode = ""
  /// Operations that succeeded in the measured time, by verb.
  package var operations: [String: Int] = [:]
  package var operationsTotal = 0
  package var operationsPerSecond = 0.0
  package var latencyMicros = Latency()
  /// The same for each second, by when the answers came. Empty for a fill.
  package var latencyMicrosBySecond: [LatencySeconds.Second] = []
  /// How far the load lagged behind its schedule; `nil` without a fixed rate.
  package var behind: Behind?
  /// Operations that were refused in the measured time, by reason.
  package var refusals: [String: Int] = [:]
  package var connectionsLost = 0
  /// Requests that were sent again under the same key.
  package var repeated = 0
  /// Mutations that answered, though new, out of the store: the key was another run's.
  package var foreignReplays = 0
  /// Operations that were still without an answer when the run was given up.
  package var unresolved = 0
  /// Mutations whose outcome the server wouldn't tell.
  package var unknownOutcomes = 0
  package var lastCommitSeq: Int64 = 0
  /// Processor time of the generator's loop for each operation of the measured time.
  package var generatorCpuMicrosPerOperation: Double?
  /// The same of the process that `--cpu-of` names.
  package var serverCpuMicrosPerOperation: Double?
  /// The machine's own stalls.
  package var hiccupMicros = Hiccups()
  package var stalls = Stalls()
  package var measuredSeconds = 0.0
  /// `nil` when it couldn't be made, or wasn't to be.
  package var check: CheckOutcome?
  /// Why the run was given up; `nil` when it wasn't.
  package var failure: String?

  package init(_ settings: BenchSettings, runID: String, serverName: String, serverBuildMode: String = "") {
    self.settings = settings
    self.runID = runID
    self.serverBuildMode = serverBuildMode
    self.serverName = serverName
  }

  package var passed: Bool { (check?.passed ?? (!settings.checks && failure == nil)) && foreignReplays == 0 }

  mutating func take(_ load: RunPhase, _ probes: Probes) {
    take(load.tally, seconds: load.measuredSeconds)
    latencyMicrosBySecond = load.seconds.all
    hiccupMicros = probes.hiccups.hiccups
    stalls = Stalls(silences: load.silences, hiccups: probes.hiccups.listed, measuredFrom: load.measuredFrom)
    if settings.rate != nil { behind = load.behind }
    let operations = Double(max(1, load.tally.total + load.tally.refused))
    generatorCpuMicrosPerOperation = Double(probes.ownCPU) / operations
    serverCpuMicrosPerOperation = probes.serverCPU.map { Double($0) / operations }
    foreignReplays = load.foreignReplays
    unknownOutcomes = load.unknown
    lastCommitSeq = load.lastCommitSeq
  }

  /// - Parameter seconds: In which it was counted.
  package mutating func take(_ tally: Tally, seconds: Double) {
    measuredSeconds = seconds
    operations = tally.countsByKind
    operationsTotal = tally.total
    operationsPerSecond = Double(tally.total) / measuredSeconds
    latencyMicros = tally.latency
    refusals = tally.refusalsByReason
  }

  /// One object on one line.
  package func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(Printed(result: self)), as: UTF8.self)
  }

  /// The result and its verdict, which follows from it.
  private struct Printed: Encodable {
    let result: BenchResult

    private enum CodingKeys: CodingKey { case passed }

    func encode(to encoder: any Encoder) throws {
      try result.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(result.passed, forKey: .passed)
    }
  }
}
