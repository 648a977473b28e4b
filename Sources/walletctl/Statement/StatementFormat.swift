import ArgumentParser
import WalletClient
import WalletWire

enum StatementFormat: String, ExpressibleByArgument, CaseIterable {
  case table
  case csv
  case json

  func makeText(_ head: StatementHead) -> any StatementText {
    switch self {
    case .table: StatementTable(head)
    case .csv: StatementCSV(head)
    case .json: StatementJSON(head)
    }
  }
}

/// A statement as text, piece by piece.
protocol StatementText {
  /// Before the first row.
  mutating func begin() -> String
  /// - Parameter json: Each row in protobuf's JSON mapping.
  mutating func rows(_ rows: [Transaction], json: [JSONValue]) -> String
  /// Behind the last row, when everything was found to be right.
  mutating func end(_ fold: StatementFold) -> String
}

/// For people.
struct StatementTable: StatementText {
  private let head: StatementHead
  private var table: Table

  init(_ head: StatementHead) {
    self.head = head
    table = Table([
      ("TIME", .left), ("KIND", .left), ("AMOUNT", .right), ("BALANCE", .right), ("REASON", .left),
      ("REFERENCE", .left), ("NOTE", .left), ("ID", .right),
    ])
  }

  mutating func begin() -> String {
    let from = head.fromMicros == 0 ? "from the beginning" : "from \(Timestamp.text(head.fromMicros))"
    var end = head.beforeMicros == 0 ? "until now" : "before \(Timestamp.text(head.beforeMicros))"
    if head.isOpen, head.beforeMicros != 0 { end += ", which isn't over yet" }
    addLine("", "opening", amount: "", head.opening.balance)
    return "Statement of wallet \(head.walletID): \(head.name) of \(head.ownerID), \(head.unit.currency)\n"
      + "\(from), \(end)\n"
  }

  mutating func rows(_ rows: [Transaction], json: [JSONValue]) -> String {
    for row in rows {
      table.add([
        Timestamp.text(row.createdAtMicros), row.kindText, head.unit.text(row.amount), head.unit.text(row.balance),
        row.reason, row.reference, row.note, "\(row.id)",
      ])
    }
    return takeText()
  }

  mutating func end(_ fold: StatementFold) -> String {
    addLine("", "closing", amount: "", fold.last.balance)
    let lines = takeText()
    let totals = Table(
      pairs: [
        ("opening balance", head.unit.text(head.opening.balance)), ("in", head.unit.text(fold.totalIn)),
        ("out", head.unit.text(-fold.totalOut)), ("closing balance", head.unit.text(head.closing.balance)),
      ], valuesTo: .right)
    return lines + totals.text + "\n\(fold.rowCount) transaction\(fold.rowCount == 1 ? "" : "s"); the sum is right\n"
  }

  private mutating func addLine(_ time: String, _ kind: String, amount: String, _ balance: Int64) {
    table.add([time, kind, amount, head.unit.text(balance), "", "", "", ""])
  }

  private mutating func takeText() -> String { table.takeLines().map { $0 + "\n" }.joined() }
}

/// One record for each row, and four for the ends and the totals. RFC 4180.
struct StatementCSV: StatementText {
  static let columns = [
    "record", "time", "transaction", "version", "kind", "amount", "balance", "held", "currency", "reason", "reference",
    "note", "counter_account", "counter_wallet", "hold", "related_transaction", "actor", "on_behalf_of", "key",
  ]

  private let head: StatementHead

  init(_ head: StatementHead) { self.head = head }

  mutating func begin() -> String {
    CSV.line(Self.columns, end: CSV.lineEnd)
      + line("opening", time: head.fromMicros, version: head.opening.version, balance: head.opening.balance)
  }

  mutating func rows(_ rows: [Transaction], json: [JSONValue]) -> String {
    rows.map { row in
      CSV.line(
        [
          "transaction", Timestamp.text(row.createdAtMicros), "\(row.id)", "\(row.walletVersion)", row.kindText,
          head.unit.decimal(row.amount), head.unit.decimal(row.balance), head.unit.decimal(row.held),
          head.unit.currency, row.reason, row.reference, row.note, row.counterAccount, number(row.counterWalletID),
          number(row.holdID), number(row.relatedTransactionID), row.actor, row.onBehalfOf, row.idempotencyKey,
        ], end: CSV.lineEnd)
    }.joined()
  }

  mutating func end(_ fold: StatementFold) -> String {
    line("total_in", amount: fold.totalIn) + line("total_out", amount: -fold.totalOut)
      + line("closing", time: head.beforeMicros, version: fold.last.version, balance: fold.last.balance)
  }

  /// Empty for 0.
  private func number(_ id: Int64) -> String { id == 0 ? "" : "\(id)" }

  private func line(
    _ record: String, time: Int64 = 0, version: Int64? = nil, amount: Int64? = nil, balance: Int64? = nil
  ) -> String {
    var fields = Array(repeating: "", count: Self.columns.count)
    fields[0] = record
    fields[1] = Timestamp.text(time)
    fields[3] = version.map { "\($0)" } ?? ""
    fields[5] = amount.map(head.unit.decimal) ?? ""
    fields[6] = balance.map(head.unit.decimal) ?? ""
    fields[8] = head.unit.currency
    return CSV.line(fields, end: CSV.lineEnd)
  }
}

/// One object on one line. Amounts are strings of minor units, as in every reply.
struct StatementJSON: StatementText {
  private let head: StatementHead
  private var isFirst = true

  init(_ head: StatementHead) { self.head = head }

  mutating func begin() -> String {
    let members: [JSONValue.Member] = [
      .init("walletId", text(head.walletID)), .init("ownerId", .string(head.ownerID)),
      .init("currency", .string(head.unit.currency)), .init("exponent", .integer(head.unit.exponent)),
      .init("name", .string(head.name)), .init("fromMicros", text(head.fromMicros)),
      .init("beforeMicros", text(head.beforeMicros)), .init("isOpen", .bool(head.isOpen)),
      .init("opening", end(head.opening)),
    ]
    return JSONValue.object(members).text.dropLast() + ",\"transactions\":["
  }

  mutating func rows(_ rows: [Transaction], json: [JSONValue]) -> String {
    var lines = ""
    for row in json {
      lines += (isFirst ? "" : ",") + row.text
      isFirst = false
    }
    return lines
  }

  mutating func end(_ fold: StatementFold) -> String {
    let members: [JSONValue.Member] = [
      .init("closing", end(fold.last)), .init("totalIn", text(fold.totalIn)), .init("totalOut", text(fold.totalOut)),
      .init("transactionCount", .integer(fold.rowCount)),
    ]
    return "]," + JSONValue.object(members).text.dropFirst() + "\n"
  }

  private func text(_ number: Int64) -> JSONValue { .string("\(number)") }

  private func end(_ end: StatementHead.End) -> JSONValue {
    .object([.init("balance", text(end.balance)), .init("version", text(end.version))])
  }
}
