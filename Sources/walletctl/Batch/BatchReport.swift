import WalletClient
import WalletWire

/// What became of a file of items.
struct BatchReport {
  private let lines: [Int]
  private let result: BatchResult

  init(_ file: BatchFile, _ result: BatchResult) {
    lines = file.lines
    self.result = result
  }

  var exitCode: Int32 {
    var code: Int32 = 0
    for item in result.items {
      switch item {
      case .done: break
      case .rejected: code = max(code, CommandFailure.refused)
      case .outcomeUnknown: code = CommandFailure.outcomeUnknown
      }
    }
    return code
  }

  var text: String {
    var table = Table([
      ("LINE", .right), ("RESULT", .left), ("WALLET", .right), ("BALANCE", .right), ("VERSION", .right), ("ID", .right),
    ])
    var notes: [String] = []
    for (line, item) in zip(lines, result.items) {
      switch item {
      case .done(let done):
        let unit = Unit(currency: done.currency, exponent: done.exponent)
        let isProjected = result.isDryRun && !done.replayed
        let text = isProjected ? "would be done" : done.replayed || result.replayed ? "done before" : "done"
        table.add([
          "\(line)", text, done.walletID == 0 ? "new" : "\(done.walletID)", unit.text(done.balance),
          "\(done.version)", done.transactionID == 0 ? "" : "\(done.transactionID)",
        ])
      case .rejected(let rejection):
        table.add(["\(line)", rejection.code, "", "", "", ""])
        notes.append("line \(line): \(rejection)")
      case .outcomeUnknown(let rejection):
        table.add(["\(line)", "unknown", "", "", "", ""])
        notes.append("line \(line): outcome unknown, an earlier attempt may have taken effect: \(rejection)")
      }
    }
    let head = result.isDryRun ? [MutationOutput.nothingChanged] : []
    return (head + [table.text] + notes + ["key \(result.idempotencyKey)"]).joined(separator: "\n")
  }

  var json: JSONValue {
    .object([
      .init("key", .string(result.idempotencyKey)), .init("commitSeq", .string("\(result.commitSeq)")),
      .init("replayed", .bool(result.replayed)), .init("dryRun", .bool(result.isDryRun)),
      .init("results", .array(zip(lines, result.items).map { Self.json(line: $0, $1) })),
    ])
  }

  private static func json(line: Int, _ item: BatchItemResult) -> JSONValue {
    let line = JSONValue.Member("line", .integer(line))
    switch item {
    case .done(let done):
      return .object([
        line, .init("outcome", .string("done")), .init("key", .string(done.idempotencyKey)),
        .init("transactionId", .string("\(done.transactionID)")), .init("walletId", .string("\(done.walletID)")),
        .init("version", .string("\(done.version)")), .init("balance", .string("\(done.balance)")),
        .init("held", .string("\(done.held)")), .init("available", .string("\(done.available)")),
        .init("currency", .string(done.currency)), .init("exponent", .integer(done.exponent)),
        .init("replayed", .bool(done.replayed)),
      ])
    case .rejected(let rejection):
      return .object([line] + members(of: rejection, outcome: "refused"))
    case .outcomeUnknown(let rejection):
      return .object([line] + members(of: rejection, outcome: "unknown"))
    }
  }

  private static func members(of rejection: Rejection, outcome: String) -> [JSONValue.Member] {
    let figures = RejectionFigures(rejection.detail, unit: nil).pairs
    return [
      .init("outcome", .string(outcome)), .init("key", .string(rejection.key ?? "")),
      .init("code", .string(rejection.code)), .init("message", .string(rejection.message)),
      .init("replayed", .bool(rejection.replayed)),
      .init("detail", .object(figures.map { .init($0.jsonName, $0.json) })),
    ]
  }
}
