/// The first reason, in order of precedence, for which a command can't be done: the order of the checks is that of
/// `ErrorReason`.
func firstRefusal(of command: borrowing Command, _ facts: borrowing Facts, now: Int64) -> Failure? {
  if let failure = currencyRefusal(command, facts) { return failure }
  if facts.counterAccountTotal == nil {
    let account = command.effectiveCounterAccount
    if !account.isEmpty { return Failure(.counterAccountUnknown, .counterAccount(account)) }
  }
  if command.verb == .openWallet {
    return facts.wallet.map { Failure(.walletExists, .wallet(id: $0.id, command.wallet.name)) }
  }
  if command.verb.namesWallet, facts.wallet == nil {
    return Failure(.walletNotFound, .wallet(addressedBy: command.wallet))
  }
  if let failure = otherPartyRefusal(command, facts) { return failure }
  if let wallet = facts.wallet {
    // Its name, where the request gave none, is for the store to fill in.
    if wallet.status == .closed { return Failure(.walletClosed, .wallet(id: wallet.id, command.wallet.name)) }
    if let special = facts.special, let failure = stateRefusal(command, wallet, special, now: now) { return failure }
    if command.verb == .closeWallet, let failure = emptinessRefusal(wallet, facts.special) { return failure }
    let version = wallet.version - (facts.special?.expired ?? 0)
    if command.expectedVersion != 0, command.expectedVersion != version {
      return Failure(
        .versionConflict,
        .versionConflict(expected: command.expectedVersion, actual: wallet.version, balance: wallet.balance))
    }
  }
  if let failure = holdRefusal(command, facts.special, now: now) { return failure }
  guard let wallet = facts.wallet else { preconditionFailure("a command without a wallet passed the checks") }
  if let failure = refundRefusal(command, facts.special) { return failure }
  let takes = command.verb.takesFromAvailable
  if let special = facts.special {
    if takes, let failure = limitRefusal(command.amount, special.controls, now: now) { return failure }
    if let failure = balanceMaxRefusal(command, wallet, special) { return failure }
  }
  if takes, command.amount > wallet.available { return insufficientFunds(command.amount, wallet) }
  if case .limits(let limits) = command.parameters, limits.overdraft < wallet.overdraftLimit {
    let lessRoom = wallet.overdraftLimit - limits.overdraft
    if lessRoom > wallet.available { return insufficientFunds(lessRoom, wallet) }
  }
  return overflow(command, wallet, facts)
}

private func insufficientFunds(_ requested: Int64, _ wallet: WalletAccount) -> Failure {
  Failure(
    .insufficientFunds,
    .insufficientFunds(
      InsufficientFunds(
        requested: requested, available: wallet.available, balance: wallet.balance, held: wallet.held,
        overdraftLimit: wallet.overdraftLimit, version: wallet.version)))
}

private func currencyRefusal(_ command: borrowing Command, _ facts: borrowing Facts) -> Failure? {
  let currency = command.currency
  if !currency.isEmpty, facts.exponent == nil {
    return Failure(.currencyUnknown, .currency(wallet: facts.wallet?.currency ?? Text(), request: currency))
  }
  let to: WalletReference
  switch command.parameters {
  case .transfer(let destination): to = destination
  default: return mismatch(currency, facts)
  }
  let counterparty = facts.special?.counterparty?.wallet.currency
  if facts.special?.destinationCurrencyIsUnknown == true {
    return Failure(.currencyUnknown, .currency(wallet: counterparty ?? Text(), request: to.currency))
  }
  if let failure = mismatch(currency, facts) { return failure }
  if let counterparty, !to.currency.isEmpty, counterparty != to.currency {
    return Failure(.currencyMismatch, .currency(wallet: counterparty, request: to.currency))
  }
  guard let wallet = facts.wallet else { return nil }
  let other = counterparty ?? to.currency
  if !other.isEmpty, other != wallet.currency {
    return Failure(.currencyMismatch, .currency(wallet: wallet.currency, request: other))
  }
  return nil
}

/// The currency that the address names isn't the wallet's.
private func mismatch(_ currency: Text, _ facts: borrowing Facts) -> Failure? {
  guard !currency.isEmpty, let wallet = facts.wallet, wallet.currency != currency else { return nil }
  return Failure(.currencyMismatch, .currency(wallet: wallet.currency, request: currency))
}

