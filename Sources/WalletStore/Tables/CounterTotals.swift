import WalletCore

/// What stands against the wallets of each currency, by counter-account: kept in memory, written once a commit.
struct CounterTotals {
  struct Account: Hashable {
    var currency: Text
    var name: Text
  }

  private var accounts: Set<Text> = []
  private var totals: [Account: Int64] = [:]

  static func load(_ database: Database) throws(StoreError) -> CounterTotals {
    do {
      var loaded = CounterTotals()
      let accounts = try database.prepare("SELECT name FROM counter_accounts")
      while try accounts.step() { loaded.accounts.insert(accounts.text(0)) }
      let totals = try database.prepare("SELECT currency, counter_account, total FROM counter_totals")
      while try totals.step() {
        loaded.totals[Account(currency: totals.text(0), name: totals.text(1))] = totals.integer(2)
      }
      return loaded
    } catch {
      throw .sqlite(error)
    }
  }

  func exists(_ name: Text) -> Bool { accounts.contains(name) }

  func total(_ account: Account) -> Int64 { totals[account] ?? 0 }

  mutating func set(_ account: Account, _ total: Int64) { totals[account] = total }
}
