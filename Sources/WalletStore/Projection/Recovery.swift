import WalletCore

/// What a start had to do before it could answer.
package struct RecoveryReport: Equatable, Sendable {
  /// Rows of the journal that the projections didn't show.
  package var rows: Int
  package var microseconds: Int64
}

/// Brings the projections up to the journal, at a start: wallets first (`WalletRecovery`), then all else, in the journal's
/// order, in bounded transactions, each with its watermark. Some entries may be there already; a process may be killed at any
/// point of it.
final class Recovery {
  private let database: Database
  private let settings: StoreSettings
  private let tables: ProjectionTables
  private let wallets: WalletTable
  private let walletRecovery: WalletRecovery
  private let transactions: Statement
  /// Keys of rows that change no wallet.
  private let otherKeys: Statement
  private let origins: OriginTable
  private let totalsAt: Statement
  private let walletTotalsAt: Statement
  /// With the last row in each; what lies at or before it is in it.
  private var totals: [CounterTotals.Account: (value: Int64, seq: Int64)] = [:]
  private var walletTotals: [Text: (value: Int64, seq: Int64)] = [:]
  /// Of wallets that were met, some of them.
  private var currencies: [Int64: Text] = [:]

  private let seed: UInt64

  /// - Parameter seed: Of what the tables keep in memory.
  init(
    _ database: Database, settings: StoreSettings, tables: ProjectionTables, wallets: WalletTable,
    walletWatermark: Watermark, origins: OriginTable, seed: UInt64
  ) throws(SQLiteError) {
    self.database = database
    self.seed = seed
    self.settings = settings
    self.tables = tables
    self.wallets = wallets
    self.origins = origins
    walletRecovery = try WalletRecovery(
      database, settings: settings, wallets: wallets, origins: origins, watermark: walletWatermark)
    transactions = try TransactionTable.query(database, "WHERE seq > ?1 AND seq <= ?2 ORDER BY seq")
    otherKeys = try database.prepare(
      """
      SELECT seq, idempotency_key FROM refusals
      WHERE seq > ?1 AND seq <= ?2 AND length(idempotency_key) > 0
      UNION ALL
      SELECT seq, idempotency_key FROM administration WHERE seq > ?1 AND seq <= ?2
      """)
    totalsAt = try database.prepare("SELECT currency, counter_account, total, seq FROM counter_totals")
    walletTotalsAt = try database.prepare("SELECT currency, total, seq FROM wallet_totals")
  }

  /// - Parameter head: The last row of the journal.
  /// - Returns: How many rows the projections didn't all show.
  func run(head: Int64) throws -> Int {
    var watermark = try Watermark.stored(database, .others)
    let walletWatermark = try Watermark.stored(database, .wallets)
    guard (0...head).contains(watermark), (0...head).contains(walletWatermark) else {
      throw StoreError.inconsistent(
        "the projections are at \(watermark), those of wallets at \(walletWatermark): not in the journal, which ends at \(head)"
      )
    }
    try walletRecovery.run(after: walletWatermark, head: head)
    try tables.readFences(
      countMax: settings.keyFencesMax, filters: KeyFilters(countMax: settings.keyFiltersMax, seed: seed))
    let rows = Int(head - min(watermark, walletWatermark))
    while try totalsAt.step() {
      totals[CounterTotals.Account(currency: totalsAt.text(0), name: totalsAt.text(1))] = (
        totalsAt.integer(2), totalsAt.integer(3)
      )
    }
    while try walletTotalsAt.step() {
      walletTotals[walletTotalsAt.text(0)] = (walletTotalsAt.integer(1), walletTotalsAt.integer(2))
    }
    while watermark < head {
      let end = min(head, watermark + Int64(settings.trailing.recoveryRows))
      try database.inRecoveryStep(settings) { try write(after: watermark, through: end) }
      tables.settle()
      watermark = end
    }
    return rows
  }

  private func write(after watermark: Int64, through end: Int64) throws {
    var keys: [(key: IdempotencyKey, seq: Int64)] = []
    var references: [Generation.Reference] = []
    var touched: Set<CounterTotals.Account> = []
    var touchedCurrencies: Set<Text> = []
    transactions.bind(1, watermark)
    transactions.bind(2, end)
    while try transactions.stepped() {
      let row = try TransactionTable.row(transactions, origins)
      if let key = row.key?.indexed { keys.append((key, row.seq)) }
      if !row.attribution.audit.reference.isEmpty {
        references.append(
          Generation.Reference(hash: Generation.Reference.hash(row.attribution.audit.reference), seq: row.seq))
      }
      if row.version % versionsPerMark == 0 {
        try tables.write(Generation.Mark(walletID: row.walletID, version: row.version, seq: row.seq))
      }
      let currency = try currency(of: row)
      if row.amount != 0 || row.kind == .open {
        var total = walletTotals[currency] ?? (0, 0)
        // Between the sides of a transfer the sum may leave its range.
        if row.seq > total.seq { total = (total.value &+ row.amount, row.seq) }
        walletTotals[currency] = total
        touchedCurrencies.insert(currency)
      }
      if row.amount != 0, !row.counterAccount.isEmpty {
        let account = CounterTotals.Account(currency: currency, name: row.counterAccount)
        var total = totals[account] ?? (0, 0)
        if row.seq > total.seq { total = (total.value - row.amount, row.seq) }
        totals[account] = total
        touched.insert(account)
      }
    }
    otherKeys.bind(1, watermark)
    otherKeys.bind(2, end)
    while try otherKeys.stepped() {
      guard let key = otherKeys.key(1) else {
        throw StoreError.inconsistent("journal row \(otherKeys.integer(0)) has no key")
      }
      keys.append((key, otherKeys.integer(0)))
    }
    try write(keys)
    try write(references, run: watermark + 1)
    for account in touched {
      // Up to `end` it has everything, whether or not its own last row lies before.
      if let total = totals[account] { try tables.write(account, total.value, seq: max(total.seq, end)) }
    }
    for currency in touchedCurrencies {
      if let total = walletTotals[currency] {
        try tables.writeWallets(currency, total.value, seq: max(total.seq, end))
      }
    }
    try tables.setWatermark(end)
  }

  private func write(_ keys: [(key: IdempotencyKey, seq: Int64)]) throws {
    var uuids: [RecentKeys.Entry] = []
    for (key, seq) in keys where try tables.lacks(key, seq: seq) {
      if case .uuid(let high, let low) = key {
        uuids.append(RecentKeys.Entry(high: high, low: low, seq: seq))
      } else {
        try tables.write(key, seq: seq)
      }
    }
    uuids.sort()
    try tables.write(uuids[...])
  }

  /// As a run of its own; what was written of the same rows before is taken away.
  private func write(_ references: [Generation.Reference], run: Int64) throws {
    try tables.clearReferences(run: run)
    let sorted = references.sorted()
    for start in stride(from: 0, to: sorted.count, by: ReferenceIndex.entriesMax) {
      try tables.write(sorted[start..<min(start + ReferenceIndex.entriesMax, sorted.count)], run: run)
    }
  }

  /// The currency of the row's wallet.
  private func currency(of row: borrowing TransactionRow) throws(StoreError) -> Text {
    if let known = currencies[row.walletID] { return known }
    guard let currency = try wallets.currency(of: row.walletID) else {
      throw .inconsistent("transaction \(row.seq) is of wallet \(row.walletID), which is missing")
    }
    if currencies.count >= settings.trailing.generationRowsMax { currencies.removeAll(keepingCapacity: true) }
    currencies[row.walletID] = currency
    return currency
  }
}
