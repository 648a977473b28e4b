import WalletCore

/// What changes no wallet: currencies, counter-accounts, tokens, and what all of them come to.
extension LedgerStore {
  func administer(_ command: Command, prior: Prior?, now: Int64) throws(StoreError) -> LedgerOutcome {
    let facts = try facts(ofAdministration: command, prior: prior)
    switch decideAdministration(command, facts, now: now) {
    case .append(let row): return try append(row, command)
    case .refuse(let failure):
      let row = RefusalRow(
        refusing: command, walletID: nil, failure: failure, seq: newest.seq + 1, createdAt: now)
      return record(row, journal.requestDigest(command, walletID: nil, currency: nil))
    case .fail(let failure): return .failed(failure, commitSeq: newest.seq, replayed: false)
    case .replay(.administration(let row)): return .administered(row, replayed: true)
    case .replay(.refusal(let row)): return .failed(row.failure, commitSeq: row.seq, replayed: true)
    case .replay(.transaction(let row, _, _)):
      throw .inconsistent("\(command.verb) has the transaction \(row.seq) for its first result")
    }
  }

  private func facts(
    ofAdministration command: Command, prior: Prior?
  ) throws(StoreError) -> AdministrationFacts {
    var facts = AdministrationFacts(prior: prior, nextSeq: newest.seq + 1)
    switch command.parameters {
    case .currency(let code, _):
      facts.isThere = try currencies.exponent(of: code) != nil
      facts.count = currencies.registered.count
    case .counterAccount(let name):
      facts.isThere = totals.hasAccount(name)
      facts.count = totals.accountNames.count
    case .grant, .revocation: facts.grants = grantTable.grants
    default: throw .inconsistent("\(command.verb) came without its parameters")
    }
    return facts
  }

  private func append(_ decided: AdministrationRow, _ command: Command) throws(StoreError) -> LedgerOutcome {
    var row = decided
    row.requestDigest = journal.requestDigest(command, walletID: nil, currency: nil)
    journal.append(&row, head: &newest)
    projector.note(row)
    switch command.parameters {
    case .currency(let code, let exponent): currencies.register(code, exponent: UInt8(exponent))
    case .counterAccount(let name): totals.addAccount(name)
    case .grant(let terms): grantTable.add(Grant(id: row.seq, terms: terms, createdAt: row.createdAt))
    case .revocation(let id): grantTable.revoke(id, at: row.createdAt)
    default: throw .inconsistent("\(command.verb) was decided as administration")
    }
    return .administered(row, replayed: false)
  }

  // MARK: Trial balance

  /// Asked for between gathers, when memory shows what is committed.
  ///
  /// - Parameter currency: Empty: all that have wallets, and those that were registered.
  func trialBalance(of currency: Text) throws -> TrialBalance {
    if trialBalances.seq != head.seq {
      trialBalances = TrialBalances(
        seq: head.seq, counterAccounts: totals.accountNames.sorted { $0.string < $1.string })
    }
    if let made = trialBalances.made[currency] { return made }
    let made = TrialBalance(
      currencies: try currencyTotals(of: currency), counterAccounts: trialBalances.counterAccounts)
    trialBalances.made[currency] = made
    return made
  }

  private func currencyTotals(of currency: Text) throws -> [TrialBalance.CurrencyTotals] {
    let isAll = currency.isEmpty
    if isAll, totals.count > LedgerLimits.trialBalanceTotalsMax {
      let countMax = LedgerLimits.trialBalanceTotalsMax
      throw Failure.invalidArgument("currency", "is required: all together have more than \(countMax) totals")
    }
    if !isAll, try currencies.exponent(of: currency) == nil {
      throw Failure(.currencyUnknown, .currency(wallet: Text(), request: currency))
    }
    let registered = Set(currencies.registered)
    var sums: [Text: TrialBalance.CurrencyTotals] = [:]
    for code in isAll ? currencies.registered : [currency] { sums[code] = try empty(code, registered) }
    for (code, total) in totals.allWallets where isAll || code == currency {
      if sums[code] == nil { sums[code] = try empty(code, registered) }
      sums[code]?.walletsTotal = total
    }
    for (account, total) in totals.all where isAll || account.currency == currency {
      sums[account.currency]?.counterAccounts.append(
        TrialBalance.CounterAccountTotal(name: account.name, total: total))
    }
    return sums.values.sorted { $0.currency.string < $1.currency.string }.map { sum in
      var sum = sum
      sum.counterAccounts.sort { $0.name.string < $1.name.string }
      return sum
    }
  }

  private func empty(_ code: Text, _ registered: Set<Text>) throws(StoreError) -> TrialBalance.CurrencyTotals {
    guard let exponent = try currencies.exponent(of: code) else {
      throw .inconsistent("there are totals of \(code), which is no currency")
    }
    return TrialBalance.CurrencyTotals(
      currency: code, exponent: exponent, isRegistered: registered.contains(code), walletsTotal: 0)
  }
}

/// What was made of the totals since the last commit: one gather may ask for it many times.
struct TrialBalances {
  /// The last row in them.
  var seq: Int64 = -1
  var counterAccounts: [Text] = []
  /// By the currency that was asked for; under the empty one all.
  var made: [Text: TrialBalance] = [:]

  /// Each total in that of its currency; in that of all only while there are few.
  static let bytesMax =
    (CounterTotals.countMax + LedgerLimits.trialBalanceTotalsMax)
    * MemoryLayout<TrialBalance.CounterAccountTotal>.stride
}
