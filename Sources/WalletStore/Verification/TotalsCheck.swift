import WalletCore

/// Adds the amounts up: of wallets by currency, against each counter-account, and of transfers; and compares with what the
/// tables of totals say at the row that each of them names.
final class TotalsCheck {
  private struct Account: Hashable {
    var currency: UInt16
    /// A counter-account; empty for the wallets.
    var name: Text
  }

  private struct Entry {
    /// Of all rows up to the head.
    var all: Int128 = 0
    /// Of rows up to the one that the table's total has.
    var settled: Int128 = 0
    /// The last row that the table must show.
    var lastSettledSeq: Int64 = 0
    /// As the table says.
    var through: Int64
    var stored: Int64?
  }

  private let tables: VerifyTables
  private let findings: Findings
  private let head: Int64
  private let watermark: Int64
  private var entries: [Entry] = []
  private var indices: [Account: Int] = [:]
  private var accounts: [Account] = []
  private var transfers: [UInt16: Int128] = [:]
  private var last = (account: Account(currency: .max, name: Text()), index: -1)

  /// - Parameter watermark: Up to there the tables must show everything.
  init(
    _ database: Database, _ tables: VerifyTables, head: Int64, watermark: Int64, findings: Findings
  ) throws(StoreError) {
    self.tables = tables
    self.findings = findings
    self.head = head
    self.watermark = watermark
    let ofAccounts: Statement
    let ofWallets: Statement
    do throws(SQLiteError) {
      ofAccounts = try database.prepare("SELECT currency, counter_account, total, seq FROM counter_totals")
      ofWallets = try database.prepare("SELECT currency, '', total, seq FROM wallet_totals")
    } catch {
      throw .sqlite(error)
    }
    try load(ofAccounts)
    try load(ofWallets)
  }

  private func load(_ rows: Statement) throws(StoreError) {
    while try rows.stepped() {
      let index = index(of: Account(currency: try tables.number(of: rows.text(0)), name: rows.text(1)))
      entries[index].stored = rows.integer(2)
      entries[index].through = rows.integer(3)
    }
  }

  private func index(of account: Account) -> Int {
    if last.index >= 0, last.account == account { return last.index }
    let index: Int
    if let known = indices[account] {
      index = known
    } else {
      index = entries.count
      indices[account] = index
      accounts.append(account)
      entries.append(Entry(through: watermark))
    }
    last = (account, index)
    return index
  }

  /// Of a row up to the head, whose wallet is of this currency. That the sums are zero says something: the wallets' are
  /// made of balances, the counter-accounts' of amounts.
  ///
  /// - Parameter change: Of the wallet's balance.
  func add(_ row: borrowing TransactionRow, change: Int128, currency: UInt16) {
    if change != 0 { add(change, at: row.seq, to: Account(currency: currency, name: Text())) }
    if row.amount == 0 { return }
    if row.counterAccount.isEmpty {
      transfers[currency, default: 0] += Int128(row.amount)
    } else {
      add(-Int128(row.amount), at: row.seq, to: Account(currency: currency, name: row.counterAccount))
    }
  }

  private func add(_ amount: Int128, at seq: Int64, to account: Account) {
    let index = index(of: account)
    entries[index].all += amount
    if seq <= entries[index].through { entries[index].settled += amount }
    if seq <= watermark { entries[index].lastSettledSeq = max(entries[index].lastSettledSeq, seq) }
  }

  /// All rows were added.
  func finish() {
    var sums: [UInt16: Int128] = [:]
    for (account, entry) in zip(accounts, entries) {
      sums[account.currency, default: 0] += entry.all
      check(account, entry)
    }
    for (currency, sum) in sums.sorted(by: { $0.key < $1.key }) {
      if sum != 0 { tell("currency.sum", currency, expected: "0", found: "\(sum)") }
      let transferred = transfers[currency] ?? 0
      if transferred != 0 { tell("currency.transfers", currency, expected: "0", found: "\(transferred)") }
    }
  }

  private func check(_ account: Account, _ entry: Entry) {
    let name = account.name.isEmpty ? "wallet_total" : "counter_total"
    let place = account.name.isEmpty ? "" : " \(account.name)"
    guard let stored = entry.stored else {
      if entry.lastSettledSeq > 0 {
        tell(name, account.currency, expected: "\(entry.settled) of\(place)", found: "nothing")
      }
      return
    }
    if entry.through > head || entry.through < entry.lastSettledSeq {
      tell(
        "\(name).seq", account.currency, seq: entry.through,
        expected: "\(entry.lastSettledSeq) to \(head)\(place)", found: "\(entry.through)")
    } else if Int128(stored) != entry.settled {
      tell(name, account.currency, seq: entry.through, expected: "\(entry.settled)\(place)", found: "\(stored)")
    }
  }

  private func tell(_ what: String, _ currency: UInt16, seq: Int64 = 0, expected: String, found: String) {
    findings.add(what, seq: seq, expected: "\(tables.currency(currency)) \(expected)", found: found)
  }
}
