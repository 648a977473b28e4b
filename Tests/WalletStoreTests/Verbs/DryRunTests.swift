import Testing
import WalletCore

@testable import WalletStore

@Suite("Dry runs")
struct DryRunTests {
  /// Wallets u1 with 500 and u2 with 500, an open hold of u1 at seq 5, a debit at seq 6, one more hold at seq 7.
  private func made() throws -> LedgerFixture {
    let ledger = try LedgerFixture.with(["u1": 500, "u2": 500])
    _ = try ledger.perform(
      ledger.hold("u1", 100), ledger.command(.debit, "u1", 60),
      ledger.hold("u1", 50, timeout: 10 * LedgerFixture.minute))
    try ledger.writeTrailing()
    return ledger
  }

  private static let all: [Verb] = [
    .openWallet, .debit, .credit, .transfer, .hold, .capture, .release, .refund, .freeze, .unfreeze, .setLimits,
    .closeWallet,
  ]

  private func command(_ verb: Verb, _ ledger: LedgerFixture) -> Command {
    switch verb {
    case .openWallet: ledger.command(.openWallet, "u3")
    case .debit, .credit: ledger.command(verb, "u1", 70)
    case .transfer: ledger.transfer("u1", "u2", 70)
    case .hold: ledger.hold("u1", 70)
    case .capture: ledger.capture(5, 70)
    case .release: ledger.release(5)
    case .refund: ledger.refund(6, 40)
    case .freeze: ledger.freeze("u1", .all, until: ledger.wall + LedgerFixture.day)
    case .unfreeze: ledger.special(.unfreeze, "u1", 0, .unfreeze(.debit))
    case .setLimits: ledger.setLimits("u1") { $0.day = WindowLimit(amount: 300, count: 9) }
    default: ledger.special(.closeWallet, "u1", 0, .none)
    }
  }

