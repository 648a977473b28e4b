import WalletCore

/// What stands against the wallets of each currency, by counter-account: kept in memory, written now and then.
///
/// What a gather changes can be taken back until it commits.
struct CounterTotals {
  struct Account: Hashable {
    var currency: Text
    var name: Text
  }

  private struct Total {
    var account: Account
    var value: Int64
  }

  private var accounts: Set<Text> = []
  private var totals: [Total] = []
  private var indices: [Account: Int] = [:]
  /// The account that was asked for last: most of the time it is asked for again.
  private var lastIndex = 0
  private var lastExisting: Text?
  /// Earlier values; `nil` where there was no total yet.
  private var undo: [(index: Int, value: Int64?)] = []

  static func load(_ database: Database) throws(StoreError) -> CounterTotals {
    do {
      var loaded = CounterTotals()
      let accounts = try database.prepare("SELECT name FROM counter_accounts")
      while try accounts.step() { loaded.accounts.insert(accounts.text(0)) }
      let totals = try database.prepare("SELECT currency, counter_account, total FROM counter_totals")
      while try totals.step() {
        let index = loaded.index(of: totals.text(1), totals.text(0))
        loaded.totals[index].value = totals.integer(2)
      }
      return loaded
    } catch {
      throw .sqlite(error)
    }
  }

  private mutating func exists(_ name: Text) -> Bool {
    if lastExisting == name { return true }
    guard accounts.contains(name) else { return false }
    lastExisting = name
    return true
  }

  /// The total of a counter-account in a currency; `nil` when there is no such account.
  mutating func total(_ name: Text, _ currency: Text) -> Int64? {
    if let known = known(name, currency) { return totals[known].value }
    return exists(name) ? 0 : nil
  }

  mutating func subtract(_ amount: Int64, from name: Text, _ currency: Text) {
    let before = known(name, currency)
    let index = before ?? index(of: name, currency)
    undo.append((index, before.map { totals[$0].value }))
    // Checked before the row was made.
    totals[index].value -= amount
  }

  var all: [(account: Account, value: Int64)] { totals.map { ($0.account, $0.value) } }

  /// How much has changed in this gather.
  var changes: Int { undo.count }

  mutating func takeBack(to count: Int) {
    while undo.count > count {
      let (index, value) = undo.removeLast()
      if let value {
        totals[index].value = value
      } else {
        // The last to come is the first to go.
        indices[totals.removeLast().account] = nil
      }
    }
  }

  mutating func settle() { undo.removeAll(keepingCapacity: true) }

  /// `nil` for one that was never posted to.
  private mutating func known(_ name: Text, _ currency: Text) -> Int? {
    if lastIndex < totals.count, totals[lastIndex].account.name == name,
      totals[lastIndex].account.currency == currency
    {
      return lastIndex
    }
    guard let index = indices[Account(currency: currency, name: name)] else { return nil }
    lastIndex = index
    return index
  }

  private mutating func index(of name: Text, _ currency: Text) -> Int {
    if let index = known(name, currency) { return index }
    let account = Account(currency: currency, name: name)
    indices[account] = totals.count
    totals.append(Total(account: account, value: 0))
    return totals.count - 1
  }
}
