import WalletCore

private let columns = """
  seq, format, lane, verb, reason_code, wallet_id, given_wallet_id, owner_id, currency, name, amount, counter_account,
  origin_id, on_behalf_of, reason, note, reference, idempotency_key, request_digest, correlation_id, metadata,
  occurred_at, created_at, figures, digest, parameters
  """

/// Rows of `refusals`.
final class RefusalTable {
  private let insert: Statement
  private let select: Statement
  private let origins: OriginTable

  init(_ database: Database, origins: OriginTable) throws(SQLiteError) {
    self.origins = origins
    let marks = Array(repeating: "?", count: columns.split(separator: ",").count).joined(separator: ", ")
    insert = try database.prepare("INSERT INTO refusals (\(columns)) VALUES (\(marks))")
    select = try Self.query(database, "WHERE seq = ?")
  }

  func append(_ row: RefusalRow) throws(StoreError) {
    let originID = try origins.id(of: row.attribution.origin)
    insert.bind(1, row.seq)
    insert.bind(2, row.format)
    insert.bind(3, row.lane)
    insert.bind(4, Int64(row.verb.rawValue))
    insert.bind(5, Int64(row.reason.rawValue))
    insert.bindNonzero(6, row.walletID)
    switch row.address {
    case .id(let id, let currency):
      insert.bind(7, id)
      insert.bindNull(8)
      insert.bindNonempty(9, currency)
      insert.bindNull(10)
    case .name(let name):
      insert.bindNull(7)
      insert.bind(8, name.owner)
      insert.bind(9, name.currency)
      insert.bind(10, name.name)
    }
    insert.bind(11, row.amount)
    insert.bindNonempty(12, row.counterAccount)
    insert.bindAudit(
      from: 13, originID: originID, audit: row.attribution.audit, key: row.key, requestDigest: row.requestDigest)
    // A denied call has neither.
    if row.key == nil { insert.bindOrEmpty(18, ShortBytes()) }
    insert.bindOrEmpty(19, row.requestDigest)
    insert.bind(23, row.createdAt)
    insert.bindNonempty(24, row.figures)
    insert.bindNonempty(25, row.digest)
    insert.bindNonempty(26, row.parameters.encoded)
    try insert.ran()
  }

  func row(_ seq: Int64) throws(StoreError) -> RefusalRow? {
    select.bind(1, seq)
    defer { select.reset() }
    return try select.stepped() ? try Self.row(select, origins) : nil
  }

  /// Prepares a query over whole rows, such as `WHERE wallet_id = ?`.
  static func query(_ database: Database, _ tail: String) throws(SQLiteError) -> Statement {
    try database.prepare("SELECT \(columns) FROM refusals \(tail)")
  }

  /// The row that a statement of `query` stands on.
  static func row(_ select: Statement, _ origins: OriginTable) throws(StoreError) -> RefusalRow {
    let seq = select.integer(0)
    guard let verb = UInt16(exactly: select.integer(3)).flatMap({ Verb(rawValue: $0) }),
      let reason = UInt8(exactly: select.integer(4)).flatMap({ ErrorReason(rawValue: $0) })
    else { throw .inconsistent("refusal \(seq) has a verb or code that is unknown") }
    guard let parameters = Command.Parameters(encoded: select.bytes(25)) else {
      throw .inconsistent("refusal \(seq) has parameters that can't be read")
    }
    let key = select.key(17)
    guard key != nil || reason.isDenial && select.bytes(17).isEmpty else {
      throw .inconsistent("refusal \(seq) has a key that is unknown")
    }
    let givenID = select.integer(6)
    let address: WalletReference =
      givenID != 0
      ? .id(givenID, currency: select.text(8))
      : .name(WalletName(owner: select.text(7), currency: select.text(8), name: select.text(9)))
    return RefusalRow(
      seq: seq, format: select.integer(1), lane: select.integer(2), verb: verb, reason: reason,
      walletID: select.integer(5), address: address, amount: select.integer(10), counterAccount: select.text(11),
      parameters: parameters,
      attribution: Attribution(
        key: key, audit: select.audit(from: 13), origin: try origins.origin(select.integer(12))),
      requestDigest: select.shortBytes(18), createdAt: select.integer(22), figures: select.bytes(23),
      digest: select.shortBytes(24))
  }
}