  @Test("of each verb it says what the command does right behind it, and writes nothing", arguments: all)
  func verbs(_ verb: Verb) throws {
    let ledger = try made()
    let (tables, head) = (try ledger.tables(), ledger.store.head)
    var command = command(verb, ledger)
    command.origin = Origin(actor: "somebody", source: "10.0.0.9", clientName: "new")
    let tried = try ledger.tryOut(command)
    #expect(try ledger.tables() == tables && ledger.store.head == head && ledger.store.projector.lag == 0)
    if verb != .closeWallet {
      guard case .projected(let outcome, head.seq) = tried else { throw Surprise() }
      let rows = [outcome.row, outcome.otherRow].compactMap { $0 }
      #expect(rows.count == (verb == .transfer ? 2 : 1))
      #expect(rows.allSatisfy { $0.seq == 0 && $0.digest.isEmpty && $0.requestDigest.isEmpty })
      #expect(rows.allSatisfy { $0.relatedSeq == (verb == .refund ? 6 : 0) })
      #expect(outcome.row?.holdID == (verb == .capture || verb == .release ? 5 : 0))
      #expect(outcome.row?.walletID == (verb == .openWallet ? 0 : 1))
    } else {
      #expect(tried.reason == .walletNotEmpty && !tried.isReplay)
    }
    let done = try ledger.one(command)
    #expect(!done.isReplay && (done.row?.seq ?? head.seq + 1) == head.seq + 1)
    #expect(
      Placeless(tried, after: head.seq, wallets: 2) == Placeless(done, after: head.seq, wallets: 2),
      "\(tried), then \(done)")
    #expect(try ledger.sumOfAll() == 0)
  }

  @Test("a refusal has its code and figures, and its key stays new")
  func refusals() throws {
    let ledger = try made()
    let tables = try ledger.tables()
    let command = ledger.command(.debit, "u1", 1_000)
    for _ in 0..<2 {
      guard case .failed(let failure, 7, false) = try ledger.tryOut(command) else { throw Surprise() }
      #expect(failure.reason == .insufficientFunds)
      guard case .insufficientFunds(let figures) = failure.detail else { throw Surprise() }
      #expect(figures.available == 290 && figures.held == 150 && figures.shortfall == 710)
    }
    #expect(try ledger.tables() == tables)
    // The same key, for what can be done.
    var less = command
    less.amount = 290
    #expect(try ledger.one(less).row?.seq == 8)
    // What isn't remembered isn't with a dry run either.
    var versioned = ledger.command(.debit, "u1", 1)
    versioned.expectedVersion = 99
    #expect(try ledger.tryOut(versioned).reason == .versionConflict)
    var wrong = ledger.command(.debit, "u1", 1)
    wrong.violation = .invalidArgument("amount", "must be positive, in minor units")
    #expect(try ledger.tryOut(wrong).reason == .invalidArgument)
  }

  private struct Surprise: Error {}

  @Test("a known key is answered as ever: its first result, or a mismatch", arguments: [false, true])
  func knownKeys(_ isRestarted: Bool) throws {
    let ledger = try made()
    let debit = ledger.command(.debit, "u1", 20)
    let transfer = ledger.transfer("u2", "u1", 30)
    let tooMuch = ledger.command(.debit, "u1", 9_000)
    let first = try ledger.perform(debit, transfer, tooMuch)
    if isRestarted { try ledger.restart() }
    let tables = try ledger.tables()
    let again = try ledger.tryOut(debit)
    #expect(again.row == first[0].row && again.isReplay)
    let transferred = try ledger.tryOut(transfer)
    #expect(transferred.row == first[1].row && transferred.otherRow == first[1].otherRow && transferred.isReplay)
    guard case .failed(let failure, 11, true) = try ledger.tryOut(tooMuch) else { throw Surprise() }
    #expect(failure == first[2].failure)
    var other = debit
    other.amount = 21
    #expect(try ledger.tryOut(other).mismatch == "amount")
    #expect(try ledger.tables() == tables)
  }

  @Test("in a gather it sees those before it and leaves nothing for those behind it")
  func amongOthers() throws {
    let ledger = try LedgerFixture()
    let key = ledger.newKey()
    let outcomes = try ledger.store.perform(
      [
        .dryRun(.mutation(ledger.command(.openWallet, "u1"))),
        .mutation(ledger.command(.openWallet, "u1")),
        .mutation(ledger.command(.credit, "u1", 100)),
        .dryRun(.mutation(ledger.command(.debit, "u1", 70, key: key))),
        .dryRun(.mutation(ledger.hold("u1", 70, key: key))),
        .mutation(ledger.command(.debit, "u1", 80, key: key)),
        .dryRun(.mutation(ledger.command(.debit, "u1", 80, key: key))),
        .dryRun(.mutation(ledger.command(.credit, "u1", 5))),
        .balance(.id(1, currency: "")),
        .mutation(ledger.command(.credit, "u1", 5)),
      ], reading: ledger.reading, isDue: { _ in true })
    guard case .projected(let opened, 0) = outcomes[0], case .projected(let debited, 2) = outcomes[3],
      case .projected(let held, 2) = outcomes[4], case .projected(let credited, 3) = outcomes[7]
    else { throw Surprise() }
    #expect(opened.row?.version == 1 && debited.row?.balance == 30 && held.row?.held == 70)
    #expect(outcomes[1].row?.seq == 1 && outcomes[1].row?.walletID == 1)
    #expect(outcomes[5].row?.balance == 20 && outcomes[5].row?.seq == 3 && outcomes[5].isReplay == false)
    #expect(outcomes[6].row == outcomes[5].row && outcomes[6].isReplay)
    #expect(credited.row?.balance == 25 && outcomes[9].row?.balance == 25 && outcomes[9].row?.seq == 4)
    #expect(try ledger.wallet("u1")?.balance == 25)
    let everything = try ledger.everything()
    #expect(everything.filter { $0.hasPrefix("transactions:") }.count == 4)
    #expect(everything.filter { $0.hasPrefix("idempotency:") }.count == 4)
    #expect(!everything.contains { $0.hasPrefix("holds:") || $0.hasPrefix("refusals:") })
  }

  @Test("of currencies and counter-accounts nothing stays, in a gather with wallets of them")
  func administration() throws {
    let ledger = try made()
    let tables = try ledger.tables()
    let currency = ledger.special(.registerCurrency, nil, 0, .currency(code: "ESIM-MB", exponent: 0))
    let account = ledger.special(.addCounterAccount, nil, 0, .counterAccount(name: "promotions"))
    var open = ledger.command(.openWallet, "u3")
    open.wallet = .name(LedgerFixture.name("u3", currency: "ESIM-MB"))
    var credit = ledger.command(.credit, "u1", 5)
    credit.counterAccount = "promotions"
    for _ in 0..<2 {
      let outcomes = try ledger.store.perform(
        [
          .dryRun(.mutation(currency)), .dryRun(.mutation(account)), .dryRun(.mutation(open)),
          .dryRun(.mutation(credit)),
        ], reading: ledger.reading, isDue: { _ in true })
      for outcome in outcomes[..<2] {
        guard case .projected(.administered(let row, false), 7) = outcome else { throw Surprise() }
        #expect(row.seq == 0 && row.digest.isEmpty && row.requestDigest.isEmpty)
      }
      #expect(outcomes[2].reason == .currencyUnknown && outcomes[3].reason == .counterAccountUnknown)
    }
    #expect(try ledger.tables() == tables)
    let tried = [try ledger.tryOut(currency), try ledger.tryOut(account)]
    let done = try ledger.perform(currency, account)
    for (tried, done) in zip(tried, done) {
      #expect(Placeless(tried, after: 7, wallets: 2) == Placeless(done, after: 7, wallets: 2))
    }
    guard case .administered(let first, true) = try ledger.tryOut(currency) else { throw Surprise() }
    #expect(first.seq == 8)
    guard case .projected(let opened, 9) = try ledger.tryOut(open) else { throw Surprise() }
    #expect(opened.row?.version == 1)
    #expect(try ledger.one(open).row?.seq == 10 && ledger.one(credit).row?.seq == 11)
    // A sum of two currencies, but each comes to zero.
    #expect(try ledger.sumOfAll() == 0)
  }

  @Test("items of a batch see those before them, in both modes, and there is no trace", arguments: [false, true])
  func batches(_ isAtomic: Bool) throws {
    let ledger = try made()
    let tables = try ledger.tables()
    let commands = [
      ledger.command(.openWallet, "u3"), ledger.command(.credit, "u3", 500), ledger.transfer("u3", "u1", 200),
      // Its own hold, by the id that it is going to have.
      ledger.hold("u3", 100), ledger.capture(12, 60), ledger.refund(13, 10), ledger.freeze("u3", .credit),
    ]
    let batch = isAtomic ? LedgerFixture.atomic(.text("batch-0001"), commands) : LedgerFixture.itemByItem(commands)
    let tried = try ledger.tryOut(batch)
    guard case .projected(let outcome, 7) = tried else { throw Surprise() }
    #expect(outcome.items.map(\.row?.balance) == [0, 500, 300, 300, 240, 250, 250])
    #expect(outcome.items[2].otherRow?.balance == 640)
    #expect(
      outcome.items.compactMap(\.row).allSatisfy {
        $0.seq == 0 && $0.walletID == 0 && $0.holdID == 0 && $0.relatedSeq == 0
      })
    #expect(outcome.items[2].otherRow?.counterWalletID == 0 && outcome.items[2].otherRow?.walletID == 1)
    #expect(try ledger.tables() == tables && ledger.store.head.seq == 7)
    let done = try ledger.perform(batch)[0]
    #expect(Placeless(tried, after: 7, wallets: 2) == Placeless(done, after: 7, wallets: 2))
    #expect(done.items.map(\.row?.seq) == [8, 9, 10, 12, 13, 14, 15])
    // Known now: as it was.
    let again = try ledger.tryOut(batch)
    if isAtomic {
      #expect(again.isReplay && again.items.map(\.row) == done.items.map(\.row))
    } else {
      guard case .projected(let outcome, 15) = again else { throw Surprise() }
      #expect(outcome.items.allSatisfy(\.isReplay) && outcome.items.map(\.row) == done.items.map(\.row))
    }
  }

  @Test("an atomic batch that would be refused leaves its key new; one that is known and differs is a mismatch")
  func refusedBatches() throws {
    let ledger = try made()
    let tables = try ledger.tables()
    let key = IdempotencyKey.text("batch-0002")
    let refused = LedgerFixture.atomic(
      key, [ledger.command(.openWallet, "u3"), ledger.command(.openWallet, "u3")])
    guard case .failed(let failure, 7, false) = try ledger.tryOut(refused),
      case .batchAborted(1, let cause) = failure.detail
    else { throw Surprise() }
    // The wallet that it is about will never have been.
    #expect(cause == Failure(.walletExists, .wallet(id: 0, LedgerFixture.name("u3"))))
    #expect(try ledger.tables() == tables)
    #expect(try ledger.perform(LedgerFixture.atomic(key, [ledger.command(.credit, "u1", 1)]))[0].items[0].row?.seq == 8)
    #expect(try ledger.tryOut(refused).mismatch == "items")
    let other = LedgerFixture.atomic(key, [ledger.command(.credit, "u1", 2)])
    #expect(try ledger.tryOut(other).mismatch == "items[0].amount")
    #expect(try ledger.perform(other)[0].mismatch == "items[0].amount")
  }

  @Test("the same key twice in a batch that is only tried: the second replays the first")
  func twice() throws {
    let ledger = try made()
    let tables = try ledger.tables()
    let (credit, tooMuch) = (ledger.command(.credit, "u1", 9), ledger.command(.debit, "u1", 9_999))
    let tried = try ledger.tryOut(LedgerFixture.itemByItem([credit, credit, tooMuch, tooMuch]))
    guard case .projected(let outcome, 7) = tried else { throw Surprise() }
    #expect(outcome.items.map(\.isReplay) == [false, true, false, true])
    #expect(outcome.items[1].row?.balance == 449 && outcome.items[1].row?.seq == 0)
    for item in outcome.items[2...] {
      guard case .failed(_, 7, _) = item else { throw Surprise() }
    }
    #expect(try ledger.tables() == tables)
    #expect(try ledger.one(credit).row?.seq == 8)
  }

  @Test("holds that are due count as ended, and their rows aren't written")
  func dueHolds() throws {
    let ledger = try made()
    ledger.wall += 2 * LedgerFixture.minute
    let tables = try ledger.tables()
    // 440, of which the hold of 100 has come to its end.
    guard case .projected(let outcome, 7) = try ledger.tryOut(ledger.command(.debit, "u1", 390)) else {
      throw Surprise()
    }
    #expect(outcome.row?.held == 50 && outcome.row?.balance == 50 && outcome.row?.version == 7)
    #expect(try ledger.tryOut(ledger.capture(5, 10)).reason == .holdExpired)
    #expect(try ledger.tables() == tables)
    #expect(try ledger.wallet("u1")?.isExpiryPending == true)
    let done = try ledger.one(ledger.command(.debit, "u1", 390))
    #expect(done.row?.seq == 9 && done.row?.version == 7 && done.row?.balance == 50)
  }

  @Test("limits are looked at and not used")
  func limits() throws {
    let ledger = try made()
    _ = try ledger.one(ledger.setLimits("u1") { $0.day = WindowLimit(amount: 300, count: 4) })
    for _ in 0..<5 {
      guard case .projected = try ledger.tryOut(ledger.command(.debit, "u1", 90)) else { throw Surprise() }
      #expect(try ledger.tryOut(ledger.command(.debit, "u1", 91)).reason == .limitExceeded)
    }
    #expect(try ledger.one(ledger.command(.debit, "u1", 90)).row != nil)
    #expect(try ledger.tryOut(ledger.command(.debit, "u1", 1)).reason == .limitExceeded)
  }

  @Test("a deadline that has passed and a disk that is full answer as to the command itself")
  func unavailable() throws {
    let ledger = try made()
    let late = try ledger.store.perform(
      [.dryRun(.mutation(ledger.command(.debit, "u1", 1)))], reading: ledger.reading, isDue: { _ in false })
    #expect(late[0].reason == .deadlineExceeded)
    ledger.settings.freeBytesMin = .max
    try ledger.restart()
    #expect(try ledger.tryOut(ledger.command(.credit, "u1", 1)).reason == .unavailable)
  }

  @Test("a wallet that was never in memory may be tried in a cache that is full", arguments: [1, 2])
  func smallCache(_ cached: Int) throws {
    var settings = LedgerFixture.settings
    settings.cachedWalletsMax = cached
    let ledger = try LedgerFixture.with(["u1": 500, "u2": 500, "u3": 500, "u4": 500], settings)
    try ledger.restart()
    for owner in ["u1", "u2", "u3", "u4", "u1"] {
      guard case .projected(let outcome, 8) = try ledger.tryOut(ledger.transfer(owner, "u2" == owner ? "u3" : "u2", 9))
      else { throw Surprise() }
      #expect(outcome.row?.balance == 491 && outcome.otherRow?.balance == 509)
      #expect(ledger.store.cache.pinnedCount == 0 && ledger.store.cache.count <= cached)
    }
  }
}
