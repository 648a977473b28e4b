import WalletCore

/// Rows of `administration`, and the currencies, counter-accounts and tokens that they bring: those are written with their rows.
final class AdministrationTable {
  private static let columns = """
    seq, format, lane, verb, origin_id, on_behalf_of, reason, note, reference, idempotency_key, request_digest,
    correlation_id, metadata, occurred_at, created_at, detail, digest
    """

  private let insert: Statement
  private let insertCurrency: Statement
  private let insertCounterAccount: Statement
  private let insertToken: Statement
  private let revokeToken: Statement
  private let select: Statement
  private let origins: OriginTable

  init(_ database: Database, origins: OriginTable) throws(SQLiteError) {
    self.origins = origins
    let marks = Array(repeating: "?", count: Self.columns.split(separator: ",").count).joined(separator: ", ")
    insert = try database.prepare("INSERT INTO administration (\(Self.columns)) VALUES (\(marks))")
    insertCurrency = try database.prepare("INSERT INTO currencies (code, exponent, registered_seq) VALUES (?, ?, ?)")
    insertCounterAccount = try database.prepare("INSERT INTO counter_accounts (name, added_seq) VALUES (?, ?)")
    insertToken = try database.prepare(
      "INSERT INTO tokens (token_id, principal, terms, created_at) VALUES (?, ?, ?, ?)")
    revokeToken = try database.prepare("UPDATE tokens SET revoked_seq = ?, revoked_at = ? WHERE token_id = ?")
    select = try Self.query(database, "WHERE seq = ?")
  }

  func append(_ row: AdministrationRow) throws(StoreError) {
    let originID = try origins.id(of: row.attribution.origin)
    insert.bind(1, row.seq)
    insert.bind(2, row.format)
    insert.bind(3, row.lane)
    insert.bind(4, Int64(row.verb.rawValue))
    insert.bindAudit(
      from: 5, originID: originID, audit: row.attribution.audit, key: row.key, requestDigest: row.requestDigest)
    insert.bind(15, row.createdAt)
    insert.bindNonempty(16, row.detail)
    insert.bindNonempty(17, row.digest)
    try insert.ran()
    switch Command.Parameters(encoded: row.detail) {
    case .currency(let code, let exponent):
      insertCurrency.bind(1, code)
      insertCurrency.bind(2, Int64(exponent))
      insertCurrency.bind(3, row.seq)
      try insertCurrency.ran()
    case .counterAccount(let name):
      insertCounterAccount.bind(1, name)
      insertCounterAccount.bind(2, row.seq)
      try insertCounterAccount.ran()
    case .grant(let terms):
      insertToken.bind(1, row.seq)
      insertToken.bind(2, terms.principal)
      insertToken.bindNonempty(3, row.detail)
      insertToken.bind(4, row.createdAt)
      try insertToken.ran()
    case .revocation(let id):
      revokeToken.bind(1, row.seq)
      revokeToken.bind(2, row.createdAt)
      revokeToken.bind(3, id)
      try revokeToken.ran()
    default: throw .inconsistent("administration row \(row.seq) says nothing that was done")
    }
  }

  func row(_ seq: Int64) throws(StoreError) -> AdministrationRow? {
    select.bind(1, seq)
    defer { select.reset() }
    return try select.stepped() ? try Self.row(select, origins) : nil
  }

  /// Prepares a query over whole rows, such as `WHERE seq > ?`.
  static func query(_ database: Database, _ tail: String) throws(SQLiteError) -> Statement {
    try database.prepare("SELECT \(columns) FROM administration \(tail)")
  }

  /// The row that a statement of `query` stands on.
  static func row(_ statement: Statement, _ origins: OriginTable) throws(StoreError) -> AdministrationRow {
    let seq = statement.integer(0)
    guard let verb = UInt16(exactly: statement.integer(3)).flatMap({ Verb(rawValue: $0) }),
      let key = statement.key(9)
    else { throw .inconsistent("administration row \(seq) has a verb or key that is unknown") }
    var row = AdministrationRow(
      seq: seq, verb: verb,
      attribution: Attribution(
        key: key, audit: statement.audit(from: 5), origin: try origins.origin(statement.integer(4))),
      createdAt: statement.integer(14), detail: statement.bytes(15))
    row.format = statement.integer(1)
    row.lane = statement.integer(2)
    row.requestDigest = statement.shortBytes(10)
    row.digest = statement.shortBytes(16)
    return row
  }
}
