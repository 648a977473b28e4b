import WalletCore

/// The journal's transactions in the order of their places, for watches. Each page is read in a snapshot of its own, and a
/// snapshot shows nothing that isn't synced.
final class JournalPages {
  private let database: Database
  private let origins: OriginTable
  private let selectRows: Statement
  private let selectHead: Statement
  private let selectCurrency: Statement
  private let selectOwner: Statement
  /// Of wallets, by id: they never change.
  private var currencies: [Int64: Money] = [:]
  private let currenciesMax: Int

  /// In a dictionary, which may be half empty.
  static let bytesPerCurrency = 2 * (MemoryLayout<Int64>.stride + MemoryLayout<Money>.stride)

  struct Money {
    var currency: Text
    var exponent: UInt8
  }

  /// - Parameter currenciesMax: Wallets whose currency is kept in memory; those of others are looked up.
  init(_ database: Database, currenciesMax: Int) throws(SQLiteError) {
    self.database = database
    self.currenciesMax = currenciesMax
    origins = try OriginTable(reading: database)
    selectRows = try TransactionTable.query(database, "WHERE seq > ? ORDER BY seq")
    selectHead = try database.prepare(
      """
      SELECT max(seq) FROM (SELECT max(seq) AS seq FROM transactions UNION ALL SELECT max(seq) FROM refusals
        UNION ALL SELECT max(seq) FROM administration)
      """)
    selectOwner = try database.prepare("SELECT owner_id, currency FROM wallets WHERE wallet_id = ?")
    selectCurrency = try database.prepare("SELECT currency, exponent FROM wallets WHERE wallet_id = ?")
  }

  func inSnapshot<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    try database.inSnapshot(body)
  }

  /// The last row of the journal, whatever it is.
  func head() throws(StoreError) -> Int64 {
    defer { selectHead.reset() }
    guard try selectHead.stepped() else { throw .inconsistent("the journal has no highest place") }
    return selectHead.integer(0)
  }

  /// A row that a page stands on: what a filter looks at is there at once, the rest when it is wanted.
  struct Row {
    fileprivate let statement: Statement
    fileprivate let origins: OriginTable

    var seq: Int64 { statement.integer(0) }
    /// The number of its kind, which an edit from outside may have made any.
    var kind: Int64 { statement.integer(3) }
    var walletID: Int64 { statement.integer(4) }

    func read() throws(StoreError) -> TransactionRow { try TransactionTable.row(statement, origins) }
  }

  /// Goes through the rows behind a place until `body` has enough.
  ///
  /// - Parameter body: Answers whether it takes more.
  /// - Returns: Whether all rows were gone through.
  func rows(after seq: Int64, _ body: (Row) throws(StoreError) -> Bool) throws(StoreError) -> Bool {
    selectRows.bind(1, seq)
    defer { selectRows.reset() }
    while try selectRows.stepped() {
      guard try body(Row(statement: selectRows, origins: origins)) else { return false }
    }
    return true
  }

  /// Whether a caller that is kept to some wallets may see rows of this one.
  func admits(_ constraints: Constraints, wallet id: Int64) throws(StoreError) -> Bool {
    selectOwner.bind(1, id)
    defer { selectOwner.reset() }
    guard try selectOwner.stepped() else { return false }
    return constraints.admits(owner: selectOwner.text(0), currency: selectOwner.text(1))
  }

  func money(ofWallet id: Int64) throws(StoreError) -> Money {
    if let known = currencies[id] { return known }
    selectCurrency.bind(1, id)
    defer { selectCurrency.reset() }
    guard try selectCurrency.stepped(), let exponent = UInt8(exactly: selectCurrency.integer(1)) else {
      throw .inconsistent("wallet \(id) has transactions and no row, or an exponent out of range")
    }
    let money = Money(currency: selectCurrency.text(0), exponent: exponent)
    if currencies.count >= currenciesMax { currencies.removeAll(keepingCapacity: true) }
    currencies[id] = money
    return money
  }
}
