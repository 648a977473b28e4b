import TestSupport
import Testing
import WalletCore

@testable import WalletStore

@Suite("Watches of the store")
struct WatchTests {
  /// A client that goes on with its last token.
  private struct Watcher {
    var request: WatchRequest
    var stream: any LedgerStream
    var rows: [TransactionRow] = []
    var place: WatchPlace
    var currencies: Set<Text> = []

    init(_ request: WatchRequest, _ source: any LedgerStreamSource) throws {
      self.request = request
      stream = try source.open(.watch(request)).get()
      let events: [StreamEvent]
      switch try stream.advance(roomBytes: 0) {
      case .more(let some), .waiting(let some): events = some
      case .finished, .failed: throw TestFailure("a watch has no end")
      }
      guard case .token(let place) = events.first else { throw TestFailure("a watch begins with a token") }
      self.place = place
      try take(events)
    }

    private mutating func take(_ events: [StreamEvent]) throws {
      for event in events {
        place = try #require(event.place)
        guard case .transaction(let row, let currency, _, _) = event else { continue }
        #expect(row.seq == place.commitSeq)
        rows.append(row)
        currencies.insert(currency)
      }
    }

    /// - Returns: Whether more can be had.
    mutating func advance(_ roomBytes: Int) throws -> Bool {
      switch try stream.advance(roomBytes: roomBytes) {
      case .more(let events):
        try take(events)
        return true
      case .waiting(let events):
        try take(events)
        return false
      case .finished, .failed: throw TestFailure("a watch has no end")
      }
    }

    mutating func catchUp() throws { while try advance(10_000) {} }

    mutating func resume(_ source: any LedgerStreamSource) throws {
      request.start = .token(place.resumeToken)
      var fresh = try Watcher(request, source)
      #expect(fresh.place.commitSeq >= place.commitSeq)
      fresh.rows = rows + fresh.rows
      self = fresh
    }
  }

  private func source(_ ledger: LedgerFixture) throws -> any LedgerStreamSource {
    try #require(try ledger.store.makeStreamSource())
  }

  /// What the journal has, by a stranger's eyes.
  private func seqs(_ ledger: LedgerFixture, where condition: String = "1") throws -> [Int64] {
    let statement = try ledger.stranger().prepare("SELECT seq FROM transactions WHERE \(condition) ORDER BY seq")
    var seqs: [Int64] = []
    while try statement.step() { seqs.append(statement.integer(0)) }
    return seqs
  }

  /// Some mutations of any kind, in one commit; some are refused, some are all or nothing.
  private func mutate(_ ledger: LedgerFixture, _ generator: inout SeededGenerator) throws {
    let owner = { (generator: inout SeededGenerator) in "u\(Int.random(in: 1...4, using: &generator))" }
    var commands: [Command] = []
    for _ in 0..<Int.random(in: 1...20, using: &generator) {
      let verb: Verb = [.credit, .debit, .openWallet, .debit].randomElement(using: &generator) ?? .credit
      let amount = verb == .openWallet ? 0 : Int64.random(in: 1...50, using: &generator)
      commands.append(ledger.command(verb, owner(&generator), amount))
    }
    if Bool.random(using: &generator) {
      _ = try ledger.perform(LedgerFixture.atomic(ledger.newKey(), commands))
    } else {
      _ = try ledger.perform(LedgerFixture.itemByItem(commands))
    }
  }

