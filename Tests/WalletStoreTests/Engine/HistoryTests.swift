import TestSupport
import Testing
import WalletCore

@testable import WalletStore

/// Pages of long histories, whose marks are in memory, on disk, or partly there.
@Suite("Long histories")
struct HistoryTests {
  /// How far the projections have come.
  enum Written: CaseIterable {
    case nothing
    case some
    case everything
  }

  private static let rowCount: Int64 = 2_500

  /// Two wallets whose rows lie between each other's.
  private func ledger(_ written: Written) throws -> LedgerFixture {
    var settings = LedgerFixture.settings
    if written == .some {
      settings.trailing.generationRows = 700
      settings.trailing.generationRowsMax = 800
      settings.trailing.stepMin = 5
      settings.trailing.stepMax = 40
    }
    let ledger = try LedgerFixture(settings)
    _ = try ledger.perform(ledger.command(.openWallet, "u1"), ledger.command(.openWallet, "u2"))
    for start in stride(from: 2, through: Self.rowCount, by: 50) {
      let commands = (start..<min(start + 50, Self.rowCount + 1)).flatMap { version in
        [ledger.command(.credit, "u1", version)] + (version % 3 == 0 ? [ledger.command(.credit, "u2", 1)] : [])
      }
      _ = try ledger.perform(LedgerFixture.itemByItem(commands))
    }
    if written == .everything { try ledger.writeTrailing() }
    let marks = try ledger.stranger().integer("SELECT count(*) FROM version_index WHERE wallet_id = 1") ?? 0
    switch written {
    case .nothing: #expect(marks == 0)
    case .some: #expect((1..<Self.rowCount / 64).contains(marks), "\(marks)")
    case .everything: #expect(marks == Self.rowCount / 64)
    }
    return ledger
  }

  private func page(
    _ ledger: LedgerFixture, _ reader: any LedgerReader, at position: Int64, _ rowsMax: Int, oldestFirst: Bool
  ) throws -> LedgerOutcome {
    let cursor = Cursor(
      ledgerID: Text(ledger.store.description.ledgerID), epoch: 1,
      list: oldestFirst ? .transactionsOldestFirst : .transactionsNewestFirst, subject: "1", position: position)
    let page = PageRequest(rowsMax: rowsMax, cursor: position == 0 ? "" : cursor.encoded)
    return try ledger.list(.history(.id(1, currency: ""), page: page, oldestFirst: oldestFirst), reader)
  }

  @Test("a page begins anywhere, oldest first, wherever the marks are", arguments: Written.allCases)
  func anyPosition(_ written: Written) throws {
    var generator = SeededGenerator(of: "positions, \(written) written")
    let ledger = try ledger(written)
    let reader = try ledger.store.makeReader()
    let borders = [0, 1, 62, 63, 64, 65, 127, 128, 2_431, 2_432, 2_433, 2_498, 2_499] as [Int64]
    let positions = borders + (0..<60).map { _ in Int64.random(in: 0..<Self.rowCount, using: &generator) }
    for position in positions {
      let rowsMax = [1, 2, 63, 64, 65, 200, 1000][Int.random(in: 0..<7, using: &generator)]
      let outcome = try page(ledger, reader, at: position, rowsMax, oldestFirst: true)
      guard case .transactions(let rows, let next, _, _, _) = outcome else { throw TestFailure("\(outcome)") }
      let last = min(position + Int64(rowsMax), Self.rowCount)
      #expect(rows.map(\.version) == Array(position + 1...last) && rows.allSatisfy { $0.walletID == 1 })
      #expect(Cursor(encoded: next)?.position == (last == Self.rowCount ? nil : last))
    }
  }

  @Test("marks that are only in memory spare a page at the beginning the way from the end")
  func marksInMemory() throws {
    let ledger = try ledger(.nothing)
    for (position, expected) in [(0, 64), (13, 64), (14, 128), (1_000, 1088), (2_445, 2_496), (2_447, 2_500)]
      as [(Int64, Int64)]
    {
      let cursor = Cursor(
        ledgerID: Text(ledger.store.description.ledgerID), epoch: 1, list: .transactionsOldestFirst, subject: "1",
        position: position)
      let request = LedgerRequest.history(
        .id(1, currency: ""), page: PageRequest(rowsMax: 50, cursor: position == 0 ? "" : cursor.encoded),
        oldestFirst: true)
      let reading = LedgerClock.Reading(wall: ledger.wall, monotonic: 0)
      let outcome = try ledger.store.perform([request], reading: reading, isDue: { _ in true })[0]
      guard case .deferred(.history(let found)) = outcome else { throw TestFailure("no place") }
      let version = try ledger.stranger().integer("SELECT version FROM transactions WHERE seq = \(found.entrySeq)")
      #expect(version == expected, "from \(position)")
    }
  }

