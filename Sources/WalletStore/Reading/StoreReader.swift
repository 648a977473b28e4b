import WalletCore

/// Reads rows of the journal by a connection that can't write.
final class StoreReader: LedgerReader {
  let database: Database
  let description: LedgerDescription
  let limits: StoreSettings.ListLimits
  let origins: OriginTable
  let transactions: TransactionTable
  let currencies: CurrencyTable
  let places: HistoryPlaces
  /// All transactions from one on.
  let selectRowsFrom: Statement
  let selectRefusalsNewestFirst: Statement
  let selectRefusalsOldestFirst: Statement
  let selectCurrency: Statement
  let selectDigest: Statement
  var canonical = CanonicalWriter()

  init(database: Database, description: LedgerDescription, limits: StoreSettings.ListLimits) throws(SQLiteError) {
    self.database = database
    self.description = description
    self.limits = limits
    origins = try OriginTable(reading: database)
    transactions = try TransactionTable(reading: database, origins: origins)
    currencies = try CurrencyTable(database)
    places = try HistoryPlaces(database)
    selectRowsFrom = try TransactionTable.query(database, "WHERE seq >= ?1 AND seq <= ?2 ORDER BY seq")
    selectRefusalsNewestFirst = try RefusalTable.query(database, "WHERE seq < ?1 AND seq <= ?2 ORDER BY seq DESC")
    selectRefusalsOldestFirst = try RefusalTable.query(database, "WHERE seq > ?1 AND seq <= ?2 ORDER BY seq")
    selectCurrency = try database.prepare("SELECT currency, exponent FROM wallets WHERE wallet_id = ?")
    selectDigest = try database.prepare(
      """
      SELECT digest FROM transactions WHERE seq = ?1
      UNION ALL SELECT digest FROM refusals WHERE seq = ?1
      UNION ALL SELECT digest FROM administration WHERE seq = ?1
      """)
  }

  func perform(_ read: DeferredRead) throws(LedgerFault) -> LedgerOutcome {
    switch read {
    case .history(let request):
      try inSnapshot(commitSeq: request.commitSeq) { () throws(StoreError) in try page(of: request) }
    case .filteredHistory(let request):
      try inSnapshot(commitSeq: request.history.commitSeq) { () throws(StoreError) in try page(of: request) }
    case .balanceAt(let request):
      try inSnapshot(commitSeq: request.history.commitSeq) { () throws(StoreError) in try balance(of: request) }
    case .refusals(let request):
      try inSnapshot(commitSeq: request.commitSeq) { () throws(StoreError) in try page(of: request) }
    case .explain(let work):
      try inSnapshot(commitSeq: work.commitSeq) { () throws(StoreError) in try advance(work) }
    case .nothing: preconditionFailure("a read was performed after it was moved away")
    }
  }

  /// One snapshot for all that is read, held no longer than that takes.
  private func inSnapshot(
    commitSeq: Int64, _ body: () throws(StoreError) -> LedgerOutcome
  ) throws(LedgerFault) -> LedgerOutcome {
    do {
      return try database.inSnapshot(body)
    } catch {
      return .failed(try error.answer, commitSeq: commitSeq, replayed: false)
    }
  }
}

extension Database {
  func inSnapshot<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    do { try execute("BEGIN") } catch { throw .sqlite(error) }
    let result: Result
    do {
      result = try body()
    } catch {
      // The first error is the one that matters; a connection that can't end its snapshot fails the next BEGIN.
      try? execute("ROLLBACK")
      throw error
    }
    do { try execute("COMMIT") } catch { throw .sqlite(error) }
    return result
  }
}
