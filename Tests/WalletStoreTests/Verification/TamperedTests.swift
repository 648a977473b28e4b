import Testing
import WalletCore

@testable import WalletStore

/// What somebody does to a ledger's file with the sqlite3 shell, its triggers dropped.
@Suite("Verify: tampered ledgers")
struct TamperedTests {
  struct Edit: Sendable, CustomTestStringConvertible {
    var name: String
    var sql: String
    /// What must be found, among other things.
    var whats: [String]

    init(_ name: String, _ sql: String, finds whats: String...) {
      self.name = name
      self.sql = sql
      self.whats = whats
    }

    var testDescription: String { name }
  }

  private static func some(_ kind: TransactionKind) -> String {
    "(SELECT max(seq) FROM transactions WHERE kind = \(kind.rawValue))"
  }

  /// A ledger with everything, closed; what was done to it, and what is found.
  private func verify(_ sql: String, _ request: VerifyRequest = VerifyRequest()) throws -> Verification {
    let ledger = try LedgerFixture.withEverything()
    try ledger.writeTrailing()
    try ledger.store.close()
    try tamper(ledger, sql)
    return try ledger.verifyOffline(request)
  }

  private func tamper(_ ledger: LedgerFixture, _ sql: String) throws {
    let stranger = try ledger.stranger()
    let triggers = try stranger.prepare(
      "SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_schema WHERE type = 'trigger'")
    #expect(try triggers.step())
    let drop = triggers.text(0).string
    triggers.reset()
    try stranger.execute(drop)
    try stranger.execute(sql)
  }

