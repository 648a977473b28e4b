import WalletCore

/// Places in a gather to which memory can be taken back.
extension LedgerStore {
  /// How far a gather was: what comes behind it is taken back when a batch is refused, and at the end of a dry run.
  struct Mark {
    let newest: JournalHead
    let nextWalletID: Int64
    fileprivate let openedCount: Int
    fileprivate let walletChanges: Int
    fileprivate let totalChanges: Int
    fileprivate let controlChanges: Int
    fileprivate let currencyChanges: Int
    fileprivate let grantChanges: Int
    fileprivate let pending: JournalWriter.Pending
    fileprivate let trailing: Projector.Extent
  }

  func mark() -> Mark {
    Mark(
      newest: newest, nextWalletID: nextWalletID, openedCount: opened.count, walletChanges: cache.changes,
      totalChanges: totals.changes, controlChanges: book.changes, currencyChanges: currencies.changes,
      grantChanges: grantTable.changes, pending: journal.pending, trailing: projector.extent)
  }

  func takeBack(to mark: Mark) {
    newest = mark.newest
    nextWalletID = mark.nextWalletID
    opened.removeLast(opened.count - mark.openedCount)
    cache.takeBack(to: mark.walletChanges)
    totals.takeBack(to: mark.totalChanges)
    book.takeBack(to: mark.controlChanges)
    currencies.takeBack(to: mark.currencyChanges)
    grantTable.takeBack(to: mark.grantChanges)
    journal.takeBack(to: mark.pending)
    projector.takeBack(to: mark.trailing)
  }
}
