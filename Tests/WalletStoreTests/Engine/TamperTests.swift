import CSQLite
import TestSupport
import Testing
import WalletCore

@testable import WalletStore

/// A projection that somebody has edited is noticed before it makes a wrong answer.
@Suite("Edited projections")
struct TamperTests {
  private static let uuids = (0..<500).map { IdempotencyKey.uuid(high: UInt64($0) << 32 | 7, low: 9) }

  /// A wallet with 500 credits under UUIDs, and one of each under words; closed.
  private func ledger() throws -> LedgerFixture {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"), ledger.command(.openWallet, "u2"))
    _ = try ledger.perform(LedgerFixture.itemByItem(Self.uuids.map { ledger.command(.credit, "u1", 5, key: $0) }))
    _ = try ledger.perform(
      ledger.command(.credit, "u1", 5, key: .text("words-0001")),
      ledger.command(.credit, "u2", 5, key: .text("words-0002")),
      ledger.command(.debit, "u1", 1 << 40, key: .text("words-0003")),
      ledger.command(.debit, "u1", 1 << 40, key: .text("words-0004")))
    try ledger.store.close()
    return ledger
  }

  private func open(_ ledger: LedgerFixture) throws { try ledger.reopen() }

  private func expectInconsistent(_ comment: Comment, _ body: () throws -> Void) {
    #expect(comment) {
      try body()
    } throws: { error in
      (error as? LedgerFault)?.kind == .inconsistent
    }
  }

  @Test(
    "a key that leads to another row is no replay of that row",
    arguments: [
      ("words-0001", "words-0002"), ("words-0001", "words-0003"), ("words-0003", "words-0004"),
      ("words-0003", "words-0001"),
    ])
  func wordsLeadElsewhere(_ key: String, _ other: String) throws {
    let ledger = try ledger()
    try ledger.stranger().execute(
      "UPDATE other_keys SET seq = (SELECT seq FROM other_keys WHERE key = '\(other)') WHERE key = '\(key)'")
    try open(ledger)
    let isDebit = key == "words-0003"
    let command = ledger.command(
      isDebit ? .debit : .credit, "u1", isDebit ? 1 << 40 : 5, key: .text(Text(key)))
    expectInconsistent("\(key) leads to \(other)") { _ = try ledger.perform(command) }
    expectInconsistent("the key of a batch") {
      _ = try ledger.perform(LedgerFixture.atomic(.text(Text(key)), [command]))
    }
  }

  @Test("a UUID that leads to another row of the same wallet, or to none, is no replay", arguments: [3, 300, 70_000])
  func uuidsLeadElsewhere(_ seq: Int) throws {
    let ledger = try ledger()
    // The last bytes of the first entry: it leads to seq 3 when nobody has edited it.
    let bytes = String(seq == 3 ? 4 : seq, radix: 16, uppercase: true)
    let low = String(repeating: "0", count: 12 - bytes.count) + bytes
    try ledger.stranger().execute(
      """
      UPDATE key_segments SET entries = CAST(substr(entries, 1, 16) || x'\(low)' || substr(entries, 23) AS BLOB)
      WHERE segment = 1
      """)
    try open(ledger)
    expectInconsistent("seq \(seq)") { _ = try ledger.perform(ledger.command(.credit, "u1", 5, key: Self.uuids[0])) }
    // The others are as they were.
    try open(ledger)
    #expect(try ledger.perform(ledger.command(.credit, "u1", 5, key: Self.uuids[1]))[0].isReplay)
  }

  @Test("a segment or a fence that is missing is noticed, not taken for new keys", arguments: [1, 2, 3])
  func missingSegments(_ segment: Int) throws {
    for table in ["key_segments", "key_fences"] {
      let ledger = try ledger()
      #expect(try ledger.stranger().integer("SELECT count(*) FROM \(table)") == 3)
      try ledger.stranger().execute("DELETE FROM \(table) WHERE segment = \(segment)")
      expectInconsistent("\(table) \(segment)") {
        try open(ledger)
        for key in Self.uuids { _ = try ledger.perform(ledger.command(.credit, "u1", 5, key: key)) }
      }
      #expect(try ledger.stranger().integer("SELECT count(*) FROM transactions") == 504, "\(table) \(segment)")
    }
  }

  @Test(
    "a wallet row that isn't what its rows made of it isn't served",
    arguments: [
      "last_seq = last_seq + 1", "version = version + 1", "balance = balance + 1", "last_seq = 99999",
      "version = version + 1, balance = balance + 5, last_seq = last_seq + 1", "last_seq = 3, version = 2, balance = 6",
      "overdraft_limit = 100",
    ])
  func wallets(_ change: String) throws {
    let ledger = try ledger()
    try ledger.stranger().execute("UPDATE wallets SET \(change) WHERE wallet_id = 1")
    try open(ledger)
    expectInconsistent("read") { _ = try ledger.wallet("u1") }
    expectInconsistent("debited") { _ = try ledger.perform(ledger.command(.debit, "u1", 1)) }
    #expect(try ledger.wallet("u2")?.balance == 5)
  }

  @Test(
    "a wallet row with a longer currency than any has isn't served, and nothing else is lost",
    arguments: ["ABCDEFGHIJKLMNOPQ", String(repeating: "A", count: 60)])
  func longCurrency(_ currency: String) throws {
    let ledger = try ledger()
    try ledger.stranger().execute("UPDATE wallets SET currency = '\(currency)' WHERE wallet_id = 1")
    try open(ledger)
    var debit = ledger.command(.debit, "u1", 1)
    debit.wallet = .id(1, currency: "")
    #expect {
      _ = try ledger.perform(debit)
    } throws: { error in
      (error as? LedgerFault)?.message.contains("wallet 1 has a currency of \(currency.utf8.count) bytes") == true
    }
    #expect(try ledger.wallet("u2")?.balance == 5)
  }

  @Test(
    "a watermark that isn't the journal's is refused at the start",
    arguments: ["ledger", "wallets"], ["seq = seq + 1", "seq = -1", "seq = 9223372036854775807", "name = 'another'"])
  func watermark(_ name: String, _ change: String) throws {
    let ledger = try ledger()
    try ledger.stranger().execute("UPDATE projections SET \(change) WHERE name = '\(name)'")
    expectInconsistent("\(name): \(change)") { try open(ledger) }
  }

  @Test(
    "a watermark set back costs a start time, and no answers", arguments: ["'ledger'", "'wallets'", "name"],
    [0, 64, 320])
  func watermarkSetBack(_ name: String, _ seq: Int) throws {
    var settings = LedgerFixture.settings
    settings.trailing.generationRows = 64
    settings.trailing.generationRowsMax = 64
    settings.trailing.recoveryRows = 50
    let ledger = try LedgerFixture(settings)
    _ = try ledger.perform(ledger.command(.openWallet, "u1"))
    let credits = (0..<400).map { index in
      var credit = ledger.command(.credit, "u1", 5, key: index % 3 == 0 ? nil : Self.uuids[index])
      credit.audit.reference = Text("o-\(index % 9)")
      return credit
    }
    for credit in credits { _ = try ledger.perform(credit) }
    try ledger.store.close()
    try ledger.stranger().execute("UPDATE projections SET seq = \(seq) WHERE name = \(name)")
    try open(ledger)
    #expect(ledger.store.recovery.rows == 401 - seq)
    #expect(try ledger.perform(LedgerFixture.itemByItem(credits))[0].items.allSatisfy(\.isReplay))
    #expect(try ledger.stranger().integer("SELECT count(*) FROM reference_rows") == 400)
    try ledger.store.close()
    #expect(try LedgerFile.problems(ledger.path) == [])
  }

  // MARK: In the part that a start writes

  @Test(
    "what contradicts the rows that trail is refused at the start",
    arguments: [
      "UPDATE wallets SET version = version - 1 WHERE wallet_id = 1",
      "UPDATE wallets SET version = version + 1 WHERE wallet_id = 1",
      "INSERT INTO other_keys (key, seq) VALUES ('words-0001', 2)", "DELETE FROM wallets WHERE wallet_id = 1",
    ])
  func tail(_ change: String) throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"), ledger.command(.openWallet, "u2"))
    try ledger.writeTrailing()
    _ = try ledger.perform(
      ledger.command(.credit, "u1", 5, key: .text("words-0001")), ledger.command(.credit, "u2", 5))
    try ledger.stranger().execute(change)
    expectInconsistent("\(change)") { try ledger.crash() }
  }

  // MARK: The journal itself

  @Test(
    "the writer can't prepare a change of journal rows, although its triggers are off",
    arguments: ["transactions", "refusals", "origins"])
  func authorizer(_ table: String) throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(
      ledger.command(.openWallet, "u1"), ledger.command(.credit, "u1", 100), ledger.command(.debit, "u1", 101))
    let before = try ledger.tables()
    let key = table == "origins" ? "origin_id" : "seq"
    let column = table == "origins" ? "actor" : "reason"
    for sql in [
      "UPDATE \(table) SET \(column) = 'x'", "UPDATE OR REPLACE \(table) SET \(key) = 1", "DELETE FROM \(table)",
      "DELETE FROM \(table) WHERE \(key) = 1", "DROP TABLE \(table)",
      "INSERT INTO \(table) SELECT * FROM \(table) WHERE true ON CONFLICT DO UPDATE SET \(column) = 'x'",
      "WITH some AS (SELECT 1) DELETE FROM \(table) WHERE \(key) IN some", "UPDATE main.\(table) SET \(column) = 'x'",
    ] {
      #expect {
        _ = try ledger.store.database.prepare(sql)
      } throws: { error in
        (error as? SQLiteError)?.primary == SQLITE_AUTH
      }
    }
    #expect(try ledger.tables() == before)
    // It is about these tables only, and a stranger meets the triggers as ever.
    _ = try ledger.store.database.prepare("UPDATE wallets SET balance = balance")
    #expect {
      try ledger.stranger().execute("UPDATE \(table) SET \(column) = 'x'")
    } throws: { error in
      (error as? SQLiteError)?.message == "journal rows are immutable"
    }
  }
}
