import FaultSupport
import TestSupport
import Testing
import WalletCore

@testable import WalletStore

/// Random commands, kills and restarts against a model, with generations so small that all their borders are met.
@Suite("Random commands")
struct RandomCommandTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var rows: Int
    var steps: ClosedRange<Int>
    var cachedWallets: Int
    var recoveryRows: Int

    var testDescription: String {
      "generations of \(rows), steps of \(steps.lowerBound) to \(steps.upperBound), \(cachedWallets) wallets cached"
    }

    var settings: StoreSettings {
      var settings = LedgerFixture.settings
      settings.cachedWalletsMax = cachedWallets
      settings.trailing.generationRows = rows
      settings.trailing.generationRowsMax = rows + rows / 4
      settings.trailing.stepMin = steps.lowerBound
      settings.trailing.stepMax = steps.upperBound
      settings.trailing.recoveryRows = recoveryRows
      settings.logFramesBeforeCheckpoint = 200
      settings.logMovesBeforeAnew = 3
      settings.listLimits.explainSliceRows = 1 + rows / 8
      return settings
    }
  }

  @Test(
    "answers, histories and views are those of a plain model, whatever trails",
    arguments: [
      Shape(rows: 1, steps: 1...1, cachedWallets: 1, recoveryRows: 1),
      Shape(rows: 16, steps: 1...3, cachedWallets: 2, recoveryRows: 5),
      Shape(rows: 64, steps: 16...32, cachedWallets: 1, recoveryRows: 64),
      Shape(rows: 400, steps: 16...100, cachedWallets: 12, recoveryRows: 100),
      Shape(rows: 3000, steps: 64...1000, cachedWallets: 100, recoveryRows: 700),
    ])
  func againstModel(_ shape: Shape) throws {
    let run = try RandomRun(shape.settings, SeededGenerator(of: "random commands, \(shape.testDescription)"))
    while run.commandCount < 5_000 || run.crashCount < 5 { try run.step() }
    try run.finish()
    print(
      "random commands, \(shape.testDescription): \(run.commandCount) commands in \(run.gatherCount) gathers, "
        + "\(run.replayCount) replays, \(run.dryRunCount) dry runs, \(run.restartCount) restarts of which \(run.crashCount) kills, "
        + "\(run.recoveredRows) rows recovered")
    #expect(run.replayCount > 100 && run.dryRunCount > 300 && run.crashCount > 4 && run.recoveredRows > 0)
  }
}
