import TestSupport
import Testing
import WalletCore
import WalletSystem

@testable import WalletStore

/// A ledger that nobody has touched has no findings, whatever is done beside the verification.
@Suite("Verify: sound ledgers")
struct SoundTests {
  @Test("an empty ledger is sound")
  func empty() throws {
    let verification = try LedgerFixture(LedgerFixture.smallSteps()).verify()
    #expect(verification.findings == [] && verification.report?.rows == 0)
    #expect(verification.report?.integritySkippedBecause == nil)
  }

  @Test("a ledger with everything is sound: while it trails, written, closed, and killed and recovered")
  func everything() throws {
    let ledger = try LedgerFixture.withEverything()
    func expectSound(_ verification: Verification, _ comment: Comment) {
      #expect(verification.findings == [], comment)
      #expect(verification.report?.head == ledger.store.head, comment)
      #expect(verification.report?.rows == ledger.store.head.seq, comment)
      #expect(verification.report?.wallets == 7 && verification.report?.findings == 0, comment)
      #expect(verification.report?.integritySkippedBecause == nil, comment)
    }
    expectSound(try ledger.verify(), "trailing")
    #expect(try ledger.verify().report?.keys == 0)
    try ledger.crash()
    expectSound(try ledger.verify(), "recovered")
    try ledger.writeTrailing()
    let written = try ledger.verify()
    expectSound(written, "written")
    #expect(written.stages == ["journal", "wallets", "totals", "keys", "copy", "integrity"])
    #expect((written.report?.keys ?? 0) > 90)
    try ledger.restart()
    expectSound(try ledger.verify(), "restarted")
    let head = ledger.store.head
    try ledger.store.close()
    let offline = try ledger.verifyOffline(VerifyRequest(expectedHead: head))
    #expect(offline.findings == [] && offline.report?.head == head)
    #expect(offline.report?.integritySkippedBecause == nil)
  }

  @Test("a folder that a kill left behind is sound without a start")
  func image() throws {
    let ledger = try LedgerFixture.withEverything()
    let head = ledger.store.head
    let copy = try ledger.image()
    let folder = try DataFolder(path: copy, files: SystemFiles())
    let source = try VerifySource(offline: folder, settings: ledger.settings, time: SystemTime())
    let stream = try source.open(VerifyRequest(expectedHead: head)).get()
    var events: [StreamEvent] = []
    while case .more(let more) = try stream.advance(roomBytes: 1000) { events += more }
    #expect(!events.contains { if case .finding = $0 { true } else { false } })
  }

  @Test("any head that the ledger had is in its journal, and the first of all is its name's")
  func heads() throws {
    let ledger = try LedgerFixture(LedgerFixture.smallSteps())
    var heads = [ledger.store.head]
    for index in 0..<5 {
      _ = try ledger.perform(ledger.command(index == 0 ? .openWallet : .credit, "u1", index == 0 ? 0 : 5))
      heads.append(ledger.store.head)
    }
    for head in heads { #expect(try ledger.verify(VerifyRequest(expectedHead: head)).findings == []) }
    heads[3].digest = heads[2].digest
    let wrong = try ledger.verify(VerifyRequest(expectedHead: heads[3]))
    #expect(wrong.whats == ["head"] && wrong.first("head")?.seq == 3)
  }

  @Test("it is sound under load: commits between the steps, expiring holds, limits in use, batches, checkpoints")
  func underLoad() throws {
    var settings = LedgerFixture.smallSteps(walletsMax: 5)
    settings.trailing = StoreSettings.Trailing(generationRows: 40)
    settings.logFramesBeforeCheckpoint = 20
    settings.logMovesBeforeAnew = 3
    let ledger = try LedgerFixture.withEverything(settings)
    var generator = SeededGenerator(of: "verify under load")
    var number = 1000
    var holds: [Int64] = []
    func load() throws {
      number += 1
      ledger.wall += Int64.random(in: 0..<400_000, using: &generator)
      if number % 40 == 0 { ledger.wall += LedgerFixture.minute * 60 * 20 }
      let outcomes = try ledger.perform(
        ledger.command(.credit, "u1", 500, key: LedgerFixture.uuid(number)),
        ledger.command(.debit, "u1", Int64.random(in: 1..<90, using: &generator)),
        ledger.hold("u1", 15, timeout: 900_000), ledger.transfer("u1", "u4", 7), ledger.command(.debit, "u2", 1))
      if number % 12 == 0 {
        _ = try ledger.perform(
          ledger.command(.openWallet, "n\(number)"), ledger.setLimits("n\(number)") { $0.day.count = 3 })
      }
      holds += outcomes.compactMap { $0.row?.kind == .hold ? $0.row?.seq : nil }
      if let hold = holds.randomElement(using: &generator) {
        _ = try ledger.perform(ledger.capture(hold, 5), ledger.release(hold))
      }
      if let row = outcomes[1].row { _ = try ledger.perform(ledger.refund(row.seq, 1)) }
      _ = try ledger.perform(
        LedgerFixture.atomic(
          LedgerFixture.uuid(100_000 + number),
          [ledger.command(.credit, "u4", 9), ledger.command(.debit, "u4", number % 3 == 0 ? 1 << 40 : 2)]))
      if number % 5 == 0 { _ = try ledger.store.maintain(isIdle: true) }
    }
    for loads in [60, 20, 20] {
      // Rows come three times slower than they are read; at the end of each part of it at least once more.
      var steps = 0
      let until = number + loads
      let verification = try ledger.verify {
        steps += 1
        if steps % 6 == 0, number < until { try load() }
      }
      #expect(verification.failure == nil)
      #expect(verification.findings == [])
      #expect(verification.report?.integritySkippedBecause == nil)
    }
    #expect(number > 1060)
  }

  @Test("without room for a copy, or where it is asked to be skipped, the report says why SQLite didn't look")
  func skipped() throws {
    let ledger = try LedgerFixture.withEverything()
    let skipped = try ledger.verify(VerifyRequest(skipsIntegrityCheck: true))
    #expect(skipped.report?.integritySkippedBecause == "it was asked to be skipped")
    var settings = ledger.settings
    settings.freeBytesMin = 1 << 60
    ledger.settings = settings
    try ledger.restart()
    let full = try ledger.verify()
    #expect(full.findings == [])
    #expect(full.report?.integritySkippedBecause?.contains("--min-free") == true)
  }

  @Test("a copy goes when the verification is cancelled, and one that a kill left goes at the next start")
  func copies() throws {
    let ledger = try LedgerFixture.withEverything()
    let files = SystemFiles()
    let stream = try ledger.store.makeVerifySource().open(VerifyRequest()).get()
    var hasSeenCopy = false
    for _ in 0..<100_000 {
      guard case .more = try stream.advance(roomBytes: 1000) else { break }
      _ = try ledger.store.maintain(isIdle: false)
      if files.exists(ledger.path + "/ledger-copy.db") {
        hasSeenCopy = true
        break
      }
    }
    #expect(hasSeenCopy)
    stream.cancel()
    _ = try ledger.store.maintain(isIdle: false)
    #expect(!files.exists(ledger.path + "/ledger-copy.db"))
    try files.createPrivateFile(ledger.path + "/ledger-copy.db")
    try ledger.restart()
    #expect(!files.exists(ledger.path + "/ledger-copy.db"))
  }
}
