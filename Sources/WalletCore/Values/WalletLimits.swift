/// What a wallet's owner may do. 0: no such limit, but for `overdraft`.
public struct WalletLimits: Equatable, Sendable {
  /// How far the balance may fall below zero, minor units.
  public var overdraft: Int64 = 0
  public var balanceMax: Int64 = 0
  /// Of one debit, outgoing transfer or hold.
  public var amountMax: Int64 = 0
  public var day = WindowLimit()
  public var week = WindowLimit()
  public var month = WindowLimit()

  public init() {}

  /// Something is counted over time.
  public var hasWindows: Bool { day != WindowLimit() || week != WindowLimit() || month != WindowLimit() }
}

/// Of debits, outgoing transfers and holds in a day, a week or a month.
public struct WindowLimit: Equatable, Sendable {
  public var amount: Int64
  public var count: Int64

  public init(amount: Int64 = 0, count: Int64 = 0) {
    self.amount = amount
    self.count = count
  }
}

/// The numbers of `LimitKind` in wallet.proto.
public enum LimitKind: UInt8, Sendable, CaseIterable {
  case transactionAmount = 1
  case dayAmount = 2
  case dayCount = 3
  case weekAmount = 4
  case weekCount = 5
  case monthAmount = 6
  case monthCount = 7

  /// The words of wallet.proto, in lower case.
  public var name: String {
    switch self {
    case .transactionAmount: "transaction_amount"
    case .dayAmount: "day_amount"
    case .dayCount: "day_count"
    case .weekAmount: "week_amount"
    case .weekCount: "week_count"
    case .monthAmount: "month_amount"
    case .monthCount: "month_count"
    }
  }
}
