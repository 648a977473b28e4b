import WalletCore

/// Dry runs: a mutation goes the way of any other, among those of its gather, and is taken back.
extension LedgerStore {
  func project(_ dryRun: DryRun, now: Int64) throws(StoreError) -> LedgerOutcome {
    // Whoever only tries what he may not do is told, and told of, all the same.
    let denied = try denials(in: dryRun)
    defer { for call in denied { _ = deny(call, now: now) } }
    let mark = mark()
    journal.isProjecting = true
    defer { journal.isProjecting = false }
    let outcome: LedgerOutcome
    switch dryRun {
    case .mutation(let command): outcome = try perform(command, now: now)
    case .batch(let batch): outcome = try perform(batch, now: now)
    }
    takeBack(to: mark)
    return outcome.projected(since: mark)
  }

  private func denials(in dryRun: DryRun) throws(StoreError) -> [DeniedCall] {
    switch dryRun {
    case .mutation(let command):
      return command.origin.isUnlimited ? [] : try denial(of: command).map { [$0] } ?? []
    case .batch(let batch): return try firstDenial(in: batch).map { [$0.call] } ?? []
    }
  }
}

extension LedgerOutcome {
  /// Without the places and ids that will never have been. What was there before the mark, such as the first result of a
  /// known key, is answered as it is.
  fileprivate func projected(since mark: LedgerStore.Mark) -> LedgerOutcome {
    let last = mark.newest.seq
    switch self {
    case .posted(let row, _, _, _), .transferred(let row, _, _, _, _):
      return row.seq <= last ? self : .projected(withoutPlaces(since: mark), commitSeq: last)
    case .administered(let row, _):
      return row.seq <= last ? self : .projected(withoutPlaces(since: mark), commitSeq: last)
    case .batch(let items, let commitSeq, let replayed, let isFull):
      if replayed { return self }
      let projected = LedgerOutcome.batch(
        items.map { $0.withoutPlaces(since: mark) }, commitSeq: min(commitSeq, last), replayed: false, isFull: isFull)
      return .projected(projected, commitSeq: last)
    default: return withoutPlaces(since: mark)
    }
  }

  private func withoutPlaces(since mark: LedgerStore.Mark) -> LedgerOutcome {
    switch self {
    case .posted(let row, let currency, let exponent, let replayed):
      return .posted(row.withoutPlaces(since: mark), currency: currency, exponent: exponent, replayed: replayed)
    case .transferred(let source, let destination, let currency, let exponent, let replayed):
      return .transferred(
        source: source.withoutPlaces(since: mark), destination: destination.withoutPlaces(since: mark),
        currency: currency, exponent: exponent, replayed: replayed)
    case .administered(var row, let replayed):
      if row.seq > mark.newest.seq { row.seq = 0 }
      return .administered(row, replayed: replayed)
    case .failed(let failure, let commitSeq, let replayed):
      return .failed(
        failure.withoutWallets(from: mark.nextWalletID), commitSeq: min(commitSeq, mark.newest.seq),
        replayed: replayed)
    default: return self
    }
  }
}

extension TransactionRow {
  fileprivate func withoutPlaces(since mark: LedgerStore.Mark) -> TransactionRow {
    if seq <= mark.newest.seq { return self }
    func known(_ seq: Int64) -> Int64 { seq <= mark.newest.seq ? seq : 0 }
    func knownWallet(_ id: Int64) -> Int64 { id < mark.nextWalletID ? id : 0 }
    var row = self
    row.seq = 0
    row.holdID = known(holdID)
    row.relatedSeq = known(relatedSeq)
    row.previousSeq = known(previousSeq)
    row.walletID = knownWallet(walletID)
    row.counterWalletID = knownWallet(counterWalletID)
    return row
  }
}

extension Failure {
  /// Without the ids of wallets that only the dry run would have opened.
  fileprivate func withoutWallets(from nextWalletID: Int64) -> Failure {
    var failure = self
    switch detail {
    case .wallet(let id, let name) where id >= nextWalletID: failure.detail = .wallet(id: 0, name)
    case .frozen(let id, let freeze) where id >= nextWalletID: failure.detail = .frozen(walletID: 0, freeze)
    case .batchAborted(let index, let cause):
      failure.detail = .batchAborted(index: index, cause: cause.withoutWallets(from: nextWalletID))
    default: break
    }
    return failure
  }
}
