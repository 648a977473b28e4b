import WalletCore

/// Explanations of balances: a wallet's rows from the newest to the oldest, a slice at a time, so that a long wallet doesn't
/// keep others waiting.
extension StoreReader {
  /// One slice, or what it all came to.
  func advance(_ work: ExplainWork) throws(StoreError) -> LedgerOutcome {
    var work = work
    var left = limits.explainSliceRows
    while work.fold.nextSeq != 0, left > 0 {
      try takeRow(work.fold.nextSeq, into: &work.fold)
      left -= 1
    }
    if work.fold.nextSeq != 0 { return .deferred(.explain(work)) }
    var holds: [BalanceExplanation.OpenHold] = []
    for hold in work.openHolds {
      let audit = try readable(hold.id)?.attribution.audit
      holds.append(
        BalanceExplanation.OpenHold(hold, reason: audit?.reason ?? Text(), reference: audit?.reference ?? Text()))
    }
    var lastChanges: [TransactionRow] = []
    for seq in work.fold.lastChanges { if let row = try readable(seq) { lastChanges.append(row) } }
    return .explanation(BalanceExplanation(work, holds: holds, lastChanges: lastChanges))
  }

  /// A row that isn't as it must be is what somebody asks for: it is told, and stops nobody.
  private func takeRow(_ seq: Int64, into fold: inout HistoryFold) throws(StoreError) {
    do throws(StoreError) {
      guard let row = try transactions.row(seq) else { return fold.end("transaction \(seq) is missing") }
      fold.take(row, brokenLink: try brokenLink(of: row))
    } catch {
      guard case .inconsistent(let message) = error else { throw error }
      fold.end(message)
    }
  }

  private func readable(_ seq: Int64) throws(StoreError) -> TransactionRow? {
    do throws(StoreError) {
      return try transactions.row(seq)
    } catch {
      guard case .inconsistent = error else { throw error }
      return nil
    }
  }

  // MARK: The chain

  /// What is wrong with a row's link to the row of the journal before it, whichever table that is in; `nil`: nothing.
  private func brokenLink(of row: TransactionRow) throws(StoreError) -> String? {
    guard let before = try digest(before: row.seq) else { return "the row of the journal before it is missing" }
    canonical.reset()
    row.encode(into: &canonical)
    return SHA256.digest(before, canonical) == row.digest
      ? nil : "its digest is not that of the row before it and itself"
  }

  private func digest(before seq: Int64) throws(StoreError) -> ShortBytes? {
    if seq == 1 { return RowSealer.genesis(ledgerID: description.ledgerID) }
    selectDigest.bind(1, seq - 1)
    defer { selectDigest.reset() }
    return try selectDigest.stepped() ? selectDigest.shortBytes(0) : nil
  }
}
