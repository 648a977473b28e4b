import WalletCore

/// Appends rows to the journal, each with its digests. That is all that a commit needs.
final class JournalWriter {
  private static let requestDigestByteCount = 16

  let transactions: TransactionTable
  let refusals: RefusalTable
  let origins: OriginTable
  private let feed: RowFeed
  private let sha256 = SHA256()
  private var canonical = CanonicalWriter()

  init(_ database: Database) throws(SQLiteError) {
    origins = try OriginTable(database)
    transactions = try TransactionTable(database, origins: origins)
    refusals = try RefusalTable(database, origins: origins)
    feed = try RowFeed(database)
  }

  /// Gives a row the digest of its request and its link in the chain, and makes it the head. It is written with
  /// `writePending`, or at once.
  func append(
    _ row: inout TransactionRow, command: borrowing Command, currency: Text, head: inout JournalHead
  ) throws(StoreError) {
    row.requestDigest = requestDigest(command, walletID: row.walletID, currency: currency)
    canonical.reset()
    row.encode(into: &canonical)
    seal(&row.digest, row.seq, &head)
    if row.isPlain {
      feed.append(row, originID: try origins.id(of: row.origin))
    } else {
      try transactions.append(row)
    }
  }

  func append(
    _ row: inout RefusalRow, command: Command, wallet: WalletAccount?, head: inout JournalHead
  ) throws(StoreError) {
    row.requestDigest = requestDigest(command, walletID: wallet?.id, currency: wallet?.currency ?? Text())
    canonical.reset()
    row.encode(into: &canonical)
    seal(&row.digest, row.seq, &head)
    try refusals.append(row)
  }

  /// Writes what was appended and isn't written yet, right before the commit.
  func writePending() throws(StoreError) { try feed.write() }

  /// A row, written or about to be.
  func transaction(_ seq: Int64) throws(StoreError) -> TransactionRow? {
    if let row = feed.row(seq) { return row }
    return try transactions.row(seq)
  }

  /// Rows that are about to be written.
  var pendingCount: Int { feed.rows.count }

  /// Drops all rows that are about to be written but the first ones.
  func takeBackPending(to count: Int) { feed.shrink(to: count) }

  /// The gather is committed.
  func settle() {
    feed.shrink(to: 0)
    origins.settle()
  }

  /// The gather doesn't come about.
  func takeBack() {
    feed.shrink(to: 0)
    origins.takeBack()
  }

  private func seal(_ digest: inout ShortBytes, _ seq: Int64, _ head: inout JournalHead) {
    digest = sha256.digest(head.digest, canonical)
    head = JournalHead(seq: seq, digest: digest)
  }

  private func requestDigest(_ command: borrowing Command, walletID: Int64?, currency: Text) -> ShortBytes {
    canonical.reset()
    command.encodeCompared(walletID: walletID, walletCurrency: currency, into: &canonical)
    return sha256.digest([], canonical, prefix: Self.requestDigestByteCount)
  }
}
