import WalletCore

/// Batches. Their items go the way of any command; what is here is what they have in common.
extension LedgerStore {
  func perform(_ batch: BatchCommand, now: Int64, _ overlay: inout Overlay) throws(StoreError) -> LedgerOutcome {
    switch batch.mode {
    case .itemByItem:
      var outcomes: [LedgerOutcome] = []
      outcomes.reserveCapacity(batch.items.count)
      for item in batch.items {
        switch item {
        case .command(let command):
          outcomes.append(try perform(command, now: now, &overlay).below("items[\(outcomes.count)]"))
        case .malformed(let failure):
          outcomes.append(.failed(failure, commitSeq: overlay.head.seq, replayed: false))
        }
      }
      return batch.outcome(outcomes, replayed: false)
    case .allOrNothing(let key):
      if let prior = try prior(key, overlay) { return try replay(batch, key, prior, overlay) }
      return try performAll(batch, key, now: now, &overlay)
    }
  }

  // MARK: All or nothing

  private func performAll(
    _ batch: BatchCommand, _ key: IdempotencyKey, now: Int64, _ overlay: inout Overlay
  ) throws(StoreError) -> LedgerOutcome {
    overlay.mark()
    var outcomes: [LedgerOutcome] = []
    outcomes.reserveCapacity(batch.items.count)
    for (index, command) in batch.commands.enumerated() {
      let (answer, recorded) = try decideInMemory(command, now: now, &overlay)
      if case .failed(let failure, _, _) = answer {
        overlay.undoToMark()
        return try abort(batch, key, at: index, failure, recorded, &overlay)
      }
      outcomes.append(answer)
    }
    for row in overlay.keep() { try writer.append(row) }
    return batch.outcome(outcomes, replayed: false)
  }

  /// The answer of a batch whose item was refused. It is recorded when the item's refusal would have been.
  private func abort(
    _ batch: BatchCommand, _ key: IdempotencyKey, at index: Int, _ failure: Failure, _ recorded: Prior?,
    _ overlay: inout Overlay
  ) throws(StoreError) -> LedgerOutcome {
    guard case .refusal(let refusal) = recorded else {
      let aborted = Failure(.batchAborted, .batchAborted(index: index, cause: failure))
      return .failed(aborted, commitSeq: overlay.head.seq, replayed: false)
    }
    var row = RefusalRow(abortingBatch: key, at: index, because: refusal, seq: overlay.head.seq + 1)
    writer.seal(&row, batch: batch, after: &overlay.head)
    try writer.append(.refusal(row))
    overlay.record(key, .refusal(row))
    return .failed(row.failure, commitSeq: row.seq, replayed: false)
  }

  // MARK: Known batches

  private func replay(
    _ batch: BatchCommand, _ key: IdempotencyKey, _ prior: Prior, _ overlay: Overlay
  ) throws(StoreError) -> LedgerOutcome {
    switch prior {
    case .refusal(let row) where row.verb == .batch:
      if row.requestDigest != writer.requestDigest(batch) { return mismatch("items", overlay) }
      return .failed(row.failure, commitSeq: row.seq, replayed: true)
    case .transaction(let row, _, _) where row.key == .item(key, index: 0):
      return try replayItems(batch, key, overlay)
    case .refusal, .transaction:
      return mismatch("verb", overlay)
    }
  }

  private func replayItems(
    _ batch: BatchCommand, _ key: IdempotencyKey, _ overlay: Overlay
  ) throws(StoreError) -> LedgerOutcome {
    let count = batch.items.count
    guard try self.prior(.item(key, index: UInt32(count - 1)), overlay) != nil,
      try self.prior(.item(key, index: UInt32(count)), overlay) == nil
    else { return mismatch("items", overlay) }
    var outcomes: [LedgerOutcome] = []
    outcomes.reserveCapacity(count)
    for (index, command) in batch.commands.enumerated() {
      // Nothing is stored with a replay, its time neither.
      switch decide(command, try facts(for: command, overlay), now: 0) {
      case .replay(.transaction(let row, let name, let exponent)):
        outcomes.append(.posted(row, currency: name.currency, exponent: exponent, replayed: true))
      case .fail(let failure) where failure.reason == .idempotencyMismatch:
        return .failed(failure.below("items[\(index)]"), commitSeq: overlay.head.seq, replayed: false)
      default: throw .inconsistent("item \(index) of the batch \(key.text) has no result, and others have")
      }
    }
    return batch.outcome(outcomes, replayed: true)
  }

  private func mismatch(_ field: String, _ overlay: Overlay) -> LedgerOutcome {
    let failure = Failure(.idempotencyMismatch, .mismatch(field: field))
    return .failed(failure, commitSeq: overlay.head.seq, replayed: false)
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
  fileprivate func below(_ path: String) -> LedgerOutcome {
    guard case .failed(let failure, let commitSeq, let replayed) = self, failure.reason == .idempotencyMismatch else {
      return self
    }
    return .failed(failure.below(path), commitSeq: commitSeq, replayed: replayed)
  }
}
