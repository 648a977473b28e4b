import Foundation
import TestSupport
import Testing
import WalletCore

@testable import WalletStore

@Suite("Currencies and counter-accounts of one's own")
struct AdministrationTests {
  private static func wallet(_ owner: String, _ currency: Text, _ name: Text = "main") -> WalletReference {
    .name(WalletName(owner: Text(owner), currency: currency, name: name))
  }

  private static func command(
    _ ledger: LedgerFixture, _ verb: Verb, _ owner: String, _ currency: Text, _ amount: Int64 = 0,
    against account: Text = ""
  ) -> Command {
    var command = ledger.command(verb, owner, amount)
    command.wallet = wallet(owner, currency)
    command.counterAccount = account
    return command
  }

  // MARK: What they are

  @Test("a currency and a counter-account are used in the gather that brings them, after it, and after a restart")
  func used() throws {
    let ledger = try LedgerFixture()
    let outcomes = try ledger.perform(
      ledger.registerCurrency("ESIM-MB", exponent: 3, key: .text("currency-1")), ledger.addCounterAccount("vouchers"),
      Self.command(ledger, .openWallet, "u1", "ESIM-MB"),
      Self.command(ledger, .credit, "u1", "ESIM-MB", 700, against: "vouchers"))
    let row = try #require(outcomes[0].administration)
    #expect(row.seq == 1 && row.verb == .registerCurrency && row.digest.count == 32 && row.requestDigest.count == 16)
    #expect(outcomes[1].administration?.seq == 2)
    guard case .posted(let credit, "ESIM-MB", 3, _) = outcomes[3] else {
      Issue.record("\(outcomes[3])")
      return
    }
    #expect(credit.seq == 4 && credit.counterAccount == "vouchers")
    #expect(ledger.store.head == JournalHead(seq: 4, digest: credit.digest))
    let restarts: [() throws -> Void] = [{}, { try ledger.restart() }, { try ledger.crash() }]
    for restart in restarts {
      try restart()
      let again = try ledger.one(ledger.registerCurrency("ESIM-MB", exponent: 3, key: .text("currency-1")))
      #expect(again.isReplay && again.administration == row)
      #expect(try ledger.one(Self.command(ledger, .credit, "u1", "ESIM-MB", 1, against: "vouchers")).row != nil)
    }
    #expect(try ledger.trialBalance("ESIM-MB")?.currencies.first?.walletsTotal == 703)
    try ledger.store.close()
    #expect(try LedgerFile.problems(ledger.path) == [])
  }

  @Test("an owner has wallets in several currencies of one's own, and no amount goes from one to the other")
  func severalWallets() throws {
    let ledger = try LedgerFixture()
    for (index, code) in (["ESIM-MB", "POINTS", "MINUTES"] as [Text]).enumerated() {
      _ = try ledger.perform(
        ledger.registerCurrency(code, exponent: UInt32(index)), Self.command(ledger, .openWallet, "u1", code),
        Self.command(ledger, .credit, "u1", code, 100))
    }
    let reader = try ledger.store.makeReader()
    let list = try ledger.list(.wallets(owner: "u1", page: PageRequest(rowsMax: 50, cursor: "")), reader)
    guard case .wallets(let wallets, _, _) = list else {
      Issue.record("\(list)")
      return
    }
    #expect(wallets.map(\.name.currency) == ["ESIM-MB", "POINTS", "MINUTES"])
    #expect(wallets.map(\.exponent) == [0, 1, 2] && wallets.allSatisfy { $0.balance == 100 })

    // Whichever way the other currency comes in.
    let before = try ledger.everything()
    for (from, to) in [(0, 1), (1, 2), (2, 0)] {
      let (source, other) = (wallets[from], wallets[to])
      let expected = FailureDetail.currency(wallet: source.name.currency, request: other.name.currency)
      var transfer = ledger.special(.transfer, nil, 10, .transfer(to: .name(other.name)))
      transfer.wallet = .id(source.id, currency: "")
      #expect(try ledger.one(transfer).failure == Failure(.currencyMismatch, expected))
      for verb in [Verb.debit, .credit] {
        var change = ledger.command(verb, "u1", 10)
        change.wallet = .id(source.id, currency: other.name.currency)
        #expect(try ledger.one(change).failure == Failure(.currencyMismatch, expected))
      }
      let balance = try ledger.store.perform(
        [.balance(.id(source.id, currency: other.name.currency))], reading: ledger.reading, isDue: { _ in true })
      #expect(balance[0].failure == Failure(.currencyMismatch, expected))
    }
    let after = try ledger.everything().filter { !$0.hasPrefix("refusals") && !$0.hasPrefix("idempotency") }
    #expect(after == before.filter { !$0.hasPrefix("refusals") && !$0.hasPrefix("idempotency") })
  }

