/// Where the history of a wallet can be entered: from there `previous_seq` leads to the rows before.
package struct HistoryPlace: Equatable, Sendable {
  package var version: Int64
  package var seq: Int64

  package init(version: Int64, seq: Int64) {
    self.version = version
    self.seq = seq
  }
}

/// A wallet's history as a gather has found it.
package struct WalletHistory: Sendable {
  /// At the gather's last row.
  package var wallet: Wallet
  /// Places that the tables on disk may not have, by rising version; at most `LedgerLimits.historyPlacesMax`.
  package var places: [HistoryPlace]
  package var commitSeq: Int64

  package init(wallet: Wallet, places: [HistoryPlace], commitSeq: Int64) {
    self.wallet = wallet
    self.places = places
    self.commitSeq = commitSeq
  }
}

/// A page of those of a wallet's transactions that pass a filter.
package struct FilteredHistoryRequest: Sendable {
  package var history: WalletHistory
  package var filter: TransactionFilter
  package var rowsMax: Int
  package var oldestFirst: Bool
  /// Where the page before ended: the seq of the first row that this one looks at, newest first; the version of the last
  /// row that was looked at, oldest first. 0: the first page.
  package var position: Int64

  package init(
    history: WalletHistory, filter: TransactionFilter, rowsMax: Int, oldestFirst: Bool, position: Int64
  ) {
    self.history = history
    self.filter = filter
    self.rowsMax = rowsMax
    self.oldestFirst = oldestFirst
    self.position = position
  }

  /// What its cursors are of.
  package static func subject(_ walletID: Int64, _ filter: TransactionFilter) -> Text {
    Text("\(walletID)/\(filter.digest)")
  }
}

/// A wallet's figures at a moment before its last row.
package struct BalanceAtRequest: Sendable {
  package var history: WalletHistory
  /// A time from the wallet's opening on and before its last row, or one of its versions.
  package var moment: BalanceMoment

  package init(history: WalletHistory, moment: BalanceMoment) {
    self.history = history
    self.moment = moment
  }
}

/// A page of refusals.
package struct RefusalsRequest: Sendable {
  package var filter: RefusalFilter
  /// The wallet that the filter's leads to.
  package var found: Wallet?
  package var rowsMax: Int
  package var oldestFirst: Bool
  /// The seq of the last row that the page before looked at; 0: the first page.
  package var position: Int64
  package var commitSeq: Int64

  package init(
    filter: RefusalFilter, found: Wallet?, rowsMax: Int, oldestFirst: Bool, position: Int64, commitSeq: Int64
  ) {
    self.filter = filter
    self.found = found
    self.rowsMax = rowsMax
    self.oldestFirst = oldestFirst
    self.position = position
    self.commitSeq = commitSeq
  }
}

/// A refusal, and the currency that its amounts are in.
package struct RefusalEntry: Equatable, Sendable {
  package var row: RefusalRow
  /// Of the wallet, or else as it was given.
  package var currency: Text
  /// `nil` where the currency isn't known.
  package var exponent: UInt8?

  package init(row: RefusalRow, currency: Text, exponent: UInt8?) {
    self.row = row
    self.currency = currency
    self.exponent = exponent
  }
}
