import WalletCore

/// Appends rows to the journal, each with its digests. That is all that a commit needs.
final class JournalWriter {
  private static let requestDigestByteCount = 16

  let transactions: TransactionTable
  let refusals: RefusalTable
  let administration: AdministrationTable
  let origins: OriginTable
  private let feed: RowFeed
  /// Rows that the feed has no columns or no room for.
  private var others: [TransactionRow] = []
  private var refused: [RefusalRow] = []
  private var administered: [AdministrationRow] = []
  private var canonical = CanonicalWriter()
  /// What is appended will be taken back: it gets no digest, and its origin no id.
  var isProjecting = false

  init(_ database: Database) throws(SQLiteError) {
    origins = try OriginTable(database)
    transactions = try TransactionTable(database, origins: origins)
    refusals = try RefusalTable(database, origins: origins)
    administration = try AdministrationTable(database, origins: origins)
    feed = try RowFeed(database)
  }

  /// Gives a row its link in the chain, and makes it the head. It is written with `writePending`.
  func append(_ row: inout TransactionRow, head: inout JournalHead) throws(StoreError) {
    link(&row, &head)
    if row.isPlain, !isProjecting, feed.append(row, originID: try origins.id(of: row.attribution.origin)) { return }
    others.append(row)
  }

  func append(_ row: inout RefusalRow, head: inout JournalHead) {
    link(&row, &head)
    refused.append(row)
  }

  func append(_ row: inout AdministrationRow, head: inout JournalHead) {
    link(&row, &head)
    administered.append(row)
  }

  /// Writes what was appended, right before the commit.
  func writePending() throws(StoreError) {
    try feed.write()
    for row in others { try transactions.append(row) }
    for row in refused { try refusals.append(row) }
    for row in administered { try administration.append(row) }
  }

  /// A row, written or about to be.
  func transaction(_ seq: Int64) throws(StoreError) -> TransactionRow? {
    if let row = others.last(where: { $0.seq == seq }) { return row }
    if let row = try feed.row(seq, origins) { return row }
    return try transactions.row(seq)
  }

  /// A refusal, written or about to be.
  func refusal(_ seq: Int64) throws(StoreError) -> RefusalRow? {
    if let row = refused.last(where: { $0.seq == seq }) { return row }
    return try refusals.row(seq)
  }

  /// An administrator's row, written or about to be.
  func administration(_ seq: Int64) throws(StoreError) -> AdministrationRow? {
    if let row = administered.last(where: { $0.seq == seq }) { return row }
    return try administration.row(seq)
  }

  /// How many rows are about to be written.
  struct Pending {
    fileprivate var fed: Int
    fileprivate var others: Int
    fileprivate var refused: Int
    fileprivate var administered: Int
  }

  var pending: Pending {
    Pending(fed: feed.count, others: others.count, refused: refused.count, administered: administered.count)
  }

  /// Drops the rows that came since.
  func takeBack(to pending: Pending) {
    feed.shrink(to: pending.fed)
    others.removeLast(others.count - pending.others)
    refused.removeLast(refused.count - pending.refused)
    administered.removeLast(administered.count - pending.administered)
  }

  /// The gather is committed.
  func settle() {
    dropPending()
    origins.settle()
  }

  /// The gather doesn't come about.
  func takeBack() {
    dropPending()
    origins.takeBack()
  }

  private func dropPending() {
    feed.removeAll()
    others.removeAll(keepingCapacity: true)
    refused.removeAll(keepingCapacity: true)
    administered.removeAll(keepingCapacity: true)
  }

  @inline(__always)
  private func link(_ row: inout some JournalRow, _ head: inout JournalHead) {
    if !isProjecting {
      canonical.reset()
      row.encode(into: &canonical)
      row.digest = SHA256.digest(head.digest, canonical)
    }
    head = JournalHead(seq: row.seq, digest: row.digest)
  }

  /// The digest of a request's compared fields.
  ///
  /// - Parameters:
  ///   - walletID: The wallet that its address leads to; `nil` where it leads nowhere.
  ///   - currency: Of that wallet.
  ///   - counterpartyID: Of the wallet that a transfer's destination leads to; 0 where it leads to none.
  func requestDigest(
    _ command: borrowing Command, walletID: Int64?, currency: Text?, counterpartyID: Int64 = 0
  ) -> ShortBytes {
    if isProjecting { return ShortBytes() }
    canonical.reset()
    command.encodeCompared(
      walletID: walletID, walletCurrency: currency ?? Text(), counterpartyID: counterpartyID, into: &canonical)
    return SHA256.digest([], canonical, prefix: Self.requestDigestByteCount)
  }

  func requestDigest(_ batch: BatchCommand) -> ShortBytes {
    canonical.reset()
    batch.encodeCompared(into: &canonical)
    return SHA256.digest([], canonical, prefix: Self.requestDigestByteCount)
  }
}
