/// A wallet's figures as they were.
public struct BalanceAt: Equatable, Sendable {
  public var walletID: Int64
  public var currency: Text
  public var exponent: UInt8
  /// Posted, in minor units.
  public var balance: Int64
  public var held: Int64
  public var overdraftLimit: Int64
  public var version: Int64
  /// The row that made it so.
  public var seq: Int64
  /// When that row was stored, microseconds.
  public var createdAt: Int64

  public var available: Int64 { Wallet.available(balance: balance, held: held, overdraftLimit: overdraftLimit) }

  /// Right after a row.
  public init(after row: borrowing TransactionRow, of wallet: Wallet) {
    walletID = wallet.id
    currency = wallet.name.currency
    exponent = wallet.exponent
    balance = row.balance
    held = row.held
    overdraftLimit = row.overdraftLimit
    version = row.version
    seq = row.seq
    createdAt = row.createdAt
  }

  /// At a time from the wallet's last row on: its open holds that have come to their end reserve nothing.
  public init(of wallet: Wallet, _ controls: WalletControls, at time: Int64) {
    walletID = wallet.id
    currency = wallet.name.currency
    exponent = wallet.exponent
    balance = wallet.balance
    held = wallet.held - controls.dueAmount(at: time)
    overdraftLimit = wallet.overdraftLimit
    version = wallet.version
    seq = wallet.lastSeq
    createdAt = wallet.updatedAt
  }

  /// Takes over what a row right behind it says of a time before that row: a hold whose end had come reserved nothing
  /// already. Whoever writes behind the end of a hold writes that first, in the order of the ends, so one row that says
  /// nothing is the last to be asked.
  ///
  /// - Returns: Whether the row said anything.
  public mutating func apply(_ row: borrowing TransactionRow, at time: Int64) -> Bool {
    guard row.kind == .expire, row.walletID == walletID, let detail = ExpireDetail(encoded: row.detail),
      detail.endsAt <= time
    else { return false }
    held = row.held
    return true
  }
}

/// Of which moment figures are asked for.
public enum BalanceMoment: Equatable, Sendable {
  /// Microseconds. Rows that were stored at this very time count.
  case time(Int64)
  /// Right after the row that made this version.
  case version(Int64)
}
