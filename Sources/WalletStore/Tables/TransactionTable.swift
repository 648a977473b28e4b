import WalletCore

/// The columns of `transactions`, in the order in which rows are bound and read.
private let columns = """
  seq, format, lane, kind, wallet_id, version, amount, held_change, balance, held, overdraft_limit, counter_account,
  counter_wallet_id, hold_id, related_seq, actor, on_behalf_of, reason, note, reference, idempotency_key,
  request_digest, correlation_id, source, client_name, metadata, occurred_at, created_at, detail, digest
  """

/// Rows of `transactions`.
final class TransactionTable {
  private let insert: Statement
  private let select: Statement

  init(_ database: Database) throws(SQLiteError) {
    let marks = Array(repeating: "?", count: columns.split(separator: ",").count).joined(separator: ", ")
    insert = try database.prepare("INSERT INTO transactions (\(columns)) VALUES (\(marks))")
    select = try database.prepare("SELECT \(columns) FROM transactions WHERE seq = ?")
  }

  func append(_ row: TransactionRow) throws(SQLiteError) {
    insert.bind(1, row.seq)
    insert.bind(2, row.format)
    insert.bind(3, row.lane)
    insert.bind(4, Int64(row.kind.rawValue))
    insert.bind(5, row.walletID)
    insert.bind(6, row.version)
    insert.bind(7, row.amount)
    insert.bind(8, row.heldChange)
    insert.bind(9, row.balance)
    insert.bind(10, row.held)
    insert.bind(11, row.overdraftLimit)
    insert.bindNonempty(12, row.counterAccount)
    insert.bindNonzero(13, row.counterWalletID)
    insert.bindNonzero(14, row.holdID)
    insert.bindNonzero(15, row.relatedSeq)
    insert.bindOriginAndAudit(
      from: 16, origin: row.origin, audit: row.audit, key: row.key, requestDigest: row.requestDigest)
    insert.bind(28, row.createdAt)
    insert.bindNonempty(29, row.detail)
    insert.bindNonempty(30, row.digest)
    try insert.run()
  }

  func row(_ seq: Int64) throws(StoreError) -> TransactionRow? {
    select.bind(1, seq)
    defer { select.reset() }
    guard try select.stepped() else { return nil }
    return try Self.row(select)
  }

  /// Prepares a query over whole rows, such as `WHERE wallet_id = ?`.
  static func query(_ database: Database, _ tail: String) throws(SQLiteError) -> Statement {
    try database.prepare("SELECT \(columns) FROM transactions \(tail)")
  }

  /// The row that a statement of `query` stands on.
  static func row(_ statement: Statement) throws(StoreError) -> TransactionRow {
    let seq = statement.integer(0)
    guard let kind = UInt8(exactly: statement.integer(3)).flatMap({ TransactionKind(rawValue: $0) }) else {
      throw .inconsistent("transaction \(seq) is of the unknown kind \(statement.integer(3))")
    }
    let (origin, audit) = statement.originAndAudit(from: 15)
    var row = TransactionRow(
      seq: seq, kind: kind, walletID: statement.integer(4), version: statement.integer(5),
      amount: statement.integer(6), balance: statement.integer(8), held: statement.integer(9),
      overdraftLimit: statement.integer(10), counterAccount: statement.text(11), origin: origin, audit: audit,
      key: statement.key(20), createdAt: statement.integer(27))
    row.format = statement.integer(1)
    row.lane = statement.integer(2)
    row.heldChange = statement.integer(7)
    row.counterWalletID = statement.integer(12)
    row.holdID = statement.integer(13)
    row.relatedSeq = statement.integer(14)
    row.requestDigest = statement.bytes(21)
    row.detail = statement.bytes(28)
    row.digest = statement.bytes(29)
    return row
  }
}
