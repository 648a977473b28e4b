import Testing
import WalletCore

@testable import WalletStore

@Suite("Lists")
struct ListTests {
  private func ledger(rows: Int) throws -> LedgerFixture {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"), ledger.command(.openWallet, "u2"))
    for index in 1..<rows { _ = try ledger.perform(ledger.command(.credit, "u1", Int64(index))) }
    return ledger
  }

  private func pages(_ ledger: LedgerFixture, rowsMax: Int, oldestFirst: Bool) throws -> [[Int64]] {
    let reader = try ledger.store.makeReader()
    var pages: [[Int64]] = []
    var cursor = ""
    repeat {
      let request = LedgerRequest.history(
        .name(LedgerFixture.name("u1")), page: PageRequest(rowsMax: rowsMax, cursor: cursor), oldestFirst: oldestFirst)
      guard case .transactions(let rows, let next, _, _, _) = try ledger.list(request, reader) else {
        Issue.record("no page")
        return pages
      }
      pages.append(rows.map(\.version))
      cursor = next
    } while !cursor.isEmpty
    return pages
  }

  @Test("pages are whole, without gaps or repeats, in both orders")
  func pages() throws {
    let ledger = try ledger(rows: 25)
    #expect(try pages(ledger, rowsMax: 10, oldestFirst: true).map(\.count) == [10, 10, 5])
    #expect(try pages(ledger, rowsMax: 10, oldestFirst: true).flatMap { $0 } == Array(1...25))
    #expect(try pages(ledger, rowsMax: 7, oldestFirst: false).flatMap { $0 } == Array((1...25).reversed()))
    #expect(try pages(ledger, rowsMax: 25, oldestFirst: false).count == 1, "an exact page has no cursor")
  }

  @Test("rows that come between two pages don't show up in the second")
  func stable() throws {
    let ledger = try ledger(rows: 10)
    let reader = try ledger.store.makeReader()
    let reference = WalletReference.name(LedgerFixture.name("u1"))
    let first = try ledger.list(
      .history(reference, page: PageRequest(rowsMax: 5, cursor: ""), oldestFirst: false), reader)
    guard case .transactions(_, let cursor, _, _, let before) = first else { throw TestFailure("no first page") }
    _ = try ledger.perform(ledger.command(.credit, "u1", 1))
    let second = try ledger.list(
      .history(reference, page: PageRequest(rowsMax: 5, cursor: cursor), oldestFirst: false), reader)
    guard case .transactions(let rows, "", _, _, let after) = second else { throw TestFailure("no second page") }
    #expect(rows.map(\.version) == [5, 4, 3, 2, 1] && after == before + 1)
  }

  @Test("a page ends at its size in bytes, and goes on")
  func bytes() throws {
    let ledger = try LedgerFixture()
    ledger.settings.listLimits.pageBytesMax = 1500
    try ledger.restart()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"))
    for index in 1..<10 { _ = try ledger.perform(ledger.command(.credit, "u1", Int64(index))) }
    let pages = try pages(ledger, rowsMax: 1000, oldestFirst: true)
    #expect(pages.count > 2 && pages.flatMap { $0 } == Array(1...10))
  }

  @Test("a cursor of another list is refused by field, one of another epoch as such")
  func cursors() throws {
    let ledger = try ledger(rows: 3)
    let reader = try ledger.store.makeReader()
    let description = ledger.store.description
    let cases: [(Cursor, ErrorReason)] = [
      (
        Cursor(ledgerID: Text(description.ledgerID), epoch: 2, list: .wallets, subject: "u1", position: 1),
        .resumeInvalid
      ),
      (Cursor(ledgerID: "another", epoch: 1, list: .wallets, subject: "u1", position: 1), .resumeInvalid),
      (
        Cursor(ledgerID: Text(description.ledgerID), epoch: 1, list: .wallets, subject: "u2", position: 1),
        .invalidArgument
      ),
    ]
    for (cursor, reason) in cases {
      let outcome = try ledger.list(
        .wallets(owner: "u1", page: PageRequest(rowsMax: 5, cursor: cursor.encoded)), reader)
      #expect(outcome.reason == reason)
    }
    let broken = try ledger.list(.wallets(owner: "u1", page: PageRequest(rowsMax: 5, cursor: "nonsense")), reader)
    #expect(broken.reason == .invalidArgument)
  }

  @Test("an owner's wallets, in several currencies")
  func wallets() throws {
    let ledger = try ledger(rows: 1)
    var euro = ledger.command(.openWallet, "u1")
    euro.wallet = .name(LedgerFixture.name("u1", currency: "EUR"))
    _ = try ledger.perform(euro)
    let outcome = try ledger.list(
      .wallets(owner: "u1", page: PageRequest(rowsMax: 50, cursor: "")), ledger.store.makeReader())
    guard case .wallets(let wallets, "", _) = outcome else { throw TestFailure("no list") }
    #expect(wallets.map(\.name.currency) == ["USD", "EUR"])
  }
}

struct TestFailure: Error {
  var message: String

  init(_ message: String) { self.message = message }
}
