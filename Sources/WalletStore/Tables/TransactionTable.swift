import WalletCore

extension TransactionTable {
  /// The columns of `transactions`, in the order in which rows are bound and read.
  static let columns = """
    seq, format, lane, kind, wallet_id, version, amount, held_change, balance, held, overdraft_limit, counter_account,
    counter_wallet_id, hold_id, related_seq, previous_seq, origin_id, on_behalf_of, reason, note, reference,
    idempotency_key, request_digest, correlation_id, metadata, occurred_at, created_at, detail, digest
    """
}

/// Rows of `transactions`, one by one; those of a gather mostly go through a `RowFeed`.
final class TransactionTable {
  private let insert: Statement?
  private let select: Statement
  private let origins: OriginTable

  init(_ database: Database, origins: OriginTable) throws(SQLiteError) {
    self.origins = origins
    let marks = Array(repeating: "?", count: Self.columns.split(separator: ",").count).joined(separator: ", ")
    insert = try database.prepare("INSERT INTO transactions (\(Self.columns)) VALUES (\(marks))")
    select = try database.prepare("SELECT \(Self.columns) FROM transactions WHERE seq = ?")
  }

  /// For a connection that can't write.
  init(reading database: Database, origins: OriginTable) throws(SQLiteError) {
    self.origins = origins
    insert = nil
    select = try database.prepare("SELECT \(Self.columns) FROM transactions WHERE seq = ?")
  }

  func append(_ row: borrowing TransactionRow) throws(StoreError) {
    guard let insert else { preconditionFailure("a table that is only read was written") }
    let originID = try origins.id(of: row.attribution.origin)
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
    insert.bindNonzero(16, row.previousSeq)
    insert.bindAudit(
      from: 17, originID: originID, audit: row.attribution.audit, key: row.key, requestDigest: row.requestDigest)
    insert.bind(27, row.createdAt)
    insert.bindNonempty(28, row.detail)
    insert.bindNonempty(29, row.digest)
    try insert.ran()
  }

  func row(_ seq: Int64) throws(StoreError) -> TransactionRow? {
    select.bind(1, seq)
    defer { select.reset() }
    guard try select.stepped() else { return nil }
    return try Self.row(select, origins)
  }

  /// Prepares a query over whole rows, such as `WHERE wallet_id = ?`.
  static func query(_ database: Database, _ tail: String) throws(SQLiteError) -> Statement {
    try database.prepare("SELECT \(Self.columns) FROM transactions \(tail)")
  }

  /// The row that a statement of `query` stands on.
  static func row(_ statement: Statement, _ origins: OriginTable) throws(StoreError) -> TransactionRow {
    let seq = statement.integer(0)
    guard let kind = UInt8(exactly: statement.integer(3)).flatMap({ TransactionKind(rawValue: $0) }) else {
      throw .inconsistent("transaction \(seq) is of the unknown kind \(statement.integer(3))")
    }
    var row = TransactionRow(
      seq: seq, kind: kind, walletID: statement.integer(4), version: statement.integer(5),
      amount: statement.integer(6), balance: statement.integer(8), held: statement.integer(9),
      overdraftLimit: statement.integer(10), counterAccount: statement.text(11),
      attribution: Attribution(
        key: statement.key(21), audit: statement.audit(from: 17), origin: try origins.origin(statement.integer(16))),
      createdAt: statement.integer(26))
    row.format = statement.integer(1)
    row.lane = statement.integer(2)
    row.heldChange = statement.integer(7)
    row.counterWalletID = statement.integer(12)
    row.holdID = statement.integer(13)
    row.relatedSeq = statement.integer(14)
    row.previousSeq = statement.integer(15)
    row.requestDigest = statement.shortBytes(22)
    row.detail = statement.bytes(27)
    row.digest = statement.shortBytes(28)
    return row
  }
}

extension TransactionRow {
  /// Whether it has only what nearly every row has.
  var isPlain: Bool {
    format == Self.formatCurrent && lane == 0 && heldChange == 0 && held == 0 && overdraftLimit == 0
      && counterWalletID == 0 && holdID == 0 && relatedSeq == 0 && detail.isEmpty && attribution.isPlain
  }
}
