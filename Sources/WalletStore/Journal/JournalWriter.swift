import WalletCore

/// Appends rows to the journal, each with its digests. That is all that a commit needs.
final class JournalWriter {
  private static let requestDigestByteCount = 16

  let transactions: TransactionTable
  let refusals: RefusalTable
  let origins: OriginTable
  private let sha256 = SHA256()
  private var canonical = CanonicalWriter()

  init(_ database: Database) throws(SQLiteError) {
    origins = try OriginTable(database)
    transactions = try TransactionTable(database, origins: origins)
    refusals = try RefusalTable(database, origins: origins)
  }

  /// Gives a row the digest of its request and its link in the chain, writes it, and makes it the head.
  func append(
    _ row: inout TransactionRow, command: borrowing Command, wallet: borrowing Wallet, head: inout JournalHead
  ) throws(StoreError) {
    row.requestDigest = requestDigest(command, walletID: wallet.id, currency: wallet.name.currency)
    seal(&row, &head)
    try transactions.append(row)
  }

  func append(_ row: inout RefusalRow, command: Command, wallet: Wallet?, head: inout JournalHead) throws(StoreError) {
    row.requestDigest = requestDigest(command, walletID: wallet?.id, currency: wallet?.name.currency ?? Text())
    seal(&row, &head)
    try refusals.append(row)
  }

  private func seal<Row: JournalRow>(_ row: inout Row, _ head: inout JournalHead) {
    canonical.reset()
    row.encode(into: &canonical)
    row.digest = sha256.digest(head.digest, canonical)
    head = JournalHead(seq: row.seq, digest: row.digest)
  }

  private func requestDigest(_ command: borrowing Command, walletID: Int64?, currency: Text) -> ShortBytes {
    canonical.reset()
    command.encodeCompared(walletID: walletID, walletCurrency: currency, into: &canonical)
    return sha256.digest([], canonical, prefix: Self.requestDigestByteCount)
  }
}
