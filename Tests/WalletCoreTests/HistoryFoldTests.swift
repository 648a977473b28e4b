import Testing
import WalletCore

@Suite("A history added up")
struct HistoryFoldTests {
  private func rows(_ count: Int64) -> [TransactionRow] {
    var rows: [TransactionRow] = []
    for version in 1...count {
      let amount: Int64 = version == 1 ? 0 : 10
      var row = TransactionRow(
        seq: version * 2, kind: version == 1 ? .open : .credit, walletID: 1, version: version, amount: amount,
        balance: (version - 1) * 10, held: 0, overdraftLimit: 0, counterAccount: Text(),
        attribution: Attribution(
          key: nil, audit: Command.Audit(reason: Text("r\(version % 7)")), origin: .system), createdAt: 1_000 + version)
      row.previousSeq = version == 1 ? 0 : (version - 1) * 2
      rows.append(row)
    }
    return rows
  }

  private func wallet(_ rows: [TransactionRow], balance: Int64? = nil) -> Wallet {
    let last = rows[rows.count - 1]
    return Wallet(
      id: 1, name: WalletName(owner: "u1", currency: "USD", name: "main"), exponent: 2,
      balance: balance ?? last.balance, version: last.version, createdAt: 0, createdBy: "local", updatedAt: 0,
      updatedBy: "local", lastSeq: last.seq)
  }

  private func folded(_ fold: HistoryFold, _ rows: [TransactionRow]) -> HistoryFold {
    var fold = fold
    while fold.nextSeq != 0 { fold.take(rows[Int(fold.nextSeq / 2) - 1], brokenLink: nil) }
    fold.finish()
    return fold
  }

  @Test("beyond the bound the opening balance stands before the first row that was added up")
  func rowsMax() {
    let rows = rows(30)
    var bounds = HistoryFold.Bounds()
    bounds.rowsMax = 12
    let fold = folded(HistoryFold(of: wallet(rows), from: 0, lastChangesMax: 2, bounds: bounds), rows)
    #expect(fold.rowsSummed == 12 && fold.difference == nil)
    #expect(fold.opening == HistoryFold.Opening(balance: 170, version: 18, at: 1_019))
    #expect(fold.sums.reduce(0) { $0 + $1.amount } == 120 && fold.lastChanges == [60, 58])
  }

  @Test("reasons beyond the bound share a sum without one, a kind each")
  func sumsMax() {
    let rows = rows(30)
    var bounds = HistoryFold.Bounds()
    bounds.sumsMax = 3
    let fold = folded(HistoryFold(of: wallet(rows), from: 0, lastChangesMax: 0, bounds: bounds), rows)
    let rest = fold.sums.filter { $0.reason.isEmpty }
    #expect(fold.sums.count == 5 && rest.map(\.kind) == [.credit, .open])
    #expect(fold.sums.reduce(0) { $0 + $1.amount } == 290 && fold.sums.reduce(0) { $0 + $1.count } == 30)
  }

  @Test("more rows are read than are added up when the newest ones are wanted")
  func lastChanges() {
    let rows = rows(30)
    let fold = folded(HistoryFold(of: wallet(rows), from: 2_000, lastChangesMax: 30), rows)
    #expect(fold.lastChanges.count == 30 && fold.rowsSummed == 0 && fold.sums.isEmpty)
    #expect(fold.opening == HistoryFold.Opening(balance: 290, version: 30, at: 0) && fold.difference == nil)
  }

  @Test("a wallet that isn't the sum of its rows is told so")
  func otherBalance() {
    let rows = rows(5)
    let fold = folded(HistoryFold(of: wallet(rows, balance: 41), from: 0, lastChangesMax: 0), rows)
    #expect(fold.difference == "the wallet has the balance 41, and its last transaction, 10, has 40")
  }

  @Test("sums beyond int64 are told as its largest, and compared as they are")
  func largeSums() {
    var rows = rows(4)
    for index in 1..<4 {
      rows[index].amount = index == 2 ? -.max : .max
      rows[index].balance = index == 2 ? 0 : .max
      rows[index].attribution = Attribution(key: nil, audit: Command.Audit(reason: "r"), origin: .system)
      rows[index].kind = index == 2 ? .debit : .credit
    }
    let fold = folded(HistoryFold(of: wallet(rows), from: 0, lastChangesMax: 0), rows)
    #expect(fold.difference == nil)
    #expect(fold.sums.first { $0.kind == .credit }?.amount == .max)
  }
}
