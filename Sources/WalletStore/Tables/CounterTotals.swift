import WalletCore

/// The totals of each currency: of its wallets, and of each counter-account that stands against them. Kept in memory,
/// written now and then.
///
/// The wallets' total is made of what their balances change by, those of the counter-accounts of what rows say: so it says
/// something that they sum to zero. What a gather changes can be taken back until it commits.
struct CounterTotals {
  struct Account: Hashable {
    var currency: Text
    var name: Text
  }

  /// What a posting is decided on.
  struct Standing: Equatable {
    var counterAccount: Int64
    /// Of all wallets of the currency.
    var wallets: Int64
  }

  static let countMax =
    (ISO4217.exponents.count + LedgerLimits.registeredCurrenciesMax) * LedgerLimits.counterAccountsMax
  /// With its share of the look-up table, which may be half empty.
  static let bytesMax = countMax * (MemoryLayout<Total>.stride + 2 * MemoryLayout<(Pair, Int)>.stride)

  private struct Total {
    var value: Int64 = 0
    /// Places in `accounts` and `currencies`.
    var account: Int32
    var currency: Int32
    /// The table has an older one.
    var isUnwritten = true
  }

  private struct WalletsTotal {
    var value: Int64 = 0
    var isUnwritten = true
  }

  private struct Recent {
    var account = Text()
    var currency = Text()
    /// Below 0: nothing.
    var index = -1
  }

  private struct Pair: Hashable {
    var account: Int32
    var currency: Int32
  }

  private enum Undo {
    /// - Parameter value: `nil` where there was no total yet.
    case posted(Int, value: Int64?, wallets: Int64)
    case moved(Int, wallets: Int64)
    case currency
    case account
  }

  private var accounts = Places()
  private var currencies = Places()
  private var totals: [Total] = []
  /// By the places of currencies.
  private var wallets: [WalletsTotal] = []
  private var indices: [Pair: Int] = [:]
  // What was asked for last, and before: most of the time one of them is asked for again.
  private var recent = (Recent(), Recent())
  private var isOlderFirst = true
  private var undo: [Undo] = []

  static func load(_ database: Database) throws(StoreError) -> CounterTotals {
    var loaded = CounterTotals()
    do {
      let accounts = try database.prepare("SELECT name FROM counter_accounts ORDER BY added_seq, name")
      while try accounts.step() { loaded.accounts.append(accounts.text(0)) }
      let wallets = try database.prepare("SELECT currency, total FROM wallet_totals")
      while try wallets.step() {
        loaded.currencies.append(wallets.text(0))
        loaded.wallets.append(WalletsTotal(value: wallets.integer(1), isUnwritten: false))
      }
      let totals = try database.prepare("SELECT currency, counter_account, total FROM counter_totals")
      while try totals.step() {
        guard let account = loaded.accounts.place(of: totals.text(1)) else {
          throw StoreError.inconsistent("the totals have a counter-account \(totals.text(1)), which isn't one")
        }
        let currency = loaded.placeOfCurrency(totals.text(0))
        loaded.indices[Pair(account: account, currency: currency)] = loaded.totals.count
        loaded.totals.append(
          Total(value: totals.integer(2), account: account, currency: currency, isUnwritten: false))
      }
    } catch let error as StoreError {
      throw error
    } catch let error as SQLiteError {
      throw .sqlite(error)
    } catch {
      preconditionFailure("neither an error of the store nor of SQLite: \(error)")
    }
    loaded.settle()
    return loaded
  }

  // MARK: Counter-accounts

  /// All there are, in the order in which they came.
  var accountNames: [Text] { accounts.names }

  func hasAccount(_ name: Text) -> Bool { accounts.place(of: name) != nil }

  mutating func addAccount(_ name: Text) {
    accounts.append(name)
    undo.append(.account)
  }

  // MARK: Totals

  /// Where a counter-account and the wallets of a currency stand; `nil` when there is no such account.
  mutating func standing(_ account: Text, _ currency: Text) -> Standing? {
    if let known = known(account, currency) {
      return Standing(counterAccount: totals[known].value, wallets: wallets[Int(totals[known].currency)].value)
    }
    guard hasAccount(account) else { return nil }
    let wallets = currencies.place(of: currency).map { self.wallets[Int($0)].value } ?? 0
    return Standing(counterAccount: 0, wallets: wallets)
  }

  /// Takes note of a posting against a counter-account, which the rules have checked.
  ///
  /// - Parameter change: Of the wallet's balance.
  mutating func post(_ amount: Int64, against account: Text, _ currency: Text, change: Int64) {
    let before = known(account, currency)
    let index = before ?? add(account, currency)
    let place = Int(totals[index].currency)
    undo.append(.posted(index, value: before.map { totals[$0].value }, wallets: wallets[place].value))
    totals[index].value -= amount
    totals[index].isUnwritten = true
    wallets[place].value += change
    wallets[place].isUnwritten = true
  }

