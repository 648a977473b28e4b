import FaultSupport
import TestSupport
import Testing
import WalletCore

@testable import WalletStore

/// The power goes at any moment of a run of random commands, and takes with it whatever a disk may lose that nobody has
/// synced. `POWER_SEED=…` runs a seed again.
@Suite("Power losses")
struct PowerLossFaultTests {
  /// Of what came of a seed.
  struct Outcome {
    var figures = FaultRun.Figures()
    var losses = 0
  }

  @Test("what was acknowledged is there, once, whatever the disk has lost")
  func powerLosses() throws {
    let given = FaultSize.seed("POWER_SEED")
    let count = given == nil ? FaultSize.count("POWER_SEEDS", usual: 40, long: 500) : 1
    let first = given ?? UInt64.random(in: 0..<1_000_000_000)
    var sum = Outcome()
    for seed in first..<(first + UInt64(count)) {
      let outcome = try replaying(seed) { try Self.lose(seed) }
      sum.figures.add(outcome.figures)
      sum.losses += outcome.losses
    }
    FaultSize.report(
      "power losses: \(count) seeds from \(first), \(sum.losses) losses, \(sum.figures.acknowledged) acknowledged, 0 lost, "
        + "0 twice, \(sum.figures.unknown) gathers unanswered of which \(sum.figures.applied) were there, "
        + "\(sum.figures.failedStarts) starts cut short; \(sum.figures.checked) calls in histories, 0 anomalies")
    #expect(sum.losses >= 2 * count && sum.figures.acknowledged > 20 * count)
  }

  /// The tests above must be able to fail.
  @Test(
    "a commit that isn't synced is found out",
    arguments: ["synchronous = NORMAL", "synchronous = OFF", "a disk that lies"])
  func weakened(_ how: String) throws {
    let first = UInt64.random(in: 0..<1_000_000_000)
    var caught: [String] = []
    let count = 20
    for seed in first..<(first + UInt64(count)) {
      do {
        _ = try Self.lose(seed) { run in
          if how == "a disk that lies" { return run.disk.lieAboutSyncs(true) }
          run.afterStart = { try $0.database.execute("PRAGMA \(how)") }
          try run.afterStart(run.run.ledger.store)
        }
      } catch {
        caught.append("\(seed): \("\(error)".prefix(160))")
      }
    }
    #expect(caught.count >= count / 4, "\(how): caught \(caught.count) of \(count) seeds from \(first)")
    #expect(caught.contains { $0.contains("LOST") }, "\(caught)")
    FaultSize.report(
      "power losses, \(how): \(caught.count) of \(count) seeds from \(first) lose something, as they must")
  }

  private func replaying(_ seed: UInt64, _ body: () throws -> Outcome) throws -> Outcome {
    do {
      return try body()
    } catch {
      throw TestFailure("\(error)\nPOWER_SEED=\(seed) swift test --filter PowerLossFaultTests replays it")
    }
  }

  private static func settings(_ generator: inout SeededGenerator) -> StoreSettings {
    var settings = LedgerFixture.settings
    let rows = [1, 16, 64, 400][Int.random(in: 0..<4, using: &generator)]
    settings.cachedWalletsMax = [1, 3, 100][Int.random(in: 0..<3, using: &generator)]
    settings.trailing = StoreSettings.Trailing(generationRows: rows)
    settings.logFramesBeforeCheckpoint = [8, 30, 120][Int.random(in: 0..<3, using: &generator)]
    settings.logMovesBeforeAnew = [1, 3, 16][Int.random(in: 0..<3, using: &generator)]
    return settings
  }

  /// - Parameter weaken: Done to the run once its ledger is made.
  static func lose(_ seed: UInt64, weaken: (FaultRun) throws -> Void = { _ in }) throws -> Outcome {
    var generator = SeededGenerator(seed: seed)
    let settings = settings(&generator)
    let disk = FaultDisk()
    let run = try FaultRun(settings, SeededGenerator(seed: generator.next()), disk)
    try weaken(run)
    var losses = 0
    for _ in 0..<3 {
      disk.fail(.all, number: Int.random(in: 1..<1500, using: &generator), .power)
      let steps = Int.random(in: 1..<25, using: &generator)
      for _ in 0..<steps where !run.hasEnded { try run.step() }
      lose(disk, &generator)
      losses += 1
      while Int.random(in: 0..<3, using: &generator) == 0 {
        // While it starts too.
        disk.fail(.all, number: Int.random(in: 1..<250, using: &generator), .power)
        _ = try run.start()
        lose(disk, &generator)
        losses += 1
      }
      try run.mustStart()
      try run.expectSound()
    }
    try run.finish()
    return Outcome(figures: run.figures, losses: losses)
  }

  private static func lose(_ disk: FaultDisk, _ generator: inout SeededGenerator) {
    disk.losePower(seed: generator.next(), sector: Bool.random(using: &generator) ? 512 : 4096)
  }
}
