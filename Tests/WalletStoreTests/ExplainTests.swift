import Testing
import WalletCore

@testable import WalletStore

@Suite("Explanations")
struct ExplainTests {
  /// Wallet u1 with every kind of row: a hold of 50 at seq 7 is open, one of 40 at seq 8 has come to its end and is expired
  /// by the freeze behind it.
  private func made(_ settings: StoreSettings = LedgerFixture.settings) throws -> LedgerFixture {
    let ledger = try LedgerFixture.with(["u1": 500, "u2": 500], settings)
    var debit = ledger.command(.debit, "u1", 60)
    debit.audit.reason = "esim.purchase"
    var hold = ledger.hold("u1", 50, timeout: LedgerFixture.day)
    hold.audit.reason = "esim.order"
    hold.audit.reference = "o-1"
    _ = try ledger.perform(debit, ledger.transfer("u1", "u2", 30), hold)
    _ = try ledger.perform(ledger.hold("u1", 40), ledger.capture(9, 10), ledger.refund(5, 20))
    ledger.wall += LedgerFixture.minute
    _ = try ledger.perform(
      ledger.setLimits("u1") {
        $0.overdraft = 25
        $0.amountMax = 1_000
        $0.day = WindowLimit(amount: 300, count: 0)
      },
      ledger.freeze("u1", .all), ledger.special(.unfreeze, "u1", 0, .unfreeze(.credit)))
    return ledger
  }

  private func explain(
    _ ledger: LedgerFixture, from: Int64 = 0, lastChanges: Int = 3
  ) throws -> BalanceExplanation {
    let outcome = try ledger.explanation(
      .name(LedgerFixture.name("u1")), from: from, lastChanges: lastChanges, ledger.store.makeReader())
    guard case .explanation(let explanation) = outcome else { throw Surprise() }
    return explanation
  }

  private struct Surprise: Error {}