  @Test("an exponent never changes: neither one of ISO 4217 nor one's own, not after a restart either")
  func exponents() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.one(ledger.registerCurrency("ESIM-MB", exponent: 3))
    for _ in 0..<2 {
      for (code, exponent) in [("ESIM-MB", 0), ("ESIM-MB", 3), ("USD", 3), ("USD", 2), ("JPY", 2)] as [(Text, UInt32)] {
        let refused = try ledger.one(ledger.registerCurrency(code, exponent: exponent))
        #expect(refused.failure == Failure(.currencyExists, .currency(wallet: "", request: code)))
      }
      #expect(
        try ledger.stranger().text(
          "SELECT group_concat(code || exponent) FROM currencies WHERE code IN ('ESIM-MB', 'USD', 'JPY') ORDER BY code")
          == "ESIM-MB3,JPY0,USD2")
      try ledger.restart()
    }
  }

  // MARK: Keys

  @Test("refusals are remembered with their requests: the same key answers them, another request is a mismatch")
  func refusals() throws {
    let ledger = try LedgerFixture()
    let currency = ledger.registerCurrency("EUR", exponent: 2, key: .text("key-currency"))
    let account = ledger.addCounterAccount("sales", key: .text("key-account"))
    let first = try ledger.perform(currency, account)
    #expect(first.map(\.reason) == [.currencyExists, .counterAccountExists])
    #expect(first[1].failure?.detail == .counterAccount("sales"))
    try ledger.restart()
    let again = try ledger.perform(currency, account)
    #expect(again.allSatisfy(\.isReplay) && again.map(\.failure) == first.map(\.failure))
    #expect(ledger.store.head.seq == 2)
    let others = try ledger.perform(
      ledger.registerCurrency("EUR", exponent: 3, key: .text("key-currency")),
      ledger.registerCurrency("EURO", exponent: 2, key: .text("key-currency")),
      ledger.addCounterAccount("sale", key: .text("key-account")),
      ledger.addCounterAccount("sales", key: .text("key-currency")),
      ledger.command(.openWallet, "u1", key: .text("key-account")))
    #expect(others.map(\.mismatch) == ["exponent", "code", "name", "verb", "verb"])
    #expect(ledger.store.head.seq == 2)
  }

  @Test("twice in one gather: the second is a replay, or under another key a refusal")
  func twice() throws {
    let ledger = try LedgerFixture()
    let outcomes = try ledger.perform(
      ledger.registerCurrency("ESIM-MB", key: .text("key-00001")),
      ledger.registerCurrency("ESIM-MB", key: .text("key-00001")),
      ledger.registerCurrency("ESIM-MB", exponent: 2, key: .text("key-00001")), ledger.registerCurrency("ESIM-MB"),
      ledger.addCounterAccount("gifts"), ledger.addCounterAccount("gifts"))
    #expect(outcomes[1].isReplay && outcomes[1].administration == outcomes[0].administration)
    #expect(outcomes[2].mismatch == "exponent")
    #expect(outcomes[3].reason == .currencyExists && outcomes[5].reason == .counterAccountExists)
    #expect(ledger.store.head.seq == 4)
  }

  @Test("an atomic batch under the key of a currency is another request")
  func batchKey() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.one(ledger.registerCurrency("ESIM-MB", key: .text("key-00001")))
    let batch = LedgerFixture.atomic(.text("key-00001"), [ledger.command(.openWallet, "u1")])
    #expect(try ledger.perform(batch)[0].mismatch == "verb")
  }

  @Test("what breaks a rule, or comes too late, leaves nothing behind")
  func notRecorded() throws {
    let ledger = try LedgerFixture()
    var broken = ledger.registerCurrency("ESIM-MB", exponent: 19)
    broken.violation = .invalidArgument("exponent", "is above 18")
    #expect(try ledger.one(broken).reason == .invalidArgument)
    #expect(
      try ledger.perform(ledger.registerCurrency("ESIM-MB"), isDue: { _ in false })[0].reason == .deadlineExceeded)
    #expect(ledger.store.head.seq == 0)
    #expect(try ledger.one(Self.command(ledger, .openWallet, "u1", "ESIM-MB")).reason == .currencyUnknown)
  }

  @Test("past the bounds nothing is added and nothing is recorded")
  func bounds() throws {
    let ledger = try LedgerFixture()
    let currencies = (0..<LedgerLimits.registeredCurrenciesMax).map { ledger.registerCurrency(Text("OWN-\($0)")) }
    let accounts = (CounterAccount.builtIn.count..<LedgerLimits.counterAccountsMax).map {
      ledger.addCounterAccount(Text("own.\($0)"))
    }
    let done = try ledger.perform(LedgerFixture.itemByItem(currencies + accounts))[0].items
    #expect(done.allSatisfy { $0.administration != nil })
    for _ in 0..<2 {
      let head = ledger.store.head
      let refused = try ledger.perform(ledger.registerCurrency("ONE-MORE"), ledger.addCounterAccount("one.more"))
      #expect(refused.map(\.reason) == [.invalidArgument, .invalidArgument] && ledger.store.head == head)
      let known = try ledger.perform(ledger.registerCurrency("OWN-1"), ledger.addCounterAccount("own.9"))
      #expect(known.map(\.reason) == [.currencyExists, .counterAccountExists])
      try ledger.restart()
    }
  }

  // MARK: Totals

  @Test("a gather that doesn't come about takes currencies, counter-accounts and totals back")
  func rollback() throws {
    let ledger = try LedgerFixture.with(["u1": 100])
    let commands = [
      ledger.registerCurrency("ESIM-MB"), ledger.addCounterAccount("vouchers"),
      Self.command(ledger, .openWallet, "u1", "ESIM-MB"),
      Self.command(ledger, .credit, "u1", "ESIM-MB", 5, against: "vouchers"), ledger.command(.debit, "u1", 30),
    ]
    let before = try ledger.trialBalance()
    let pages = try ledger.store.database.integer("PRAGMA page_count") ?? 0
    var filler = ledger.command(.credit, "u1", 1)
    filler.audit.note = Text(String(repeating: "n", count: 250))
    _ = try ledger.store.database.integer("PRAGMA max_page_count = \(pages)")
    let fillers = (0..<400).map { _ in
      var one = filler
      one.key = ledger.newKey()
      return one
    }
    let failed = try ledger.perform(LedgerFixture.itemByItem(commands + fillers))
    #expect(failed[0].reason == .unavailable)
    #expect(try ledger.trialBalance() == before)
    _ = try ledger.store.database.integer("PRAGMA max_page_count = 1000000")
    #expect(try ledger.one(Self.command(ledger, .openWallet, "u2", "ESIM-MB")).reason == .currencyUnknown)
    let refused = try ledger.one(Self.command(ledger, .credit, "u1", "USD", 5, against: "vouchers"))
    #expect(refused.reason == .counterAccountUnknown)
    let done = try ledger.perform(LedgerFixture.itemByItem(commands))[0].items
    #expect(done.compactMap(\.failure) == [])
    try ledger.store.close()
    #expect(try LedgerFile.problems(ledger.path) == [])
  }

  @Test("an atomic batch that is refused takes totals back")
  func abortedBatch() throws {
    let ledger = try LedgerFixture.with(["u1": 100, "u2": 0])
    _ = try ledger.one(ledger.addCounterAccount("vouchers"))
    let before = try ledger.trialBalance()
    var credit = ledger.command(.credit, "u1", 7)
    credit.counterAccount = "vouchers"
    let batch = LedgerFixture.atomic(
      .text("batch-0001"),
      [
        credit, Self.command(ledger, .openWallet, "u3", "EUR"), ledger.transfer("u1", "u2", 5),
        ledger.command(.debit, "u2", 6),
      ])
    #expect(try ledger.perform(batch)[0].reason == .batchAborted)
    #expect(try ledger.trialBalance() == before)
    let total = try ledger.one(ledger.command(.debit, "u1", 1))
    #expect(total.row != nil)
    #expect(try ledger.trialBalance("USD")?.currencies[0].walletsTotal == 99)
  }

  @Test("a trial balance shows wallets and counter-accounts by currency, by name, and what was just committed")
  func trialBalance() throws {
    let ledger = try LedgerFixture()
    #expect(try ledger.trialBalance()?.currencies.isEmpty == true)
    let outcomes = try ledger.store.perform(
      [
        .trialBalance(currency: ""), .mutation(ledger.registerCurrency("ESIM-MB")),
        .mutation(ledger.addCounterAccount("vouchers")), .mutation(ledger.command(.openWallet, "u1")),
        .mutation(ledger.command(.openWallet, "u2")), .mutation(Self.command(ledger, .credit, "u1", "USD", 50)),
        .mutation(Self.command(ledger, .credit, "u1", "USD", 9, against: "vouchers")),
        .mutation(ledger.transfer("u1", "u2", 20)), .mutation(ledger.hold("u2", 15)),
        .trialBalance(currency: "USD"), .trialBalance(currency: "EUR"), .trialBalance(currency: "QQQ"),
      ], reading: ledger.reading, isDue: { _ in true })
    guard case .trialBalance(let all, ledger.store.head.seq) = outcomes[0],
      case .trialBalance(let dollars, _) = outcomes[9], case .trialBalance(let euros, _) = outcomes[10]
    else {
      Issue.record("\(outcomes)")
      return
    }
    #expect(all.counterAccounts == ["adjustments", "funding", "opening", "refunds", "sales", "vouchers"])
    #expect(all.currencies.map(\.currency) == ["ESIM-MB", "USD"])
    #expect(all.currencies[0].isRegistered && all.currencies[0].counterAccounts.isEmpty)
    let usd = all.currencies[1]
    #expect(!usd.isRegistered && usd.exponent == 2 && usd.walletsTotal == 59 && usd.difference == 0)
    #expect(
      usd.counterAccounts == [
        TrialBalance.CounterAccountTotal(name: "funding", total: -50),
        TrialBalance.CounterAccountTotal(name: "vouchers", total: -9),
      ])
    #expect(dollars.currencies == [usd] && dollars.counterAccounts == all.counterAccounts)
    #expect(euros.currencies.map(\.walletsTotal) == [0])
    #expect(outcomes[11].failure == Failure(.currencyUnknown, .currency(wallet: "", request: "QQQ")))
    // What is captured moves from the wallets to a counter-account.
    _ = try ledger.one(ledger.capture(ledger.store.head.seq, 10))
    #expect(try ledger.trialBalance("USD")?.currencies[0].walletsTotal == 49)
    #expect(try ledger.trialBalance("USD")?.currencies[0].difference == 0)
  }

  @Test("of very many totals all currencies together aren't told, and each alone is")
  func manyTotals() throws {
    let ledger = try LedgerFixture()
    let accounts = (0..<103).map { ledger.addCounterAccount(Text("own.\($0)")) }
    _ = try ledger.perform(LedgerFixture.itemByItem(accounts))
    for currency in (0..<100).map({ Text("OWN-\($0)") }) {
      var commands = [ledger.registerCurrency(currency), Self.command(ledger, .openWallet, "u1", currency)]
      commands += (0..<101).map { Self.command(ledger, .credit, "u1", currency, 1, against: Text("own.\($0)")) }
      _ = try ledger.perform(LedgerFixture.itemByItem(commands))
    }
    let outcomes = try ledger.store.perform(
      [.trialBalance(currency: ""), .trialBalance(currency: "OWN-7")], reading: ledger.reading, isDue: { _ in true })
    guard case .invalidArgument("currency", _) = outcomes[0].failure?.detail,
      case .trialBalance(let one, _) = outcomes[1]
    else {
      Issue.record("\(outcomes[0])")
      return
    }
    #expect(one.currencies[0].counterAccounts.count == 101 && one.currencies[0].walletsTotal == 101)
  }

  @Test("a difference that somebody has made in the file is told, and no more than told")
  func editedTotal() throws {
    let ledger = try LedgerFixture.with(["u1": 100])
    try ledger.store.close()
    try ledger.stranger().execute("UPDATE counter_totals SET total = total + 3")
    try ledger.reopen()
    #expect(try ledger.trialBalance()?.currencies[0].difference == 3)
    #expect(try ledger.one(ledger.command(.debit, "u1", 1)).row != nil)
    #expect(try ledger.trialBalance()?.currencies[0].difference == 3)
    #expect(try ledger.stranger().integer("SELECT difference FROM trial_balance") == 3)
  }

  // MARK: Overflow

  @Test("the wallets of a currency together stay within int64, whatever stands against them")
  func overflow() throws {
    let ledger = try LedgerFixture.with(["u1": .max - 10, "u2": 0])
    for (amount, reason) in [(11, ErrorReason.amountOverflow), (10, nil)] as [(Int64, ErrorReason?)] {
      let outcome = try ledger.one(Self.command(ledger, .credit, "u2", "USD", amount, against: "opening"))
      #expect(outcome.reason == reason)
      if reason != nil { #expect(outcome.failure?.detail == .overflow(field: "currency")) }
    }
    // What moves between wallets changes nothing of it, even from the fullest to the next.
    #expect(try ledger.one(ledger.transfer("u2", "u1", 10)).row != nil)
    #expect(try ledger.one(ledger.transfer("u1", "u2", .max)).row != nil)
    #expect(try ledger.trialBalance()?.currencies[0].walletsTotal == .max)
    try ledger.restart()
    #expect(try ledger.one(Self.command(ledger, .credit, "u1", "USD", 1, against: "opening")).reason == .amountOverflow)
    try ledger.store.close()
    #expect(try LedgerFile.problems(ledger.path) == [])
  }

  @Test("a capture that would take a counter-account past int64 is refused, and the hold stays")
  func captureOverflow() throws {
    let ledger = try LedgerFixture.with(["u1": .max])
    #expect(try ledger.one(ledger.command(.debit, "u1", .max)).row != nil)
    #expect(try ledger.one(Self.command(ledger, .credit, "u1", "USD", 5, against: "opening")).row != nil)
    let hold = try #require(ledger.one(ledger.hold("u1", 5)).row).seq
    for amount: Int64 in [1, 0] {
      let refused = try ledger.one(ledger.capture(hold, amount))
      #expect(refused.failure == Failure(.amountOverflow, .overflow(field: "counter_account")))
    }
    var other = ledger.capture(hold)
    other.counterAccount = "opening"
    #expect(try ledger.one(other).row?.amount == -5)
  }

  // MARK: Older files

  @Test("a file of version 2 becomes one with totals of its wallets, wherever its projections are")
  func migration() throws {
    for isTrailing in [true, false] {
      let ledger = try LedgerFixture.with(["u1": 100, "u2": 50, "u3": 0])
      if !isTrailing { try ledger.restart() }
      _ = try ledger.perform(
        ledger.command(.debit, "u1", 30), ledger.transfer("u1", "u2", 20), ledger.command(.debit, "u2", 1 << 40),
        Self.command(ledger, .openWallet, "u1", "EUR"), Self.command(ledger, .credit, "u1", "EUR", 7))
      let (image, balance) = (try ledger.image(), try ledger.trialBalance())
      let file = try Database(path: "\(image)/ledger.db", access: .write, vfs: nil)
      try file.becomeVersion4()
      try file.execute(
        """
        DROP VIEW trial_balance; DROP TABLE wallet_totals; DROP VIEW administration_by_origin; DROP TABLE administration;
        DROP TABLE tokens;
        ALTER TABLE currencies DROP COLUMN registered_seq; ALTER TABLE counter_accounts DROP COLUMN added_seq;
        UPDATE meta SET value = 2 WHERE key = 'schema_version';
        """)
      let newer = try LedgerFixture(LedgerFixture.settings, image: image)
      #expect(try newer.trialBalance() == balance && newer.store.head == ledger.store.head)
      let done = try newer.perform(
        newer.registerCurrency("ESIM-MB", key: .text("newer-0001")),
        newer.command(.credit, "u3", 11, key: .text("newer-0002")))
      #expect(done.compactMap(\.failure) == [])
      #expect(try newer.trialBalance("USD")?.currencies[0].walletsTotal == 131)
      try newer.crash()
      #expect(try newer.trialBalance("USD")?.currencies[0].walletsTotal == 131)
      try newer.store.close()
      #expect(try LedgerFile.problems(newer.path) == [])
    }
  }
}
