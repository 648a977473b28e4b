import TestSupport
import WalletCore

@testable import WalletStore

/// Looks from aside: the views of the file, histories and explanations.
extension RandomRun {
  /// What somebody sees in the sqlite3 shell after this commit.
  func checkViews() throws {
    let rows = try outside.prepare(
      "SELECT wallet_id, balance, version, last_seq, held FROM wallet_balances ORDER BY wallet_id")
    var count = 0
    var sums: [Text: Int64] = [:]
    while try rows.step() {
      let account = model.accounts[count]
      sums[account.name.currency, default: 0] += rows.integer(1)
      try check(
        rows.integer(0) == account.id && rows.integer(1) == account.balance && rows.integer(2) == account.version
          && rows.integer(3) == account.rows.last?.seq && rows.integer(4) == account.held)
      count += 1
    }
    try check(count == model.accounts.count)
    let totals = try outside.prepare("SELECT currency, counter_account, total FROM counter_account_totals")
    var found: [String: Int64] = [:]
    while try totals.step() {
      found["\(totals.text(0)) \(totals.text(1))"] = totals.integer(2)
      sums[totals.text(0), default: 0] += totals.integer(2)
    }
    try check(found == model.totals && sums.values.allSatisfy { $0 == 0 })
    try check(outside.integer("SELECT count(*) FROM trial_balance WHERE difference <> 0") == 0)
    try checkTrialBalance()
  }

  /// What the server says of all totals.
  func checkTrialBalance() throws {
    let outcome = try ledger.store.perform([.trialBalance(currency: "")], reading: ledger.reading, isDue: { _ in true })
    guard case .trialBalance(let balance, let commitSeq) = outcome[0] else { throw TestFailure("\(outcome)") }
    try check(commitSeq == model.seq)
    try check(balance.counterAccounts.map(\.string) == model.counterAccounts.map(\.string).sorted())
    var wallets: [Text: Int64] = [:]
    for account in model.accounts { wallets[account.name.currency, default: 0] += account.balance }
    var found: [String: Int64] = [:]
    for sum in balance.currencies {
      try check(sum.difference == 0 && sum.walletsTotal == wallets[sum.currency] ?? 0, "\(sum)")
      try check(sum.isRegistered == sum.currency.string.hasPrefix("OWN-"))
      for account in sum.counterAccounts { found["\(sum.currency) \(account.name)"] = account.total }
    }
    try check(found == model.totals && Set(balance.currencies.map(\.currency)).isSuperset(of: wallets.keys))
  }

  func checkHistory() throws {
    guard let account = model.accounts.randomElement(using: &generator) else { return }
    let oldestFirst = draw(0..<2) == 0
    let rowsMax = [1, 7, 64, 100, 1000][draw(0..<5)]
    var rows: [LedgerModel.Row] = []
    var cursor = ""
    // A long one isn't read by single rows.
    let pagesMax = 12
    var pages = 0
    repeat {
      let page = PageRequest(rowsMax: rowsMax, cursor: cursor)
      let outcome = try ledger.list(
        .history(.id(account.id, currency: ""), page: page, oldestFirst: oldestFirst), reader)
      guard case .transactions(let found, let next, _, _, _) = outcome else {
        throw TestFailure("\(outcome)")
      }
      rows += found.map { modelRow($0) }
      cursor = next
      pages += 1
    } while !cursor.isEmpty && pages < pagesMax
    let expected = oldestFirst ? account.rows : account.rows.reversed()
    try check(rows == Array(expected.prefix(rowsMax * pagesMax)), "wallet \(account.id), oldest first: \(oldestFirst)")
  }

  /// The explanation of a wallet is what a plain sum of its rows says.
  func checkExplanation() throws {
    guard let account = model.accounts.randomElement(using: &generator) else { return }
    let from = draw(0..<3) == 0 ? account.rows[draw(0..<account.rows.count)].createdAt : 0
    let outcome = try ledger.explanation(.id(account.id, currency: ""), from: from, lastChanges: draw(1..<5), reader)
    guard case .explanation(let explanation) = outcome else { throw TestFailure("\(outcome)") }
    try check(explanation.isEqual && explanation.difference == "", explanation.difference)
    let rows = account.rows.filter { $0.createdAt >= from }
    let opening = account.rows.last { $0.createdAt < from }
    try check(
      explanation.opening.balance == opening?.balance ?? 0 && explanation.opening.version == opening?.version ?? 0
        && explanation.opening.at == rows.first?.createdAt ?? 0 && explanation.rowsRecomputed == Int64(rows.count))
    var sums: [TransactionKind: [Int64]] = [:]
    for row in rows {
      let before = sums[row.kind] ?? [0, 0, 0]
      sums[row.kind] = [before[0] + 1, before[1] + row.amount, before[2] + row.heldChange]
    }
    var found: [TransactionKind: [Int64]] = [:]
    for sum in explanation.sums { found[sum.kind] = [sum.count, sum.amount, sum.heldChange] }
    try check(found == sums && found.count == explanation.sums.count, "\(explanation.sums)")
    let open = model.holds.filter { $0.value.walletID == account.id && $0.value.ended == nil }
    let reserving = open.filter { $0.value.endsAt > ledger.wall }
      .sorted { ($0.value.endsAt, $0.key) < ($1.value.endsAt, $1.key) }
    try check(explanation.holds.map(\.hold.id) == reserving.map(\.key))
    try check(explanation.holds.map(\.hold.remaining) == reserving.map(\.value.remaining))
    for side in [FreezeScope.debit, .credit] {
      let isFrozen = account.frozen[side].map { $0.until == 0 || ledger.wall < $0.until } ?? false
      try check(explanation.freezes.contains { $0.scope.covers(side) } == isFrozen, "\(explanation.freezes)")
    }
    try check(explanation.limits == account.limits && explanation.chainVerifiedTo == account.rows.last?.seq)
    try check(
      explanation.lastChanges.map { modelRow($0) }
        == Array(account.rows.reversed().prefix(explanation.lastChanges.count)))
  }
}
