/// The first result of a key. A transaction comes with its wallet's currency and exponent, which its reply shows.
package indirect enum Prior: Sendable {
  case transaction(TransactionRow, currency: Text, exponent: UInt8)
  case refusal(RefusalRow)
}

/// What becomes of a command.
package enum Decision: Sendable {
  /// The row is appended, the wallet becomes the posting's, and the counter-account gets the opposite of its amount.
  case post(Posting)
  /// A refusal is appended: the same key gets the same answer for ever.
  case refuse(Failure)
  /// Answered, not recorded.
  case fail(Failure)
  /// The first result again.
  case replay(Prior)
}

/// The rules of the ledger: what a command does, given the facts. Nothing else decides.
///
/// - Parameter now: The stored time of what happens now, microseconds.
package func decide(_ command: borrowing Command, _ facts: borrowing Facts, now: Int64) -> Decision {
  if let prior = facts.prior {
    if let field = prior.firstDifference(from: command, wallet: facts.wallet) {
      return .fail(Failure(.idempotencyMismatch, .mismatch(field: field)))
    }
    return .replay(prior)
  }
  if let violation = command.violation { return .fail(violation) }
  if let failure = firstRefusal(of: command, facts) {
    return failure.reason.isRemembered ? .refuse(failure) : .fail(failure)
  }
  return command.verb == .openWallet ? open(command, facts, now: now) : post(command, facts, now: now)
}

/// The first reason, in order of precedence, for which the command can't be done.
private func firstRefusal(of command: borrowing Command, _ facts: borrowing Facts) -> Failure? {
  let currency = command.currency
  if !currency.isEmpty {
    if facts.exponent == nil {
      return Failure(.currencyUnknown, .currency(wallet: facts.wallet?.currency ?? Text(), request: currency))
    }
    if let wallet = facts.wallet, wallet.currency != currency {
      return Failure(.currencyMismatch, .currency(wallet: wallet.currency, request: currency))
    }
  }
  if facts.counterAccountTotal == nil {
    let account = command.effectiveCounterAccount
    if !account.isEmpty { return Failure(.counterAccountUnknown, .counterAccount(account)) }
  }
  if command.verb == .openWallet {
    return facts.wallet.map { Failure(.walletExists, .wallet(id: $0.id, command.wallet.name)) }
  }
  guard let wallet = facts.wallet else {
    return Failure(.walletNotFound, .wallet(addressedBy: command.wallet))
  }
  // Its name, where the request gave none, is for the store to fill in.
  if wallet.status == .closed { return Failure(.walletClosed, .wallet(id: wallet.id, command.wallet.name)) }
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
private func overflow(
  _ command: borrowing Command, _ wallet: borrowing WalletAccount, counterAccountTotal: Int64
) -> Failure? {
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

private func open(_ command: borrowing Command, _ facts: borrowing Facts, now: Int64) -> Decision {
  guard case .name(let name) = command.wallet, let exponent = facts.exponent else {
    preconditionFailure("an OpenWallet without a name or a known currency passed the checks")
  }
  let wallet = WalletAccount(
    id: facts.nextWalletID, currency: name.currency, exponent: exponent, version: 1, lastSeq: facts.nextSeq)
  return .post(
    Posting(
      seq: facts.nextSeq, kind: .open, wallet: wallet, amount: 0, previousSeq: 0, counterAccount: Text(),
      createdAt: now))
}

private func post(_ command: borrowing Command, _ facts: borrowing Facts, now: Int64) -> Decision {
  guard var wallet = facts.wallet else { preconditionFailure("a posting without a wallet passed the checks") }
  let previousSeq = wallet.lastSeq
  wallet.balance += command.signedAmount
  wallet.version += 1
  wallet.lastSeq = facts.nextSeq
  return .post(
    Posting(
      seq: facts.nextSeq, kind: command.verb == .debit ? .debit : .credit, wallet: wallet,
      amount: command.signedAmount, previousSeq: previousSeq, counterAccount: command.effectiveCounterAccount,
      createdAt: now))
}

extension Command {
  /// The change of the balance; amounts are positive in requests, the verb gives the direction.
  package var signedAmount: Int64 { verb == .debit ? -amount : amount }
}

extension Prior {
  fileprivate func firstDifference(from command: borrowing Command, wallet: WalletAccount?) -> String? {
    switch self {
    case .refusal(let row): return RecordedRequest(row).firstDifference(from: command, wallet: wallet)
    case .transaction(let row, let currency, _):
      // The key of a batch of all or nothing leads to its first item.
      guard row.key == command.key, let recorded = RecordedRequest(row, walletCurrency: currency) else { return "verb" }
      return recorded.firstDifference(from: command, wallet: wallet)
    }
  }
}

extension FailureDetail {
  /// The wallet that it is about and whose name it doesn't say.
  package var unnamedWallet: Int64? {
    if case .wallet(let id, nil) = self, id != 0 { id } else { nil }
  }

  package static func wallet(addressedBy reference: WalletReference) -> FailureDetail {
    switch reference {
    case .id(let id, _): .wallet(id: id, nil)
    case .name(let name): .wallet(id: 0, name)
    }
  }
}
