import CSQLite
import TestSupport
import Testing
import WalletCore

@testable import WalletStore

/// An error before COMMIT, wherever it comes, leaves the file and the memory as they were.
@Suite("Rollbacks")
struct RollbackTests {
  private static var settings: StoreSettings {
    var settings = LedgerFixture.settings
    settings.cachedWalletsMax = 5
    settings.trailing.generationRows = 64
    settings.trailing.generationRowsMax = 80
    settings.trailing.stepMin = 8
    settings.trailing.stepMax = 64
    return settings
  }

  /// A gather that touches every table.
  private func gather(_ ledger: LedgerFixture, _ number: Int, _ generator: inout SeededGenerator) -> BatchCommand {
    var commands: [Command] = []
    for index in 0..<70 {
      let owner = "u\(Int.random(in: 0..<12, using: &generator))"
      let isWords = index % 5 == 0
      var command = ledger.command(
        index % 10 == 9 ? .openWallet : .credit, index % 10 == 9 ? "new-\(number)-\(index)" : owner,
        index % 10 == 9 ? 0 : 5,
        key: isWords ? nil : .uuid(high: generator.next(), low: generator.next()))
      command.audit.reference = Text("o-\(generator.next() % 1000)")
      if index % 4 == 0 { command.audit.note = Text(String(repeating: "n", count: 200)) }
      commands.append(command)
    }
    // Refused, and remembered.
    commands.append(ledger.command(.debit, "u1", 1 << 50))
    commands += [
      ledger.registerCurrency(Text("OWN-\(number)"), exponent: 3), ledger.addCounterAccount(Text("own.\(number)")),
    ]
    commands[3].origin = Origin(actor: "local", source: "127.0.0.1", clientName: Text("client-\(number)"))
    return LedgerFixture.itemByItem(commands)
  }

  /// What is in memory beside the file.
  private func memory(_ ledger: LedgerFixture) throws -> [String] {
    let store = ledger.store
    var lines = [
      "\(store.head)", "\(store.newest)", "\(store.nextWalletID)", "\(store.projector.lag)",
      "\(store.cache.dirtyCount)",
      "\(store.opened.count)", "\(store.cache.changes)", "\(store.totals.changes)",
    ]
    lines += store.totals.all.map { "\($0)" }.sorted() + store.totals.allWallets.map { "\($0)" }
    lines += store.totals.accountNames.map(\.string) + store.currencies.registered.map(\.string)
    for owner in 0..<12 { lines.append("\(String(describing: try ledger.wallet("u\(owner)")))") }
    return lines
  }

  /// Lets the database grow by so many pages and no more.
  private func limit(_ ledger: LedgerFixture, pages: Int64) throws {
    let count = try ledger.store.database.integer("PRAGMA page_count") ?? 0
    _ = try ledger.store.database.integer("PRAGMA max_page_count = \(count + pages)")
  }

  private func unlimit(_ ledger: LedgerFixture) throws {
    _ = try ledger.store.database.integer("PRAGMA max_page_count = 1000000")
  }

  @Test("a full database in the middle of a gather or of a projection step changes nothing, and then all goes on")
  func fullDatabase() throws {
    var generator = SeededGenerator(of: "rollbacks")
    let ledger = try LedgerFixture(Self.settings)
    _ = try ledger.perform(LedgerFixture.itemByItem((0..<12).map { ledger.command(.openWallet, "u\($0)") }))
    var failedIn: [String: Int] = [:]
    var done: [(BatchCommand, LedgerOutcome)] = []
    for number in 0..<60 {
      let batch = gather(ledger, number, &generator)
      let (file, memory) = (try ledger.tables(), try memory(ledger))
      var pages: Int64 = 0
      while true {
        try limit(ledger, pages: pages)
        let outcome = try ledger.perform(batch)[0]
        guard outcome.reason == .unavailable else {
          #expect(outcome.items.compactMap(\.row).count == 70 && outcome.items[70].reason == .insufficientFunds)
          #expect(outcome.items.compactMap(\.row?.seq).first == ledger.store.head.seq - 72)
          #expect(outcome.items.compactMap(\.administration?.seq).last == ledger.store.head.seq)
          done.append((batch, outcome))
          break
        }
        let place = ledger.store.mutationsUnavailableBecause ?? ""
        #expect(place.contains("SQLite 13"), "\(place)")
        failedIn[Self.statement(place), default: 0] += 1
        #expect(try ledger.tables() == file, "\(number), \(place)")
        #expect(try self.memory(ledger) == memory, "\(number), \(place)")
        pages += 1
      }
      try unlimit(ledger)
      #expect(try ledger.sumOfAll() == 0)
    }
    print("rollbacks: \(failedIn.sorted { $0.key < $1.key })")
    for statement in ["INSERT INTO transactions", "INSERT INTO key_segments", "INSERT INTO reference_index"] {
      #expect(failedIn[statement] ?? 0 > 0, "none in \(statement): \(failedIn)")
    }
    try expectReplays(ledger, done)
    try ledger.restart()
    try expectReplays(ledger, done)
    try ledger.store.close()
    #expect(try LedgerFile.problems(ledger.path) == [])
  }

