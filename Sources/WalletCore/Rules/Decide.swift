/// The first result of a key. A transaction comes with its wallet's currency and exponent, which its reply shows.
public indirect enum Prior: Sendable {
  case transaction(TransactionRow, currency: Text, exponent: UInt8)
  case refusal(RefusalRow)
  case administration(AdministrationRow)
}

/// What becomes of a command.
public enum Decision: Sendable {
  /// The row is appended, the wallet becomes the posting's, and the counter-account gets the opposite of its amount.
  case post(Posting)
  /// Both sides of a transfer: the source's, then the destination's.
  indirect case transfer(Posting, Posting)
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
public func decide(_ command: borrowing Command, _ facts: borrowing Facts, now: Int64) -> Decision {
  if let prior = facts.prior {
    if let failure = prior.mismatch(
      with: command, wallet: facts.wallet, counterpartyID: facts.special?.counterparty?.wallet.id ?? 0)
    {
      return .fail(failure)
    }
    return .replay(prior)
  }
  if let violation = command.violation { return .fail(violation) }
  if let failure = firstRefusal(of: command, facts, now: now) {
    return failure.reason.isRemembered ? .refuse(failure) : .fail(failure)
  }
  switch command.verb {
  case .openWallet: return open(command, facts, now: now)
  case .debit, .credit: return post(command, facts, now: now)
  default: return decideSpecial(command, facts, now: now)
  }
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
      createdAt: now, extras: Posting.Extras(detail: OpenDetail(name: name, exponent: exponent).encoded)))
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
      createdAt: now, extras: usingLimits(command, facts, now: now)))
}

extension Command {
  /// The change of the balance; amounts are positive in requests, the verb gives the direction.
  public var signedAmount: Int64 { verb == .debit ? -amount : amount }
}

extension Prior {
  /// `nil` when it is the same request.
  func mismatch(
    with command: borrowing Command, wallet: WalletAccount? = nil, counterpartyID: Int64 = 0
  ) -> Failure? {
    firstDifference(from: command, wallet: wallet, counterpartyID: counterpartyID).map { field in
      Failure(.idempotencyMismatch, .mismatch(field: field))
    }
  }

  private func firstDifference(
    from command: borrowing Command, wallet: WalletAccount?, counterpartyID: Int64
  ) -> String? {
    let recorded: RecordedRequest
    switch self {
    case .refusal(let row): recorded = RecordedRequest(row)
    case .administration(let row):
      guard let request = RecordedRequest(row) else { return "verb" }
      recorded = request
    case .transaction(let row, let currency, _):
      // The key of a batch of all or nothing leads to its first item.
      guard row.key == command.key, let request = RecordedRequest(row, walletCurrency: currency) else { return "verb" }
      recorded = request
    }
    return recorded.firstDifference(from: command, wallet: wallet, counterpartyID: counterpartyID)
  }
}

extension FailureDetail {
  /// The wallet that it is about and whose name it doesn't say.
  public var unnamedWallet: Int64? {
    if case .wallet(let id, nil) = self, id != 0 { id } else { nil }
  }

  public static func wallet(addressedBy reference: WalletReference) -> FailureDetail {
    switch reference {
    case .id(let id, _): .wallet(id: id, nil)
    case .name(let name): .wallet(id: 0, name)
    }
  }
}
