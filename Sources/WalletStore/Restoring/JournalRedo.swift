import WalletCore

/// Appends rows of a backup to the ledger that is being restored, with all that a commit writes beside its rows: wallets that
/// are opened, holds, controls, refunds, currencies and counter-accounts. What trails is made from the rows by the first start.
final class JournalRedo {
  private let database: Database
  private let journal: JournalTables
  private let wallets: WalletTable
  private let controls: ControlsRedo
  private let sealer = RowSealer()
  private(set) var head: JournalHead
  private(set) var lastRowAt: Int64

  init(_ database: Database, head: JournalHead, lastRowAt: Int64) throws(SQLiteError) {
    self.database = database
    self.head = head
    self.lastRowAt = lastRowAt
    journal = try JournalTables(database)
    wallets = try WalletTable(database)
    controls = ControlsRedo(try ControlsBook(database), journal)
  }

  /// Appends rows in one commit.
  ///
  /// - Parameter entries: Calls back with each of them.
  func commit(_ entries: ((JournalScan.Entry) throws(StoreError) -> Void) throws(StoreError) -> Void) throws {
    try database.execute("BEGIN IMMEDIATE")
    try entries { entry throws(StoreError) in try append(entry) }
    try controls.writePending()
    try database.execute("COMMIT")
    controls.settle()
  }

  private func append(_ entry: JournalScan.Entry) throws(StoreError) {
    guard entry.seq == head.seq + 1 else {
      throw .inconsistent("row \(entry.seq) comes behind row \(head.seq): rows between them are missing")
    }
    guard sealer.digest(of: entry, after: head.digest) == entry.digest else {
      throw .inconsistent("row \(entry.seq) doesn't follow from row \(head.seq): one of them was changed")
    }
    try journal.append(entry)
    if case .transaction(let row) = entry {
      if row.kind == .open { try open(row) }
      try controls.follow(row)
    }
    head = JournalHead(seq: entry.seq, digest: entry.digest)
    lastRowAt = entry.createdAt
  }

  private func open(_ row: TransactionRow) throws(StoreError) {
    guard let detail = OpenDetail(encoded: row.detail) else {
      throw .inconsistent("row \(row.seq) opens a wallet without a name")
    }
    let actor = row.attribution.origin.actor
    try wallets.insert(
      Wallet(
        id: row.walletID, name: detail.name, exponent: detail.exponent, version: row.version, createdAt: row.createdAt,
        createdBy: actor, updatedAt: row.createdAt, updatedBy: actor, lastSeq: row.seq))
  }
}