/// The destination of a transfer, the row of a refund.
private func otherPartyRefusal(_ command: borrowing Command, _ facts: borrowing Facts) -> Failure? {
  switch command.parameters {
  case .transfer(let to):
    guard let counterparty = facts.special?.counterparty else {
      return Failure(.walletNotFound, .wallet(addressedBy: to))
    }
    if counterparty.wallet.id == facts.wallet?.id {
      return Failure(.sameWallet, .wallet(id: counterparty.wallet.id, to.name))
    }
    if facts.wallet?.status == .open, counterparty.wallet.status == .closed {
      return Failure(.walletClosed, .wallet(id: counterparty.wallet.id, to.name))
    }
    return nil
  case .refund(let seq):
    guard let original = facts.special?.original else { return Failure(.transactionNotFound, .transaction(seq)) }
    return original.kind == .debit || original.kind == .capture
      ? nil : Failure(.notRefundable, .transaction(seq))
  default: return nil
  }
}

/// Freezes of either side.
private func stateRefusal(
  _ command: borrowing Command, _ wallet: borrowing WalletAccount, _ special: SpecialFacts, now: Int64
) -> Failure? {
  func frozen(_ freeze: Freeze?, _ walletID: Int64) -> Failure? {
    guard let freeze, freeze.isInEffect(at: now) else { return nil }
    return Failure(.walletFrozen, .frozen(walletID: walletID, freeze))
  }
  switch command.verb {
  case .debit, .hold, .capture: return frozen(special.controls.debitFreeze, wallet.id)
  case .credit, .refund: return frozen(special.controls.creditFreeze, wallet.id)
  case .transfer:
    if let failure = frozen(special.controls.debitFreeze, wallet.id) { return failure }
    return special.counterparty.flatMap { frozen($0.controls.creditFreeze, $0.wallet.id) }
  default: return nil
  }
}

private func emptinessRefusal(_ wallet: borrowing WalletAccount, _ special: SpecialFacts?) -> Failure? {
  let openHolds = Int64(special?.controls.holds.count ?? 0)
  if wallet.balance == 0, openHolds == 0 { return nil }
  return Failure(.walletNotEmpty, .notEmpty(balance: wallet.balance, openHolds: openHolds))
}

private func holdRefusal(_ command: borrowing Command, _ special: SpecialFacts?, now: Int64) -> Failure? {
  let id: Int64
  switch command.parameters {
  case .capture(let holdID, _), .release(let holdID): id = holdID
  default: return nil
  }
  guard let hold = special?.hold else { return Failure(.holdNotFound, .hold(id, at: 0, remaining: 0)) }
  let detail = FailureDetail.hold(
    id, at: hold.state == .open ? hold.endsAt : hold.endedAt, remaining: hold.remaining)
  switch hold.state {
  case .captured: return Failure(.holdCaptured, detail)
  case .released: return Failure(.holdReleased, detail)
  case .expired: return Failure(.holdExpired, detail)
  case .open: return command.amount > hold.remaining ? Failure(.holdAmountExceeded, detail) : nil
  }
}

private func refundRefusal(_ command: borrowing Command, _ special: SpecialFacts?) -> Failure? {
  guard case .refund = command.parameters, let original = special?.original else { return nil }
  let remaining = original.amount - original.refunded
  if remaining > 0, command.amount <= remaining { return nil }
  return Failure(.refundExceedsOriginal, .refund(original: original.amount, refunded: original.refunded))
}

/// Limits of what is taken out or held, the one of a single transaction first, then from the day to the month.
private func limitRefusal(_ amount: Int64, _ controls: WalletControls, now: Int64) -> Failure? {
  let limits = controls.limits
  if limits.amountMax != 0, amount > limits.amountMax {
    return Failure(.limitExceeded, .limit(.transactionAmount, limit: limits.amountMax, used: 0, windowEnd: 0))
  }
  for (window, limit, amountKind, countKind) in [
    (CalendarWindow.day, limits.day, LimitKind.dayAmount, LimitKind.dayCount),
    (.week, limits.week, .weekAmount, .weekCount), (.month, limits.month, .monthAmount, .monthCount),
  ] {
    let used = controls.usage.used(window, at: now)
    let end = window.bounds(of: now).upperBound
    if limit.amount != 0, amount > limit.amount - used.amount {
      return Failure(.limitExceeded, .limit(amountKind, limit: limit.amount, used: used.amount, windowEnd: end))
    }
    if limit.count != 0, used.count >= limit.count {
      return Failure(.limitExceeded, .limit(countKind, limit: limit.count, used: used.count, windowEnd: end))
    }
  }
  return nil
}

