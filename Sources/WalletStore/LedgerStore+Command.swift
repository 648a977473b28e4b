import WalletCore

/// What one command does: decided on its facts, appended to the journal, and memory made as its row says.
extension LedgerStore {
  func perform(_ command: borrowing Command, now: Int64) throws(StoreError) -> LedgerOutcome {
    if !command.origin.isUnlimited, let call = try denial(of: copy command) { return deny(call, now: now) }
    let prior = try prior(command.key)
    // Last: to find the wallet of the first result may take another one's place.
    let slot = try slot(of: command)
    if needsMore(command, slot) { return try performSpecial(copy command, prior: prior, now: now) }
    let facts = try facts(for: command, slot, prior: prior)
    switch decide(command, facts, now: now) {
    case .post(let posting): return try post(posting, command, slot)
    case .transfer: throw .inconsistent("a command without parameters was decided as a transfer")
    case .refuse(let failure):
      let row = RefusalRow(
        refusing: copy command, walletID: facts.wallet?.id, failure: named(failure, slot), seq: newest.seq + 1,
        createdAt: now)
      return record(row, journal.requestDigest(command, walletID: facts.wallet?.id, currency: facts.wallet?.currency))
    case .fail(let failure): return .failed(named(failure, slot), commitSeq: newest.seq, replayed: false)
    case .replay(.transaction(let row, let currency, let exponent)):
      return try replayed(row, currency: currency, exponent: exponent)
    case .replay(.refusal(let row)): return .failed(row.failure, commitSeq: row.seq, replayed: true)
    case .replay(.administration): throw .inconsistent("a change of a wallet has a row of administration")
    }
  }

  /// Whether a command can't be decided on its wallet's figures alone.
  func needsMore(_ command: borrowing Command, _ slot: Int?) -> Bool {
    if let slot, cache.hasControls(at: slot) { return true }
    switch command.verb {
    case .openWallet, .debit, .credit: return false
    default: return true
    }
  }

  func post(_ posting: borrowing Posting, _ command: borrowing Command, _ slot: Int?) throws(StoreError)
    -> LedgerOutcome
  {
    var row = TransactionRow(posting, for: command.attribution)
    row.requestDigest = journal.requestDigest(command, walletID: row.walletID, currency: posting.wallet.currency)
    try journal.append(&row, head: &newest)
    if let slot { adopt(posting, by: command.origin.actor, slot) } else { try adopt(posting, opening: command) }
    projector.note(row)
    return .posted(row, currency: posting.wallet.currency, exponent: posting.wallet.exponent, replayed: false)
  }

  func record(_ row: consuming RefusalRow, _ requestDigest: ShortBytes) -> LedgerOutcome {
    row.requestDigest = requestDigest
    journal.append(&row, head: &newest)
    projector.note(row)
    if !journal.isProjecting { counted.refusals[Int(row.failure.reason.rawValue)] += 1 }
    return .failed(row.failure, commitSeq: row.seq, replayed: false)
  }

  /// Makes memory what a posting says.
  func adopt(_ posting: borrowing Posting, by actor: Text, _ slot: Int) {
    let before = cache.change(slot, to: posting.wallet, at: posting.createdAt, by: actor)
    if before.isAsOnDisk { projector.noteChanged(posting.wallet.id, slot: slot) }
    let change = posting.wallet.balance &- before.balance
    if posting.counterAccount.isEmpty {
      if change != 0 { totals.move(change, posting.wallet.currency) }
    } else if posting.amount != 0 {
      totals.post(posting.amount, against: posting.counterAccount, posting.wallet.currency, change: change)
    }
  }

  private func adopt(_ posting: borrowing Posting, opening command: borrowing Command) throws(StoreError) {
    guard case .name(let name) = command.wallet else { preconditionFailure("a wallet was opened without a name") }
    let wallet = Wallet(
      id: posting.wallet.id, name: name, exponent: posting.wallet.exponent, version: posting.wallet.version,
      createdAt: posting.createdAt, createdBy: command.origin.actor, updatedAt: posting.createdAt,
      updatedBy: command.origin.actor, lastSeq: posting.seq)
    opened.append(wallet)
    cache.add(wallet, isNew: true)
    totals.use(wallet.name.currency)
    nextWalletID += 1
  }

  /// With the name of the wallet that it is about.
  func named(_ failure: Failure, _ slot: Int?) -> Failure {
    guard let slot, let id = failure.detail.unnamedWallet else { return failure }
    var named = failure
    named.detail = .wallet(id: id, cache.name(at: slot))
    return named
  }
}
