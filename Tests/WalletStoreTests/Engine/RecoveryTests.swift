import Foundation
import TestSupport
import Testing
import WalletCore
import WalletSystem

@testable import WalletStore

/// What a kill between any two commits leaves behind is brought up to the journal.
@Suite("Recovery")
struct RecoveryTests {
  private static var settings: StoreSettings {
    var settings = LedgerFixture.settings
    settings.cachedWalletsMax = 4
    settings.trailing.generationRows = 64
    settings.trailing.generationRowsMax = 90
    settings.trailing.walletRows = 150
    settings.trailing.walletRowsMax = 170
    settings.trailing.stepMin = 4
    settings.trailing.stepMax = 12
    settings.trailing.recoveryRows = 23
    settings.logFramesBeforeCheckpoint = 60
    settings.logMovesBeforeAnew = 3
    return settings
  }

  /// What was answered up to a moment, and what the files were then.
  private struct Moment {
    var image: String
    var head: JournalHead
    var lag: Int
    var answered: Int
    var wallets: [String: Wallet]
  }

  private func command(_ ledger: LedgerFixture, _ index: Int, _ generator: inout SeededGenerator) -> Command {
    let owner = "u\(Int.random(in: 0..<5, using: &generator))"
    let key: IdempotencyKey? =
      index % 6 == 0
      ? nil
      : index % 2 == 0
        ? TestKeys.ordered(milliseconds: 1_700_000_000_000 + UInt64(index), &generator)
        : .uuid(high: generator.next(), low: generator.next())
    var command =
      index % 40 == 0
      ? ledger.command(.openWallet, "late-\(index)", key: key)
      : ledger.command(index % 7 == 3 ? .debit : .credit, owner, index % 21 == 3 ? 1 << 40 : 3, key: key)
    if index % 3 == 0 { command.audit.reference = Text("o-\(index % 50)") }
    return command
  }

  /// Commits, and an image of the files after each.
  private func moments(_ generator: inout SeededGenerator) throws -> ([Moment], [(Command, LedgerOutcome)]) {
    let ledger = try LedgerFixture(Self.settings)
    _ = try ledger.perform(LedgerFixture.itemByItem((0..<5).map { ledger.command(.openWallet, "u\($0)") }))
    var answered: [(Command, LedgerOutcome)] = []
    var moments: [Moment] = []
    while answered.count < 500 {
      ledger.wall += 1_000
      let commands = (0..<Int.random(in: 1...14, using: &generator)).map { index in
        command(ledger, answered.count + index, &generator)
      }
      answered += zip(commands, try ledger.perform(LedgerFixture.itemByItem(commands))[0].items)
      _ = try ledger.store.maintain(isIdle: Int.random(in: 0..<6, using: &generator) == 0)
      var wallets: [String: Wallet] = [:]
      for owner in 0..<5 { wallets["u\(owner)"] = try ledger.wallet("u\(owner)") }
      moments.append(
        Moment(
          image: try ledger.image(), head: ledger.store.head, lag: ledger.store.projector.lag, answered: answered.count,
          wallets: wallets))
    }
    return (moments, answered)
  }

  @Test("every moment between two commits is a good one to be killed at, and so is every moment of the recovery")
  func images() throws {
    var generator = SeededGenerator(of: "crash images")
    let (moments, answered) = try moments(&generator)
    defer { for moment in moments { try? FileManager.default.removeItem(atPath: moment.image) } }
    var halfWritten = 0
    var interrupted = 0
    for moment in moments {
      if try LedgerFile.projections(moment.image).isHalfWritten { halfWritten += 1 }
      if moment.lag > 23, try interruptRecovery(moment, &generator) { interrupted += 1 }
      try expectRecovered(moment, answered, &generator)
    }
    print("crash images: \(moments.count), \(halfWritten) with a generation half written, \(interrupted) killed again")
    #expect(halfWritten > 20 && interrupted > 10)
  }

