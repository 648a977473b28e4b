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
  private var undo: [(index: Int, value: Int64)] = []

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
    exists(name) ? totals[index(of: name, currency)].value : nil
  }

  mutating func subtract(_ amount: Int64, from name: Text, _ currency: Text) {
    let index = index(of: name, currency)
    undo.append((index, totals[index].value))
    // Checked before the row was made.
    totals[index].value -= amount
  }

  var all: [(account: Account, value: Int64)] { totals.map { ($0.account, $0.value) } }

  /// How much has changed in this gather.
  var changes: Int { undo.count }

  mutating func takeBack(to count: Int) {
    while undo.count > count {
      let (index, value) = undo.removeLast()
      totals[index].value = value
    }
  }

  mutating func settle() { undo.removeAll(keepingCapacity: true) }

  private mutating func index(of name: Text, _ currency: Text) -> Int {
    if lastIndex < totals.count, totals[lastIndex].account.name == name,
      totals[lastIndex].account.currency == currency
    {
      return lastIndex
    }
    let account = Account(currency: currency, name: name)
    if let index = indices[account] {
      lastIndex = index
    } else {
      lastIndex = totals.count
      indices[account] = lastIndex
      totals.append(Total(account: account, value: 0))
    }
    return lastIndex
  }
}
