import WalletCore

/// Batches. Their items go the way of any command; what is here is what they have in common.
extension LedgerStore {
  func perform(_ batch: BatchCommand, now: Int64) throws(StoreError) -> LedgerOutcome {
    switch batch.mode {
    case .itemByItem:
      var outcomes: [LedgerOutcome] = []
      outcomes.reserveCapacity(batch.items.count)
      for (index, item) in batch.items.enumerated() {
        lookAhead(from: index, of: batch.items.count) { lookUp(batch.items, $0) }
        switch item {
        case .command(let command):
          outcomes.append(try perform(command, now: now).ofItem(index))
        case .malformed(let failure):
          outcomes.append(.failed(failure, commitSeq: newest.seq, replayed: false))
        }
      }
      return batch.outcome(outcomes, replayed: false)
    case .allOrNothing(let key):
      if let (index, call) = try firstDenial(in: batch) {
        guard case .failed(let failure, let commitSeq, _) = deny(call, now: now) else {
          preconditionFailure("a denied call was answered otherwise")
        }
        let aborted = Failure(.batchAborted, .batchAborted(index: index, cause: failure))
        return .failed(aborted, commitSeq: commitSeq, replayed: false)
      }
      if let prior = try prior(key) { return try replay(batch, key, prior) }
      return try performAll(batch, key, now: now)
    }
  }

  private func lookUp(_ items: [BatchCommand.Item], _ index: Int) -> LookUp? {
    guard case .command(let command) = items[index] else { return nil }
    return LookUp(command)
  }

  // MARK: All or nothing

  private func performAll(_ batch: BatchCommand, _ key: IdempotencyKey, now: Int64) throws(StoreError) -> LedgerOutcome
  {
    let mark = mark()
    var outcomes: [LedgerOutcome] = []
    outcomes.reserveCapacity(batch.items.count)
    for (index, command) in batch.commands.enumerated() {
      lookAhead(from: index, of: batch.items.count) { lookUp(batch.items, $0) }
      // The batch's key is new, so its items' keys are.
      switch try step(command, prior: nil, now: now) {
      case .done(.failed(let failure, _, _)):
        takeBack(to: mark)
        let aborted = Failure(.batchAborted, .batchAborted(index: index, cause: failure))
        return .failed(aborted, commitSeq: newest.seq, replayed: false)
      case .done(let outcome): outcomes.append(outcome)
      case .refused(let failure, let subject):
        takeBack(to: mark)
        let refusal = RefusalRow(
          refusing: command, walletID: known(subject.walletID), failure: failure, seq: 0, createdAt: now)
        return record(
          RefusalRow(abortingBatch: key, at: index, because: refusal, seq: newest.seq + 1),
          journal.requestDigest(batch))
      }
    }
    return batch.outcome(outcomes, replayed: false)
  }

  /// A wallet that only the batch would have opened has no id that anybody may learn.
  private func known(_ walletID: Int64?) -> Int64? { walletID.flatMap { $0 < nextWalletID ? $0 : nil } }

  /// An item of a batch of all or nothing.
  private func step(_ command: Command, prior: Prior?, now: Int64) throws(StoreError) -> Step {
    let slot = try slot(of: command)
    if needsMore(command, slot) { return try special(command, prior: prior, now: now) }
    let facts = try facts(for: command, slot, prior: prior)
    switch decide(command, facts, now: now) {
    case .post(let posting): return .done(try post(posting, command, slot))
    case .transfer: throw .inconsistent("a command without parameters was decided as a transfer")
    case .refuse(let failure):
      return .refused(named(failure, slot), Subject(walletID: facts.wallet?.id, currency: facts.wallet?.currency))
    case .fail(let failure): return .done(.failed(named(failure, slot), commitSeq: newest.seq, replayed: false))
    case .replay(.transaction(let row, let currency, let exponent)):
      return .done(try replayed(row, currency: currency, exponent: exponent))
    case .replay(.refusal), .replay(.administration):
      throw .inconsistent("an item of a batch that was done has no transaction")
    }
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
    case .refusal, .transaction, .administration:
      return mismatch("verb")
    }
  }

  /// The rows of a batch lie one behind the other; those without a key belong to the item before or behind them.
  private func replayItems(
    _ batch: BatchCommand, _ key: IdempotencyKey, firstSeq: Int64
  ) throws(StoreError) -> LedgerOutcome {
    let places = try places(of: key, from: firstSeq, countMax: batch.items.count + 1)
    guard places.count == batch.items.count else { return mismatch("items") }
    var outcomes: [LedgerOutcome] = []
    outcomes.reserveCapacity(places.count)
    for (index, command) in batch.commands.enumerated() {
      // Nothing is stored with a replay, its time neither.
      switch try step(command, prior: try prior(at: places[index]), now: 0) {
      case .done(.failed(let failure, _, _)) where failure.reason == .idempotencyMismatch:
        return .failed(failure.below("items[\(index)]"), commitSeq: newest.seq, replayed: false)
      case .done(let outcome): outcomes.append(outcome)
      case .refused: throw .inconsistent("item \(index) of the batch \(key.text) has no result, and others have")
      }
    }
    return batch.outcome(outcomes, replayed: true)
  }

  /// The seqs of a batch's items, in their order.
  private func places(of key: IdempotencyKey, from firstSeq: Int64, countMax: Int) throws(StoreError) -> [Int64] {
    var places: [Int64] = []
    var seq = firstSeq
    while places.count < countMax, let row = try journal.transaction(seq) {
      if let found = row.key {
        guard found == .item(key, index: UInt32(places.count)) else { break }
        places.append(seq)
      }
      seq += 1
    }
    return places
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
      case .transferred(_, let row, _, _, _): max(last, row.seq)
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