  @Test("more wallets than a start folds at a time are brought up in turn")
  func manyWallets() throws {
    var generator = SeededGenerator(of: "many wallets")
    var settings = LedgerFixture.settings
    settings.trailing = StoreSettings.Trailing(generationRows: 8)
    let ledger = try LedgerFixture(settings)
    let owners = (0..<40).map { "u\($0)" }
    _ = try ledger.perform(LedgerFixture.itemByItem(owners.map { ledger.command(.openWallet, $0) }))
    var longest = 0
    for _ in 0..<25 {
      for _ in 0..<Int.random(in: 1...9, using: &generator) {
        let commands = (0..<5).map { _ in ledger.command(.credit, owners.randomElement(using: &generator) ?? "u0", 1) }
        _ = try ledger.perform(LedgerFixture.itemByItem(commands))
      }
      let again = try LedgerFixture(settings, image: try ledger.image())
      longest = max(longest, again.store.recovery.rows)
      let stored = try again.stranger()
      for owner in owners {
        let wallet = try ledger.wallet(owner)
        #expect(try again.wallet(owner) == wallet)
        #expect(try stored.integer("SELECT version FROM wallets WHERE owner_id = '\(owner)'") == wallet?.version)
      }
      try again.store.close()
      #expect(try LedgerFile.problems(again.path) == [])
    }
    #expect(longest > 2 * settings.trailing.generationRowsMax)
  }

  /// Recovers a part of what trails, as a process does that is killed then.
  private func interruptRecovery(_ moment: Moment, _ generator: inout SeededGenerator) throws -> Bool {
    let folder = try DataFolder(path: moment.image, files: SystemFiles())
    defer { folder.unlock() }
    let database = try folder.open(.write, settings: Self.settings)
    let (wallets, origins) = try (WalletTable(database), OriginTable(database))
    let (others, shown) = try (Watermark.stored(database, .others), Watermark.stored(database, .wallets))
    let watermark = try Watermark(database, .wallets)
    let recovery = try WalletRecovery(
      database, settings: Self.settings, wallets: wallets, origins: origins, watermark: watermark)
    let head = moment.head.seq
    switch Int.random(in: 0..<3, using: &generator) {
    case 0:
      // Between two stretches of the rows of wallets.
      let end = Int64.random(in: shown...head, using: &generator)
      try recovery.run(after: shown, head: end)
      return end < head && end > shown
    case 1:
      // Before the commit that moves their watermark.
      try recovery.run(after: shown, head: head)
      try watermark.move(to: shown)
      return shown < head
    default:
      let end = Int64.random(in: max(others, shown)...head, using: &generator)
      let recovery = try Recovery(
        database, settings: Self.settings, tables: ProjectionTables(database), wallets: wallets,
        walletWatermark: watermark,
        origins: origins, seed: generator.next())
      return try recovery.run(head: end) > 0 && end < head
    }
  }

  private func expectRecovered(
    _ moment: Moment, _ answered: [(Command, LedgerOutcome)], _ generator: inout SeededGenerator
  ) throws {
    let comment: Comment = "the image at \(moment.head.seq), which trailed by \(moment.lag)"
    let ledger = try LedgerFixture(Self.settings, image: moment.image)
    #expect(ledger.store.head == moment.head && ledger.store.projector.lag == 0, comment)
    #expect(ledger.store.recovery.rows <= moment.lag, comment)
    for (owner, wallet) in moment.wallets { #expect(try ledger.wallet(owner) == wallet, comment) }
    for start in stride(from: 0, to: moment.answered, by: 100) {
      let some = answered[start..<min(start + 100, moment.answered)]
      let again = try ledger.perform(LedgerFixture.itemByItem(some.map(\.0)))[0].items
      for ((command, first), again) in zip(some, again) {
        #expect(again.isReplay && again.row == first.row && again.failure == first.failure, "\(command.key.text)")
      }
    }
    #expect(ledger.store.head == moment.head, comment)
    #expect(try ledger.sumOfAll() == 0)
    // It goes on from there.
    _ = try ledger.perform(ledger.command(.credit, "u1", 5))
    try ledger.store.close()
    #expect(try LedgerFile.problems(ledger.path) == [], comment)
  }
}
