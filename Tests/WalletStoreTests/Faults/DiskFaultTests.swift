import FaultSupport
import TestSupport
import Testing
import WalletCore

@testable import WalletStore

/// The same run of commands again and again, from the making of the ledger to its closing with a restart in the middle, and
/// each time another call of the disk fails: the first, the second, and so on. `DISK_CALL=…` runs one number again.
@Suite("Failing disks")
struct DiskFaultTests {
  struct Mode: Sendable, CustomTestStringConvertible {
    var name: String
    var calls: FaultDisk.Calls
    var fault: FaultDisk.Fault
    var lasts = false

    var testDescription: String { name + (lasts ? ", from then on" : "") }
  }

  static let modes = [
    Mode(name: "a write fails", calls: .write, fault: .error),
    Mode(name: "a write finds no room", calls: .write, fault: .full),
    Mode(name: "a write finds no room", calls: .write, fault: .full, lasts: true),
    Mode(name: "a write is cut short", calls: .write, fault: .short),
    Mode(name: "a sync fails", calls: .sync, fault: .error),
    Mode(name: "a sync fails", calls: .sync, fault: .error, lasts: true),
    Mode(name: "a truncation fails", calls: .truncate, fault: .error),
    Mode(name: "an open fails", calls: .open, fault: .error),
    Mode(name: "a removal fails", calls: .remove, fault: .error),
    Mode(name: "a read fails", calls: .read, fault: .error),
    Mode(name: "a look at a file fails", calls: .look, fault: .error),
    Mode(name: "shared memory finds no room", calls: .share, fault: .full),
    Mode(name: "everything fails", calls: .all, fault: .error, lasts: true),
  ]

  private static let seed: UInt64 = 20_261

  @Test("the store refuses or ends, and nothing that it acknowledged is lost", arguments: modes)
  func everyCall(_ mode: Mode) throws {
    let clean = try Self.run(mode, number: nil)
    let step = FaultSize.isLong ? 1 : max(1, clean.calls / 7)
    let given = FaultSize.seed("DISK_CALL").map { Int($0) }
    var figures = FaultRun.Figures()
    var (tried, met) = (0, 0)
    var number = given ?? (step == 1 ? 1 : Int.random(in: 1...step))
    while number <= clean.calls {
      tried += 1
      do {
        let result = try Self.run(mode, number: number)
        if result.hasFailed { met += 1 }
        figures.add(result.figures)
      } catch {
        throw TestFailure("call \(number) of \(clean.calls), \(mode.testDescription): \(error)")
      }
      number += given == nil ? step : clean.calls
    }
    FaultSize.report(
      "disk, \(mode.testDescription): \(tried) of \(clean.calls) calls, \(met) met, \(figures.acknowledged) acknowledged, "
        + "0 lost, 0 twice, \(figures.refused) gathers refused, \(figures.unknown) unanswered, "
        + "\(figures.failedStarts) starts failed; \(figures.checked) calls in histories, 0 anomalies")
    // Later calls may not come when an earlier one has failed.
    #expect(met > 0 && met >= tried / 2)
  }

  private struct Result {
    var figures = FaultRun.Figures()
    var hasFailed = false
    var calls = 0
  }

  private static var settings: StoreSettings {
    var settings = LedgerFixture.settings
    settings.cachedWalletsMax = 3
    settings.trailing = StoreSettings.Trailing(generationRows: 30)
    settings.logFramesBeforeCheckpoint = 30
    settings.logMovesBeforeAnew = 1
    return settings
  }

  private static func run(_ mode: Mode, number: Int?) throws -> Result {
    let disk = FaultDisk()
    if let number { disk.fail(mode.calls, number: number, mode.fault, lasts: mode.lasts) }
    let (run, wasMadeTwice) = try make(disk)
    for step in 0..<16 {
      if step == 8, !run.hasEnded { try run.close() }
      if run.hasEnded {
        disk.restart()
        if try !run.start() { break }
      }
      try run.step()
    }
    if !run.hasEnded { try run.close() }
    var result = Result(hasFailed: wasMadeTwice || disk.hasFailed, calls: disk.count(mode.calls))
    disk.recover()
    let choice = number ?? 0
    if choice % 3 != 1 { disk.restart() }
    if choice % 3 == 2 { try run.mustStart() }
    // What a sync that failed has left behind isn't on the disk, whoever sees it.
    if choice % 3 != 0 { disk.losePower(seed: seed + UInt64(choice)) }
    try run.mustStart()
    try run.expectSound()
    try run.finish()
    result.figures = run.figures
    return result
  }

  /// The ledger, which may have to be made twice.
  private static func make(_ disk: FaultDisk) throws -> (FaultRun, wasMadeTwice: Bool) {
    do {
      return (try FaultRun(settings, SeededGenerator(seed: seed), disk), false)
    } catch {
      guard disk.hasFailed else { throw error }
      if !(error is SQLiteError) { try FaultRun.expectHonest(error) }
    }
    disk.recover()
    disk.losePower(seed: seed)
    return (try FaultRun(settings, SeededGenerator(seed: seed), disk), true)
  }
}
