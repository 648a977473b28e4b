import TestSupport
import Testing
import WalletCore

@testable import WalletStore

/// Random histories with holds that end, rows of the same microsecond and a clock that stands still or goes back a little,
/// against a plain fold of the rows.
@Suite("Reads of what was")
struct PastReadsTests {
  /// How far the projections come while it goes on.
  enum Written: CaseIterable {
    case nothing
    case some
    case everything

    var settings: StoreSettings {
      var settings = LedgerFixture.settings
      settings.listLimits.pageLooksMax = 90
      if self == .some {
        settings.trailing = StoreSettings.Trailing(generationRows: 260)
        settings.trailing.stepMin = 3
        settings.trailing.stepMax = 20
      }
      return settings
    }
  }

  @Test(
    "balances of any time, asked for when it had just passed or long after, are those of the rows",
    arguments: Written.allCases)
  func balances(_ written: Written) throws {
    var run = try PastRun(written.settings, SeededGenerator(of: "balances of the past, \(written) written"))
    var told: [(owner: String, time: Int64, outcome: LedgerOutcome)] = []
    for step in 0..<900 {
      try run.step()
      if written == .everything, step % 40 == 0 { try run.ledger.writeTrailing() }
      let owner = run.anyOwner()
      // Often of this very moment, and of ends of holds.
      let time = run.anyTime(upTo: run.now)
      told.append((owner, time, try run.ledger.balance(owner, at: .time(time), run.reader)))
    }
    let folds = try run.folds()
    var moments = told.map { ($0.owner, $0.time) }
    for _ in 0..<400 { moments.append((run.anyOwner(), run.anyTime(upTo: run.now))) }
    for restarts in [false, true] {
      if restarts { try run.restart() }
      for (index, (owner, time)) in moments.enumerated() {
        let outcome = try run.ledger.balance(owner, at: .time(time), run.reader)
        let fold = try #require(folds[owner])
        let expected = fold.state(at: time)
        guard let expected else {
          #expect(outcome.reason == .walletNotFound, "\(owner) at \(time)")
          continue
        }
        let balance = try #require(outcome.balanceAt, "\(owner) at \(time): \(outcome)")
        #expect(
          balance.held == expected.held && balance.balance == expected.row.balance
            && balance.version == expected.row.version && balance.seq == expected.row.seq
            && balance.createdAt == expected.row.createdAt
            && balance.available == expected.row.balance - expected.held + expected.row.overdraftLimit,
          "\(owner) at \(time): \(balance), not \(expected)")
        if index < told.count { #expect(told[index].outcome.balanceAt == balance, "\(owner) at \(time) has changed") }
      }
    }
  }

  @Test("balances of any version are those of its row", arguments: Written.allCases)
  func versions(_ written: Written) throws {
    var run = try PastRun(written.settings, SeededGenerator(of: "balances of versions, \(written) written"))
    for _ in 0..<500 { try run.step() }
    if written == .everything { try run.ledger.writeTrailing() }
    for (owner, fold) in try run.folds() {
      for row in fold.rows {
        let balance = try #require(try run.ledger.balance(owner, at: .version(row.version), run.reader).balanceAt)
        #expect(balance.seq == row.seq && balance.held == row.held && balance.balance == row.balance)
      }
      let outcome = try run.ledger.balance(owner, at: .version(Int64(fold.rows.count) + 1), run.reader)
      guard case .invalidArgument("version", _)? = outcome.failure?.detail else { throw TestFailure("\(outcome)") }
    }
  }

  @Test("filtered pages hold together what passes, however short they are, in both orders", arguments: Written.allCases)
  func filters(_ written: Written) throws {
    var run = try PastRun(written.settings, SeededGenerator(of: "filters, \(written) written"))
    for _ in 0..<700 { try run.step() }
    if written == .everything { try run.ledger.writeTrailing() }
    let folds = try run.folds()
    var (found, short) = (0, 0)
    for number in 0..<300 {
      let owner = run.anyOwner()
      let filter = run.anyFilter()
      let expected = try #require(folds[owner]).passing(filter)
      let rowsMax = [1, 3, 20, 1000][number % 4]
      for oldestFirst in [false, true] {
        if number == 150, oldestFirst { try run.restart() }
        let pages = try run.ledger.pages(run.reader) { cursor in
          .filteredHistory(
            .name(LedgerFixture.name(owner)), filter, page: PageRequest(rowsMax: rowsMax, cursor: cursor),
            oldestFirst: oldestFirst)
        }
        #expect(pages.flatMap { $0 } == (oldestFirst ? expected : expected.reversed()), "\(owner): \(filter)")
        #expect(pages.allSatisfy { $0.count <= rowsMax })
        short += pages.dropLast().filter { $0.count < rowsMax }.count
      }
      found += expected.count
    }
    #expect(found > 1_000 && short > 100, "\(found) rows passed, \(short) pages were short")
  }

