/// What a wallet's owner may do: the limits of a wallet as a whole. Amounts are minor units of its currency.
///
/// Days, ISO weeks (from Monday) and months are those of UTC, by the time at which a transaction is stored. Debits,
/// outgoing transfers and holds count; what a hold didn't use is given back when it ends.
public struct WalletLimits: Sendable, Hashable {
  /// How far the balance may fall below zero; 0: not at all.
  public var overdraftLimit: Int64 = 0
  /// What the balance may reach; 0: no such limit.
  public var maxBalance: Int64 = 0
  /// Of one debit, outgoing transfer or hold; 0: no such limit.
  public var maxAmount: Int64 = 0
  public var day = WindowLimit()
  public var week = WindowLimit()
  public var month = WindowLimit()

  /// No limits, and no overdraft.
  public init() {}
}

/// What may be taken out of a wallet in a day, a week or a month.
public struct WindowLimit: Sendable, Hashable {
  /// In all, minor units; 0: no such limit.
  public var amount: Int64
  /// How often; 0: no such limit.
  public var count: Int64

  public init(amount: Int64 = 0, count: Int64 = 0) {
    self.amount = amount
    self.count = count
  }
}

/// Which limit a mutation would have passed.
public enum LimitKind: UInt8, Sendable, CaseIterable {
  /// ``WalletLimits/maxAmount``.
  case transactionAmount = 1
  case dayAmount = 2
  case dayCount = 3
  case weekAmount = 4
  case weekCount = 5
  case monthAmount = 6
  case monthCount = 7

  /// Its figures are numbers of mutations, not minor units.
  public var isCount: Bool {
    switch self {
    case .dayCount, .weekCount, .monthCount: true
    case .transactionAmount, .dayAmount, .weekAmount, .monthAmount: false
    }
  }
}

/// What a freeze stops.
public enum FreezeScope: UInt8, Sendable, CaseIterable {
  /// Nothing may be taken out, held or captured.
  case debit = 1
  /// Nothing may be put in.
  case credit = 2
  case all = 3
}
