import Foundation
import TestSupport
import Testing
import WalletCore

@testable import WalletStore

@Suite("Rows on their way into the journal")
struct RowFeedTests {
  /// A ledger's file without a store.
  private struct File {
    let path: String
    let database: Database
    let origins: OriginTable

    init(_ path: String) throws {
      self.path = path
      database = try Database(path: path, access: .write, vfs: nil)
      try Schema.migrate(database, ledgerID: "test", createdAt: 0)
      // Without the triggers, as a store has it.
      try Pragmas.guardJournal(database)
      origins = try OriginTable(database)
    }

    func commit(_ body: () throws -> Void) throws {
      try database.execute("BEGIN IMMEDIATE")
      try body()
      try database.execute("COMMIT")
    }

    func bytes() throws -> Data { try Data(contentsOf: URL(filePath: path)) }
  }

  /// Integers at the borders of what SQLite gives one, two, three, four, six and eight bytes.
  private static func integer(_ generator: inout SeededGenerator) -> Int64 {
    let bits = [0, 1, 7, 15, 23, 31, 47, 63].randomElement(using: &generator) ?? 0
    let border = bits == 63 ? Int64.max : 1 << Int64(bits)
    let value = border &+ Int64.random(in: -2...1, using: &generator)
    return Bool.random(using: &generator) ? value : ~value
  }

  private static func text(_ countMax: Int, _ generator: inout SeededGenerator) -> Text {
    let count = Int.random(in: 0...countMax, using: &generator)
    return Text(String((0..<count).map { _ in "abcdefgh0123-é".randomElement(using: &generator) ?? "a" }))
  }

