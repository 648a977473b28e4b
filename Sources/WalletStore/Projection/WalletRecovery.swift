import WalletCore

/// Brings the rows of `wallets` up to the journal, at a start: the rows above their watermark are folded, as many at a time as
/// change a bounded number of wallets, and those are written in their order, in bounded transactions. The watermark moves with
/// the last of them. A process may be killed at any point of it.
final class WalletRecovery {
  private let database: Database
  private let settings: StoreSettings
  private let wallets: WalletTable
  private let origins: OriginTable
  private let watermark: Watermark
  /// What changes a wallet, of its transactions.
  private let rows: Statement
  private var changed: [Int64: Change] = [:]

  /// What rows make of a wallet.
  private struct Change {
    var storedVersion: Int64
    var version: Int64
    var lastSeq: Int64
    var isClosed: Bool
    var balance: Int64 = 0
    var held: Int64 = 0
    var overdraftLimit: Int64 = 0
    var updatedAt: Int64 = 0
    var originID: Int64 = 0
  }

  init(
    _ database: Database, settings: StoreSettings, wallets: WalletTable, origins: OriginTable, watermark: Watermark
  ) throws(SQLiteError) {
    self.database = database
    self.settings = settings
    self.wallets = wallets
    self.origins = origins
    self.watermark = watermark
    rows = try database.prepare(
      """
      SELECT seq, kind, wallet_id, version, balance, held, overdraft_limit, origin_id, created_at
      FROM transactions WHERE seq > ? ORDER BY seq
      """)
  }

  /// - Parameter seq: Up to there the table shows everything.
  func run(after seq: Int64, head: Int64) throws {
    var seq = seq
    while seq < head {
      let end = try fold(after: seq) ?? head
      try write(through: end)
      seq = end
    }
  }

  /// - Returns: The last row that was folded; `nil` when there are no more.
  private func fold(after seq: Int64) throws(StoreError) -> Int64? {
    rows.bind(1, seq)
    defer { rows.reset() }
    while try rows.stepped() {
      let seq = rows.integer(0)
      let id = rows.integer(2)
      if changed[id] == nil { changed[id] = try stored(id, seq) }
      try fold(seq, &changed[id])
      if changed.count >= settings.trailing.generationRowsMax { return seq }
    }
    return nil
  }

  private func stored(_ id: Int64, _ seq: Int64) throws(StoreError) -> Change {
    guard let stored = try wallets.storedVersion(id) else {
      throw .inconsistent("transaction \(seq) is of wallet \(id), which is missing")
    }
    return Change(
      storedVersion: stored.version, version: stored.version, lastSeq: stored.lastSeq, isClosed: stored.isClosed)
  }

  private func fold(_ seq: Int64, _ entry: inout Change?) throws(StoreError) {
    guard var change = entry, seq > change.lastSeq else { return }
    let version = rows.integer(3)
    guard version == change.version &+ 1 else {
      throw .inconsistent(
        "transaction \(seq) makes version \(version) of wallet \(rows.integer(2)), which is at \(change.version)")
    }
    change.version = version
    change.lastSeq = seq
    if rows.integer(1) == Int64(TransactionKind.close.rawValue) { change.isClosed = true }
    change.balance = rows.integer(4)
    change.held = rows.integer(5)
    change.overdraftLimit = rows.integer(6)
    change.originID = rows.integer(7)
    change.updatedAt = rows.integer(8)
    entry = change
  }

  private func write(through end: Int64) throws {
    var ids = changed.filter { $0.value.version != $0.value.storedVersion }.map(\.key).sorted()[...]
    repeat {
      let step = ids.prefix(settings.trailing.recoveryRows)
      ids = ids.dropFirst(step.count)
      try database.inRecoveryStep(settings) {
        for id in step { if let change = changed[id] { try write(id, change) } }
        if ids.isEmpty { try watermark.move(to: end) }
      }
    } while !ids.isEmpty
    changed.removeAll(keepingCapacity: true)
  }

  private func write(_ id: Int64, _ change: Change) throws(StoreError) {
    let figures = WalletTable.Figures(
      status: change.isClosed ? .closed : .open, balance: change.balance, held: change.held,
      overdraftLimit: change.overdraftLimit, version: change.version, updatedAt: change.updatedAt,
      updatedBy: try origins.origin(change.originID).actor, lastSeq: change.lastSeq)
    try wallets.update(id, to: figures, over: change.storedVersion)
  }
}

extension Database {
  /// One bounded transaction of a start, after which the log may be moved.
  func inRecoveryStep(_ settings: StoreSettings, _ body: () throws -> Void) throws {
    try execute("BEGIN IMMEDIATE")
    do {
      try body()
      try execute("COMMIT")
    } catch {
      if isInTransaction { try execute("ROLLBACK") }
      throw error
    }
    if framesInLog > 16 * settings.logFramesBeforeCheckpoint { _ = try checkpoint(.passive) }
  }
}