/// A refund may pass the maximum: what was taken can always be given back.
private func balanceMaxRefusal(
  _ command: borrowing Command, _ wallet: borrowing WalletAccount, _ special: SpecialFacts
) -> Failure? {
  func refusal(_ wallet: borrowing WalletAccount, _ controls: WalletControls) -> Failure? {
    let limit = controls.limits.balanceMax
    if limit == 0 { return nil }
    let (sum, overflow) = wallet.balance.addingReportingOverflow(command.amount)
    return overflow || sum > limit ? Failure(.maxBalanceExceeded, .balanceMax(limit, balance: wallet.balance)) : nil
  }
  switch command.verb {
  case .credit: return refusal(wallet, special.controls)
  case .transfer: return special.counterparty.flatMap { refusal($0.wallet, $0.controls) }
  default: return nil
  }
}

/// The first sum that would leave int64.
private func overflow(
  _ command: borrowing Command, _ wallet: borrowing WalletAccount, _ facts: borrowing Facts
) -> Failure? {
  var overdraft = wallet.overdraftLimit
  var change: Int64 = 0
  switch command.verb {
  case .debit, .credit: change = command.signedAmount
  case .transfer:
    if let other = facts.special?.counterparty?.wallet, !other.canTake(command.amount) {
      return Failure(.amountOverflow, .overflow(field: "balance"))
    }
    change = -command.amount
  case .refund: change = command.refundAmount(facts.special)
  case .setLimits: if case .limits(let limits) = command.parameters { overdraft = limits.overdraft }
  case .capture: change = -command.captureAmount(facts.special)
  // What is held was available.
  default: return nil
  }
  let (balance, balanceOverflows) = wallet.balance.addingReportingOverflow(change)
  // `available` must stay an int64 too.
  if balanceOverflows || balance.addingReportingOverflow(overdraft).overflow {
    return Failure(.amountOverflow, .overflow(field: "balance"))
  }
  if (facts.counterAccountTotal ?? 0).subtractingReportingOverflow(change).overflow {
    return Failure(.amountOverflow, .overflow(field: "counter_account"))
  }
  // Of all wallets, whose balances are within range each.
  if facts.walletsTotal.addingReportingOverflow(change).overflow {
    return Failure(.amountOverflow, .overflow(field: "currency"))
  }
  return nil
}

extension WalletAccount {
  /// Whether the balance, and what may be spent of it, stays an int64.
  fileprivate func canTake(_ amount: Int64) -> Bool {
    let (sum, overflow) = balance.addingReportingOverflow(amount)
    return !overflow && !sum.addingReportingOverflow(overdraftLimit).overflow
  }
}

extension Command {
  /// What a capture takes: what was asked for, or all that is left of the hold.
  func captureAmount(_ special: SpecialFacts?) -> Int64 {
    amount != 0 ? amount : special?.hold?.remaining ?? 0
  }

  /// What a refund gives back: what was asked for, or all that is left.
  func refundAmount(_ special: SpecialFacts?) -> Int64 {
    amount != 0 ? amount : special?.original.map { $0.amount - $0.refunded } ?? 0
  }
}

extension Verb {
  /// Whether requests name the wallet, and not a hold or a transaction.
  public var namesWallet: Bool {
    switch self {
    case .capture, .release, .refund: false
    case _ where isAdministration: false
    default: true
    }
  }

  /// Whether it changes what the ledger knows, and no wallet.
  public var isAdministration: Bool {
    switch self {
    case .registerCurrency, .addCounterAccount, .createToken, .revokeToken: true
    default: false
    }
  }

  /// Whether the amount must be available, and counts for limits.
  var takesFromAvailable: Bool {
    switch self {
    case .debit, .transfer, .hold: true
    default: false
    }
  }
}
