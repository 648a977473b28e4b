import WalletCore

/// Reads of what was, which begin in a gather: it learns where the history ends.
extension LedgerStore {
  /// Where a reader finds a filtered page of a wallet's transactions.
  func filteredHistory(
    of reference: WalletReference, _ filter: TransactionFilter, _ page: PageRequest, oldestFirst: Bool
  ) throws -> FilteredHistoryRequest {
    let wallet = cache.wallet(at: try slotToRead(reference))
    let subject = FilteredHistoryRequest.subject(wallet.id, filter)
    let position = try position(in: page, of: wallet, subject: subject, oldestFirst: oldestFirst)
    return FilteredHistoryRequest(
      history: history(of: wallet), filter: filter, rowsMax: page.rowsMax, oldestFirst: oldestFirst,
      position: position)
  }

  /// A wallet's figures at a moment. From its last row on they are in memory: what holds reserve that have ended since is
  /// told by those that are open.
  func balance(of reference: WalletReference, at moment: BalanceMoment) throws -> LedgerOutcome {
    if case .time(let time) = moment {
      guard time <= readTime else {
        throw Failure.invalidArgument("time_micros", "lies in the future: it is \(readTime)")
      }
      clock.told(time)
    }
    let slot = try slotToRead(reference)
    let wallet = cache.wallet(at: slot)
    switch moment {
    case .time(let time):
      guard time >= wallet.createdAt else { throw Failure(.walletNotFound, .wallet(id: wallet.id, wallet.name)) }
      if time >= wallet.updatedAt {
        return .balanceAt(BalanceAt(of: wallet, try controls(at: slot), at: time), commitSeq: head.seq)
      }
    case .version(let version):
      guard version <= wallet.version else {
        throw Failure.invalidArgument("version", "is above the wallet's version, \(wallet.version)")
      }
    }
    return .deferred(.balanceAt(BalanceAtRequest(history: history(of: wallet), moment: moment)))
  }

  /// Where a reader finds a page of refusals.
  func refusals(_ filter: RefusalFilter, _ page: PageRequest, oldestFirst: Bool) throws -> RefusalsRequest {
    let list: Cursor.List = oldestFirst ? .refusalsOldestFirst : .refusalsNewestFirst
    let position = try Cursor.position(in: page, list: list, subject: Text(filter.digest), of: description)
    var found: Wallet?
    if let wallet = filter.wallet, try slot(of: wallet) != nil { found = cache.wallet(at: try slotToRead(wallet)) }
    return RefusalsRequest(
      filter: filter, found: found, rowsMax: page.rowsMax, oldestFirst: oldestFirst, position: position,
      commitSeq: head.seq)
  }

  private func history(of wallet: Wallet) -> WalletHistory {
    WalletHistory(
      wallet: wallet, places: projector.places(of: wallet.id, countMax: LedgerLimits.historyPlacesMax),
      commitSeq: head.seq)
  }
}
