/// What is known when an administrator's command is decided.
public struct AdministrationFacts: Sendable {
  /// What the journal has under the command's key.
  public var prior: Prior?
  /// There is a currency or counter-account of that name.
  public var isThere: Bool
  /// Currencies that were registered, or counter-accounts: of which the command asks for one more.
  public var count: Int
  /// As it stands when the command is decided; of commands on tokens.
  public var grants: Grants
  /// The seq of the next row.
  public var nextSeq: Int64

  public init(
    prior: Prior? = nil, isThere: Bool = false, count: Int = 0, grants: Grants = Grants(), nextSeq: Int64
  ) {
    self.prior = prior
    self.isThere = isThere
    self.count = count
    self.grants = grants
    self.nextSeq = nextSeq
  }
}

/// What becomes of an administrator's command.
public enum AdministrationDecision: Sendable {
  /// The row is appended, and what it says is known from here on.
  case append(AdministrationRow)
  /// A refusal is appended: the same key gets the same answer for ever.
  case refuse(Failure)
  /// Answered, not recorded.
  case fail(Failure)
  /// The first result again.
  case replay(Prior)
}

/// The rules of what changes no wallet.
///
/// - Parameter now: The stored time of what happens now, microseconds.
public func decideAdministration(
  _ command: Command, _ facts: AdministrationFacts, now: Int64
) -> AdministrationDecision {
  if let prior = facts.prior {
    if let failure = prior.mismatch(with: command) { return .fail(failure) }
    return .replay(prior)
  }
  if let violation = command.violation { return .fail(violation) }
  switch command.parameters {
  case .currency(let code, _):
    if facts.isThere { return .refuse(Failure(.currencyExists, .currency(wallet: Text(), request: code))) }
    if facts.count >= LedgerLimits.registeredCurrenciesMax {
      return .fail(tooMany("code", "currencies", LedgerLimits.registeredCurrenciesMax))
    }
  case .counterAccount(let name):
    if facts.isThere { return .refuse(Failure(.counterAccountExists, .counterAccount(name))) }
    if facts.count >= LedgerLimits.counterAccountsMax {
      return .fail(tooMany("name", "counter-accounts", LedgerLimits.counterAccountsMax))
    }
  case .grant(let terms): if let failure = refusal(of: terms, facts.grants, now: now) { return .fail(failure) }
  case .revocation(let id): if let failure = refusal(ofRevoking: id, facts.grants) { return .fail(failure) }
  default: preconditionFailure("\(command.verb) isn't administration")
  }
  return .append(
    AdministrationRow(
      seq: facts.nextSeq, verb: command.verb, attribution: command.attribution, createdAt: now,
      detail: command.parameters.encoded))
}

/// Not recorded: a later version of the server may have room for more.
private func tooMany(_ field: String, _ what: String, _ countMax: Int) -> Failure {
  .invalidArgument(field, "can't be added: the ledger has \(countMax) \(what), the most that it may have")
}

/// None of these is recorded: once a grant was revoked the same request can be done.
private func refusal(of terms: GrantTerms, _ grants: Grants, now: Int64) -> Failure? {
  if terms.isExpired(at: now) { return .invalidArgument("expires_at_micros", "lies in the past: it is \(now)") }
  if let entry = grants[terms.credential] {
    let (field, what) =
      switch terms.credential {
      case .secret: ("secret_digest", "secret")
      case .certificate: ("certificate_name", "name")
      case .unixUser: ("unix_user", "user")
      }
    return .invalidArgument(field, "is the \(what) of token \(entry.grant.id): revoke that one first")
  }
  if grants.count >= LedgerLimits.grantsMax { return tooMany("principal", "tokens", LedgerLimits.grantsMax) }
  guard case .secret = terms.credential else { return nil }
  let live = grants.liveTokens(of: terms.principal, at: now)
  if live.count < LedgerLimits.liveTokensMax { return nil }
  return .invalidArgument(
    "principal",
    "has \(live.count) tokens that are live, the most that it may have: revoke one of them first, "
      + live.map { "\($0)" }.joined(separator: " or "))
}

private func refusal(ofRevoking id: Int64, _ grants: Grants) -> Failure? {
  guard let grant = grants[id]?.grant else { return .invalidArgument("token_id", "there is no token \(id)") }
  return grant.revokedAt == 0 ? nil : .invalidArgument("token_id", "token \(id) was revoked already")
}
