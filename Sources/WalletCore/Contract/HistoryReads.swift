/// Where the history of a wallet can be entered: from there `previous_seq` leads to the rows before.
public struct HistoryPlace: Equatable, Sendable {
  public var version: Int64
  public var seq: Int64

  public init(version: Int64, seq: Int64) {
    self.version = version
    self.seq = seq
  }
}

/// A wallet's history as a gather has found it.
public struct WalletHistory: Sendable {
  /// At the gather's last row.
  public var wallet: Wallet
  /// Places that the tables on disk may not have, by rising version; at most `LedgerLimits.historyPlacesMax`.
  public var places: [HistoryPlace]
  public var commitSeq: Int64

  public init(wallet: Wallet, places: [HistoryPlace], commitSeq: Int64) {
    self.wallet = wallet
    self.places = places
    self.commitSeq = commitSeq
  }
}

/// A page of those of a wallet's transactions that pass a filter.
public struct FilteredHistoryRequest: Sendable {
  public var history: WalletHistory
  public var filter: TransactionFilter
  public var rowsMax: Int
  public var oldestFirst: Bool
  /// Where the page before ended: the seq of the first row that this one looks at, newest first; the version of the last
  /// row that was looked at, oldest first. 0: the first page.
  public var position: Int64

  public init(
    history: WalletHistory, filter: TransactionFilter, rowsMax: Int, oldestFirst: Bool, position: Int64
  ) {
    self.history = history
    self.filter = filter
    self.rowsMax = rowsMax
    self.oldestFirst = oldestFirst
    self.position = position
  }

  /// What its cursors are of.
  public static func subject(_ walletID: Int64, _ filter: TransactionFilter) -> Text {
    Text("\(walletID)/\(filter.digest)")
  }
}

/// A wallet's figures at a moment before its last row.
public struct BalanceAtRequest: Sendable {
  public var history: WalletHistory
  /// A time from the wallet's opening on and before its last row, or one of its versions.
  public var moment: BalanceMoment

  public init(history: WalletHistory, moment: BalanceMoment) {
    self.history = history
    self.moment = moment
  }
}

/// A page of refusals.
public struct RefusalsRequest: Sendable {
  public var filter: RefusalFilter
  /// The wallet that the filter's leads to.
  public var found: Wallet?
  public var rowsMax: Int
  public var oldestFirst: Bool
  /// The seq of the last row that the page before looked at; 0: the first page.
  public var position: Int64
  public var commitSeq: Int64

  public init(
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
public struct RefusalEntry: Equatable, Sendable {
  public var row: RefusalRow
  /// Of the wallet, or else as it was given.
  public var currency: Text
  /// `nil` where the currency isn't known.
  public var exponent: UInt8?

  public init(row: RefusalRow, currency: Text, exponent: UInt8?) {
    self.row = row
    self.currency = currency
    self.exponent = exponent
  }
}
