import WalletCore

/// Where each key has its first result.
final class IdempotencyTable {
  private let insert: Statement
  private let select: Statement

  init(_ database: Database) throws(SQLiteError) {
    insert = try database.prepare("INSERT INTO idempotency (key, seq) VALUES (?, ?)")
    select = try database.prepare("SELECT seq FROM idempotency WHERE key = ?")
  }

  func insert(_ key: IdempotencyKey, seq: Int64) throws(StoreError) {
    insert.bind(1, key)
    insert.bind(2, seq)
    try insert.ran()
  }

  func seq(of key: IdempotencyKey) throws(StoreError) -> Int64? {
    select.bind(1, key)
    defer { select.reset() }
    return try select.stepped() ? select.integer(0) : nil
  }
}