  private static func statement(_ message: String) -> String {
    guard let start = message.range(of: "in \"") else { return message }
    return message[start.upperBound...].split(separator: " ").prefix(3).joined(separator: " ")
  }

  private func expectReplays(_ ledger: LedgerFixture, _ done: [(BatchCommand, LedgerOutcome)]) throws {
    for (batch, first) in done {
      let again = try ledger.perform(batch)[0]
      #expect(again.items.map(\.row) == first.items.map(\.row) && again.items.allSatisfy(\.isReplay))
      #expect(again.items.map(\.administration) == first.items.map(\.administration))
      #expect(again.items.map(\.failure) == first.items.map(\.failure))
    }
  }

  @Test("a full database in an idle step changes nothing, and the next mutation goes on")
  func fullWhenIdle() throws {
    var generator = SeededGenerator(of: "idle rollbacks")
    var settings = Self.settings
    settings.trailing.generationRows = 5_000
    settings.trailing.generationRowsMax = 6_000
    let ledger = try LedgerFixture(settings)
    _ = try ledger.perform(LedgerFixture.itemByItem((0..<12).map { ledger.command(.openWallet, "u\($0)") }))
    let done = try (0..<12).map { number in
      let batch = gather(ledger, number, &generator)
      return (batch, try ledger.perform(batch)[0])
    }
    var failures = 0
    var isUnfinished = true
    while isUnfinished {
      let (file, memory) = (try ledger.tables(), try memory(ledger))
      let lag = ledger.store.projector.lag
      try limit(ledger, pages: 0)
      isUnfinished = try ledger.store.maintain(isIdle: true).isUnfinished
      if let message = ledger.store.mutationsUnavailableBecause {
        failures += 1
        #expect(message.contains("SQLite 13") && !isUnfinished)
        #expect(try ledger.tables() == file && self.memory(ledger) == memory)
        // Nothing is tried again until somebody asks for something.
        #expect(try !ledger.store.maintain(isIdle: true).isUnfinished)
        try unlimit(ledger)
        #expect(
          try ledger.perform(ledger.command(.debit, "u1", 1, expectedVersion: 9_999))[0].reason == .versionConflict)
        #expect(ledger.store.mutationsUnavailableBecause == nil && ledger.store.projector.lag == lag)
        isUnfinished = try ledger.store.maintain(isIdle: true).isUnfinished
      }
    }
    #expect(failures > 3 && ledger.store.projector.lag == 0)
    try unlimit(ledger)
    try expectReplays(ledger, done)
    try ledger.store.close()
    #expect(try LedgerFile.problems(ledger.path) == [])
  }

  @Test("an inconsistency in a projection step ends the store with everything rolled back")
  func inconsistentStep() throws {
    var generator = SeededGenerator(of: "inconsistent step")
    let ledger = try LedgerFixture(Self.settings)
    _ = try ledger.perform(LedgerFixture.itemByItem((0..<12).map { ledger.command(.openWallet, "u\($0)") }))
    try ledger.stranger().execute("UPDATE wallets SET version = version + 5 WHERE wallet_id = 7")
    var fault: LedgerFault?
    var before: [String] = []
    for number in 0..<6 where fault == nil {
      before = try ledger.tables()
      do {
        _ = try ledger.perform(gather(ledger, number, &generator))
      } catch let error as LedgerFault {
        fault = error
      }
    }
    #expect(fault?.kind == .inconsistent && fault?.message.contains("wallet 7") == true)
    #expect(try ledger.tables() == before)
  }
}
