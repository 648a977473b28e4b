import WalletCore

/// Commands that take more than a wallet and an amount, and those on wallets with holds, freezes or limits.
extension LedgerStore {
  /// What became of a command, before a refusal is recorded.
  enum Step {
    case done(LedgerOutcome)
    case refused(Failure, Subject)
  }

  /// What a refused command was about.
  struct Subject {
    var walletID: Int64?
    var currency: Text?
    /// The destination of a transfer; 0 for none.
    var counterpartyID: Int64 = 0
  }

  /// Where a command leads.
  struct Target {
    var walletID: Int64?
    var counterpartyID: Int64?
    var holdID: Int64?
    var original: SpecialFacts.Original?
  }

  func performSpecial(_ command: Command, prior: Prior?, now: Int64) throws(StoreError) -> LedgerOutcome {
    if command.verb.isAdministration { return try administer(command, prior: prior, now: now) }
    switch try special(command, prior: prior, now: now) {
    case .done(let outcome): return outcome
    case .refused(let failure, let subject):
      let row = RefusalRow(
        refusing: command, walletID: subject.walletID, failure: failure, seq: newest.seq + 1, createdAt: now)
      return record(row, requestDigest(command, subject))
    }
  }

  /// With the name of the wallet that it is about, which may be a transfer's destination.
  private func namedByID(_ failure: Failure) throws(StoreError) -> Failure {
    guard let id = failure.detail.unnamedWallet else { return failure }
    return named(failure, try slot(ofID: id))
  }

  private func requestDigest(_ command: Command, _ subject: Subject) -> ShortBytes {
    journal.requestDigest(
      command, walletID: subject.walletID, currency: subject.currency, counterpartyID: subject.counterpartyID)
  }

  func special(_ command: Command, prior: Prior?, now: Int64) throws(StoreError) -> Step {
    let target = try target(of: command)
    var expired: Int64 = 0
    // A known key is answered as it was, and what breaks a rule of form changes nothing.
    if prior == nil, command.violation == nil {
      if let id = target.walletID { expired = try expireHolds(of: id, now: now) }
      if let id = target.counterpartyID, id != target.walletID { _ = try expireHolds(of: id, now: now) }
    }
    let counterparty = try counterparty(target.counterpartyID)
    // Last: to find the other wallet may take this one's place.
    let slot = try target.walletID.flatMap { id throws(StoreError) in try self.slot(ofID: id) }
    var facts = try facts(for: command, slot, prior: prior)
    facts.special = SpecialFacts(
      controls: try slot.map { slot throws(StoreError) in try controls(at: slot) } ?? WalletControls(),
      expired: expired, counterparty: counterparty,
      destinationCurrencyIsUnknown: try namesUnknownDestinationCurrency(command),
      hold: try target.holdID.flatMap { id throws(StoreError) in try book.hold(id) }, original: target.original,
      usedBefore: prior == nil ? try usedBefore(command, facts.wallet, now: now) : nil)
    let subject = Subject(
      walletID: facts.wallet?.id, currency: facts.wallet?.currency, counterpartyID: target.counterpartyID ?? 0)
    switch decide(command, facts, now: now) {
    case .post(let posting): return .done(try post(posting, command, slot, subject))
    case .transfer(let source, let destination): return .done(try post(source, destination, command, subject))
    case .refuse(let failure): return .refused(try namedByID(failure), subject)
    case .fail(let failure): return .done(.failed(try namedByID(failure), commitSeq: newest.seq, replayed: false))
    case .replay(.transaction(let row, let currency, let exponent)):
      return .done(try replayed(row, currency: currency, exponent: exponent))
    case .replay(.refusal(let row)): return .done(.failed(row.failure, commitSeq: row.seq, replayed: true))
    case .replay(.administration): throw .inconsistent("a change of a wallet has a row of administration")
    }
  }

  /// The first result of a key again. A transfer's second row lies behind its first.
  func replayed(_ row: TransactionRow, currency: Text, exponent: UInt8) throws(StoreError) -> LedgerOutcome {
    guard row.kind == .transferOut else {
      return .posted(row, currency: currency, exponent: exponent, replayed: true)
    }
    guard let destination = try journal.transaction(row.relatedSeq) else {
      throw .inconsistent("transfer \(row.seq) has no other side, \(row.relatedSeq)")
    }
    return .transferred(
      source: row, destination: destination, currency: currency, exponent: exponent, replayed: true)
  }

  // MARK: What it is about

