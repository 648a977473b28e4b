import WalletCore

/// Where each key has its first result.
final class IdempotencyTable {
  private let insert: Statement
  private let select: Statement

  init(_ database: Database) throws(SQLiteError) {
    insert = try database.prepare("INSERT INTO idempotency (key, seq) VALUES (?, ?)")
    select = try database.prepare("SELECT key, seq FROM idempotency WHERE key >= ? ORDER BY key LIMIT 1")
  }

  func insert(_ key: IdempotencyKey, seq: Int64) throws(StoreError) {
    insert.bind(1, key)
    insert.bind(2, seq)
    try insert.ran()
  }

  /// Of a batch of all or nothing, the seq of its first item: that key lies right behind the batch's, since an index
  /// sorts before whatever else can follow a key. So one look answers for both.
  func seq(of key: IdempotencyKey) throws(StoreError) -> Int64? {
    select.bind(1, key)
    defer { select.reset() }
    guard try select.stepped(), let found = select.key(0) else { return nil }
    return found == key || found == .item(key, index: 0) ? select.integer(1) : nil
  }
}
