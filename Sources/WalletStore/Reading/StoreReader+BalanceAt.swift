import WalletCore

/// A wallet's figures as they were.
extension StoreReader {
  func balance(of request: BalanceAtRequest) throws(StoreError) -> LedgerOutcome {
    let history = request.history
    let balance: BalanceAt
    switch request.moment {
    case .version(let version):
      balance = BalanceAt(
        after: try row(try places.row(of: history, version: version), of: history.wallet), of: history.wallet)
    case .time(let time): balance = try self.balance(at: time, in: history)
    }
    return .balanceAt(balance, commitSeq: history.commitSeq)
  }

  /// By the wallet's last row up to a time. Holds that had ended by then have rows right behind it: whoever wrote next
  /// wrote them first, one after the other in the journal.
  private func balance(at time: Int64, in history: WalletHistory) throws(StoreError) -> BalanceAt {
    let place = try places.place(storedBy: time, in: .transactions, upTo: history.commitSeq)
    let (seq, following) = try places.lastRow(of: history, upTo: place)
    guard seq != 0 else { throw .inconsistent("wallet \(history.wallet.id) has no row by the time \(time)") }
    var balance = BalanceAt(after: try row(seq, of: history.wallet), of: history.wallet)
    if following == 0 { return balance }
    selectRowsFrom.bind(1, following)
    selectRowsFrom.bind(2, history.commitSeq)
    defer { selectRowsFrom.reset() }
    while try selectRowsFrom.stepped(), balance.apply(try TransactionTable.row(selectRowsFrom, origins), at: time) {}
    return balance
  }

  private func row(_ seq: Int64, of wallet: Wallet) throws(StoreError) -> TransactionRow {
    guard let row = try transactions.row(seq), row.walletID == wallet.id else {
      throw .inconsistent("transaction \(seq) of wallet \(wallet.id) is missing")
    }
    return row
  }
}
