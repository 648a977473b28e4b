/// What wallets and counter-accounts come to, by currency.
package struct TrialBalance: Equatable, Sendable {
  package struct CurrencyTotals: Equatable, Sendable {
    package var currency: Text
    package var exponent: UInt8
    /// By an administrator, not by ISO 4217.
    package var isRegistered: Bool
    /// Of all wallets' balances, minor units.
    package var walletsTotal: Int64
    /// Those that were posted to, by name.
    package var counterAccounts: [CounterAccountTotal] = []

    package init(currency: Text, exponent: UInt8, isRegistered: Bool, walletsTotal: Int64) {
      self.currency = currency
      self.exponent = exponent
      self.isRegistered = isRegistered
      self.walletsTotal = walletsTotal
    }

    /// The sum of all: anything but 0 is a fault.
    package var difference: Int64 {
      Int64(clamping: counterAccounts.reduce(Int128(walletsTotal)) { $0 + Int128($1.total) })
    }
  }

  package struct CounterAccountTotal: Equatable, Sendable {
    package var name: Text
    package var total: Int64

    package init(name: Text, total: Int64) {
      self.name = name
      self.total = total
    }
  }

  /// By code.
  package var currencies: [CurrencyTotals]
  /// All there are, by name.
  package var counterAccounts: [Text]

  package init(currencies: [CurrencyTotals], counterAccounts: [Text]) {
    self.currencies = currencies
    self.counterAccounts = counterAccounts
  }
}
