import WalletCore

private let columns = """
  wallet_id, owner_id, currency, name, exponent, status, balance, held, overdraft_limit, version, created_at,
  created_by, updated_at, updated_by, last_seq
  """

/// Rows of `wallets`.
final class WalletTable {
  private let database: Database
  private let insert: Statement
  private let update: Statement
  private let selectByID: Statement
  private let selectByName: Statement
  private let selectOwners: Statement
  private let selectVersion: Statement
  private let selectCurrency: Statement
  private let selectLastRow: Statement

  init(_ database: Database) throws(SQLiteError) {
    self.database = database
    let marks = Array(repeating: "?", count: columns.split(separator: ",").count).joined(separator: ", ")
    insert = try database.prepare("INSERT INTO wallets (\(columns)) VALUES (\(marks))")
    update = try database.prepare(
      """
      UPDATE wallets SET status = ?, balance = ?, held = ?, overdraft_limit = ?, version = ?, updated_at = ?,
        updated_by = ?, last_seq = ?
      WHERE wallet_id = ? AND version = ?
      """)
    selectByID = try database.prepare("SELECT \(columns) FROM wallets WHERE wallet_id = ?")
    selectByName = try database.prepare(
      "SELECT \(columns) FROM wallets WHERE owner_id = ? AND currency = ? AND name = ?")
    selectOwners = try database.prepare(
      "SELECT wallet_id FROM wallets WHERE owner_id = ?1 AND wallet_id > ?2 ORDER BY wallet_id LIMIT ?3")
    selectVersion = try database.prepare("SELECT version, last_seq, status FROM wallets WHERE wallet_id = ?")
    selectCurrency = try database.prepare("SELECT currency FROM wallets WHERE wallet_id = ?")
    selectLastRow = try database.prepare(
      "SELECT wallet_id, version, balance, held, overdraft_limit FROM transactions WHERE seq = ?")
  }

  func insert(_ wallet: Wallet) throws(StoreError) {
    insert.bind(1, wallet.id)
    insert.bind(2, wallet.name.owner)
    insert.bind(3, wallet.name.currency)
    insert.bind(4, wallet.name.name)
    insert.bind(5, Int64(wallet.exponent))
    insert.bind(6, Int64(wallet.status.rawValue))
    insert.bind(7, wallet.balance)
    insert.bind(8, wallet.held)
    insert.bind(9, wallet.overdraftLimit)
    insert.bind(10, wallet.version)
    insert.bind(11, wallet.createdAt)
    insert.bind(12, wallet.createdBy)
    insert.bind(13, wallet.updatedAt)
    insert.bind(14, wallet.updatedBy)
    insert.bind(15, wallet.lastSeq)
    try insert.ran()
  }

  /// What its transactions change of a wallet's row.
  struct Figures: Equatable {
    var status: Wallet.Status
    var balance: Int64
    var held: Int64
    var overdraftLimit: Int64
    var version: Int64
    var updatedAt: Int64
    var updatedBy: Text
    var lastSeq: Int64
  }

  /// Writes a wallet over the version that it was decided on.
  ///
  /// - Throws: `inconsistent` unless exactly one row had that version: somebody else wrote, and nothing that is known
  ///   here can be trusted.
  func update(_ id: Int64, to figures: borrowing Figures, over version: Int64) throws(StoreError) {
    update.bind(1, Int64(figures.status.rawValue))
    update.bind(2, figures.balance)
    update.bind(3, figures.held)
    update.bind(4, figures.overdraftLimit)
    update.bind(5, figures.version)
    update.bind(6, figures.updatedAt)
    update.bind(7, figures.updatedBy)
    update.bind(8, figures.lastSeq)
    update.bind(9, id)
    update.bind(10, version)
    try update.ran()
    guard database.changes == 1 else {
      throw .inconsistent(
        "wallet \(id) should have been at version \(version): \(database.changes) rows were, not one")
    }
  }

  func wallet(_ reference: WalletReference) throws(StoreError) -> Wallet? {
    switch reference {
    case .id(let id, _):
      selectByID.bind(1, id)
      return try checkedRow(selectByID)
    case .name(let name):
      selectByName.bind(1, name.owner)
      selectByName.bind(2, name.currency)
      selectByName.bind(3, name.name)
      return try checkedRow(selectByName)
    }
  }

  /// The wallets of an owner in the order of their ids.
  func ids(of owner: Text, after id: Int64, countMax: Int) throws(StoreError) -> [Int64] {
    selectOwners.bind(1, owner)
    selectOwners.bind(2, id)
    selectOwners.bind(3, Int64(countMax))
    defer { selectOwners.reset() }
    var ids: [Int64] = []
    while try selectOwners.stepped() { ids.append(selectOwners.integer(0)) }
    return ids
  }

  /// What a wallet's row says, whether or not it follows the wallet's transactions.
  func storedVersion(_ id: Int64) throws(StoreError) -> (version: Int64, lastSeq: Int64, isClosed: Bool)? {
    selectVersion.bind(1, id)
    defer { selectVersion.reset() }
    guard try selectVersion.stepped() else { return nil }
    return (
      selectVersion.integer(0), selectVersion.integer(1),
      selectVersion.integer(2) == Int64(Wallet.Status.closed.rawValue)
    )
  }

  func currency(of id: Int64) throws(StoreError) -> Text? {
    selectCurrency.bind(1, id)
    defer { selectCurrency.reset() }
    return try selectCurrency.stepped() ? selectCurrency.text(0) : nil
  }

  static func query(_ database: Database, _ tail: String) throws(SQLiteError) -> Statement {
    try database.prepare("SELECT \(columns) FROM wallets \(tail)")
  }

  static func row(_ statement: Statement) throws(StoreError) -> Wallet {
    guard let status = UInt8(exactly: statement.integer(5)).flatMap({ Wallet.Status(rawValue: $0) }),
      let exponent = UInt8(exactly: statement.integer(4))
    else { throw .inconsistent("wallet \(statement.integer(0)) has a status or exponent out of range") }
    return Wallet(
      id: statement.integer(0),
      name: WalletName(owner: statement.text(1), currency: statement.text(2), name: statement.text(3)),
      exponent: exponent, status: status, balance: statement.integer(6), held: statement.integer(7),
      overdraftLimit: statement.integer(8), version: statement.integer(9), createdAt: statement.integer(10),
      createdBy: statement.text(11), updatedAt: statement.integer(12), updatedBy: statement.text(13),
      lastSeq: statement.integer(14))
  }

  /// A wallet is the fold of its transactions, so it must say what its last one says.
  private func checkedRow(_ statement: Statement) throws(StoreError) -> Wallet? {
    defer { statement.reset() }
    guard try statement.stepped() else { return nil }
    let wallet = try Self.row(statement)
    selectLastRow.bind(1, wallet.lastSeq)
    defer { selectLastRow.reset() }
    guard try selectLastRow.stepped(), selectLastRow.integer(0) == wallet.id,
      selectLastRow.integer(1) == wallet.version, selectLastRow.integer(2) == wallet.balance,
      selectLastRow.integer(3) == wallet.held, selectLastRow.integer(4) == wallet.overdraftLimit
    else {
      throw .inconsistent("wallet \(wallet.id) differs from its last transaction, \(wallet.lastSeq)")
    }
    return wallet
  }
}
