import WalletCore

/// Pages of a wallet's transactions. Each row names the one before it.
extension StoreReader {
  func page(of request: HistoryRequest) throws(StoreError) -> LedgerOutcome {
    try request.oldestFirst ? oldestFirst(request) : newestFirst(request)
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
    // Rows that came after the read was decided aren't its: by now a mark can lead to them.
    let wanted = (request.position + 1)...min(request.position + Int64(request.rowsMax), request.wallet.version)
    var seq = try places.mark(of: request.wallet.id, from: wanted.upperBound)?.seq ?? request.entrySeq
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

  /// - Parameter next: The position of the next page; 0 when there is none.
  private func page(_ rows: [TransactionRow], _ request: HistoryRequest, next: Int64) -> LedgerOutcome {
    let cursor = cursor(
      request.oldestFirst ? .transactionsOldestFirst : .transactionsNewestFirst, Text(String(request.wallet.id)), next)
    return .transactions(
      rows, nextCursor: cursor, currency: request.wallet.name.currency, exponent: request.wallet.exponent,
      commitSeq: request.commitSeq)
  }
}

extension TransactionRow {
  /// An upper bound of what the row takes in a reply.
  var replyBytesEstimate: Int {
    330 + counterAccount.byteCount + attribution.replyBytesEstimate + detail.count
  }
}

extension Attribution {
  /// An upper bound of what its texts take in a reply.
  var replyBytesEstimate: Int {
    let text =
      origin.actor.byteCount + origin.source.byteCount + origin.clientName.byteCount + audit.reason.byteCount
      + audit.note.byteCount + audit.reference.byteCount + audit.onBehalfOf.byteCount + audit.correlationID.byteCount
    return text + audit.metadata.reduce(0) { $0 + $1.key.byteCount + $1.value.byteCount + 8 }
  }
}