  @Test("every row once and in order, at any speed, over kills and restarts, from any place")
  func exactlyOnce() throws {
    var generator = SeededGenerator(of: "watchers and writers")
    let ledger = try LedgerFixture()
    for owner in ["u1", "u2", "u3"] { _ = try ledger.perform(ledger.command(.openWallet, owner)) }
    var source = try source(ledger)
    var watchers = [try Watcher(WatchRequest(start: .after(seq: 0)), source)]
    for round in 0..<150 {
      try mutate(ledger, &generator)
      for index in watchers.indices where Bool.random(using: &generator) {
        let isAtEnd = try !watchers[index].advance(Int.random(in: 0...20_000, using: &generator))
        if isAtEnd { #expect(watchers[index].rows.last.map { $0.seq <= ledger.store.head.seq } == true) }
      }
      switch round % 25 {
      case 11: watchers.append(try Watcher(WatchRequest(start: .after(seq: 0)), source))
      case 17, 23:
        if round % 2 == 0 { try ledger.crash() } else { try ledger.restart() }
        source = try self.source(ledger)
        for index in watchers.indices { try watchers[index].resume(source) }
      case 5: try ledger.writeTrailing()
      default: break
      }
    }
    let expected = try seqs(ledger)
    #expect(expected.count > 200 && (expected.last ?? 0) > Int64(expected.count), "there are refusals between the rows")
    for index in watchers.indices {
      try watchers[index].catchUp()
      #expect(watchers[index].rows.map(\.seq) == expected)
    }
  }

  @Test("a filter passes what it names and nothing else, and all of that")
  func filters() throws {
    var generator = SeededGenerator(of: "filters")
    let ledger = try LedgerFixture()
    for owner in ["u1", "u2", "u3"] { _ = try ledger.perform(ledger.command(.openWallet, owner)) }
    for _ in 0..<40 { try mutate(ledger, &generator) }
    let source = try source(ledger)
    for (request, condition) in [
      (WatchRequest(start: .after(seq: 5), walletIDs: [1, 3]), "seq > 5 AND wallet_id IN (1, 3)"),
      (WatchRequest(start: .after(seq: 0), kinds: [.debit, .open]), "kind IN (1, 2)"),
      (WatchRequest(start: .after(seq: 9), walletIDs: [2], kinds: [.credit]), "seq > 9 AND wallet_id = 2 AND kind = 3"),
      (WatchRequest(start: .after(seq: 0), walletIDs: [99]), "0"), (WatchRequest(start: .now), "0"),
    ] {
      var watcher = try Watcher(request, source)
      try watcher.catchUp()
      #expect(watcher.rows.map(\.seq) == (try seqs(ledger, where: condition)))
    }
  }

  @Test("where no row passes, tokens tell how far it has come, and a step looks at some rows only")
  func tokens() throws {
    var settings = LedgerFixture.settings
    settings.watchLimits.rowsWithoutEventMax = 100
    settings.watchLimits.stepRowsMax = 40
    let ledger = try LedgerFixture(settings)
    _ = try ledger.perform(ledger.command(.openWallet, "u1"), ledger.command(.openWallet, "u2"))
    _ = try ledger.perform(LedgerFixture.itemByItem((0..<998).map { _ in ledger.command(.credit, "u1", 1) }))
    var watcher = try Watcher(WatchRequest(start: .after(seq: 0), walletIDs: [2]), try source(ledger))
    var steps = 1
    var places: Set<Int64> = []
    while try watcher.advance(10_000) {
      steps += 1
      places.insert(watcher.place.commitSeq)
    }
    #expect(watcher.rows.map(\.seq) == [2] && steps >= 24)
    #expect(places == Set([2] + (1...9).map { $0 * 100 + 2 }))
  }

  @Test("a watch goes on from what is new behind refusals too, with each wallet's currency")
  func refusalsAndCurrencies() throws {
    let ledger = try LedgerFixture()
    var yen = ledger.command(.openWallet, "u2")
    yen.wallet = .name(LedgerFixture.name("u2", currency: "JPY"))
    _ = try ledger.perform(ledger.command(.openWallet, "u1"), yen, ledger.command(.debit, "u1", 5))
    #expect(ledger.store.head.seq == 3)
    let source = try source(ledger)
    var watcher = try Watcher(WatchRequest(start: .now), source)
    #expect(watcher.place.commitSeq == 3)
    try watcher.catchUp()
    _ = try ledger.perform(ledger.command(.debit, "u1", 5))
    try watcher.catchUp()
    #expect(watcher.rows.isEmpty)
    _ = try ledger.perform(ledger.command(.credit, "u1", 5))
    try watcher.catchUp()
    #expect(watcher.rows.map(\.seq) == [5])
    watcher = try Watcher(WatchRequest(start: .after(seq: 0)), source)
    try watcher.catchUp()
    #expect(watcher.rows.map(\.seq) == [1, 2, 5] && watcher.currencies == ["USD", "JPY"])
  }

  @Test("a place that this ledger doesn't have is refused by name")
  func places() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"), ledger.command(.credit, "u1", 5))
    let source = try source(ledger)
    let description = ledger.store.description
    let failure = { (start: WatchRequest.Start) -> Failure? in
      if case .failure(let failure) = try source.open(.watch(WatchRequest(start: start))) { failure } else { nil }
    }
    let tokens = WatchTokens(description)
    #expect(try failure(.token(tokens.token(at: 2))) == nil && failure(.after(seq: 2)) == nil)
    for start in [WatchRequest.Start.token(tokens.token(at: 3)), .after(seq: 3), .after(seq: .max)] {
      let failure = try failure(start)
      #expect(failure?.reason == .resumeInvalid && failure?.message.contains("ends at row 2") == true)
    }
    var other = description
    other.epoch += 1
    #expect(try failure(.token(WatchTokens(other).token(at: 1)))?.reason == .resumeInvalid)
    other = description
    other.ledgerID = "another"
    #expect(try failure(.token(WatchTokens(other).token(at: 1)))?.reason == .resumeInvalid)
    let list = Cursor(
      ledgerID: Text(description.ledgerID), epoch: description.epoch, list: .wallets, subject: "u1", position: 1)
    for text in ["zz", "00", Text(list.encoded)] {
      let failure = try failure(.token(text))
      #expect(failure?.reason == .invalidArgument)
      if case .invalidArgument(let field, _) = failure?.detail { #expect(field == "resume_token") }
    }
  }

  @Test("a token is the cursor of its place, short or long")
  func tokenForm() throws {
    let description = LedgerDescription(ledgerID: "01a2071c-425d-7f0c-a76c-e935251684ea", epoch: 7, storage: "")
    let tokens = WatchTokens(description)
    for seq in [0, 1, 63, 64, 8_191, 8_192, 1 << 40, Int64.max] {
      let token = tokens.token(at: seq)
      #expect(try tokens.seq(of: token) == seq)
      #expect(Cursor(encoded: token.string)?.encoded == token.string)
    }
  }
}
