import WalletCore

/// Pages of a wallet's transactions, read by a connection that can't write. Each row names the one before it.
final class LedgerHistoryReader: LedgerReader {
  private let database: Database
  private let description: LedgerDescription
  private let limits: StoreSettings.ListLimits
  private let transactions: TransactionTable
  private let selectMark: Statement

  init(database: Database, description: LedgerDescription, limits: StoreSettings.ListLimits) throws(SQLiteError) {
    self.database = database
    self.description = description
    self.limits = limits
    transactions = try TransactionTable(reading: database, origins: OriginTable(reading: database))
    selectMark = try database.prepare(
      "SELECT seq FROM version_index WHERE wallet_id = ? AND version >= ? ORDER BY version LIMIT 1")
  }

  func perform(_ request: HistoryRequest) throws(LedgerFault) -> LedgerOutcome {
    do {
      // One snapshot for all that is read, held no longer than the page takes.
      return try database.inSnapshot { () throws(StoreError) -> LedgerOutcome in
        try request.oldestFirst ? oldestFirst(request) : newestFirst(request)
      }
    } catch .inconsistent(let message) {
      throw LedgerFault(.inconsistent, message)
    } catch {
      let failure = Failure(.unavailable, .message("the store can't read: \(error.fault.message)"))
      return .failed(failure, commitSeq: request.commitSeq, replayed: false)
    }
  }

  private func newestFirst(_ request: HistoryRequest) throws(StoreError) -> LedgerOutcome {
    var seq = request.position == 0 ? request.entrySeq : request.position
    var rows: [TransactionRow] = []
    rows.reserveCapacity(request.rowsMax)
    var bytes = 0
    while seq != 0, rows.count < request.rowsMax {
      guard let row = try transactions.row(seq), row.walletID == request.wallet.id else {
        if rows.isEmpty, request.position != 0 { return Self.strangeCursor(request) }
        throw .inconsistent("transaction \(seq) of wallet \(request.wallet.id) is missing")
      }
      bytes += row.replyBytesEstimate
      // At least one row, or the list would never end.
      if bytes > limits.pageBytesMax, !rows.isEmpty { break }
      rows.append(row)
      seq = row.previousSeq
    }
    return page(rows, request, next: seq)
  }

  /// A cursor that names a row which isn't the wallet's was made up.
  private static func strangeCursor(_ request: HistoryRequest) -> LedgerOutcome {
    .failed(
      .invalidArgument("cursor", "belongs to another list"), commitSeq: request.commitSeq, replayed: false)
  }

  private func oldestFirst(_ request: HistoryRequest) throws(StoreError) -> LedgerOutcome {
    let wanted = (request.position + 1)...(request.position + Int64(request.rowsMax))
    var seq = try mark(request.wallet.id, from: wanted.upperBound) ?? request.entrySeq
    var rows: [TransactionRow] = []
    while seq != 0 {
      guard let row = try transactions.row(seq), row.walletID == request.wallet.id else {
        throw .inconsistent("transaction \(seq) of wallet \(request.wallet.id) is missing")
      }
      if row.version < wanted.lowerBound { break }
      if wanted.contains(row.version) { rows.append(row) }
      seq = row.previousSeq
    }
    rows.reverse()
    var bytes = 0
    let fitting = rows.prefix { row in
      bytes += row.replyBytesEstimate
      return bytes <= limits.pageBytesMax || row.seq == rows.first?.seq
    }
    let last = fitting.last?.version ?? request.position
    return page(Array(fitting), request, next: last < request.wallet.version && !fitting.isEmpty ? last : 0)
  }

  private func mark(_ walletID: Int64, from version: Int64) throws(StoreError) -> Int64? {
    selectMark.bind(1, walletID)
    selectMark.bind(2, version)
    defer { selectMark.reset() }
    return try selectMark.stepped() ? selectMark.integer(0) : nil
  }

  /// - Parameter next: The position of the next page; 0 when there is none.
  private func page(_ rows: [TransactionRow], _ request: HistoryRequest, next: Int64) -> LedgerOutcome {
    var cursor = ""
    if next != 0 {
      cursor =
        Cursor(
          ledgerID: Text(description.ledgerID), epoch: description.epoch,
          list: request.oldestFirst ? .transactionsOldestFirst : .transactionsNewestFirst,
          subject: Text(String(request.wallet.id)), position: next
        ).encoded
    }
    return .transactions(
      rows, nextCursor: cursor, currency: request.wallet.name.currency, exponent: request.wallet.exponent,
      commitSeq: request.commitSeq)
  }
}

extension Database {
  fileprivate func inSnapshot<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
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

extension TransactionRow {
  /// An upper bound of what the row takes in a reply.
  fileprivate var replyBytesEstimate: Int {
    let (audit, origin) = (attribution.audit, attribution.origin)
    let text =
      counterAccount.byteCount + origin.actor.byteCount + origin.source.byteCount + origin.clientName.byteCount
      + audit.reason.byteCount + audit.note.byteCount + audit.reference.byteCount + audit.onBehalfOf.byteCount
      + audit.correlationID.byteCount
    let pairs = audit.metadata.reduce(0) { $0 + $1.key.byteCount + $1.value.byteCount + 8 }
    return 330 + text + pairs + detail.count
  }
}
