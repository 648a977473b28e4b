import WalletCore

/// Currencies and their exponents, which never change.
final class CurrencyTable {
  private let select: Statement
  private var exponents: [Text: UInt8] = [:]
  private var last: (code: Text, exponent: UInt8)?

  init(_ database: Database) throws(SQLiteError) {
    select = try database.prepare("SELECT exponent FROM currencies WHERE code = ?")
  }

  /// `nil` for a currency that isn't known.
  func exponent(of currency: Text) throws(StoreError) -> UInt8? {
    if let last, last.code == currency { return last.exponent }
    if currency.isEmpty { return nil }
    if let exponent = exponents[currency] {
      last = (currency, exponent)
      return exponent
    }
    select.bind(1, currency)
    defer { select.reset() }
    guard try select.stepped() else { return nil }
    let exponent = UInt8(truncatingIfNeeded: select.integer(0))
    exponents[currency] = exponent
    return exponent
  }
}
