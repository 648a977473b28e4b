/// What wallets and counter-accounts come to, by currency.
public struct TrialBalance: Equatable, Sendable {
  public struct CurrencyTotals: Equatable, Sendable {
    public var currency: Text
    public var exponent: UInt8
    /// By an administrator, not by ISO 4217.
    public var isRegistered: Bool
    /// Of all wallets' balances, minor units.
    public var walletsTotal: Int64
    /// Those that were posted to, by name.
    public var counterAccounts: [CounterAccountTotal] = []

    public init(currency: Text, exponent: UInt8, isRegistered: Bool, walletsTotal: Int64) {
      self.currency = currency
      self.exponent = exponent
      self.isRegistered = isRegistered
      self.walletsTotal = walletsTotal
    }

    /// The sum of all: anything but 0 is a fault.
    public var difference: Int64 {
      Int64(clamping: counterAccounts.reduce(Int128(walletsTotal)) { $0 + Int128($1.total) })
    }
  }

  public struct CounterAccountTotal: Equatable, Sendable {
    public var name: Text
    public var total: Int64

    public init(name: Text, total: Int64) {
      self.name = name
      self.total = total
    }
  }

  /// By code.
  public var currencies: [CurrencyTotals]
  /// All there are, by name.
  public var counterAccounts: [Text]

  public init(currencies: [CurrencyTotals], counterAccounts: [Text]) {
    self.currencies = currencies
    self.counterAccounts = counterAccounts
  }
}
