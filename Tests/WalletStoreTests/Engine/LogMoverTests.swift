import FaultSupport
import Synchronization
import Testing
import WalletCore

@testable import WalletStore

/// The log moves into the database file while commits go on.
struct LogMoverTests {
  private let held = HeldWork()
  private let ledger: LedgerFixture

  init() throws { try self.init(movesBeforeAnew: 1) }

  private init(movesBeforeAnew: Int) throws {
    var settings = LedgerFixture.settings
    settings.logFramesBeforeCheckpoint = 40
    settings.logMovesBeforeAnew = movesBeforeAnew
    let held = held
    ledger = try LedgerFixture(settings, inBackground: { work in held.add(work) })
    _ = try ledger.perform(ledger.command(.openWallet, "ann"))
  }

  private var frames: Int { ledger.store.database.framesInLog }

  private func commit(until isEnough: () -> Bool) throws {
    var count = 0
    while !isEnough() {
      _ = try ledger.perform(ledger.command(.credit, "ann", 5))
      #expect(try ledger.store.maintain(isIdle: false).line == nil)
      count += 1
      try #require(count < 10_000)
    }
  }

  /// What a kill at this moment would leave behind is all there.
  private func expectAllStays() throws {
    let image = try LedgerFixture(ledger.settings, image: ledger.image())
    #expect(try image.wallet("ann") == ledger.wallet("ann"))
    #expect(try image.sumOfAll() == 0)
  }

  /// Lets a pass find the commits that `body` makes as it would if they were made while it runs: it doesn't move them.
  private func besideAPass(_ body: () throws -> Void) throws {
    let reader = try ledger.stranger()
    try reader.execute("BEGIN")
    _ = try reader.integer("SELECT count(*) FROM transactions")
    try body()
    held.run()
    try reader.execute("COMMIT")
  }

  @Test func theNextCommitBeginsItAnew() throws {
    try commit { held.count == 1 }
    #expect(frames >= 40)
    let before = frames
    // Nobody waits for the pass, and no other one is begun meanwhile.
    try besideAPass {
      try commit { frames > before + 4 }
      #expect(held.count == 1)
    }
    try expectAllStays()
    // What came after it is little: it is moved between two commits.
    _ = try ledger.store.maintain(isIdle: false)
    try expectAllStays()
    _ = try ledger.perform(ledger.command(.credit, "ann", 5))
    #expect(frames < 10 && held.count == 0)
    try expectAllStays()
    try commit { held.count == 1 }
    #expect((40..<60).contains(frames))
    held.run()
    try ledger.restart()
    #expect(try ledger.sumOfAll() == 0)
  }

  @Test func aLongOneIsMovedInPieces() throws {
    let long = try LogMoverTests(movesBeforeAnew: 4)
    for piece in 1...4 {
      try long.commit { long.held.count == 1 }
      #expect((piece * 40..<piece * 60).contains(long.frames), "piece \(piece)")
      let before = long.frames
      try long.besideAPass { try long.commit { long.frames > before + 2 } }
    }
    _ = try long.ledger.store.maintain(isIdle: false)
    _ = try long.ledger.perform(long.ledger.command(.credit, "ann", 5))
    #expect(long.frames < 10 && long.held.count == 0)
    try long.expectAllStays()
  }

  @Test func whatComesMeanwhileIsMovedInAnotherPassWhenItIsMuch() throws {
    try commit { held.count == 1 }
    let before = frames
    try besideAPass { try commit { frames > before + 20 } }
    _ = try ledger.store.maintain(isIdle: false)
    #expect(held.count == 1 && frames > before + 20)
    held.run()
    _ = try ledger.store.maintain(isIdle: false)
    _ = try ledger.perform(ledger.command(.credit, "ann", 5))
    #expect(frames < 10 && held.count == 0)
  }

  @Test func theLogIsBounded() throws {
    try commit { held.count == 1 }
    try besideAPass { try commit { frames >= 8 * 40 } }
    _ = try ledger.store.maintain(isIdle: false)
    #expect(held.count == 0)
    _ = try ledger.perform(ledger.command(.credit, "ann", 5))
    #expect(frames < 10)
    try expectAllStays()
  }

  /// The pass has moved everything, and a commit begins the log anew before anybody hears of it.
  @Test func aLogThatWasBegunAnewIsNotTakenForMoved() throws {
    try commit { held.count == 1 }
    held.run()
    _ = try ledger.perform(ledger.command(.credit, "ann", 5))
    #expect(frames < 10)
    try commit { held.count == 1 }
    #expect((40..<60).contains(frames))
    held.run()
    try ledger.restart()
    #expect(try ledger.sumOfAll() == 0)
  }

  /// What was moved before a failed sync may be lost, and no later sync would tell.
  @Test func afterAFailedSyncTheLogIsKept() throws {
    let (disk, held) = (FaultDisk(), HeldWork())
    var settings = LedgerFixture.settings
    settings.logFramesBeforeCheckpoint = 40
    settings.logMovesBeforeAnew = 1
    let ledger = try LedgerFixture(settings, disk: disk, inBackground: { work in held.add(work) })
    func commit() throws {
      _ = try ledger.perform(ledger.command(.credit, "ann", 5))
      _ = try ledger.store.maintain(isIdle: false)
    }
    _ = try ledger.perform(ledger.command(.openWallet, "ann"))
    while held.count == 0 { try commit() }
    // Where commits have come meanwhile, SQLite leaves the sync of the file to the pass.
    let reader = try ledger.stranger()
    try reader.execute("BEGIN")
    _ = try reader.integer("SELECT count(*) FROM transactions")
    for _ in 0..<20 { try commit() }
    // Behind that of the log.
    disk.fail(.sync, number: 2, .error)
    held.run()
    #expect(disk.hasFailed)
    try reader.execute("COMMIT")
    for _ in 0..<100 {
      try commit()
      held.run()
    }
    // It never began anew.
    #expect(ledger.store.database.framesInLog >= 160)
    let wallet = try ledger.wallet("ann")
    disk.losePower(seed: 1)
    try ledger.start()
    #expect(try ledger.wallet("ann") == wallet)
    try ledger.store.close()
    #expect(try ledger.problems() == [])
  }

  @Test func anotherProgramMayHoldTheRestBack() throws {
    var settings = LedgerFixture.settings
    settings.logFramesBeforeCheckpoint = 40
    settings.logMovesBeforeAnew = 1
    let ledger = try LedgerFixture(settings)
    _ = try ledger.perform(ledger.command(.openWallet, "ann"))
    let reader = try ledger.stranger()
    try reader.execute("BEGIN")
    _ = try reader.integer("SELECT count(*) FROM transactions")
    for _ in 0..<200 {
      _ = try ledger.perform(ledger.command(.credit, "ann", 5))
      #expect(try ledger.store.maintain(isIdle: false).line == nil)
    }
    #expect(ledger.store.database.framesInLog > 200)
    try reader.execute("COMMIT")
    for _ in 0..<20 {
      _ = try ledger.perform(ledger.command(.credit, "ann", 5))
      _ = try ledger.store.maintain(isIdle: false)
    }
    #expect(ledger.store.database.framesInLog < 60)
  }
}

/// Work that is done when a test says so.
private final class HeldWork: Sendable {
  private let works = Mutex<[@Sendable () -> Void]>([])

  var count: Int { works.withLock { $0.count } }

  func add(_ work: @escaping @Sendable () -> Void) { works.withLock { $0.append(work) } }

  func run() {
    let taken = works.withLock { works in
      defer { works = [] }
      return works
    }
    for work in taken { work() }
  }
}
