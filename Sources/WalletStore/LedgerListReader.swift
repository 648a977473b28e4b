import WalletCore

/// Lists, read from a snapshot of what is committed by a connection that can't write.
final class LedgerListReader: LedgerReader {
  private let database: Database
  private let description: LedgerDescription
  private let limits: StoreSettings.ListLimits
  private let wallets: WalletTable
  private let newestFirst: Statement
  private let oldestFirst: Statement
  private let ownersWallets: Statement
  private let lastSeq: Statement

  init(database: Database, description: LedgerDescription, limits: StoreSettings.ListLimits) throws(SQLiteError) {
    self.database = database
    self.description = description
    self.limits = limits
    wallets = try WalletTable(database)
    newestFirst = try TransactionTable.query(
      database, "WHERE wallet_id = ?1 AND version < ?2 ORDER BY version DESC LIMIT ?3")
    oldestFirst = try TransactionTable.query(
      database, "WHERE wallet_id = ?1 AND version > ?2 ORDER BY version LIMIT ?3")
    ownersWallets = try WalletTable.query(
      database, "WHERE owner_id = ?1 AND wallet_id > ?2 ORDER BY wallet_id LIMIT ?3")
    lastSeq = try database.prepare(
      """
      SELECT max(coalesce((SELECT max(seq) FROM transactions), 0), coalesce((SELECT max(seq) FROM refusals), 0))
      """)
  }

  func perform(_ request: ListRequest) throws(LedgerFault) -> LedgerOutcome {
    do {
      return try inSnapshot { () throws(StoreError) -> LedgerOutcome in
        let commitSeq = try lastCommittedSeq()
        do {
          switch request {
          case .transactions(let reference, let page, let oldestFirst):
            return try transactions(reference, page, oldestFirst: oldestFirst, commitSeq)
          case .wallets(let owner, let page): return try wallets(of: owner, page, commitSeq)
          }
        } catch let failure as Failure {
          return .failed(failure, commitSeq: commitSeq, replayed: false)
        } catch let error as StoreError {
          throw error
        } catch {
          preconditionFailure("neither a failure nor an error of the store: \(error)")
        }
      }
    } catch .inconsistent(let message) {
      throw LedgerFault(.inconsistent, message)
    } catch {
      let failure = Failure(.unavailable, .message("the store can't read: \(error.fault.message)"))
      return .failed(failure, commitSeq: 0, replayed: false)
    }
  }

  private func transactions(
    _ reference: WalletReference, _ page: PageRequest, oldestFirst: Bool, _ commitSeq: Int64
  ) throws -> LedgerOutcome {
    guard let wallet = try wallets.wallet(reference) else {
      throw Failure(.walletNotFound, .wallet(addressedBy: reference))
    }
    guard reference.currency.isEmpty || reference.currency == wallet.name.currency else {
      throw Failure(.currencyMismatch, .currency(wallet: wallet.name.currency, request: reference.currency))
    }
    let list: Cursor.List = oldestFirst ? .transactionsOldestFirst : .transactionsNewestFirst
    let subject = Text(String(wallet.id))
    let position = try Cursor.position(in: page, list: list, subject: subject, of: description)
    let statement = oldestFirst ? self.oldestFirst : newestFirst
    statement.bind(1, wallet.id)
    statement.bind(2, position == 0 && !oldestFirst ? Int64.max : position)
    let (rows, hasMore) = try page.rows(
      of: statement, limits, TransactionTable.row, byteCount: { $0.replyBytesEstimate })
    let cursor = hasMore ? rows.last.map { self.cursor(list, subject, $0.version) } : nil
    return .transactions(
      rows, nextCursor: cursor ?? "", currency: wallet.name.currency, exponent: wallet.exponent, commitSeq: commitSeq)
  }

  private func wallets(of owner: Text, _ page: PageRequest, _ commitSeq: Int64) throws -> LedgerOutcome {
    let position = try Cursor.position(in: page, list: .wallets, subject: owner, of: description)
    ownersWallets.bind(1, owner)
    ownersWallets.bind(2, position)
    let (rows, hasMore) = try page.rows(of: ownersWallets, limits, WalletTable.row, byteCount: { _ in 400 })
    let cursor = hasMore ? rows.last.map { self.cursor(.wallets, owner, $0.id) } : nil
    return .wallets(rows, nextCursor: cursor ?? "", commitSeq: commitSeq)
  }

  private func cursor(_ list: Cursor.List, _ subject: Text, _ position: Int64) -> String {
    Cursor(
      ledgerID: Text(description.ledgerID), epoch: description.epoch, list: list, subject: subject, position: position
    ).encoded
  }

  private func lastCommittedSeq() throws(StoreError) -> Int64 {
    defer { lastSeq.reset() }
    return try lastSeq.stepped() ? lastSeq.integer(0) : 0
  }

  /// One snapshot for all that a list reads, held no longer than the list takes.
  private func inSnapshot<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    do { try database.execute("BEGIN") } catch { throw .sqlite(error) }
    let result: Result
    do {
      result = try body()
    } catch {
      // The first error is the one that matters; a connection that can't end its snapshot fails the next BEGIN.
      try? database.execute("ROLLBACK")
      throw error
    }
    do { try database.execute("COMMIT") } catch { throw .sqlite(error) }
    return result
  }
}

extension PageRequest {
  /// The rows of a page, and whether there are more. The statement's third value is the count of rows.
  fileprivate func rows<Row>(
    of statement: Statement, _ limits: StoreSettings.ListLimits, _ row: (Statement) throws(StoreError) -> Row,
    byteCount: (Row) -> Int
  ) throws(StoreError) -> ([Row], hasMore: Bool) {
    statement.bind(3, Int64(rowsMax + 1))
    defer { statement.reset() }
    var rows: [Row] = []
    var bytes = 0
    while try statement.stepped() {
      let next = try row(statement)
      bytes += byteCount(next)
      // At least one row, or the list would never end.
      if rows.count == rowsMax || (bytes > limits.pageBytesMax && !rows.isEmpty) { return (rows, true) }
      rows.append(next)
    }
    return (rows, false)
  }
}

extension TransactionRow {
  /// An upper bound of what the row takes in a reply.
  fileprivate var replyBytesEstimate: Int {
    let text =
      counterAccount.byteCount + origin.actor.byteCount + origin.source.byteCount + origin.clientName.byteCount
      + audit.reason.byteCount + audit.note.byteCount + audit.reference.byteCount + audit.onBehalfOf.byteCount
      + audit.correlationID.byteCount
    let pairs = audit.metadata.reduce(0) { $0 + $1.key.byteCount + $1.value.byteCount + 8 }
    return 320 + text + pairs + detail.count
  }
}