  /// Takes note of one side of a transfer. The other side makes good what leaves the range of the sum in between.
  mutating func move(_ change: Int64, _ currency: Text) {
    let place = Int(placeOfCurrency(currency))
    undo.append(.moved(place, wallets: wallets[place].value))
    wallets[place].value &+= change
    wallets[place].isUnwritten = true
  }

  /// A currency has a wallet.
  mutating func use(_ currency: Text) { _ = placeOfCurrency(currency) }

  /// `nil` for one that was never posted to.
  private mutating func known(_ account: Text, _ currency: Text) -> Int? {
    if recent.0.index >= 0, recent.0.account == account, recent.0.currency == currency { return recent.0.index }
    if recent.1.index >= 0, recent.1.account == account, recent.1.currency == currency { return recent.1.index }
    guard let accountPlace = accounts.place(of: account), let currencyPlace = currencies.place(of: currency),
      let index = indices[Pair(account: accountPlace, currency: currencyPlace)]
    else { return nil }
    let found = Recent(account: account, currency: currency, index: index)
    if isOlderFirst { recent.0 = found } else { recent.1 = found }
    isOlderFirst.toggle()
    return index
  }

  private mutating func add(_ account: Text, _ currency: Text) -> Int {
    guard let accountPlace = accounts.place(of: account) else {
      preconditionFailure("a posting against \(account), which is no counter-account, passed the checks")
    }
    let pair = Pair(account: accountPlace, currency: placeOfCurrency(currency))
    indices[pair] = totals.count
    totals.append(Total(account: pair.account, currency: pair.currency))
    return totals.count - 1
  }

  private mutating func placeOfCurrency(_ currency: Text) -> Int32 {
    if let place = currencies.place(of: currency) { return place }
    wallets.append(WalletsTotal())
    undo.append(.currency)
    return currencies.append(currency)
  }

  // MARK: Looking at all

  /// Currencies that have wallets, with what they have in all.
  var allWallets: [(currency: Text, value: Int64)] {
    zip(currencies.names, wallets).map { ($0, $1.value) }
  }

  var all: [(account: Account, value: Int64)] { totals.map { (account(of: $0), $0.value) } }

  /// How many totals of counter-accounts there are.
  var count: Int { totals.count }

  private func account(of total: Total) -> Account {
    Account(currency: currencies.names[Int(total.currency)], name: accounts.names[Int(total.account)])
  }

  // MARK: Writing

  /// Those that the tables lack.
  var unwritten: (wallets: [(currency: Text, value: Int64)], accounts: [(account: Account, value: Int64)]) {
    (
      zip(currencies.names, wallets).filter { $1.isUnwritten }.map { ($0, $1.value) },
      totals.filter(\.isUnwritten).map { (account(of: $0), $0.value) }
    )
  }

  /// The tables have all as they are now.
  mutating func wrote() {
    for index in totals.indices { totals[index].isUnwritten = false }
    for index in wallets.indices { wallets[index].isUnwritten = false }
  }

  // MARK: A gather

  /// How much has changed in this gather.
  var changes: Int { undo.count }

  mutating func takeBack(to count: Int) {
    if undo.count > count { recent = (Recent(), Recent()) }
    while undo.count > count {
      // The last to come is the first to go.
      switch undo.removeLast() {
      case .posted(let index, let value, let before):
        wallets[Int(totals[index].currency)].value = before
        if let value {
          totals[index].value = value
        } else {
          let gone = totals.removeLast()
          indices[Pair(account: gone.account, currency: gone.currency)] = nil
        }
      case .moved(let place, let before): wallets[place].value = before
      case .currency:
        wallets.removeLast()
        currencies.removeLast()
      case .account: accounts.removeLast()
      }
    }
  }

  mutating func settle() {
    assert(changesSumToZero, "the gather moved money out of a currency, or into it")
    undo.removeAll(keepingCapacity: true)
  }

  /// Whether what this gather changed of each currency comes to nothing.
  private var changesSumToZero: Bool {
    var totalsBefore: [Int: Int64] = [:]
    var walletsBefore: [Int: Int64] = [:]
    for change in undo.reversed() {
      switch change {
      case .posted(let index, let value, let before):
        totalsBefore[index] = value ?? 0
        walletsBefore[Int(totals[index].currency)] = before
      case .moved(let place, let before): walletsBefore[place] = before
      case .currency, .account: break
      }
    }
    var sums: [Int: Int128] = [:]
    for (place, before) in walletsBefore { sums[place, default: 0] += Int128(wallets[place].value) - Int128(before) }
    for (index, before) in totalsBefore {
      sums[Int(totals[index].currency), default: 0] += Int128(totals[index].value) - Int128(before)
    }
    return sums.values.allSatisfy { $0 == 0 }
  }
}

/// Names by their places, in the order in which they came.
private struct Places {
  private(set) var names: [Text] = []
  private var places: [Text: Int32] = [:]

  func place(of name: Text) -> Int32? { places[name] }

  @discardableResult
  mutating func append(_ name: Text) -> Int32 {
    let place = Int32(names.count)
    places[name] = place
    names.append(name)
    return place
  }

  mutating func removeLast() { places[names.removeLast()] = nil }
}
