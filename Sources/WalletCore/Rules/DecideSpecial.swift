/// What verbs beyond OpenWallet, Debit and Credit do, once nothing stands against them.
func decideSpecial(_ command: borrowing Command, _ facts: borrowing Facts, now: Int64) -> Decision {
  guard let wallet = facts.wallet else { preconditionFailure("a posting without a wallet passed the checks") }
  let special = facts.special ?? SpecialFacts()
  switch command.parameters {
  case .transfer: return transfer(command, wallet, special, facts, now: now)
  case .hold(let timeout): return hold(command, timeout, wallet, special, facts, now: now)
  case .capture(_, let isFinal): return capture(command, isFinal: isFinal, wallet, special, facts, now: now)
  case .release: return release(command, wallet, special, facts, now: now)
  case .refund: return refund(command, wallet, special, facts, now: now)
  case .freeze(let scope, let until):
    var controls = special.controls
    controls.freeze(Freeze(scope: scope, reason: command.audit.reason, since: now, until: until))
    return change(.freeze, command, wallet, facts, controls: controls, now: now)
  case .unfreeze(let scope):
    var controls = special.controls
    controls.unfreeze(scope)
    return change(.unfreeze, command, wallet, facts, controls: controls, now: now)
  case .limits(let limits):
    var controls = special.controls
    var wallet = wallet
    wallet.overdraftLimit = limits.overdraft
    if !limits.hasWindows {
      controls.usage = LimitUsage()
    } else if !controls.limits.hasWindows, let used = special.usedBefore {
      // Nobody has counted until now: what was used already counts too.
      controls.usage = used
    }
    controls.limits = limits
    return change(.setLimits, command, wallet, facts, controls: controls, now: now)
  case .currency, .counterAccount, .grant, .revocation: preconditionFailure("\(command.verb) changes no wallet")
  case .none:
    guard command.verb == .closeWallet else { preconditionFailure("\(command.verb) came without its parameters") }
    var wallet = wallet
    wallet.status = .closed
    return change(.close, command, wallet, facts, controls: nil, now: now)
  }
}

/// What a debit of a wallet with limits uses of them; `nil` for all others.
func usingLimits(_ command: borrowing Command, _ facts: borrowing Facts, now: Int64) -> Posting.Extras? {
  guard command.verb == .debit, let controls = facts.special?.controls.using(command.amount, at: now) else {
    return nil
  }
  return Posting.Extras(controls: controls)
}

extension WalletControls {
  /// With a debit, an outgoing transfer or a hold counted; `nil` where nothing is counted.
  fileprivate func using(_ amount: Int64, at now: Int64) -> WalletControls? {
    guard limits.hasWindows else { return nil }
    var controls = self
    controls.usage.use(amount, at: now)
    return controls
  }
}

extension WalletAccount {
  /// The next version, with the row at `seq`; returns the row before it.
  fileprivate mutating func advance(to seq: Int64) -> Int64 {
    version += 1
    defer { lastSeq = seq }
    return lastSeq
  }
}

/// A row that moves no money.
private func change(
  _ kind: TransactionKind, _ command: borrowing Command, _ wallet: WalletAccount, _ facts: borrowing Facts,
  controls: WalletControls?, now: Int64
) -> Decision {
  var wallet = wallet
  let previousSeq = wallet.advance(to: facts.nextSeq)
  return .post(
    Posting(
      seq: facts.nextSeq, kind: kind, wallet: wallet, amount: 0, previousSeq: previousSeq, counterAccount: Text(),
      createdAt: now, extras: Posting.Extras(detail: command.parameters.encoded, controls: controls)))
}

private func transfer(
  _ command: borrowing Command, _ source: WalletAccount, _ special: SpecialFacts, _ facts: borrowing Facts, now: Int64
) -> Decision {
  guard var destination = special.counterparty?.wallet else {
    preconditionFailure("a transfer without a destination passed the checks")
  }
  var source = source
  let (outSeq, inSeq) = (facts.nextSeq, facts.nextSeq + 1)
  let sourcePrevious = source.advance(to: outSeq)
  let destinationPrevious = destination.advance(to: inSeq)
  source.balance -= command.amount
  destination.balance += command.amount
  let detail = command.parameters.encoded
  return .transfer(
    Posting(
      seq: outSeq, kind: .transferOut, wallet: source, amount: -command.amount, previousSeq: sourcePrevious,
      counterAccount: Text(), createdAt: now,
      extras: Posting.Extras(
        counterWalletID: destination.id, relatedSeq: inSeq, detail: detail,
        controls: special.controls.using(command.amount, at: now))),
    Posting(
      seq: inSeq, kind: .transferIn, wallet: destination, amount: command.amount, previousSeq: destinationPrevious,
      counterAccount: Text(), createdAt: now,
      extras: Posting.Extras(
        counterWalletID: source.id, relatedSeq: outSeq,
        // The key is that of the other row.
        attribution: Attribution(key: nil, audit: command.audit, origin: command.origin))))
}