  func target(of command: Command) throws(StoreError) -> Target {
    var target = Target()
    if command.verb.namesWallet, let slot = try slot(of: command) { target.walletID = cache.account(at: slot).id }
    switch command.parameters {
    case .transfer(let to):
      if let slot = try slot(of: to) { target.counterpartyID = cache.account(at: slot).id }
    case .capture(let id, _), .release(let id):
      if let hold = try book.hold(id) { (target.holdID, target.walletID) = (id, hold.walletID) }
    case .refund(let seq):
      guard seq <= newest.seq, let row = try journal.transaction(seq) else { break }
      target.walletID = row.walletID
      target.original = SpecialFacts.Original(
        seq: seq, kind: row.kind, amount: Int64(clamping: row.amount.magnitude), refunded: try book.refunded(of: seq))
    case .none, .hold, .freeze, .unfreeze, .limits, .currency, .counterAccount, .grant, .revocation: break
    }
    return target
  }

  private func namesUnknownDestinationCurrency(_ command: Command) throws(StoreError) -> Bool {
    guard case .transfer(let to) = command.parameters, !to.currency.isEmpty else { return false }
    return try currencies.exponent(of: to.currency) == nil
  }

  private func slot(ofID id: Int64) throws(StoreError) -> Int? { try slot(of: .id(id, currency: Text())) }

  private func counterparty(_ id: Int64?) throws(StoreError) -> SpecialFacts.Counterparty? {
    guard let id, let slot = try slot(ofID: id) else { return nil }
    return SpecialFacts.Counterparty(wallet: cache.account(at: slot), controls: try controls(at: slot))
  }

  func controls(at slot: Int) throws(StoreError) -> WalletControls {
    cache.hasControls(at: slot) ? try book.controls(of: cache.account(at: slot).id) : WalletControls()
  }

  // MARK: Expiry

  /// Appends the rows of holds whose end has come.
  ///
  /// - Returns: How many.
  private func expireHolds(of walletID: Int64, now: Int64) throws(StoreError) -> Int64 {
    guard let slot = try slot(ofID: walletID), cache.hasControls(at: slot) else { return 0 }
    let postings = expiries(
      of: cache.account(at: slot), try book.controls(of: walletID), nextSeq: newest.seq + 1, now: now)
    for posting in postings { _ = try append(posting, .expiry, requestDigest: ShortBytes(), slot) }
    return Int64(postings.count)
  }

  // MARK: Postings

  private func post(
    _ posting: Posting, _ command: Command, _ slot: Int?, _ subject: Subject
  ) throws(StoreError) -> LedgerOutcome {
    guard let slot else { return try post(posting, command, nil) }
    let row = try append(posting, command.attribution, requestDigest: requestDigest(command, subject), slot)
    return .posted(row, currency: posting.wallet.currency, exponent: posting.wallet.exponent, replayed: false)
  }

  private func post(
    _ source: Posting, _ destination: Posting, _ command: Command, _ subject: Subject
  ) throws(StoreError) -> LedgerOutcome {
    let digest = requestDigest(command, subject)
    var rows: [TransactionRow] = []
    for posting in [source, destination] {
      guard let slot = try slot(ofID: posting.wallet.id) else {
        throw .inconsistent("wallet \(posting.wallet.id) of a transfer is missing")
      }
      rows.append(try append(posting, command.attribution, requestDigest: digest, slot))
    }
    return .transferred(
      source: rows[0], destination: rows[1], currency: source.wallet.currency, exponent: source.wallet.exponent,
      replayed: false)
  }

  /// Appends a posting's row and makes memory what it says.
  private func append(
    _ posting: Posting, _ attribution: Attribution, requestDigest: ShortBytes, _ slot: Int
  ) throws(StoreError) -> TransactionRow {
    var row = TransactionRow(posting, for: attribution)
    row.requestDigest = requestDigest
    try journal.append(&row, head: &newest)
    adopt(posting, by: row.attribution.origin.actor, slot)
    if let extras = posting.extras {
      if let controls = extras.controls {
        try book.set(controls, of: posting.wallet.id)
        cache.markControlled(at: slot)
      }
      if let hold = extras.hold { try book.set(hold) }
      if let refunded = extras.refunded { try book.set(refunded: refunded, of: extras.relatedSeq) }
    }
    projector.note(row)
    return row
  }

  // MARK: Limits

  /// What a wallet has used of the open windows, where its first limits over time are set: its rows are read back to the
  /// begin of the longest one.
  private func usedBefore(
    _ command: Command, _ wallet: WalletAccount?, now: Int64
  ) throws(StoreError) -> LimitUsage? {
    guard case .limits(let limits) = command.parameters, limits.hasWindows, let wallet else { return nil }
    return try limitUsage(
      at: now, from: wallet.lastSeq, transaction: { seq throws(StoreError) in try journal.transaction(seq) },
      hold: { id throws(StoreError) in try book.hold(id) })
  }
}
