/// What is known when a command is decided. Gathered by the store, read by the rules.
package struct Facts: Sendable {
  /// What the journal has under the command's key.
  package var prior: Prior?
  /// The wallet that the command's address leads to.
  package var wallet: Wallet?
  /// The exponent of the currency that the command names; `nil` when it is not known, or none is named.
  package var exponent: UInt8?
  /// The total of the command's counter-account in the wallet's currency; `nil` when there is no such account.
  package var counterAccountTotal: Int64?
  /// The seq of the next row.
  package var nextSeq: Int64
  /// The id of the next wallet.
  package var nextWalletID: Int64

  package init(
    prior: Prior? = nil, wallet: Wallet? = nil, exponent: UInt8? = nil, counterAccountTotal: Int64? = nil,
    nextSeq: Int64, nextWalletID: Int64
  ) {
    self.prior = prior
    self.wallet = wallet
    self.exponent = exponent
    self.counterAccountTotal = counterAccountTotal
    self.nextSeq = nextSeq
    self.nextWalletID = nextWalletID
  }
}

/// The first result of a key. A transaction comes with its wallet's name and exponent, which its reply shows.
package enum Prior: Sendable {
  indirect case transaction(TransactionRow, WalletName, exponent: UInt8)
  indirect case refusal(RefusalRow)
}

/// What becomes of a command.
package enum Decision: Sendable {
  /// The row is appended, the wallet becomes `wallet`, and the counter-account gets the opposite of the row's amount.
  case post(TransactionRow, wallet: Wallet)
  /// The refusal is appended: the same key gets the same answer for ever.
  case refuse(RefusalRow)
  /// Answered, not recorded.
  case fail(Failure)
  /// The first result again.
  case replay(Prior)
}

/// The rules of the ledger: what a command does, given the facts. Nothing else decides.
///
/// - Parameter now: The stored time of what happens now, microseconds.
package func decide(_ command: Command, _ facts: Facts, now: Int64) -> Decision {
  if let prior = facts.prior {
    if let field = prior.firstDifference(from: command, wallet: facts.wallet) {
      return .fail(Failure(.idempotencyMismatch, .mismatch(field: field)))
    }
    return .replay(prior)
  }
  if let violation = command.violation { return .fail(violation) }
  if let failure = firstRefusal(of: command, facts) {
    guard failure.reason.isRemembered else { return .fail(failure) }
    let row = RefusalRow(
      refusing: command, wallet: facts.wallet, failure: failure, seq: facts.nextSeq, createdAt: now)
    return .refuse(row)
  }
  return command.verb == .openWallet ? open(command, facts, now: now) : post(command, facts, now: now)
}

/// The first reason, in order of precedence, for which the command can't be done.
private func firstRefusal(of command: Command, _ facts: Facts) -> Failure? {
  if !command.wallet.currency.isEmpty, facts.exponent == nil {
    let walletCurrency = facts.wallet?.name.currency ?? ""
    return Failure(.currencyUnknown, .currency(wallet: walletCurrency, request: command.wallet.currency))
  }
  if let wallet = facts.wallet, !command.wallet.currency.isEmpty, wallet.name.currency != command.wallet.currency {
    return Failure(.currencyMismatch, .currency(wallet: wallet.name.currency, request: command.wallet.currency))
  }
  if !command.effectiveCounterAccount.isEmpty, facts.counterAccountTotal == nil {
    return Failure(.counterAccountUnknown, .counterAccount(command.effectiveCounterAccount))
  }
  if command.verb == .openWallet {
    return facts.wallet.map { Failure(.walletExists, .wallet(id: $0.id, $0.name)) }
  }
  guard let wallet = facts.wallet else {
    return Failure(.walletNotFound, .wallet(addressedBy: command.wallet))
  }
  if wallet.status == .closed { return Failure(.walletClosed, .wallet(id: wallet.id, wallet.name)) }
  if command.expectedVersion != 0, command.expectedVersion != wallet.version {
    return Failure(
      .versionConflict,
      .versionConflict(expected: command.expectedVersion, actual: wallet.version, balance: wallet.balance))
  }
  if command.verb == .debit, command.amount > wallet.available {
    return Failure(
      .insufficientFunds,
      .insufficientFunds(
        InsufficientFunds(
          requested: command.amount, available: wallet.available, balance: wallet.balance, held: wallet.held,
          overdraftLimit: wallet.overdraftLimit, version: wallet.version)))
  }
  return overflow(command, wallet, counterAccountTotal: facts.counterAccountTotal ?? 0)
}