private func hold(
  _ command: borrowing Command, _ timeout: Int64, _ wallet: WalletAccount, _ special: SpecialFacts,
  _ facts: borrowing Facts, now: Int64
) -> Decision {
  var wallet = wallet
  let previousSeq = wallet.advance(to: facts.nextSeq)
  wallet.held += command.amount
  let hold = Hold(
    id: facts.nextSeq, walletID: wallet.id, amount: command.amount, remaining: command.amount, createdAt: now,
    endsAt: now + timeout)
  var controls = special.controls.using(command.amount, at: now) ?? special.controls
  controls.add(hold)
  return .post(
    Posting(
      seq: facts.nextSeq, kind: .hold, wallet: wallet, amount: 0, previousSeq: previousSeq, counterAccount: Text(),
      createdAt: now,
      extras: Posting.Extras(
        heldChange: command.amount, holdID: hold.id, detail: HoldDetail(timeout: timeout, endsAt: hold.endsAt).encoded,
        controls: controls, hold: hold)))
}

private func capture(
  _ command: borrowing Command, isFinal: Bool, _ wallet: WalletAccount, _ special: SpecialFacts,
  _ facts: borrowing Facts, now: Int64
) -> Decision {
  guard var hold = special.hold else { preconditionFailure("a capture without a hold passed the checks") }
  var wallet = wallet
  let previousSeq = wallet.advance(to: facts.nextSeq)
  let amount = command.captureAmount(special)
  hold.captured += amount
  hold.remaining -= amount
  var controls = special.controls
  var freed = amount
  if isFinal || hold.remaining == 0 {
    freed += hold.remaining
    controls.usage.giveBackUnused(of: hold, at: now)
    hold.remaining = 0
    hold.state = .captured
    hold.endedAt = now
  }
  controls.replace(hold)
  wallet.balance -= amount
  wallet.held -= freed
  return .post(
    Posting(
      seq: facts.nextSeq, kind: .capture, wallet: wallet, amount: -amount, previousSeq: previousSeq,
      counterAccount: command.effectiveCounterAccount, createdAt: now,
      extras: Posting.Extras(
        heldChange: -freed, holdID: hold.id,
        detail: CaptureDetail(requested: command.amount, isFinal: isFinal).encoded, controls: controls, hold: hold)))
}

private func release(
  _ command: borrowing Command, _ wallet: WalletAccount, _ special: SpecialFacts, _ facts: borrowing Facts, now: Int64
) -> Decision {
  guard var hold = special.hold else { preconditionFailure("a release without a hold passed the checks") }
  var wallet = wallet
  let previousSeq = wallet.advance(to: facts.nextSeq)
  let freed = hold.remaining
  wallet.held -= freed
  var controls = special.controls
  controls.usage.giveBackUnused(of: hold, at: now)
  hold.remaining = 0
  hold.state = .released
  hold.endedAt = now
  controls.replace(hold)
  return .post(
    Posting(
      seq: facts.nextSeq, kind: .release, wallet: wallet, amount: 0, previousSeq: previousSeq, counterAccount: Text(),
      createdAt: now,
      extras: Posting.Extras(heldChange: -freed, holdID: hold.id, controls: controls, hold: hold)))
}

private func refund(
  _ command: borrowing Command, _ wallet: WalletAccount, _ special: SpecialFacts, _ facts: borrowing Facts, now: Int64
) -> Decision {
  guard let original = special.original else { preconditionFailure("a refund of nothing passed the checks") }
  var wallet = wallet
  let previousSeq = wallet.advance(to: facts.nextSeq)
  let amount = command.refundAmount(special)
  wallet.balance += amount
  return .post(
    Posting(
      seq: facts.nextSeq, kind: .refund, wallet: wallet, amount: amount, previousSeq: previousSeq,
      counterAccount: command.effectiveCounterAccount, createdAt: now,
      extras: Posting.Extras(
        relatedSeq: original.seq, detail: RefundDetail(requested: command.amount).encoded,
        refunded: original.refunded + amount)))
}
