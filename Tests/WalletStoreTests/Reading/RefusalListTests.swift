import TestSupport
import Testing
import WalletCore

@testable import WalletStore

@Suite("Lists of refusals")
struct RefusalListTests {
  private func entries(
    _ ledger: LedgerFixture, _ filter: RefusalFilter = RefusalFilter(), rowsMax: Int = 1000, oldestFirst: Bool = true
  ) throws -> (entries: [RefusalEntry], pages: Int) {
    let reader = try ledger.store.makeReader()
    var entries: [RefusalEntry] = []
    var (cursor, pages) = ("", 0)
    repeat {
      let outcome = try ledger.list(
        .refusals(filter, page: PageRequest(rowsMax: rowsMax, cursor: cursor), oldestFirst: oldestFirst), reader)
      guard case .refusals(let some, let next, _) = outcome else { throw TestFailure("\(outcome)") }
      entries += some
      cursor = next
      pages += 1
    } while !cursor.isEmpty
    return (entries, pages)
  }

  /// A refusal of each code that a command can be refused for.
  private func everyCode(_ ledger: LedgerFixture) throws -> [(Command, Failure)] {
    let debit = try #require(try ledger.one(ledger.command(.debit, "u1", 10)).row).seq
    _ = try ledger.one(ledger.refund(debit, 4))
    let credit = try #require(try ledger.one(ledger.command(.credit, "u1", 10)).row).seq
    let holds = try (0..<4).map { _ in try #require(try ledger.one(ledger.hold("u1", 5)).row).seq }
    _ = try ledger.one(ledger.capture(holds[0]))
    _ = try ledger.one(ledger.release(holds[1]))
    let short = try #require(try ledger.one(ledger.hold("u1", 5, timeout: 10)).row).seq
    _ = try ledger.one(ledger.command(.openWallet, "closed"))
    _ = try ledger.one(ledger.special(.closeWallet, "closed", 0, .none))
    _ = try ledger.one(ledger.freeze("frozen", .debit))
    _ = try ledger.one(
      ledger.setLimits("limited") { limits in
        limits.balanceMax = 600
        limits.amountMax = 50
      })
    ledger.wall += 100
    var euro = ledger.command(.openWallet, "u1")
    euro.wallet = .name(LedgerFixture.name("u1", currency: "EUR"))
    _ = try ledger.one(euro)
    var intoEuro = ledger.transfer("u1", "u1", 1)
    intoEuro.parameters = .transfer(to: .name(LedgerFixture.name("u1", currency: "EUR")))
    var unknownCurrency = ledger.command(.debit, "u1", 1)
    unknownCurrency.wallet = .name(LedgerFixture.name("u1", currency: "XXQ"))
    var unknownAccount = ledger.command(.debit, "u1", 1)
    unknownAccount.counterAccount = "nobody"
    var byID = ledger.command(.debit, "u1", 1)
    byID.wallet = .id(77, currency: "")
    let commands = [
      unknownCurrency, intoEuro, unknownAccount, byID, ledger.command(.credit, "nobody", 3),
      ledger.command(.openWallet, "u1"), ledger.transfer("u1", "u1", 1), ledger.refund(999), ledger.refund(credit),
      ledger.command(.debit, "closed", 1), ledger.command(.debit, "frozen", 1),
      ledger.special(.closeWallet, "u1", 0, .none), ledger.capture(999), ledger.capture(holds[0]),
      ledger.capture(holds[1]), ledger.capture(short), ledger.capture(holds[2], 6), ledger.refund(debit, 7),
      ledger.command(.debit, "limited", 51), ledger.command(.credit, "limited", 101),
      ledger.command(.debit, "u1", 9_999), ledger.command(.credit, "u1", .max),
    ]
    return try commands.map { command in
      let outcome = try ledger.one(command)
      return (command, try #require(outcome.failure, "\(command.verb): \(outcome)"))
    }
  }

  private func ledger(_ settings: StoreSettings = LedgerFixture.settings) throws -> LedgerFixture {
    try LedgerFixture.with(["u1": 500, "frozen": 500, "limited": 500], settings)
  }

  @Test("a refusal of each code comes back with the figures that were told first, across a restart")
  func everyCode() throws {
    let ledger = try ledger()
    var told = try everyCode(ledger)
    let batch = LedgerFixture.atomic(
      .text("batch-00001"), [ledger.command(.credit, "u1", 1), ledger.command(.debit, "u1", 9_999)])
    let aborted = try #require(try ledger.perform(batch)[0].failure)
    told.append((ledger.command(.debit, "u1", 9_999, key: .text("batch-00001")), aborted))
    // Refused, but not remembered.
    #expect(try ledger.one(ledger.command(.debit, "u1", 1, expectedVersion: 77)).reason == .versionConflict)
    try ledger.restart()
    let entries = try entries(ledger).entries
    #expect(entries.map(\.row.failure) == told.map(\.1))
    #expect(entries.map(\.row.key) == told.map(\.0.key))
    #expect(entries.map(\.row.amount) == told.map(\.0.amount))
    let codes = Set(entries.map(\.row.reason))
    let remembered = ErrorReason.allCases.filter(\.isRemembered)
    let ofAdministration: Set<ErrorReason> = [.currencyExists, .counterAccountExists]
    #expect(codes == Set(remembered).subtracting(ofAdministration).union([.batchAborted]))
  }

  @Test("each has the currency of its wallet, or else the one that was given")
  func currencies() throws {
    let ledger = try ledger()
    _ = try everyCode(ledger)
    for entry in try entries(ledger).entries {
      switch entry.row.reason {
      case .currencyUnknown: #expect(entry.currency == "XXQ" && entry.exponent == nil)
      case .walletNotFound where entry.row.address.name == nil:
        #expect(entry.currency == "" && entry.exponent == nil)
      case .holdNotFound, .transactionNotFound: #expect(entry.currency == "" && entry.row.walletID == 0)
      default: #expect(entry.currency == "USD" && entry.exponent == 2, "\(entry.row.reason)")
      }
    }
  }

  @Test("filters and pages, in both orders, are those of a plain filter", arguments: [false, true])
  func filters(_ oldestFirst: Bool) throws {
    var settings = LedgerFixture.settings
    settings.listLimits.pageLooksMax = 7
    let ledger = try ledger(settings)
    for _ in 0..<3 {
      _ = try everyCodeAgain(ledger)
      ledger.wall += 1_000
    }
    let all = try entries(ledger).entries
    let middle = all[all.count / 2].row.createdAt
    var filters: [(RefusalFilter, (RefusalRow) -> Bool)] = []
    func add(_ change: (inout RefusalFilter) -> Void, _ isMeant: @escaping (RefusalRow) -> Bool) {
      var filter = RefusalFilter()
      change(&filter)
      filters.append((filter, isMeant))
    }
    add({ _ in }, { _ in true })
    add({ $0.from = middle }, { $0.createdAt >= middle })
    add({ $0.before = middle }, { $0.createdAt < middle })
    add({ $0.reasons = [.insufficientFunds, .walletNotFound] }) {
      [.insufficientFunds, .walletNotFound].contains($0.reason)
    }
    add({ $0.actor = "somebody" }, { _ in false })
    add({ $0.owner = "u1" }, { $0.address.name?.owner == "u1" })
    add({ $0.wallet = .id(1, currency: "") }, { $0.walletID == 1 })
    add({ $0.wallet = .name(LedgerFixture.name("u1")) }, { $0.walletID == 1 })
    add({ $0.wallet = .id(77, currency: "") }, { $0.address == .id(77, currency: "") })
    add({ $0.wallet = .name(LedgerFixture.name("nobody")) }) { $0.address == .name(LedgerFixture.name("nobody")) }
    for (filter, isMeant) in filters {
      let expected = all.filter { isMeant($0.row) }
      for rowsMax in [1, 5, 1000] {
        let (found, pages) = try entries(ledger, filter, rowsMax: rowsMax, oldestFirst: oldestFirst)
        #expect(found == (oldestFirst ? expected : expected.reversed()), "\(filter)")
        #expect(pages >= expected.count / rowsMax)
      }
      #expect(filter.actor == "somebody" || !expected.isEmpty, "\(filter)")
    }
  }

  private func everyCodeAgain(_ ledger: LedgerFixture) throws -> Int {
    let commands = [
      ledger.command(.credit, "nobody", 3), ledger.command(.openWallet, "u1"), ledger.transfer("u1", "u1", 1),
      ledger.command(.debit, "u1", 9_999), ledger.capture(999),
    ]
    var byID = ledger.command(.debit, "u1", 1)
    byID.wallet = .id(77, currency: "")
    for command in commands + [byID] {
      ledger.wall += 1
      #expect(try ledger.one(command).reason != nil)
    }
    return commands.count
  }

  @Test("what was refused before a wallet was opened is among its refusals, by its name and by its id")
  func beforeOpening() throws {
    let ledger = try ledger()
    #expect(try ledger.one(ledger.command(.debit, "late", 3)).reason == .walletNotFound)
    let id = try #require(try ledger.one(ledger.command(.openWallet, "late")).row).walletID
    #expect(try ledger.one(ledger.command(.debit, "late", 3)).reason == .insufficientFunds)
    for reference in [WalletReference.name(LedgerFixture.name("late")), .id(id, currency: "USD")] {
      var filter = RefusalFilter()
      filter.wallet = reference
      #expect(try entries(ledger, filter).entries.map(\.row.reason) == [.walletNotFound, .insufficientFunds])
    }
    var mismatched = RefusalFilter()
    mismatched.wallet = .id(id, currency: "EUR")
    let page = PageRequest(rowsMax: 5, cursor: "")
    let outcome = try ledger.list(
      .refusals(mismatched, page: page, oldestFirst: false), ledger.store.makeReader())
    #expect(outcome.reason == .currencyMismatch)
  }

  @Test("a page ends at its size in bytes, and a cursor is of its filter and order")
  func bytesAndCursors() throws {
    var settings = LedgerFixture.settings
    settings.listLimits.pageBytesMax = 2_500
    let ledger = try ledger(settings)
    for _ in 0..<12 { _ = try ledger.one(ledger.command(.debit, "u1", 9_999)) }
    #expect(try entries(ledger).pages > 3)
    let reader = try ledger.store.makeReader()
    let first = try ledger.list(
      .refusals(RefusalFilter(), page: PageRequest(rowsMax: 1, cursor: ""), oldestFirst: false), reader)
    guard case .refusals(_, let cursor, _) = first, !cursor.isEmpty else { throw TestFailure("\(first)") }
    var other = RefusalFilter()
    other.reasons = [.insufficientFunds]
    let page = PageRequest(rowsMax: 1, cursor: cursor)
    for request in [
      LedgerRequest.refusals(other, page: page, oldestFirst: false),
      .refusals(RefusalFilter(), page: page, oldestFirst: true),
    ] {
      let outcome = try ledger.list(request, reader)
      #expect(outcome.failure == .invalidArgument("cursor", "belongs to another list"))
    }
  }
}