/// The first sum that would leave int64.
private func overflow(_ command: Command, _ wallet: Wallet, counterAccountTotal: Int64) -> Failure? {
  let change = command.signedAmount
  let (balance, balanceOverflows) = wallet.balance.addingReportingOverflow(change)
  // `available` must stay an int64 too.
  if balanceOverflows || balance.addingReportingOverflow(wallet.overdraftLimit).overflow {
    return Failure(.amountOverflow, .overflow(field: "balance"))
  }
  if counterAccountTotal.subtractingReportingOverflow(change).overflow {
    return Failure(.amountOverflow, .overflow(field: "counter_account"))
  }
  return nil
}

private func open(_ command: Command, _ facts: Facts, now: Int64) -> Decision {
  guard case .name(let name) = command.wallet, let exponent = facts.exponent else {
    preconditionFailure("an OpenWallet without a name or a known currency passed the checks")
  }
  var row = TransactionRow(
    seq: facts.nextSeq, kind: .open, walletID: facts.nextWalletID, version: 1, amount: 0, balance: 0, held: 0,
    overdraftLimit: 0, counterAccount: "", origin: command.origin, audit: command.audit, key: command.key,
    createdAt: now)
  row.detail = OpenDetail(name: name, exponent: exponent).encoded
  let wallet = Wallet(
    id: row.walletID, name: name, exponent: exponent, version: 1, createdAt: now, createdBy: command.origin.actor,
    updatedAt: now, updatedBy: command.origin.actor, lastSeq: row.seq)
  return .post(row, wallet: wallet)
}

private func post(_ command: Command, _ facts: Facts, now: Int64) -> Decision {
  guard var wallet = facts.wallet else { preconditionFailure("a posting without a wallet passed the checks") }
  wallet.balance += command.signedAmount
  wallet.version += 1
  wallet.updatedAt = now
  wallet.updatedBy = command.origin.actor
  wallet.lastSeq = facts.nextSeq
  let row = TransactionRow(
    seq: facts.nextSeq, kind: command.verb == .debit ? .debit : .credit, walletID: wallet.id, version: wallet.version,
    amount: command.signedAmount, balance: wallet.balance, held: wallet.held, overdraftLimit: wallet.overdraftLimit,
    counterAccount: command.effectiveCounterAccount, origin: command.origin, audit: command.audit, key: command.key,
    createdAt: now)
  return .post(row, wallet: wallet)
}

extension Command {
  /// The change of the balance; amounts are positive in requests, the verb gives the direction.
  package var signedAmount: Int64 { verb == .debit ? -amount : amount }
}

extension Prior {
  fileprivate func firstDifference(from command: Command, wallet: Wallet?) -> String? {
    switch self {
    case .refusal(let row): RecordedRequest(row).firstDifference(from: command, wallet: wallet)
    // The key of a batch of all or nothing leads to its first item.
    case .transaction(let row, _, _) where row.key != command.key: "verb"
    case .transaction(let row, let name, _):
      RecordedRequest(row, walletCurrency: name.currency).map { $0.firstDifference(from: command, wallet: wallet) }
        ?? "verb"
    }
  }
}

extension FailureDetail {
  package static func wallet(addressedBy reference: WalletReference) -> FailureDetail {
    switch reference {
    case .id(let id, _): .wallet(id: id, nil)
    case .name(let name): .wallet(id: 0, name)
    }
  }
}