  private static func row(_ seq: Int64, _ generator: inout SeededGenerator) throws -> TransactionRow {
    let key: IdempotencyKey? =
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: nil
      case 1: .text(Text("key-\(seq)-" + String(repeating: "x", count: Int.random(in: 0...110, using: &generator))))
      default: .uuid(high: generator.next(), low: generator.next())
      }
    let audit = Command.Audit(
      reason: text(64, &generator), reference: text(128, &generator), correlationID: text(64, &generator))
    var row = TransactionRow(
      seq: seq, kind: try #require(TransactionKind(rawValue: UInt8.random(in: 1...3, using: &generator))),
      walletID: integer(&generator), version: integer(&generator), amount: integer(&generator),
      balance: integer(&generator), held: 0, overdraftLimit: 0, counterAccount: text(32, &generator),
      attribution: Attribution(
        key: key, audit: audit,
        origin: Origin(actor: Text("actor-\(seq % 3)"), source: "local", clientName: "test")),
      createdAt: integer(&generator), previousSeq: integer(&generator))
    row.requestDigest = ShortBytes((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    row.digest = ShortBytes((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    #expect(row.isPlain)
    return row
  }

  @Test("they make the same file, byte for byte, as rows that SQLite makes out of their columns")
  func sameBytes() throws {
    var generator = SeededGenerator(of: "row feed")
    let scratch = try ScratchFolder("row-feed")
    let (fed, bound) = (try File("\(scratch.path)/fed.db"), try File("\(scratch.path)/bound.db"))
    let feed = try RowFeed(fed.database)
    let table = try TransactionTable(bound.database, origins: bound.origins)
    var seq: Int64 = 0
    for round in 0..<40 {
      // Of one page and of many; the row ids get longer too.
      let count = round % 8 == 7 ? 600 : Int.random(in: 1...60, using: &generator)
      var rows: [TransactionRow] = []
      for _ in 0..<count {
        seq += round == 20 ? 1 << 33 : Int64.random(in: 1...3, using: &generator)
        rows.append(try Self.row(seq, &generator))
      }
      try fed.commit {
        for row in rows { #expect(feed.append(row, originID: try fed.origins.id(of: row.attribution.origin))) }
        try feed.write()
        fed.origins.settle()
      }
      feed.removeAll()
      try bound.commit {
        for row in rows { try table.append(row) }
        bound.origins.settle()
      }
      #expect(try fed.bytes() == bound.bytes(), "round \(round)")
    }
    #expect(try fed.database.text("PRAGMA main.integrity_check") == "ok")
  }

  @Test("what is taken back isn't written, and what isn't written yet is found")
  func takenBack() throws {
    var generator = SeededGenerator(of: "row feed, taken back")
    let scratch = try ScratchFolder("row-feed")
    let file = try File("\(scratch.path)/fed.db")
    let feed = try RowFeed(file.database)
    let table = try TransactionTable(file.database, origins: file.origins)
    var written: [TransactionRow] = []
    for _ in 0..<30 {
      var rows: [TransactionRow] = []
      let isRolledBack = Int.random(in: 0..<4, using: &generator) == 0
      try file.database.execute("BEGIN IMMEDIATE")
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        for _ in 0..<Int.random(in: 0...90, using: &generator) {
          let row = try Self.row((rows.last ?? written.last)?.seq.advanced(by: 1) ?? 1, &generator)
          rows.append(row)
          #expect(feed.append(row, originID: try file.origins.id(of: row.attribution.origin)))
        }
        let kept = Int.random(in: 0...rows.count, using: &generator)
        feed.shrink(to: kept)
        rows.removeLast(rows.count - kept)
        #expect(feed.count == kept)
        for row in rows.shuffled(using: &generator).prefix(5) { #expect(try feed.row(row.seq, file.origins) == row) }
        let next = (rows.last ?? written.last)?.seq.advanced(by: 1) ?? 1
        #expect(try feed.row(next, file.origins) == nil)
      }
      if isRolledBack, Bool.random(using: &generator) { try feed.write() }
      if !isRolledBack { try feed.write() }
      try file.database.execute(isRolledBack ? "ROLLBACK" : "COMMIT")
      feed.removeAll()
      if isRolledBack {
        file.origins.takeBack()
      } else {
        file.origins.settle()
        written += rows
      }
      #expect(try file.database.integer("SELECT count(*) FROM main.transactions") == Int64(written.count))
    }
    for row in written { #expect(try table.row(row.seq) == row) }
    #expect(written.count > 100)
  }

  @Test("SQLite takes rows over as they are, out of pages that are sound")
  func takenOver() throws {
    var generator = SeededGenerator(of: "row feed, pages")
    let scratch = try ScratchFolder("row-feed")
    let file = try File("\(scratch.path)/fed.db")
    let feed = try RowFeed(file.database)
    let plan = try file.database.prepare("EXPLAIN INSERT INTO main.transactions SELECT * FROM feed.transactions")
    var steps: Set<String> = []
    while try plan.step() { steps.insert(plan.text(1).string) }
    #expect(
      steps.contains("Insert") && steps.isDisjoint(with: ["Column", "MakeRecord", "Yield", "TypeCheck"]), "\(steps)")
    // What is longer than any request may be has no room either.
    var long = try Self.row(1, &generator)
    long.counterAccount = Text(String(repeating: "x", count: 5_000))
    #expect(!feed.append(long, originID: 1) && feed.count == 0)
    // Until there is no room: the rows that come then go another way.
    var count: Int64 = 0
    while feed.append(try Self.row(count + 1, &generator), originID: 1) { count += 1 }
    #expect(count > Int64(BatchCommand.itemsMax))
    try file.commit { try feed.write() }
    #expect(try file.database.integer("SELECT count(*) FROM main.transactions") == count)
    feed.removeAll()
    // All pages that have rows are in the tree, in order, with cells that don't overlap; the others aren't used.
    for rows in [1, 30, 40, 5_000] {
      for index in 0..<rows { #expect(feed.append(try Self.row(count + 1 + Int64(index), &generator), originID: 1)) }
      try file.commit {
        try feed.write()
        let check = try file.database.prepare("PRAGMA feed.integrity_check(1000)")
        while try check.step() {
          let line = check.text(0).string
          #expect(
            line == "ok" || line.hasSuffix(" is never used") || line.hasPrefix("*** in database"), "\(rows): \(line)")
        }
        #expect(try file.database.integer("SELECT count(*) FROM feed.transactions") == Int64(rows))
      }
      feed.removeAll()
      count += Int64(rows)
    }
  }

  @Test("integers of one to nine bytes are read as they were written")
  func varints() {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 8)
    defer { unsafe memory.deallocate() }
    for bits in 0..<64 {
      for value in [UInt64(1) << bits, (UInt64(1) << bits) - 1, (UInt64(1) << bits) + 1, .max - UInt64(bits)] {
        var end = unsafe memory
        unsafe Record.write(varint: value, to: &end)
        let byteCount = unsafe end - memory
        var place = UnsafeRawPointer(memory)
        let read = unsafe Record.varint(&place)
        let readCount = unsafe place - UnsafeRawPointer(memory)
        #expect(read == value && byteCount == Record.varintByteCount(value) && readCount == byteCount)
      }
    }
  }
}