  @Test(
    "an edit is found by what it is",
    arguments: [
      Edit(
        "an edited amount", "UPDATE transactions SET amount = amount - 1 WHERE seq = \(some(.debit))", finds: "digest",
        "wallet.balance", "counter_total", "currency.sum"),
      Edit("a deleted row", "DELETE FROM transactions WHERE seq = 40", finds: "seq", "wallet.version", "key"),
      Edit(
        "an inserted row",
        """
        UPDATE transactions SET seq = -seq WHERE seq > 40; UPDATE transactions SET seq = 1 - seq WHERE seq < 0;
        UPDATE refusals SET seq = -seq WHERE seq > 40; UPDATE refusals SET seq = 1 - seq WHERE seq < 0;
        INSERT INTO transactions SELECT 41, format, lane, kind, wallet_id, version + 1, amount, held_change, balance + amount,
          held, overdraft_limit, counter_account, counter_wallet_id, hold_id, related_seq, 40, origin_id, on_behalf_of,
          reason, note, reference, NULL, NULL, correlation_id, metadata, occurred_at, created_at, detail, digest
        FROM transactions WHERE seq = 40
        """, finds: "digest", "wallet.version"),
      Edit(
        "a swapped pair",
        """
        UPDATE transactions SET seq = -1 WHERE seq = 40; UPDATE transactions SET seq = 40 WHERE seq = 41;
        UPDATE transactions SET seq = 41 WHERE seq = -1
        """, finds: "digest", "key"),
      Edit(
        "an edited refusal", "UPDATE refusals SET amount = amount - 1 WHERE seq = (SELECT min(seq) FROM refusals)",
        finds: "digest"),
      Edit(
        "an edited key of a row",
        "UPDATE refusals SET idempotency_key = 'another-key' WHERE seq = (SELECT min(seq) FROM refusals)",
        finds: "digest", "key"),
      Edit(
        "an edited wallet row", "UPDATE wallets SET balance = balance + 1 WHERE wallet_id = 2", finds: "wallets.balance"
      ),
      Edit("an edited owner", "UPDATE wallets SET owner_id = 'mallory' WHERE wallet_id = 3", finds: "wallets.name"),
      Edit("an edited status", "UPDATE wallets SET status = 1 WHERE wallet_id = 5", finds: "wallets.status"),
      Edit(
        "an edited time of a wallet", "UPDATE wallets SET updated_at = updated_at + 1 WHERE wallet_id = 2",
        finds: "wallets.updated"),
      Edit("a missing wallet", "DELETE FROM wallets WHERE wallet_id = 4", finds: "wallets"),
      Edit(
        "a wallet too many",
        """
        INSERT INTO wallets SELECT 99, 'ghost', currency, name, exponent, status, balance, held, overdraft_limit, version,
          created_at, created_by, updated_at, updated_by, last_seq FROM wallets WHERE wallet_id = 1
        """, finds: "wallets"),
      Edit(
        "a wallet row set back to an earlier own state",
        """
        UPDATE wallets SET (version, balance, held, overdraft_limit, last_seq, updated_at) =
          (SELECT version, balance, held, overdraft_limit, seq, created_at FROM transactions WHERE wallet_id = 2 ORDER BY seq LIMIT 1 OFFSET 9)
        WHERE wallet_id = 2
        """, finds: "wallets.last_seq"),
      Edit("a missing key", "DELETE FROM other_keys WHERE key = 'batch-0001'", finds: "key"),
      Edit("an extra key", "INSERT INTO other_keys (key, seq) VALUES ('nobody-asked', 12)", finds: "key"),
      Edit(
        "an extra key of a row to come", "INSERT INTO other_keys (key, seq) VALUES ('nobody-asked', 99999)",
        finds: "key"),
      Edit(
        "a key that leads elsewhere", "UPDATE other_keys SET seq = seq - 1 WHERE key = 'batch-0001'", finds: "key"),
      Edit(
        "a missing UUID",
        "UPDATE key_segments SET entries = CAST(substr(entries, 1, 220) || substr(entries, 243) AS BLOB)",
        finds: "key"),
      Edit(
        "a UUID that leads elsewhere",
        "UPDATE key_segments SET entries = CAST(substr(entries, 1, 16) || x'000000000009' || substr(entries, 23) AS BLOB)",
        finds: "key"),
      Edit(
        "a changed key fence", "UPDATE key_fences SET first_key = x'00000001000000078000000000000005'",
        finds: "key_fences"),
      Edit(
        "a key fence too many", "INSERT INTO key_fences VALUES (x'00000003000000078000000000000005', 1)",
        finds: "key_fences"),
      Edit("a missing segment", "DELETE FROM key_segments", finds: "key_segments", "key"),
      Edit("an edited hold", "UPDATE holds SET captured = captured - 1 WHERE state = 2", finds: "holds"),
      Edit("an open hold that ends later", "UPDATE holds SET ends_at = ends_at + 1 WHERE state = 1", finds: "holds"),
      Edit("a hold opened again", "UPDATE holds SET state = 1, remaining = 5 WHERE state = 3", finds: "holds"),
      Edit("a missing hold", "DELETE FROM holds WHERE state = 1", finds: "holds"),
      Edit("a hold too many", "INSERT INTO holds VALUES (2, 1, 5, 0, 5, 1, 2, 1, 0)", finds: "holds"),
      Edit(
        "an edited limit", "UPDATE wallet_controls SET day_amount = 999999 WHERE wallet_id = 1",
        finds: "wallet_controls.limits"),
      Edit(
        "an edited use of a limit", "UPDATE wallet_controls SET day_used = 0 WHERE wallet_id = 1",
        finds: "wallet_controls.day_used"),
      Edit("a lifted freeze", "DELETE FROM wallet_controls WHERE wallet_id = 2", finds: "wallet_controls"),
      Edit(
        "an edited freeze", "UPDATE wallet_controls SET debit_freeze_until = 7 WHERE wallet_id = 3",
        finds: "wallet_controls.debit_freeze"),
      Edit(
        "a freeze too many",
        "INSERT INTO wallet_controls SELECT 4, 0, 1, 'x', 1, 0, NULL, NULL, NULL, NULL, overdraft, balance_max, amount_max, day_amount, day_count, week_amount, week_count, month_amount, month_count, day_start, day_used, day_used_count, week_start, week_used, week_used_count, month_start, month_used, month_used_count FROM wallet_controls WHERE wallet_id = 2",
        finds: "wallet_controls"),
      Edit(
        "an edited count of open holds", "UPDATE wallet_controls SET open_holds = 0 WHERE wallet_id = 1",
        finds: "wallet_controls.open_holds"),
      Edit("an edited sum of refunds", "UPDATE refunds SET refunded = refunded - 1", finds: "refunds"),
      Edit("a missing sum of refunds", "DELETE FROM refunds", finds: "refunds"),
      Edit(
        "a sum of refunds too many", "INSERT INTO refunds SELECT max(seq), 5 FROM transactions WHERE kind = 2",
        finds: "refunds"),
      Edit(
        "an edited counter total",
        "UPDATE counter_totals SET total = total + 1 WHERE counter_account = 'sales' AND currency = 'USD'",
        finds: "counter_total"),
      Edit(
        "a counter total that is older than it may be",
        "UPDATE counter_totals SET seq = 3, total = 0 WHERE counter_account = 'sales'", finds: "counter_total.seq"),
      Edit(
        "a missing counter total", "DELETE FROM counter_totals WHERE counter_account = 'funding' AND currency = 'EUR'",
        finds: "counter_total"),
      Edit(
        "an edited total of wallets", "UPDATE wallet_totals SET total = total + 1 WHERE currency = 'USD'",
        finds: "wallet_total"),
      Edit(
        "an edited exponent", "UPDATE currencies SET exponent = 3 WHERE code = 'EUR'", finds: "currency", "currencies"),
      Edit(
        "a counter-account that is gone", "DELETE FROM counter_accounts WHERE name = 'refunds'",
        finds: "counter_account"),
      Edit("a missing mark", "DELETE FROM version_index", finds: "version_index"),
      Edit("a moved mark", "UPDATE version_index SET seq = seq - 1", finds: "version_index"),
      Edit(
        "a missing reference",
        "UPDATE reference_index SET entries = CAST(substr(entries, 1, length(entries) - 8) AS BLOB) WHERE run = (SELECT max(run) FROM reference_index)",
        finds: "reference_index"),
      Edit("an edited origin", "UPDATE origins SET actor = 'mallory'", finds: "digest"),
      Edit("a missing origin", "DELETE FROM origins", finds: "row"),
      Edit("an unknown kind", "UPDATE transactions SET kind = 77 WHERE seq = 30", finds: "row"),
      Edit("another ledger's name", "UPDATE meta SET value = 'another' WHERE key = 'ledger_id'", finds: "digest"),
      Edit(
        "a watermark past the end", "UPDATE projections SET seq = 99999 WHERE name = 'ledger'", finds: "projections"),
      Edit(
        "a watermark of wallets past the end", "UPDATE projections SET seq = 99999 WHERE name = 'wallets'",
        finds: "projections"),
      Edit("no watermark of wallets", "DELETE FROM projections WHERE name = 'wallets'", finds: "projections"),
      Edit(
        "an edited administration row", "UPDATE administration SET reason = 'other' WHERE verb = 512", finds: "digest"),
      Edit(
        "an edited exponent of a currency of one's own",
        "UPDATE currencies SET exponent = 2 WHERE code = 'ESIM-MB'", finds: "currencies", "currency"),
      Edit(
        "a currency that nobody registered", "INSERT INTO currencies (code, exponent) VALUES ('GHOST', 2)",
        finds: "currencies"),
      Edit(
        "a currency whose row is another's",
        "UPDATE currencies SET registered_seq = registered_seq + 1 WHERE code = 'ESIM-MB'", finds: "currencies"),
      Edit(
        "a counter-account that nobody added",
        "INSERT INTO counter_accounts (name, added_seq) VALUES ('ghosts', 7)", finds: "counter_accounts"),
      Edit(
        "a counter-account of one's own that is gone", "DELETE FROM counter_accounts WHERE name = 'partners'",
        finds: "counter_accounts", "counter_account"),
      Edit("a note", "UPDATE transactions SET note = 'nothing to see' WHERE seq = 33", finds: "digest"),
      Edit(
        "one side of a transfer", "UPDATE transactions SET counter_wallet_id = 4 WHERE seq = \(some(.transferOut))",
        finds: "digest", "transfer"),
    ])
  func edits(_ edit: Edit) throws {
    let verification = try verify(edit.sql)
    for what in edit.whats { #expect(verification.whats.contains(what), "\(verification.findings)") }
    #expect(verification.failure == nil && (verification.report?.findings ?? 0) > 0)
  }

  @Test("an edited amount is told with its wallet, its row, what was expected and what was found")
  func told() throws {
    let verification = try verify("UPDATE transactions SET amount = -7777, balance = balance WHERE seq = 60")
    let finding = try #require(verification.first("wallet.balance"))
    #expect(finding.seq == 60 && [1, 2].contains(finding.walletID) && finding.expected != finding.found)
    #expect(verification.first("digest")?.seq == 60)
  }

  @Test("a chain that was made anew is found by what follows from no rows before, and by a head that was kept")
  func resealed() throws {
    let ledger = try LedgerFixture.withEverything()
    try ledger.writeTrailing()
    let head = ledger.store.head
    try ledger.store.close()
    try tamper(ledger, "UPDATE transactions SET amount = amount - 1, balance = balance - 1 WHERE seq = 60")
    try reseal(ledger)
    let kept = try ledger.verifyOffline(VerifyRequest(expectedHead: head))
    #expect(kept.whats.isSuperset(of: ["head", "wallet.balance", "counter_total"]))
    #expect(!kept.whats.contains("digest"))
  }

  /// Gives all rows from the 60th on digests that fit, as somebody would who knows how.
  private func reseal(_ ledger: LedgerFixture) throws {
    let stranger = try ledger.stranger()
    let scan = try JournalScan(stranger, OriginTable(reading: stranger))
    let sealer = RowSealer()
    var before = try scan.entry(at: 59)?.digest ?? []
    for seq in 60...(try scan.head()) {
      var table = "transactions"
      switch try scan.entry(at: seq) {
      case .transaction(let row): before = sealer.digest(of: row, after: before)
      case .refusal(let row):
        table = "refusals"
        before = sealer.digest(of: row, after: before)
      case .administration(let row):
        table = "administration"
        before = sealer.digest(of: row, after: before)
      default: Issue.record("row \(seq)")
      }
      let update = try stranger.prepare("UPDATE \(table) SET digest = ?1 WHERE seq = ?2")
      update.bindNonempty(1, before)
      update.bind(2, seq)
      try update.run()
    }
  }

  @Test("a truncated tail is found where its head is known, and only there")
  func truncatedTail() throws {
    let ledger = try LedgerFixture(LedgerFixture.smallSteps())
    _ = try ledger.perform(ledger.command(.openWallet, "u1"))
    try ledger.writeTrailing()
    let image = try ledger.image()
    for _ in 0..<5 { _ = try ledger.perform(ledger.command(.credit, "u1", 5)) }
    let head = ledger.store.head
    // Somebody puts the files back as they were.
    let old = try LedgerFixture(ledger.settings, image: image)
    #expect(try old.verify().findings == [])
    let verification = try old.verify(VerifyRequest(expectedHead: head))
    #expect(verification.whats == ["head"])
    #expect(verification.first("head")?.found == "one that ends at 1")
  }

  @Test("at most so many findings are told, and all are counted")
  func bounded() throws {
    let ledger = try LedgerFixture.withEverything()
    ledger.settings.verifying.findingsToldMax = 5
    try ledger.writeTrailing()
    try ledger.store.close()
    try tamper(ledger, "UPDATE origins SET source = 'elsewhere'")
    let verification = try ledger.verifyOffline()
    #expect(verification.findings.count == 5 && verification.report?.findingsTold == 5)
    #expect((verification.report?.findings ?? 0) > 100)
  }

  @Test("a page that can't be read is a finding, and the rest is verified")
  func unreadable() throws {
    let ledger = try LedgerFixture.withEverything()
    try ledger.writeTrailing()
    try ledger.store.close()
    let stranger = try ledger.stranger()
    try stranger.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    let page = try #require(
      try stranger.integer(
        "SELECT pageno FROM dbstat WHERE name = 'transactions' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 1"))
    try ledger.spoil(page: Int(page))
    let verification = try ledger.verifyOffline()
    #expect(verification.whats.contains("row") && verification.whats.contains("integrity"))
    #expect(verification.report != nil)
  }
}
