import Testing
import WalletWire

@testable import WalletClient
@testable import walletctl

@Suite("Statements")
struct StatementTests {
  private static let usd = Unit(currency: "USD", exponent: 2)

  private static func head(_ opening: Int64, _ closing: Int64, versions: ClosedRange<Int64>) -> StatementHead {
    StatementHead(
      walletID: 1, ownerID: "alice", name: "main", unit: usd, fromMicros: 1_000_000, beforeMicros: 9_000_000,
      isOpen: false, opening: StatementHead.End(balance: opening, version: versions.lowerBound),
      closing: StatementHead.End(balance: closing, version: versions.upperBound))
  }

  private static func row(_ version: Int64, _ amount: Int64, _ balance: Int64, note: String = "") -> Transaction {
    Transaction(
      id: version + 100, kind: amount < 0 ? .debit : .credit, walletID: 1, walletVersion: version, amount: amount,
      heldChange: 0, balance: balance, held: 0, overdraftLimit: 0, counterAccount: "sales", counterWalletID: 0,
      holdID: 0, relatedTransactionID: 0, actor: "local", onBehalfOf: "", reason: "test", note: note,
      reference: "r-\(version)", idempotencyKey: "key-0000\(version)", requestDigest: [], correlationID: "", source: "",
      clientName: "", metadata: [], occurredAtMicros: 0, createdAtMicros: 2_000_000 + version, detail: [], digest: [],
      lane: 0, rowFormat: 1)
  }

  private func difference(_ head: StatementHead, _ rows: [Transaction]) -> String? {
    var fold = StatementFold(head)
    do throws(StatementFold.Difference) {
      for row in rows { try fold.add(row) }
      try fold.close()
      return nil
    } catch {
      return error.text
    }
  }

  @Test("opening balance, rows and closing balance must fit together")
  func sums() throws {
    let head = Self.head(500, 350, versions: 3...5)
    let rows = [Self.row(4, 50, 550), Self.row(5, -200, 350)]
    var fold = StatementFold(head)
    for row in rows { try fold.add(row) }
    try fold.close()
    #expect(fold.totalIn == 50 && fold.totalOut == 200 && fold.rowCount == 2 && fold.isComplete)
    #expect(difference(Self.head(500, 500, versions: 3...3), []) == nil, "an empty period")

    #expect(difference(head, [Self.row(4, 50, 551)])?.contains("changes 5.00 USD by 0.50 USD to 5.51 USD") == true)
    #expect(difference(head, [rows[1]])?.contains("makes version 5 after 3") == true)
    #expect(difference(head, [rows[0]])?.contains("end at version 4, the period at 5") == true)
    #expect(difference(Self.head(500, 351, versions: 3...5), rows)?.contains("isn't 3.51 USD") == true)
    #expect(difference(Self.head(.max, .min, versions: 3...4), [Self.row(4, 1, .min)]) != nil)
  }

  private func text(_ format: StatementFormat, _ pages: [[Transaction]]) throws -> String {
    var fold = StatementFold(Self.head(500, 350, versions: 3...5))
    var text = format.makeText(Self.head(500, 350, versions: 3...5))
    var result = text.begin()
    for page in pages {
      for row in page { try fold.add(row) }
      result += text.rows(page, json: page.map { .object([.init("id", .string("\($0.id)"))]) })
    }
    return result + text.end(fold)
  }

  private let pages = [[row(4, 50, 550, note: "a, \"quoted\"\nnote")], [], [row(5, -200, 350)]]