  @Test(
    "its sums, holds, freezes and limits are those of the wallet, however few rows are read at once",
    arguments: [1, 2, 500])
  func figures(_ sliceRows: Int) throws {
    var settings = LedgerFixture.settings
    settings.listLimits.explainSliceRows = sliceRows
    let ledger = try made(settings)
    let explanation = try explain(ledger)
    #expect(explanation.isEqual && explanation.difference == "", "\(explanation.difference)")
    let sums = Dictionary(
      uniqueKeysWithValues: explanation.sums.map { ("\($0.kind) \($0.reason)", [$0.count, $0.amount, $0.heldChange]) })
    #expect(
      sums == [
        "open test": [1, 0, 0], "credit test": [1, 500, 0], "debit esim.purchase": [1, -60, 0],
        "transferOut test": [1, -30, 0], "hold esim.order": [1, 0, 50], "hold test": [1, 0, 40],
        "capture test": [1, -10, -10], "refund test": [1, 20, 0], "expire hold.expired": [1, 0, -30],
        "setLimits test": [1, 0, 0], "freeze test": [1, 0, 0], "unfreeze test": [1, 0, 0],
      ])
    #expect(explanation.sums.prefix(3).map(\.amount) == [500, -60, -30])
    #expect(explanation.rowsRecomputed == 12 && explanation.opening == HistoryFold.Opening(at: 1_700_000_000_000_000))
    #expect(explanation.wallet.balance == 420 && explanation.wallet.held == 50)
    #expect(explanation.holds.map(\.hold.id) == [8] && explanation.holds[0].reason == "esim.order")
    #expect(explanation.holds[0].reference == "o-1" && explanation.holds[0].hold.remaining == 50)
    // The freeze was of all, and one side of it has been lifted.
    #expect(explanation.freezes.map(\.scope) == [.debit] && explanation.frozenAmount == 395)
    #expect(explanation.limits.overdraft == 25)
    let uses = explanation.limitUses.map { [Int64($0.kind.rawValue), $0.limit, $0.used, $0.remaining] }
    #expect(uses == [[1, 1_000, 0, 1_000], [2, 300, 150, 150]])
    #expect(explanation.lastChanges.map(\.kind) == [.unfreeze, .freeze, .setLimits])
    let last = try #require(explanation.lastChanges.first)
    #expect(explanation.chainVerifiedTo == last.seq && explanation.commitSeq == last.seq)
    // What has come since is of no interest to it.
    #expect(last.seq == ledger.store.head.seq)
  }

  @Test("what is asked for before a commit and read after it is as it was")
  func exact() throws {
    var settings = LedgerFixture.settings
    settings.listLimits.explainSliceRows = 2
    let ledger = try made(settings)
    let reader = try ledger.store.makeReader()
    var outcome = try ledger.store.perform(
      [.explanation(.id(1, currency: ""), from: 0, lastChanges: 1)], reading: ledger.reading, isDue: { _ in true })[0]
    var hops = 0
    while case .deferred(let read) = outcome {
      _ = try ledger.perform(ledger.command(.credit, "u1", 7))
      outcome = try reader.perform(read)
      hops += 1
    }
    guard case .explanation(let explanation) = outcome else { throw Surprise() }
    #expect(hops == 6 && explanation.isEqual && explanation.wallet.balance == 420)
    #expect(explanation.rowsRecomputed == 12 && explanation.chainVerifiedTo == explanation.commitSeq)
    #expect(ledger.store.head.seq == explanation.commitSeq + 6)
  }

  @Test("what came before a time is the opening balance")
  func opening() throws {
    let ledger = try made()
    let from = ledger.wall
    let explanation = try explain(ledger, from: from)
    #expect(explanation.opening == HistoryFold.Opening(balance: 420, version: 8, at: from))
    #expect(explanation.sums.map(\.kind).contains(.expire) && explanation.rowsRecomputed == 4)
    #expect(explanation.isEqual && explanation.chainVerifiedTo != 0)
    let later = try explain(ledger, from: from + 1, lastChanges: 5)
    #expect(later.opening == HistoryFold.Opening(balance: 420, version: 12, at: 0))
    #expect(later.sums.isEmpty && later.rowsRecomputed == 0 && later.lastChanges.count == 5 && later.isEqual)
  }

  @Test("a hold whose end has come is no longer told, before its row is written")
  func due() throws {
    let ledger = try made()
    ledger.wall += LedgerFixture.day
    let explanation = try explain(ledger)
    #expect(explanation.holds.isEmpty && explanation.wallet.held == 0 && explanation.wallet.isExpiryPending)
    #expect(explanation.isEqual && explanation.frozenAmount == 445)
  }

  /// What somebody does with the sqlite3 shell, and what is said of it.
  private static let edits: [(sql: String, isEqual: Bool, says: String)] = [
    (
      "UPDATE transactions SET amount = amount + 5 WHERE seq = 5", false,
      "transaction 5 changes the balance by -55 to 440"
    ),
    ("UPDATE transactions SET balance = balance + 5 WHERE seq = 5", false, "transaction 6 changes the balance by -30"),
    ("UPDATE transactions SET held_change = 41 WHERE seq = 9", false, "transaction 9 changes what is held by 41 to 90"),
    (
      "UPDATE transactions SET version = 9 WHERE seq = 5", false,
      "transaction 6 makes version 4, and 5 before it version 9"
    ),
    ("UPDATE transactions SET digest = zeroblob(32) WHERE seq = 5", true, "transaction 6: its digest is not that of"),
    ("UPDATE transactions SET note = 'x' WHERE seq = 5", true, "transaction 5: its digest is not that of"),
    ("DELETE FROM transactions WHERE seq = 5", false, "transaction 5 is missing"),
    ("UPDATE transactions SET kind = 99 WHERE seq = 5", false, "transaction 5 is of the unknown kind 99"),
    ("UPDATE transactions SET wallet_id = 2 WHERE seq = 5", false, "transaction 5 is of wallet 2"),
    ("UPDATE transactions SET previous_seq = 5 WHERE seq = 5", false, "transaction 5 names 5 as the one before it"),
    // Of the other wallet: only the link tells.
    ("UPDATE transactions SET note = 'x', digest = zeroblob(32) WHERE seq = 7", true, "transaction 8: its digest"),
    ("DELETE FROM transactions WHERE seq = 7", true, "transaction 8: the row of the journal before it is missing"),
    ("UPDATE holds SET remaining = 49 WHERE hold_id = 8", false, "open holds reserve 49, and the wallet holds 50"),
  ]

  @Test("what was edited is found and named, and stops nobody", arguments: edits.indices)
  func edited(_ index: Int) throws {
    let edit = Self.edits[index]
    let ledger = try LedgerFixture.with(["u1": 500, "u2": 500])
    // 5: debit, 6 and 7: transfer, 8: hold, 9: hold, 10: credit.
    _ = try ledger.perform(
      ledger.command(.debit, "u1", 60), ledger.transfer("u1", "u2", 30),
      ledger.hold("u1", 50, timeout: LedgerFixture.day))
    _ = try ledger.perform(ledger.hold("u1", 40, timeout: LedgerFixture.day), ledger.command(.credit, "u1", 1))
    _ = try ledger.perform(ledger.release(9))
    try ledger.writeTrailing()
    try ledger.restart()
    let shell = try ledger.stranger()
    for table in ["transactions", "refusals"] {
      for what in ["no_update", "no_delete"] { try shell.execute("DROP TRIGGER IF EXISTS \(table)_\(what)") }
    }
    try shell.execute(edit.sql)
    let explanation = try explain(ledger)
    #expect(explanation.isEqual == edit.isEqual, "\(explanation.difference)")
    #expect(explanation.difference.contains(edit.says), "\(explanation.difference)")
    let isLinked =
      !explanation.difference.contains("digest") && !explanation.difference.contains("the row of the journal")
    #expect((explanation.chainVerifiedTo != 0) == isLinked)
    #expect(try ledger.one(ledger.command(.openWallet, "u9", 0)).row != nil)
  }

  @Test("of an unknown wallet, in another currency, it says so")
  func unknown() throws {
    let ledger = try made()
    for (reference, reason) in [
      (WalletReference.id(77, currency: ""), ErrorReason.walletNotFound),
      (.id(1, currency: "EUR"), .currencyMismatch),
      (.name(LedgerFixture.name("u1", currency: "QQQ")), .currencyUnknown),
    ] {
      let outcome = try ledger.store.perform(
        [.explanation(reference, from: 0, lastChanges: 1)], reading: ledger.reading, isDue: { _ in true })[0]
      #expect(outcome.reason == reason)
    }
  }
}
