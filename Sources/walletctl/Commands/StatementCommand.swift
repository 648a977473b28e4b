import ArgumentParser
import Foundation
import WalletClient
import WalletWire

struct StatementCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "statement",
    abstract: "Shows every change of a wallet in a period, between its balances at both ends.",
    discussion: """
      The opening balance and the sum of all rows must give the closing balance, which is asked for by itself; a \
      difference is an error. Rows are read and written page by page: a statement may have any length.
      """)

  private static let pageRows: UInt32 = 1_000

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var wallet: WalletOptions
  @OptionGroup var period: PeriodOptions
  @Option(help: "How it is written: table, csv or json. (default: table; json with --json)")
  var format: StatementFormat?
  @Option(help: ArgumentHelp("Write it to this file, which is there as a whole or not at all.", valueName: "file"))
  var output: String?

  func run() async throws {
    let session = try connection.makeSession()
    let head = try await StatementHead(of: wallet.reference, period, session)
    let format = format ?? (session.json ? .json : .table)
    do {
      let output = try StatementOutput(path: output)
      do {
        let fold = try await write(head, as: format, to: output, session)
        try output.finish()
        if let path = self.output { print(summary(fold, head, path, json: session.json)) }
      } catch {
        output.discard()
        throw error
      }
    } catch let failure as StatementOutput.Failure {
      throw CommandFailure.usage(failure.text, json: session.json)
    } catch let difference as StatementFold.Difference {
      throw Self.failure(difference, json: session.json)
    }
  }

  private func write(
    _ head: StatementHead, as format: StatementFormat, to output: StatementOutput, _ session: Session
  ) async throws -> StatementFold {
    var text = format.makeText(head)
    var fold = StatementFold(head)
    try output.write(text.begin())
    var cursor: String?
    while !fold.isComplete {
      let reply = try await session.read(.listTransactions, request(head, cursor))
      let page = try session.decoded(reply, ReplyDecoding.transactions)
      // What came after the period's end was asked for isn't in it.
      let rows = page.transactions.prefix { $0.walletVersion <= head.closing.version }
      for row in rows { try fold.add(row) }
      let json = format == .json ? try jsonRows(reply, session).prefix(rows.count) : []
      try output.write(text.rows(Array(rows), json: Array(json)))
      guard let next = page.nextCursor, next != cursor else { break }
      cursor = next
    }
    try fold.close()
    try output.write(text.end(fold))
    return fold
  }

  private func request(_ head: StatementHead, _ cursor: String?) -> [UInt8] {
    var filter = TransactionFilter()
    filter.fromMicros = head.fromMicros
    filter.beforeMicros = head.beforeMicros
    return RequestEncoding.listTransactions(
      .id(head.walletID), cursor: cursor, pageSize: Self.pageRows, oldestFirst: true, filter: filter)
  }

  private func jsonRows(_ reply: [UInt8], _ session: Session) throws -> [JSONValue] {
    guard case .array(let rows)? = try session.jsonValue(reply, method: "ListTransactions")["transactions"] else {
      return []
    }
    return rows
  }

  private func summary(_ fold: StatementFold, _ head: StatementHead, _ path: String, json: Bool) -> String {
    if json {
      return JSONValue.object([
        .init("file", .string(path)), .init("transactionCount", .integer(fold.rowCount)),
        .init("closing", .string("\(fold.last.balance)")),
      ]).text
    }
    return "\(path): \(fold.rowCount) transaction\(fold.rowCount == 1 ? "" : "s"), "
      + "closing balance \(head.unit.text(fold.last.balance))"
  }

  private static func failure(_ difference: StatementFold.Difference, json: Bool) -> CommandFailure {
    let error = JSONValue.object([
      .init("code", .string("STATEMENT_DIFFERS")), .init("message", .string(difference.text)),
    ])
    return CommandFailure(
      exitCode: CommandFailure.refused, text: "walletctl: the statement doesn't add up: \(difference.text)",
      json: json ? .object([.init("error", error)]) : nil)
  }
}