  @Test("CSV has a record for each row and for both ends, and reads back")
  func csv() throws {
    let text = try text(.csv, pages)
    #expect(text.hasSuffix("\r\n"))
    let records = try CSV.records(Array(text.utf8)).map(\.fields)
    #expect(
      records.map(\.[0]) == ["record", "opening", "transaction", "transaction", "total_in", "total_out", "closing"])
    #expect(records.allSatisfy { $0.count == StatementCSV.columns.count } && records[0] == StatementCSV.columns)
    #expect(records[1][6] == "5.00" && records[6][6] == "3.50" && records[4][5] == "0.50" && records[5][5] == "-2.00")
    #expect(records[2][5] == "0.50" && records[2][6] == "5.50" && records[2][11] == "a, \"quoted\"\nnote")
    #expect(records[3][1] == "1970-01-01T00:00:02.000005Z" && records[3][4] == "debit" && records[3][8] == "USD")
  }

  @Test("JSON is one object with minor units as strings")
  func json() throws {
    let value = try JSONParser.parse(try text(.json, pages))
    #expect(value["exponent"] == .number("2") && value["fromMicros"] == .string("1000000"))
    #expect(value["opening"]?["balance"] == .string("500") && value["closing"]?["balance"] == .string("350"))
    #expect(value["totalIn"] == .string("50") && value["totalOut"] == .string("200"))
    guard case .array(let rows)? = value["transactions"] else { throw StatementFold.Difference(text: "no rows") }
    #expect(rows.map { $0["id"] } == [.string("104"), .string("105")])
    let head = Self.head(5, 5, versions: 2...2)
    var nothing = StatementFormat.json.makeText(head)
    let empty = try JSONParser.parse(nothing.begin() + nothing.end(StatementFold(head)))
    #expect(empty["transactions"] == .array([]) && empty["transactionCount"] == .number("0"))
  }

  @Test("a table shows the balances at both ends, each row, and the sums")
  func table() throws {
    let lines = try text(.table, pages.map { $0.map { row in Self.row(row.walletVersion, row.amount, row.balance) } })
      .split(separator: "\n").map(String.init)
    #expect(lines[0] == "Statement of wallet 1: main of alice, USD")
    #expect(lines[1] == "from 1970-01-01T00:00:01.000000Z, before 1970-01-01T00:00:09.000000Z")
    #expect(lines[2].hasPrefix("TIME") && lines[3].contains("opening") && lines[3].hasSuffix("5.00 USD"))
    #expect(lines[4].contains("credit") && lines[4].contains("0.50 USD  5.50 USD  test"))
    #expect(lines.contains { $0.contains("closing") && $0.contains("3.50 USD") })
    #expect(lines.last == "2 transactions; the sum is right")
  }

  @Test("columns of a table that comes in pieces stay where they are unless one needs more")
  func streamedTable() {
    var table = Table([("A", .left), ("B", .right)])
    table.add(["long", "1"])
    #expect(table.takeLines() == ["A     B", "long  1"])
    table.add(["x", "2"])
    #expect(table.takeLines() == ["x     2"])
    table.add(["longer", "3"])
    #expect(table.takeLines() == ["longer  3"] && table.takeLines() == [])
  }

  @Test("a time is a time or the begin of a day")
  func times() {
    #expect(Timestamp.microsOfTimeOrDay("2026-01-31") == 1_769_817_600_000_000)
    #expect(Timestamp.microsOfTimeOrDay("2026-01-31T12:00:00Z") == 1_769_860_800_000_000)
    for text in ["2026-02-30", "2026-1-31", "20260131Z", "", "yesterday", "2026-01-31 "] {
      #expect(Timestamp.microsOfTimeOrDay(text) == nil, "\(text)")
    }
  }

  @Test("what can't be asked for is said before a server is asked")
  func options() throws {
    let wallet = ["--owner", "alice", "--currency", "USD"]
    for (arguments, part) in [
      (["statement"] + wallet + ["--from", "soon"], "--from must be like"),
      (["statement"] + wallet + ["--from", "2026-02-01", "--to", "2026-02-01"], "--to must lie after --from"),
      (["statement"] + wallet + ["--format", "xml"], "xml"),
      (["history"] + wallet + ["--kind", "debits"], "--kind must be one of open, debit, credit, transfer-out"),
      (["balance"] + wallet + ["--at", "2026-02-01", "--version", "3"], "--at or --version"),
      (["balance"] + wallet + ["--version", "0"], "--version must be from 1"),
      (["refusals", "--code", "NO_FUNDS"], "no code 'NO_FUNDS'; there are INVALID_FRAME"),
      (["refusals", "--currency", "USD"], "--currency needs --owner"),
    ] {
      #expect {
        _ = try WalletCtl.parseAsRoot(arguments)
      } throws: { error in
        WalletCtl.fullMessage(for: error).contains(part)
      }
    }
    let command = try WalletCtl.parseAsRoot(["refusals", "--owner", "alice", "--code", "HOLD_EXPIRED"])
    let refusals = try #require(command as? RefusalsCommand)
    #expect(refusals.filter.ownerID == "alice" && refusals.filter.reasons == [.holdExpired])
  }
}
