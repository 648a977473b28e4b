import Testing
import WalletCore
import WalletSystem

@testable import WalletStore

@Suite("The store")
struct LedgerStoreTests {
  @Test("a gather of several commands on one wallet is one chain of rows and one wallet row")
  func gather() throws {
    let ledger = try LedgerFixture()
    let outcomes = try ledger.perform(
      ledger.command(.openWallet, "u1"), ledger.command(.credit, "u1", 500), ledger.command(.debit, "u1", 200),
      ledger.command(.debit, "u1", 301), ledger.command(.debit, "u1", 300))
    #expect(outcomes.compactMap(\.row?.version) == [1, 2, 3, 4])
    #expect(outcomes[3].reason == .insufficientFunds)
    #expect(try ledger.wallet("u1")?.balance == 0 && ledger.store.head.seq == 5)
    let database = try ledger.stranger()
    #expect(try database.integer("SELECT count(*) FROM transactions") == 4)
    #expect(try database.integer("SELECT seq FROM refusals") == 4)
    #expect(try database.integer("SELECT version FROM wallet_balances") == 4)
    try ledger.restart()
    #expect(try ledger.stranger().integer("SELECT count(*) FROM idempotency") == 5)
    #expect(try ledger.stranger().integer("SELECT version FROM wallets") == 4)
  }

  @Test("wallets and counter-accounts sum to zero in each currency after every commit")
  func doubleEntry() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"), ledger.command(.openWallet, "u2"))
    for amount in [500, 70, 9] as [Int64] {
      _ = try ledger.perform(
        ledger.command(.credit, "u1", amount), ledger.command(.debit, "u1", amount / 2),
        ledger.command(.credit, "u2", amount))
      let sum = try ledger.stranger().integer(
        "SELECT (SELECT sum(balance) FROM wallet_balances) + (SELECT sum(total) FROM counter_account_totals)")
      #expect(sum == 0)
    }
  }

  @Test("a key used twice in one gather posts once; the second is a replay")
  func twiceInOneGather() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"))
    let key = ledger.newKey()
    let credit = ledger.command(.credit, "u1", 500, key: key)
    let outcomes = try ledger.perform(credit, credit, ledger.command(.credit, "u1", 501, key: key))
    #expect(outcomes[0].row == outcomes[1].row && !outcomes[0].isReplay && outcomes[1].isReplay)
    #expect(outcomes[2].reason == .idempotencyMismatch)
    #expect(try ledger.wallet("u1")?.balance == 500)
  }

  @Test("old keys replay after a restart, with the first result and its time; refusals too")
  func replayAfterRestart() throws {
    let ledger = try LedgerFixture()
    let commands = [
      ledger.command(.openWallet, "u1"), ledger.command(.credit, "u1", 500), ledger.command(.debit, "u1", 700),
      ledger.command(.debit, "nobody", 1),
    ]
    let first = try commands.map { try ledger.perform($0)[0] }
    ledger.wall += 3_600_000_000
    try ledger.restart()
    for (command, before) in zip(commands, first) {
      let again = try ledger.perform(command)[0]
      #expect(again.isReplay && again.row == before.row && again.reason == before.reason)
    }
    #expect(ledger.store.head.seq == 4)
  }

  @Test("a deadline that passes while the gather is at work: that one is left out, the others are done")
  func lateInGather() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"))
    let key = ledger.newKey()
    let outcomes = try ledger.perform(
      ledger.command(.credit, "u1", 5), ledger.command(.credit, "u1", 7, key: key),
      ledger.command(.credit, "u1", 11), isDue: { $0 != 1 })
    #expect(outcomes[1].reason == .deadlineExceeded && outcomes.compactMap(\.row?.balance) == [5, 16])
    // Nothing was recorded under its key: a later attempt is the first.
    #expect(try ledger.perform(ledger.command(.credit, "u1", 7, key: key))[0].row?.balance == 23)
  }

  @Test("a stale expected version moves nothing, and two that expect the same version can't both pass")
  func expectedVersion() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"), ledger.command(.credit, "u1", 100))
    let outcomes = try ledger.perform(
      ledger.command(.debit, "u1", 60, expectedVersion: 2), ledger.command(.debit, "u1", 60, expectedVersion: 2))
    #expect(outcomes[0].row?.balance == 40 && outcomes[1].reason == .versionConflict)
    #expect(try ledger.stranger().integer("SELECT count(*) FROM refusals") == 0, "counted, not recorded")
  }

  @Test("a wallet row that somebody else changed stops the store rather than guess")
  func strangerWrites() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"), ledger.command(.credit, "u1", 100))
    try ledger.stranger().execute("UPDATE wallets SET version = 9")
    _ = try ledger.perform(ledger.command(.debit, "u1", 10))
    #expect {
      while try ledger.store.maintain(isIdle: true).isUnfinished {}
    } throws: { error in
      (error as? LedgerFault)?.kind == .inconsistent
    }
  }

  @Test("a wallet row that differs from its last transaction isn't served")
  func editedWallet() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"), ledger.command(.credit, "u1", 100))
    try ledger.restart()
    try ledger.stranger().execute("UPDATE wallets SET balance = 1000")
    try ledger.restart()
    #expect(throws: LedgerFault.self) { try ledger.wallet("u1") }
  }

  @Test("too little disk: mutations are refused before anything is written, reads go on")
  func littleDisk() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"))
    ledger.settings.freeBytesMin = .max
    try ledger.restart()
    #expect(try ledger.perform(ledger.command(.credit, "u1", 1))[0].reason == .unavailable)
    #expect(try ledger.wallet("u1")?.version == 1)
    ledger.settings.freeBytesMin = 0
    try ledger.restart()
    #expect(try ledger.perform(ledger.command(.credit, "u1", 1))[0].row?.version == 2)
  }

  @Test("a clock that jumped refuses mutations, and nothing else")
  func jumpedClock() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"))
    ledger.wall += 90 * 86_400_000_000
    try ledger.restart()
    #expect(try ledger.perform(ledger.command(.credit, "u1", 1))[0].reason == .unavailable)
    #expect(try ledger.wallet("u1")?.version == 1 && ledger.store.mutationsUnavailableBecause != nil)
    ledger.settings.acceptsClock = true
    try ledger.restart()
    #expect(try ledger.perform(ledger.command(.credit, "u1", 1))[0].row?.version == 2)
  }

  @Test("every row's digest is made of the one before and of itself, across restarts and tables")
  func chain() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"), ledger.command(.debit, "u1", 5))
    try ledger.restart()
    let credit = try ledger.perform(ledger.command(.credit, "u1", 100))[0].row
    var row = try #require(credit)
    let database = try ledger.stranger()
    let refusals = try database.prepare("SELECT digest FROM refusals WHERE seq = 2")
    #expect(try refusals.step())
    var writer = CanonicalWriter()
    let digest = row.digest
    row.digest = []
    row.encode(into: &writer)
    #expect(SHA256.digest(refusals.shortBytes(0), writer) == digest && ledger.store.head.digest == digest)
  }
}
