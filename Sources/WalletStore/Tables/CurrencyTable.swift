import WalletCore

/// Currencies and their exponents, which never change. What is registered in a gather can be taken back until it commits.
final class CurrencyTable {
  private let select: Statement
  private var exponents: [Text: UInt8] = [:]
  private var last: (code: Text, exponent: UInt8)?
  /// By administrators, in the order in which they came.
  private(set) var registered: [Text] = []
  private var committedCount = 0

  init(_ database: Database) throws(SQLiteError) {
    select = try database.prepare("SELECT exponent FROM currencies WHERE code = ?")
    let registered = try database.prepare(
      "SELECT code, exponent FROM currencies WHERE registered_seq <> 0 ORDER BY registered_seq")
    while try registered.step() {
      self.registered.append(registered.text(0))
      exponents[registered.text(0)] = UInt8(truncatingIfNeeded: registered.integer(1))
    }
    committedCount = self.registered.count
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

  func isRegistered(_ currency: Text) -> Bool { registered.contains(currency) }

  /// A currency that wasn't known, from here on.
  func register(_ code: Text, exponent: UInt8) {
    exponents[code] = exponent
    registered.append(code)
  }

  /// How many are registered; what comes can be taken back to it.
  var changes: Int { registered.count }

  func takeBack(to count: Int) {
    while registered.count > count { exponents[registered.removeLast()] = nil }
    last = nil
  }

  /// The gather doesn't come about.
  func takeBack() { takeBack(to: committedCount) }

  func settle() { committedCount = registered.count }
}
