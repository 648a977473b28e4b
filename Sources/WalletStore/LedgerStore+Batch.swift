import WalletCore

/// Batches. Their items go the way of any command; what is here is what they have in common.
extension LedgerStore {
  func perform(_ batch: BatchCommand, now: Int64) throws(StoreError) -> LedgerOutcome {
    switch batch.mode {
    case .itemByItem:
      var outcomes: [LedgerOutcome] = []
      outcomes.reserveCapacity(batch.items.count)
      for (index, item) in batch.items.enumerated() {
        lookAhead(batch.items, index)
        switch item {
        case .command(let command):
          outcomes.append(try perform(command, now: now).ofItem(index))
        case .malformed(let failure):
          outcomes.append(.failed(failure, commitSeq: newest.seq, replayed: false))
        }
      }
      return batch.outcome(outcomes, replayed: false)
    case .allOrNothing(let key):
      if let prior = try prior(key) { return try replay(batch, key, prior) }
      return try performAll(batch, key, now: now)
    }
  }

  /// Items that are looked ahead. What all items of a batch need is more than the processor keeps near.
  private static let itemsAhead = 16

  /// Brings near what items to come will look up: a key and the place of a wallet first, the wallet when that has arrived.
  private func lookAhead(_ items: [BatchCommand.Item], _ index: Int) {
    if let far = lookUp(items, index + Self.itemsAhead) {
      cache.prefetchPlace(far.walletID)
      projector.prefetch(far.key.high, far.key.low)
    }
    if let near = lookUp(items, index + Self.itemsAhead / 2) { cache.prefetchWallet(near.walletID) }
  }

  private func lookUp(
    _ items: [BatchCommand.Item], _ index: Int
  ) -> (walletID: Int64, key: (high: UInt64, low: UInt64))? {
    guard index < items.count, case .command(let command) = items[index] else { return nil }
    return LedgerRequest.mutation(command).lookUp
  }

  // MARK: All or nothing

  /// Where a batch began: what came since is taken back when an item is refused.
  private struct Mark {
    var newest: JournalHead
    var nextWalletID: Int64
    var openedCount: Int
    var walletChanges: Int
    var totalChanges: Int
    var pending: JournalWriter.Pending
    var trailing: Generation.Extent
  }

  private func performAll(_ batch: BatchCommand, _ key: IdempotencyKey, now: Int64) throws(StoreError) -> LedgerOutcome
  {
    let mark = Mark(
      newest: newest, nextWalletID: nextWalletID, openedCount: opened.count, walletChanges: cache.changes,
      totalChanges: totals.changes, pending: journal.pending, trailing: projector.extent)
    var outcomes: [LedgerOutcome] = []
    outcomes.reserveCapacity(batch.items.count)
    for (index, command) in batch.commands.enumerated() {
      lookAhead(batch.items, index)
      let slot = try slot(of: command)
      // The batch's key is new, so its items' keys are.
      let facts = try facts(for: command, slot, prior: nil)
      switch decide(command, facts, now: now) {
      case .post(let posting): outcomes.append(try post(posting, command, slot))
      case .refuse(let failure):
        let failure = named(failure, slot)
        takeBack(to: mark)
        let refusal = RefusalRow(
          refusing: command, walletID: known(facts.wallet), failure: failure, seq: 0, createdAt: now)
        return record(
          RefusalRow(abortingBatch: key, at: index, because: refusal, seq: newest.seq + 1),
          journal.requestDigest(batch))
      case .fail(let failure):
        let failure = named(failure, slot)
        takeBack(to: mark)
        let aborted = Failure(.batchAborted, .batchAborted(index: index, cause: failure))
        return .failed(aborted, commitSeq: newest.seq, replayed: false)
      case .replay: throw .inconsistent("item \(index) of the new batch \(key.text) has a result")
      }
    }
    return batch.outcome(outcomes, replayed: false)
  }

  /// A wallet that only the batch would have opened has no id that anybody may learn.
  private func known(_ wallet: WalletAccount?) -> Int64? {
    wallet.flatMap { $0.id < nextWalletID ? $0.id : nil }
  }

