import WalletCore

/// Pages of refusals, by their place in the journal.
extension StoreReader {
  func page(of request: RefusalsRequest) throws(StoreError) -> LedgerOutcome {
    let filter = request.filter
    let query = request.oldestFirst ? selectRefusalsOldestFirst : selectRefusalsNewestFirst
    query.bind(1, try begin(request))
    query.bind(2, request.commitSeq)
    defer { query.reset() }
    var entries: [RefusalEntry] = []
    var (looks, bytes) = (0, 0)
    var last: Int64 = 0
    while try query.stepped() {
      let row = try RefusalTable.row(query, origins)
      if request.oldestFirst ? filter.before != 0 && row.createdAt >= filter.before : row.createdAt < filter.from {
        break
      }
      let matches = filter.matches(row, found: request.found)
      if matches { bytes += row.replyBytesEstimate }
      // At least one row, or the list would never end.
      let isFull = entries.count == request.rowsMax || bytes > limits.pageBytesMax && !entries.isEmpty
      if isFull || looks == limits.pageLooksMax { return outcome(entries, request, next: last) }
      looks += 1
      last = row.seq
      if matches { entries.append(try entry(row)) }
    }
    return outcome(entries, request, next: 0)
  }

  /// Behind which seq, or below which one, the page begins.
  private func begin(_ request: RefusalsRequest) throws(StoreError) -> Int64 {
    if request.position != 0 { return request.position }
    let time = request.oldestFirst ? request.filter.from : request.filter.before
    if time == 0 { return request.oldestFirst ? 0 : .max }
    let place = try places.place(storedBy: time - 1, in: .refusals, upTo: request.commitSeq)
    return request.oldestFirst ? place : place + 1
  }

  /// With the currency of the wallet that it was about, or else the one that was given.
  private func entry(_ row: RefusalRow) throws(StoreError) -> RefusalEntry {
    if row.walletID != 0 {
      selectCurrency.bind(1, row.walletID)
      defer { selectCurrency.reset() }
      guard try selectCurrency.stepped(), let exponent = UInt8(exactly: selectCurrency.integer(1)) else {
        throw .inconsistent("refusal \(row.seq) is of wallet \(row.walletID), which is missing")
      }
      return RefusalEntry(row: row, currency: selectCurrency.text(0), exponent: exponent)
    }
    let currency = row.address.currency
    return RefusalEntry(row: row, currency: currency, exponent: try currencies.exponent(of: currency))
  }

  /// - Parameter next: The position of the next page; 0 when there is none.
  private func outcome(_ entries: [RefusalEntry], _ request: RefusalsRequest, next: Int64) -> LedgerOutcome {
    .refusals(
      entries,
      nextCursor: cursor(
        request.oldestFirst ? .refusalsOldestFirst : .refusalsNewestFirst, Text(request.filter.digest), next),
      commitSeq: request.commitSeq)
  }
}

extension RefusalRow {
  /// An upper bound of what the row takes in a reply: its error says the figures once more in words.
  var replyBytesEstimate: Int {
    640 + 4 * figures.count + counterAccount.byteCount + (address.name?.owner.byteCount ?? 0)
      + (address.name?.name.byteCount ?? 0) + attribution.replyBytesEstimate
  }
}
