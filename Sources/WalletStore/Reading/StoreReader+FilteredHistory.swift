import WalletCore

/// Pages of those of a wallet's transactions that pass a filter. A page looks at so many rows at most; it goes on where
/// it ended, however few it found.
extension StoreReader {
  func page(of request: FilteredHistoryRequest) throws(StoreError) -> LedgerOutcome {
    try request.oldestFirst ? oldestFirst(request) : newestFirst(request)
  }

  private func newestFirst(_ request: FilteredHistoryRequest) throws(StoreError) -> LedgerOutcome {
    let history = request.history
    var seq = request.position
    if seq == 0 {
      seq = history.wallet.lastSeq
      if request.filter.before != 0 { seq = try lastRow(of: history, before: request.filter.before) }
    }
    var page = FilteredPage(rowsMax: request.rowsMax, limits)
    while seq != 0, page.mayLook {
      guard let row = try transactions.row(seq), row.walletID == history.wallet.id else {
        // A cursor that names a row which isn't the wallet's was made up.
        if page.looks == 0, request.position != 0 {
          return .failed(
            .invalidArgument("cursor", "belongs to another list"), commitSeq: history.commitSeq, replayed: false)
        }
        throw .inconsistent("transaction \(seq) of wallet \(history.wallet.id) is missing")
      }
      if row.createdAt < request.filter.from {
        seq = 0
      } else if page.look(at: row, request.filter) {
        seq = row.previousSeq
      }
    }
    return outcome(page.rows, request, next: seq)
  }

  private func oldestFirst(_ request: FilteredHistoryRequest) throws(StoreError) -> LedgerOutcome {
    let history = request.history
    var next = request.position + 1
    if request.position == 0, request.filter.from != 0 {
      let before = try lastRow(of: history, before: request.filter.from)
      if before != 0 { next = try places.link(before, of: history.wallet.id).version + 1 }
    }
    var page = FilteredPage(rowsMax: request.rowsMax, limits)
    let end = history.wallet.version + 1
    while next < end, page.mayLook {
      for seq in try places.rows(of: history, from: next) where next < end && page.mayLook {
        guard let row = try transactions.row(seq) else { throw .inconsistent("transaction \(seq) is missing") }
        if row.version >= end || request.filter.before != 0 && row.createdAt >= request.filter.before {
          next = end
        } else if page.look(at: row, request.filter) {
          next = row.version + 1
        }
      }
    }
    return outcome(page.rows, request, next: next < end ? next - 1 : 0)
  }

  /// The seq of the wallet's last row that was stored before a time; 0: none.
  private func lastRow(of history: WalletHistory, before time: Int64) throws(StoreError) -> Int64 {
    let place = try places.place(storedBy: time - 1, in: .transactions, upTo: history.commitSeq)
    return try places.lastRow(of: history, upTo: place).seq
  }

  /// - Parameter next: The position of the next page; 0 when there is none.
  private func outcome(_ rows: [TransactionRow], _ request: FilteredHistoryRequest, next: Int64) -> LedgerOutcome {
    let wallet = request.history.wallet
    return .transactions(
      rows,
      nextCursor: cursor(
        request.oldestFirst ? .transactionsOldestFirst : .transactionsNewestFirst,
        FilteredHistoryRequest.subject(wallet.id, request.filter), next),
      currency: wallet.name.currency, exponent: wallet.exponent, commitSeq: request.history.commitSeq)
  }

  /// The cursor of a next page; empty where its position is 0.
  func cursor(_ list: Cursor.List, _ subject: Text, _ position: Int64) -> String {
    if position == 0 { return "" }
    return Cursor(
      ledgerID: Text(description.ledgerID), epoch: description.epoch, list: list, subject: subject, position: position
    ).encoded
  }
}

/// What a page has found so far.
private struct FilteredPage {
  private let rowsMax: Int
  private let bytesMax: Int
  private let looksMax: Int
  private var bytes = 0
  private var isFull = false
  private(set) var looks = 0
  private(set) var rows: [TransactionRow] = []

  init(rowsMax: Int, _ limits: StoreSettings.ListLimits) {
    self.rowsMax = rowsMax
    bytesMax = limits.pageBytesMax
    looksMax = limits.pageLooksMax
  }

  var mayLook: Bool { !isFull && looks < looksMax && rows.count < rowsMax }

  /// - Returns: `false` where the row has no room any more: the next page looks at it again.
  mutating func look(at row: TransactionRow, _ filter: TransactionFilter) -> Bool {
    looks += 1
    guard filter.matches(row) else { return true }
    bytes += row.replyBytesEstimate
    // At least one row, or the list would never end.
    isFull = bytes > bytesMax && !rows.isEmpty
    if isFull { return false }
    rows.append(row)
    return true
  }
}
