import WalletCore

/// A gather's way into the file: everything in one commit, or nothing.
extension LedgerStore {
  /// Appends an outcome for each request; those of reads are yet to be made.
  func performMutations(
    _ requests: [LedgerRequest], _ reading: LedgerClock.Reading, _ isDue: (Int) -> Bool,
    into outcomes: inout [LedgerOutcome]
  ) throws(LedgerFault) {
    do throws(GatherError) {
      let now = try time(reading)
      try requireDiskSpace()
      try commit(requests, now: now, isDue, into: &outcomes)
      counted.requestsPerCommit.add(Int64(requests.count))
      mutationsUnavailableBecause = nil
    } catch {
      guard case .unavailable(let message) = error else { throw error.fault }
      mutationsUnavailableBecause = message
      refusedGatherAt = reading.monotonic
      let failure = Failure(.unavailable, .message(message), retryAfterMilliseconds: 1000)
      outcomes.removeAll(keepingCapacity: true)
      for _ in requests { outcomes.append(.failed(failure, commitSeq: head.seq, replayed: false)) }
    }
  }

  /// Why a gather came to nothing.
  enum GatherError: Error {
    /// Nothing was changed; the callers may come again.
    case unavailable(String)
    case fault(LedgerFault)

    var fault: LedgerFault {
      switch self {
      case .unavailable(let message): LedgerFault(.storage, message)
      case .fault(let fault): fault
      }
    }
  }

  private func time(_ reading: LedgerClock.Reading) throws(GatherError) -> Int64 {
    do { return try clock.now(reading) } catch { throw .unavailable(error.message) }
  }

  /// SQLITE_FULL was seen to come out of COMMIT, where it would stop the server: better to refuse before.
  func requireDiskSpace() throws(GatherError) {
    do {
      let available = try folder.availableBytes()
      guard available >= settings.freeBytesMin else {
        throw GatherError.unavailable(
          "the disk has \(available) bytes left; mutations need \(settings.freeBytesMin) (--min-free)")
      }
    } catch let error as GatherError {
      throw error
    } catch {
      throw .unavailable("the free space of the disk can't be read: \(error)")
    }
  }

  private func commit(
    _ requests: [LedgerRequest], now: Int64, _ isDue: (Int) -> Bool, into outcomes: inout [LedgerOutcome]
  ) throws(GatherError) {
    try inTransaction(now: now) { () throws(StoreError) in
      let requests = requests.span
      for index in requests.indices {
        lookAhead(from: index, of: requests.count) { requests[$0].lookUp }
        guard requests[index].isMutation else {
          outcomes.append(.failed(Self.notYetRead, commitSeq: 0, replayed: false))
          continue
        }
        guard isDue(index) else {
          outcomes.append(.failed(Failure(.deadlineExceeded), commitSeq: head.seq, replayed: false))
          continue
        }
        switch requests[index] {
        case .mutation(let command): outcomes.append(try perform(command, now: now))
        case .batch(let batch): outcomes.append(try perform(batch, now: now))
        case .dryRun(let mutation): outcomes.append(try project(mutation, now: now))
        default: break
        }
      }
    }
  }

  /// Reads of a gather are answered when its mutations are committed: their rows come in a commit of their own, of which
  /// there are no more than there are allowances.
  func recordDeniedReads(_ reading: LedgerClock.Reading) throws(LedgerFault) {
    let calls = deniedReads
    deniedReads.removeAll()
    do throws(GatherError) {
      let now = try time(reading)
      try requireDiskSpace()
      try inTransaction(now: now) { () throws(StoreError) in for call in calls { _ = deny(call, now: now) } }
    } catch {
      // Whether or not there is a row, the caller is denied.
      guard case .unavailable(let message) = error else { throw error.fault }
      mutationsUnavailableBecause = message
    }
  }

  private static let notYetRead = Failure(.unavailable)

  /// Everything in one commit, or nothing: in the file, and in memory.
  func inTransaction(now: Int64, _ body: () throws(StoreError) -> Void) throws(GatherError) {
    do {
      try begin.ran()
      projector.begin()
      try body()
      // A name is taken from its commit on, so these rows don't trail.
      for wallet in opened { try wallets.insert(wallet) }
      try journal.writePending()
      try book.writePending()
      try projector.writeShare(totals: totals, head: newest.seq)
    } catch {
      try rollBack(after: error)
    }
    let begunAt = timeSource.monotonicMicroseconds
    do {
      try commit.ran()
    } catch {
      // A failed fsync was seen to leave the row behind after a restart. Nobody can be told anything.
      throw .fault(LedgerFault(.commitOutcomeUnknown, "COMMIT failed: \(error.fault.message)"))
    }
    let took = timeSource.monotonicMicroseconds - begunAt
    lastCommitMicroseconds += took
    counted.commits.add(took)
    if newest.seq > head.seq { counted.rowsPerCommit.add(newest.seq - head.seq) }
    settle(now: now)
  }

  private func settle(now: Int64) {
    if newest.seq != head.seq { clock.stored(now) }
    head = newest
    committedNextWalletID = nextWalletID
    opened.removeAll(keepingCapacity: true)
    cache.settle()
    book.settle()
    totals.settle()
    currencies.settle()
    grantTable.settle()
    journal.settle()
    if projector.settle(head: head.seq) { totals.wrote() }
  }

  /// An error before COMMIT leaves nothing behind, in the file or in memory.
  private func rollBack(after error: StoreError) throws(GatherError) -> Never {
    counted.commitsRolledBack += 1
    do {
      // Some errors have rolled back already.
      if database.isInTransaction { try database.execute("ROLLBACK") }
    } catch let failed {
      throw .fault(LedgerFault(.storage, "ROLLBACK failed: \(failed), after: \(error.fault.message)"))
    }
    projector.takeBack()
    cache.takeBack(to: 0)
    book.takeBack(to: 0)
    totals.takeBack(to: 0)
    currencies.takeBack()
    grantTable.takeBack(to: 0)
    journal.takeBack()
    newest = head
    nextWalletID = committedNextWalletID
    opened.removeAll()
    switch error {
    case .sqlite(let error): throw .unavailable("the store can't write: \(error)")
    case .inconsistent: throw .fault(error.fault)
    }
  }
}