  @Test("a page asked for before a flush and read after it is the same", arguments: [false, true])
  func flushedBetween(_ oldestFirst: Bool) throws {
    let ledger = try ledger(.nothing)
    let reader = try ledger.store.makeReader()
    let request = LedgerRequest.history(
      .id(1, currency: ""), page: PageRequest(rowsMax: 300, cursor: ""), oldestFirst: oldestFirst)
    let reading = LedgerClock.Reading(wall: ledger.wall, monotonic: 0)
    guard case .deferred(let found) = try ledger.store.perform([request], reading: reading, isDue: { _ in true })[0]
    else { throw TestFailure("no place") }
    guard case .transactions(let before, let cursor, _, _, _) = try reader.perform(found) else {
      throw TestFailure("no page")
    }
    _ = try ledger.perform(ledger.command(.credit, "u1", 1))
    try ledger.writeTrailing()
    guard case .transactions(let after, let again, _, _, _) = try reader.perform(found) else {
      throw TestFailure("no page")
    }
    #expect(before == after && before.count == 300 && cursor == again)
  }

  @Test(
    "a page has no row that came after it was asked for, though a mark leads to it by then", arguments: [false, true])
  func grownBetween(_ oldestFirst: Bool) throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"))
    for _ in 2...40 { _ = try ledger.perform(ledger.command(.credit, "u1", 1)) }
    let request = LedgerRequest.history(
      .id(1, currency: ""), page: PageRequest(rowsMax: 50, cursor: ""), oldestFirst: oldestFirst)
    let reading = LedgerClock.Reading(wall: ledger.wall, monotonic: 0)
    guard case .deferred(let found) = try ledger.store.perform([request], reading: reading, isDue: { _ in true })[0]
    else { throw TestFailure("no place") }
    for _ in 41...70 { _ = try ledger.perform(ledger.command(.credit, "u1", 1)) }
    try ledger.writeTrailing()
    #expect(try ledger.stranger().integer("SELECT max(version) FROM version_index WHERE wallet_id = 1") == 64)
    let outcome = try ledger.store.makeReader().perform(found)
    guard case .transactions(let rows, let next, _, _, let commitSeq) = outcome else { throw TestFailure("no page") }
    #expect(rows.map(\.version) == (oldestFirst ? Array(1...40) : (1...40).reversed()))
    #expect(next.isEmpty && commitSeq == 40)
  }

  @Test(
    "a page ends at its size in bytes in both orders, and a row that is larger comes alone", arguments: [false, true])
  func bytes(_ oldestFirst: Bool) throws {
    var settings = LedgerFixture.settings
    settings.listLimits.pageBytesMax = 3_000
    let ledger = try LedgerFixture(settings)
    _ = try ledger.perform(ledger.command(.openWallet, "u1"))
    for index in 2...300 as ClosedRange<Int64> {
      var credit = ledger.command(.credit, "u1", index)
      if index % 7 == 0 { credit.audit.note = Text(String(repeating: "n", count: 250)) }
      if index % 90 == 0 {
        credit.audit.metadata = (0..<16).map {
          MetadataPair(key: Text("key-\($0)"), value: Text(String(repeating: "v", count: 250)))
        }
      }
      _ = try ledger.perform(credit)
    }
    let reader = try ledger.store.makeReader()
    var versions: [Int64] = []
    var lonely = 0
    var cursor = ""
    repeat {
      let page = PageRequest(rowsMax: 1000, cursor: cursor)
      let outcome = try ledger.list(.history(.id(1, currency: ""), page: page, oldestFirst: oldestFirst), reader)
      guard case .transactions(let rows, let next, _, _, _) = outcome else { throw TestFailure("\(outcome)") }
      #expect(!rows.isEmpty && rows.count < 10)
      if rows.count == 1, rows[0].version % 90 == 0 { lonely += 1 }
      versions += rows.map(\.version)
      cursor = next
    } while !cursor.isEmpty
    #expect(versions == (oldestFirst ? Array(1...300) : Array((1...300).reversed())) && lonely == 3)
  }

  @Test("cursors that nobody gave out are refused, whatever place they name", arguments: Written.allCases)
  func madeUp(_ written: Written) throws {
    let ledger = try ledger(written)
    let reader = try ledger.store.makeReader()
    // Rows of the other wallet, and places where no row is.
    let strange = try ledger.stranger().integer("SELECT max(seq) FROM transactions WHERE wallet_id = 2") ?? 0
    for position in [2, strange, strange + 5_000, .max, .max - 1, 1 << 62, -1, .min] {
      let outcome = try page(ledger, reader, at: position, 50, oldestFirst: false)
      #expect(outcome.reason == .invalidArgument, "newest first, from \(position)")
    }
    for position in [Self.rowCount, Self.rowCount + 1, .max - 1_001, .max - 1, .max, -1, .min] {
      for rowsMax in [1, 1000] {
        let outcome = try page(ledger, reader, at: position, rowsMax, oldestFirst: true)
        #expect(outcome.reason == .invalidArgument, "oldest first, from \(position)")
      }
    }
    #expect(try ledger.wallet("u1")?.version == Self.rowCount)
  }
}