  private func takeBack(to mark: Mark) {
    newest = mark.newest
    nextWalletID = mark.nextWalletID
    opened.removeLast(opened.count - mark.openedCount)
    cache.takeBack(to: mark.walletChanges)
    totals.takeBack(to: mark.totalChanges)
    journal.takeBack(to: mark.pending)
    projector.takeBack(to: mark.trailing)
  }

  // MARK: Known batches

  private func replay(
    _ batch: BatchCommand, _ key: IdempotencyKey, _ prior: Prior
  ) throws(StoreError) -> LedgerOutcome {
    switch prior {
    case .refusal(let row) where row.verb == .batch:
      if row.requestDigest != journal.requestDigest(batch) { return mismatch("items") }
      return .failed(row.failure, commitSeq: row.seq, replayed: true)
    case .transaction(let row, _, _) where row.key == .item(key, index: 0):
      return try replayItems(batch, key, firstSeq: row.seq)
    case .refusal, .transaction:
      return mismatch("verb")
    }
  }

  /// The rows of a batch lie one behind the other.
  private func replayItems(
    _ batch: BatchCommand, _ key: IdempotencyKey, firstSeq: Int64
  ) throws(StoreError) -> LedgerOutcome {
    let count = batch.items.count
    guard try isItem(count - 1, of: key, firstSeq), try !isItem(count, of: key, firstSeq) else {
      return mismatch("items")
    }
    var outcomes: [LedgerOutcome] = []
    outcomes.reserveCapacity(count)
    for (index, command) in batch.commands.enumerated() {
      let prior = try prior(at: firstSeq + Int64(index))
      // Last: to find the wallet of the first result may take another one's place.
      let slot = try slot(of: command)
      let facts = try facts(for: command, slot, prior: prior)
      // Nothing is stored with a replay, its time neither.
      switch decide(command, facts, now: 0) {
      case .replay(.transaction(let row, let currency, let exponent)):
        outcomes.append(.posted(row, currency: currency, exponent: exponent, replayed: true))
      case .fail(let failure) where failure.reason == .idempotencyMismatch:
        return .failed(failure.below("items[\(index)]"), commitSeq: newest.seq, replayed: false)
      default: throw .inconsistent("item \(index) of the batch \(key.text) has no result, and others have")
      }
    }
    return batch.outcome(outcomes, replayed: true)
  }

  private func isItem(_ index: Int, of key: IdempotencyKey, _ firstSeq: Int64) throws(StoreError) -> Bool {
    try journal.transaction(firstSeq + Int64(index))?.key == .item(key, index: UInt32(index))
  }

  private func mismatch(_ field: String) -> LedgerOutcome {
    let failure = Failure(.idempotencyMismatch, .mismatch(field: field))
    return .failed(failure, commitSeq: newest.seq, replayed: false)
  }
}

extension BatchCommand {
  /// Those of a batch of all or nothing: all its items.
  fileprivate var commands: [Command] {
    items.map { item in
      guard case .command(let command) = item else {
        preconditionFailure("a batch of all or nothing with a malformed item was not refused when it was read")
      }
      return command
    }
  }

  fileprivate func outcome(_ outcomes: [LedgerOutcome], replayed: Bool) -> LedgerOutcome {
    let commitSeq = outcomes.reduce(Int64(0)) { last, outcome in
      switch outcome {
      case .posted(let row, _, _, _): max(last, row.seq)
      case .failed(_, let commitSeq, _): max(last, commitSeq)
      default: last
      }
    }
    return .batch(outcomes, commitSeq: commitSeq, replayed: replayed, isFull: wantsFullResults)
  }
}

extension LedgerOutcome {
  /// The outcome of an item, as its batch says it.
  fileprivate consuming func ofItem(_ index: Int) -> LedgerOutcome {
    guard case .failed(let failure, let commitSeq, let replayed) = self, failure.reason == .idempotencyMismatch else {
      return self
    }
    return .failed(failure.below("items[\(index)]"), commitSeq: commitSeq, replayed: replayed)
  }
}
