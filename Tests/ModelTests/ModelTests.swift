import Foundation
import TestSupport
import Testing

@testable import Simulation

/// Random requests of every verb, from several clients, to the real server on real files; what it answers is what a plain
/// reference, written apart from the rules, says it must.
@Suite("The server against the reference")
struct ModelTests {
  static let commandsOfRun = 50_000
  /// What is rare comes sooner or later: a run goes on until every code was met, but not beyond this.
  static let commandsMax = 4 * commandsOfRun

  /// Codes that no request can meet here, and why.
  private static let unmeetable: [Code: String] = [
    .unauthenticated: "there is no authentication yet",
    .permissionDenied: "there are no scopes yet",
    .internal: "it would be a bug",
  ]

  struct Run: CustomTestStringConvertible, Sendable {
    var number: UInt64
    var shape: World.Shape

    var testDescription: String { "run \(number)" }
  }

  static let runs = [
    Run(number: 0, shape: World.Shape(generationRows: 64, cachedWallets: 3, roundMax: 120)),
    Run(number: 1, shape: World.Shape(generationRows: 2_000, cachedWallets: 40, roundMax: 200)),
    Run(number: 2, shape: World.Shape(generationRows: 9_000, cachedWallets: 1_000, roundMax: 300)),
    Run(number: 3, shape: World.Shape(generationRows: 90_000, cachedWallets: 500_000, roundMax: 400)),
  ]

  @Test("every answer, wallet, hold, total and digest is the reference's", arguments: runs)
  func againstReference(_ run: Run) throws {
    let given = ProcessInfo.processInfo.environment["WALLETD_SEED"].flatMap { UInt64($0) }
    // A seed that is given belongs to the run that printed it.
    if let given, given % UInt64(Self.runs.count) != run.number { return }
    let seed = given ?? UInt64.random(in: 0..<1_000_000) * UInt64(Self.runs.count) + run.number
    print("model, \(run.testDescription): seed \(seed)")
    let began = Date.now
    let rounds = try Rounds(seed: seed, run.shape)
    while rounds.commands < Self.commandsOfRun { try rounds.step() }
    while rounds.commands < Self.commandsMax, !Self.unmetCodes(of: rounds).isEmpty { try rounds.step() }
    let digests = try rounds.finish()
    let codes = rounds.world.codes
    let met = codes.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key) \($0.value)" }
    print(
      "model, seed \(seed): \(rounds.commands) commands in \(rounds.rounds) rounds, \(rounds.world.replies) replies, "
        + "\(rounds.replays) replays, \(rounds.restarts) restarts, \(rounds.kills) kills, "
        + "\(rounds.world.reference.wallets.count) wallets, \(digests) digests recomputed, "
        + "\(Int(Date.now.timeIntervalSince(began))) s\n  \(met.joined(separator: ", "))")
    #expect(Self.unmetCodes(of: rounds).isEmpty, "never met with seed \(seed)")
    #expect(rounds.restarts > 0 && rounds.kills > 0 && rounds.replays > 1000)
  }

  private static func unmetCodes(of rounds: Rounds) -> [Code] {
    Code.allCases.filter { unmeetable[$0] == nil && rounds.world.codes[$0] == nil }
  }
}
