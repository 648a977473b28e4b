import ArgumentParser
import WalletClient
import WalletWire

struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Lists a wallet's transactions, all or some, the newest first.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var wallet: WalletOptions
  @OptionGroup var filtering: FilterOptions
  @OptionGroup var paging: PagingOptions
  @Flag(help: "Begin with the oldest.") var oldestFirst = false

  func run() async throws {
    let session = try connection.makeSession()
    let filter = try await filtering.filter(of: wallet.reference, session)
    let list = PagedList(session: session, method: .listTransactions, name: "ListTransactions", member: "transactions")
    let pages = try await list.pages(paging) { cursor, size in
      RequestEncoding.listTransactions(
        wallet.reference, cursor: cursor, pageSize: size, oldestFirst: oldestFirst, filter: filter)
    } next: { bytes throws(DecodeError) in
      let page = try ReplyDecoding.transactions(bytes)
      return (page.transactions.count, page.nextCursor)
    }
    if session.json { return print(try list.json(pages).text) }

    print(try table(pages.map { try session.decoded($0, ReplyDecoding.transactions) }).text)
    try list.sayWhetherMore(pages.last) { bytes throws(DecodeError) in
      try ReplyDecoding.transactions(bytes).nextCursor
    }
  }
}

extension HistoryCommand {
  private func table(_ pages: [TransactionPage]) -> Table {
    // What holds reserve has a column where there are any.
    let hasHolds = pages.contains { $0.transactions.contains { $0.heldChange != 0 || $0.held != 0 } }
    var table = Table(
      [("TIME", .left), ("KIND", .left), ("AMOUNT", .right)] + (hasHolds ? [("HELD", .right)] : [])
        + [("BALANCE", .right), ("REASON", .left), ("REFERENCE", .left), ("NOTE", .left), ("ID", .right)])
    for page in pages {
      let unit = Unit(currency: page.currency, exponent: page.exponent)
      for row in page.transactions {
        table.add(
          [
            Timestamp.text(row.createdAtMicros), row.kindText, unit.text(row.amount),
          ]
            + (hasHolds ? [unit.text(row.held)] : [])
            + [unit.text(row.balance), row.reason, row.reference, row.note, "\(row.id)"])
      }
    }
    return table
  }
}

struct WalletsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "wallets", abstract: "Lists an owner's wallets.")

  @OptionGroup var connection: ConnectionOptions
  @Option(help: "The wallets' owner.") var owner: String
  @OptionGroup var paging: PagingOptions

  func run() async throws {
    let session = try connection.makeSession()
    let list = PagedList(session: session, method: .listWallets, name: "ListWallets", member: "wallets")
    let pages = try await list.pages(paging) { cursor, size in
      RequestEncoding.listWallets(owner: owner, cursor: cursor, pageSize: size)
    } next: { bytes throws(DecodeError) in
      let page = try ReplyDecoding.wallets(bytes)
      return (page.wallets.count, page.nextCursor)
    }
    if session.json { return print(try list.json(pages).text) }

    var table = Table([
      ("ID", .right), ("CURRENCY", .left), ("NAME", .left), ("STATUS", .left), ("BALANCE", .right), ("HELD", .right),
      ("AVAILABLE", .right), ("VERSION", .right),
    ])
    for bytes in pages {
      for wallet in try session.decoded(bytes, ReplyDecoding.wallets).wallets {
        let unit = Unit(currency: wallet.currency, exponent: wallet.exponent)
        table.add([
          "\(wallet.id)", wallet.currency, wallet.name, "\(wallet.status)", unit.text(wallet.balance),
          unit.text(wallet.held), unit.text(wallet.available), "\(wallet.version)",
        ])
      }
    }
    print(table.text)
    try list.sayWhetherMore(pages.last) { bytes throws(DecodeError) in try ReplyDecoding.wallets(bytes).nextCursor }
  }
}

struct PagingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Rows at most; 0: all.", valueName: "rows"))
  var limit: UInt32 = 50

  @Option(help: "Go on where an earlier list ended (its nextCursor).")
  var cursor: String?
}
