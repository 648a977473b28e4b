import WalletCore

/// What a verification looks up beside its scan of the journal, in the snapshot of the step.
final class VerifyTables {
  let transactions: TransactionTable
  private let selectHold: Statement
  private let selectRefunded: Statement
  private let selectExponent: Statement
  private let selectAccount: Statement

  // Few, and they never change.
  private var numbers: [Text: UInt16] = [:]
  private(set) var currencies: [Text] = []
  private var exponents: [UInt8?] = []
  private var accounts: Set<Text> = []
  private static let accountsMax = 100_000

  init(_ database: Database, _ origins: OriginTable) throws(SQLiteError) {
    transactions = try TransactionTable(reading: database, origins: origins)
    selectHold = try ControlsTable.holdsQuery(database, "WHERE hold_id = ?")
    selectRefunded = try database.prepare("SELECT refunded FROM refunds WHERE original_seq = ?")
    selectExponent = try database.prepare("SELECT exponent FROM currencies WHERE code = ?")
    selectAccount = try database.prepare("SELECT 1 FROM counter_accounts WHERE name = ?")
  }

  /// `nil` where the row is missing or says nothing that can be read.
  func hold(_ id: Int64) throws(StoreError) -> Hold? {
    selectHold.bind(1, id)
    defer { selectHold.reset() }
    guard try selectHold.stepped() else { return nil }
    do {
      return try ControlsTable.hold(selectHold)
    } catch {
      guard case .inconsistent = error else { throw error }
      return nil
    }
  }

  func refunded(of seq: Int64) throws(StoreError) -> Int64? {
    selectRefunded.bind(1, seq)
    defer { selectRefunded.reset() }
    return try selectRefunded.stepped() ? selectRefunded.integer(0) : nil
  }

  /// A row that the scan has come by; `nil` when it can't be read.
  func transaction(_ seq: Int64) throws(StoreError) -> TransactionRow? {
    do {
      return try transactions.row(seq)
    } catch {
      guard case .inconsistent = error else { throw error }
      return nil
    }
  }

  /// A small number for a currency, the same in the whole run.
  func number(of currency: Text) throws(StoreError) -> UInt16 {
    if let known = numbers[currency] { return known }
    // More than a ledger may have; those of rows that somebody made up share the last one.
    guard currencies.count < Int(UInt16.max) else { return .max }
    selectExponent.bind(1, currency)
    defer { selectExponent.reset() }
    exponents.append(try selectExponent.stepped() ? UInt8(exactly: selectExponent.integer(0)) : nil)
    let number = UInt16(currencies.count)
    currencies.append(currency)
    numbers[currency] = number
    return number
  }

  func currency(_ number: UInt16) -> Text { Int(number) < currencies.count ? currencies[Int(number)] : Text() }

  /// What the table of currencies says; `nil` for a currency that it doesn't have.
  func exponent(_ number: UInt16) -> UInt8? { Int(number) < exponents.count ? exponents[Int(number)] : nil }

  func hasCounterAccount(_ name: Text) throws(StoreError) -> Bool {
    if accounts.contains(name) { return true }
    selectAccount.bind(1, name)
    defer { selectAccount.reset() }
    guard try selectAccount.stepped() else { return false }
    if accounts.count < Self.accountsMax { accounts.insert(name) }
    return true
  }
}
