package import WalletCore

/// What is done when nothing is asked, and at the end.
extension LedgerStore {
  /// Moves a bounded part of what trails on when nothing else is asked, and sees to it that the log is moved into the
  /// database file once it is long enough.
  package func maintain(isIdle: Bool) throws(LedgerFault) -> Upkeep {
    var upkeep = Upkeep()
    if isIdle, projector.lag > 0, mutationsUnavailableBecause == nil { try writeIdleShare(isLast: false) }
    upkeep.line = logMover.advance() ?? (isIdle ? linesOfDenials() : nil)
    let isCopying = copier.advance(isIdle: isIdle)
    upkeep.isUnfinished = isCopying || projector.lag > 0 && mutationsUnavailableBecause == nil
    return upkeep
  }

  /// Some entries of the projections, in a commit of their own.
  private func writeIdleShare(isLast: Bool) throws(LedgerFault) {
    do throws(GatherError) {
      try requireDiskSpace()
      try inTransaction(now: clock.lastStored) { () throws(StoreError) in
        try projector.writeIdleShare(isLast: isLast, totals: totals, head: newest.seq)
      }
    } catch {
      guard case .unavailable(let message) = error else { throw error.fault }
      mutationsUnavailableBecause = message
    }
  }

  package func close() throws(LedgerFault) {
    copier.close()
    while projector.lag > 0, mutationsUnavailableBecause == nil { try writeIdleShare(isLast: true) }
    do {
      try logMover.finish()
    } catch {
      throw error.fault
    }
    folder.unlock()
  }
}
