import FaultSupport
import TestSupport
import Testing
import WalletCore

@testable import WalletStore

/// SQLite is refused its memory: the first piece that it asks for, the second, and so on.
@Suite("Memory that runs out")
struct MemoryFaultTests {
  private static var settings: StoreSettings {
    var settings = LedgerFixture.settings
    settings.cachedWalletsMax = 3
    settings.trailing = StoreSettings.Trailing(generationRows: 30)
    settings.logFramesBeforeCheckpoint = 30
    settings.logMovesBeforeAnew = 1
    return settings
  }

  /// Each gather again and again until no piece of its memory is left to be refused.
  @Test("a gather that can't have its memory is refused as a whole, or ends the store, and nothing is lost")
  func gathers() throws {
    var generator = SeededGenerator(of: "memory")
    FaultMemory.seeAll(true)
    defer { FaultMemory.seeAll(false) }
    let disk = FaultDisk()
    let run = try FaultRun(Self.settings, SeededGenerator(seed: generator.next()), disk)
    var pieces = 0
    let gathers = FaultSize.count("MEMORY_GATHERS", usual: 12, long: 60)
    for _ in 0..<gathers {
      let gather = run.run.makeGather()
      var number = 1
      while true {
        let answered = run.run.gatherCount
        // Where nothing more can be had, not even a rollback is possible.
        FaultMemory.fail(number: number, lasts: number % 3 == 0)
        do {
          defer { FaultMemory.recover() }
          try run.perform(gather)
        } catch {
          throw TestFailure("piece \(number): \(error)")
        }
        pieces += 1
        if run.hasEnded { try restart(run) }
        // Answered: nothing was left to be refused, or SQLite has done without it.
        if run.run.gatherCount > answered { break }
        number += FaultSize.isLong ? 1 : Int.random(in: 1...6, using: &generator)
      }
      try keepUp(run)
    }
    try restart(run)
    try run.finish()
    FaultSize.report(
      "memory of SQLite, gathers: \(pieces) pieces refused in \(gathers) gathers, \(run.figures.acknowledged) acknowledged, "
        + "0 lost, 0 twice, \(run.figures.refused) refusals, \(run.figures.unknown) ended the store; "
        + "\(run.figures.checked) calls in a history, 0 anomalies")
    #expect(run.figures.refused > 3 * gathers && run.figures.acknowledged > gathers)
  }

  private func restart(_ run: FaultRun) throws {
    run.disk.restart()
    try run.mustStart()
    try run.expectSound()
  }

  private func keepUp(_ run: FaultRun) throws { _ = try run.run.ledger.store.maintain(isIdle: false) }

  @Test("a start that can't have its memory fails and says so, and the next one finds everything")
  func starts() throws {
    var generator = SeededGenerator(of: "memory at a start")
    FaultMemory.seeAll(true)
    defer { FaultMemory.seeAll(false) }
    let disk = FaultDisk()
    let run = try FaultRun(Self.settings, SeededGenerator(seed: generator.next()), disk)
    for _ in 0..<10 { try run.step() }
    disk.restart()
    FaultMemory.recover()
    try run.mustStart()
    let count = FaultMemory.count
    let step = max(1, count / (FaultSize.isLong ? 4000 : 40))
    var number = Int.random(in: 1...step, using: &generator)
    while number <= count {
      disk.restart()
      FaultMemory.fail(number: number)
      let isOpen: Bool
      do {
        defer { FaultMemory.recover() }
        isOpen = try run.start()
      } catch {
        throw TestFailure("piece \(number) of \(count): \(error)")
      }
      if !isOpen {
        disk.restart()
        try run.mustStart()
      }
      number += step
    }
    try run.expectSound()
    try run.finish()
    FaultSize.report(
      "memory of SQLite, starts: every \(step)th of \(count) pieces refused, \(run.figures.failedStarts) starts failed, 0 lost"
    )
    #expect(run.figures.failedStarts > 10)
  }
}