  @Test("time bounds lead to their place in a long history without a walk", arguments: Written.allCases)
  func bounds(_ written: Written) throws {
    var settings = written.settings
    settings.listLimits.pageLooksMax = 10
    let ledger = try LedgerFixture(settings)
    _ = try ledger.perform(ledger.command(.openWallet, "u1"), ledger.command(.openWallet, "u2"))
    // More marks than a read takes along.
    let count: Int64 = 5_000
    for version in stride(from: Int64(2), through: count, by: 100) {
      ledger.wall += 1_000
      let credits = (version..<min(version + 100, count + 1)).flatMap { _ in
        [ledger.command(.credit, "u1", 1), ledger.command(.credit, "u2", 1)]
      }
      _ = try ledger.perform(LedgerFixture.itemByItem(credits))
    }
    if written == .everything { try ledger.writeTrailing() }
    let reader = try ledger.store.makeReader()
    let fold = try ledger.fold("u1", reader)
    #expect(fold.rows.count == count)
    for row in fold.rows where row.version % 97 == 0 || row.version > count - 3 || row.version < 4 {
      var filter = TransactionFilter()
      filter.from = row.createdAt
      filter.before = row.createdAt + 1
      let expected = fold.passing(filter)
      for oldestFirst in [false, true] {
        let outcome = try ledger.list(
          .filteredHistory(
            .id(1, currency: ""), filter, page: PageRequest(rowsMax: 5, cursor: ""), oldestFirst: oldestFirst), reader)
        guard case .transactions(let rows, _, _, _, _) = outcome else { throw TestFailure("\(outcome)") }
        // With ten rows to look at there is no other way to find them.
        #expect(rows == Array((oldestFirst ? expected : expected.reversed()).prefix(5)))
      }
      #expect(try ledger.balance("u1", at: .time(row.createdAt), reader).balanceAt?.seq == expected.last?.seq)
      #expect(try ledger.balance("u1", at: .version(row.version), reader).balanceAt?.seq == row.seq)
    }
  }

  @Test("newest first, filtered pages don't show what came after the first one")
  func stable() throws {
    let ledger = try LedgerFixture.with(["u1": 500])
    let reader = try ledger.store.makeReader()
    for _ in 0..<5 { _ = try ledger.one(ledger.command(.debit, "u1", 1)) }
    var filter = TransactionFilter()
    filter.kinds = [.debit]
    let request = { (cursor: String) in
      LedgerRequest.filteredHistory(
        .id(1, currency: ""), filter, page: PageRequest(rowsMax: 2, cursor: cursor), oldestFirst: false)
    }
    guard case .transactions(_, let cursor, _, _, _) = try ledger.list(request(""), reader) else {
      throw TestFailure("no page")
    }
    _ = try ledger.one(ledger.command(.debit, "u1", 1))
    guard case .transactions(let rows, _, _, _, _) = try ledger.list(request(cursor), reader) else {
      throw TestFailure("no page")
    }
    #expect(rows.map(\.version) == [5, 4])
  }

  @Test("a cursor is good for its own filter and order only")
  func cursors() throws {
    let ledger = try LedgerFixture.with(["u1": 500, "u2": 500])
    let reader = try ledger.store.makeReader()
    for _ in 0..<5 { _ = try ledger.one(ledger.command(.debit, "u1", 1)) }
    var debits = TransactionFilter()
    debits.kinds = [.debit]
    var credits = debits
    credits.kinds = [.credit]
    let first = try ledger.list(
      .filteredHistory(.id(1, currency: ""), debits, page: PageRequest(rowsMax: 2, cursor: ""), oldestFirst: false),
      reader)
    guard case .transactions(_, let cursor, _, _, _) = first, !cursor.isEmpty else { throw TestFailure("\(first)") }
    let page = PageRequest(rowsMax: 2, cursor: cursor)
    let others: [LedgerRequest] = [
      .filteredHistory(.id(1, currency: ""), credits, page: page, oldestFirst: false),
      .filteredHistory(.id(1, currency: ""), debits, page: page, oldestFirst: true),
      .filteredHistory(.id(2, currency: ""), debits, page: page, oldestFirst: false),
      .history(.id(1, currency: ""), page: page, oldestFirst: false),
      .refusals(RefusalFilter(), page: page, oldestFirst: false),
    ]
    for request in others {
      let outcome = try ledger.list(request, reader)
      #expect(outcome.failure == .invalidArgument("cursor", "belongs to another list"), "\(request): \(outcome)")
    }
    let again = try ledger.list(
      .filteredHistory(.name(LedgerFixture.name("u1")), debits, page: page, oldestFirst: false), reader)
    guard case .transactions(let rows, _, _, _, _) = again else { throw TestFailure("\(again)") }
    #expect(rows.count == 2)
  }

  @Test("the future, a time before the opening and an unknown wallet are refused, each by its code")
  func refused() throws {
    let ledger = try LedgerFixture.with(["u1": 500])
    let reader = try ledger.store.makeReader()
    let opened = ledger.wall
    ledger.wall += 1_000
    let future = try ledger.balance("u1", at: .time(ledger.wall + 1), reader)
    guard case .invalidArgument("time_micros", _)? = future.failure?.detail else { throw TestFailure("\(future)") }
    #expect(try ledger.balance("u1", at: .time(opened - 1), reader).reason == .walletNotFound)
    #expect(try ledger.balance("u9", at: .time(opened), reader).reason == .walletNotFound)
    #expect(try ledger.balance("u1", at: .time(opened), reader).balanceAt?.balance == 500)
    #expect(
      try ledger.list(.balanceAt(.id(1, currency: "EUR"), .time(opened)), reader).reason == .currencyMismatch)
  }

  @Test("what was told of a time stays so, though the clock is set back behind it")
  func clockSetBack() throws {
    let ledger = try LedgerFixture.with(["u1": 500])
    let reader = try ledger.store.makeReader()
    ledger.wall += 10_000
    let time = ledger.wall
    let told = try #require(try ledger.balance("u1", at: .time(time), reader).balanceAt)
    ledger.wall -= 5_000
    let row = try #require(try ledger.one(ledger.command(.debit, "u1", 100)).row)
    #expect(row.createdAt > time)
    ledger.wall += 20_000
    #expect(try ledger.balance("u1", at: .time(time), reader).balanceAt == told)
  }
}
