/// The same key again: what of a request is compared with the first one under it.
extension ReferenceLedger {
  /// The first field that differs; `nil` when it is the same request.
  func difference(_ first: First, _ request: Request) -> String? {
    let was = first.requests[0]
    if was.verb != request.verb { return "verb" }
    let wallet = subject(request)
    if was.verb.namesWallet {
      if let known = first.wallet {
        if wallet !== known { return "wallet" }
      } else if !isSameAddress(was.wallet, request.wallet) {
        return "wallet"
      }
    }
    if was.amount != request.amount { return "amount" }
    if differsInCurrency(first, request, wallet) { return "currency" }
    if was.reason != request.reason { return "reason" }
    if was.note != request.note { return "note" }
    if was.reference != request.reference { return "reference" }
    if was.onBehalfOf != request.onBehalfOf { return "on_behalf_of" }
    if was.effectiveCounterAccount != request.effectiveCounterAccount { return "counter_account" }
    if was.occurredAt != request.occurredAt { return "occurred_at_micros" }
    if was.metadata != request.metadata { return "metadata" }
    return parameterDifference(first, request)
  }

  /// An address that led nowhere is compared as it was given; the currency beside an id is none of it.
  private func isSameAddress(_ one: Address, _ other: Address) -> Bool {
    if one.id != 0 || other.id != 0 { return one.id == other.id }
    return one.owner == other.owner && one.currency == other.currency && one.fullName == other.fullName
  }

  /// Who says no currency means the wallet's, and where there is no wallet says nothing about it.
  private func differsInCurrency(_ first: First, _ request: Request, _ wallet: Wallet?) -> Bool {
    let was = first.requests[0]
    var known = was.givenCurrency
    if case .posted(let row, _) = first.outcome { known = row.wallet.currency }
    let own = wallet?.currency ?? (request.verb.namesWallet ? "" : known)
    return (known.isEmpty ? own : known) != (request.givenCurrency.isEmpty ? own : request.givenCurrency)
  }

  private func parameterDifference(_ first: First, _ request: Request) -> String? {
    let was = first.requests[0]
    switch was.verb {
    case .transfer:
      if case .posted(_, let other?) = first.outcome { return wallet(request.to) === other.wallet ? nil : "to" }
      if was.to.id != 0, let wallet = wallet(request.to), wallet.id == was.to.id { return nil }
      return was.to.id == request.to.id && was.to.owner == request.to.owner && was.to.currency == request.to.currency
        && (was.to.id != 0 || was.to.fullName == request.to.fullName) ? nil : "to"
    case .hold: return was.timeoutMillis == request.timeoutMillis ? nil : "timeout_millis"
    case .capture:
      if was.holdID != request.holdID { return "hold_id" }
      return was.isFinal == request.isFinal ? nil : "final"
    case .release: return was.holdID == request.holdID ? nil : "hold_id"
    case .refund: return was.transactionID == request.transactionID ? nil : "transaction_id"
    case .freeze:
      if was.scope != request.scope { return "scope" }
      return was.until == request.until ? nil : "until_micros"
    case .unfreeze: return was.scope == request.scope ? nil : "scope"
    case .setLimits: return (was.limits ?? Limits()) == (request.limits ?? Limits()) ? nil : "limits"
    case .registerCurrency:
      if was.subject != request.subject { return "code" }
      return was.exponent == request.exponent ? nil : "exponent"
    case .addCounterAccount: return was.subject == request.subject ? nil : "name"
    case .open, .debit, .credit, .close: return nil
    }
  }

  /// What is compared of an item of a batch that was refused.
  func asGiven(_ request: Request) -> [String] {
    let addresses = [request.wallet, request.to].map {
      "\($0.id) \($0.owner) \($0.currency) \($0.id == 0 ? $0.fullName : "")"
    }
    let words = [
      request.reason, request.note, request.reference, request.onBehalfOf, request.effectiveCounterAccount,
      "\(request.metadata)", request.currency,
    ]
    let figures = [
      Int64(request.verb.rawValue), request.amount, request.occurredAt, request.timeoutMillis, request.holdID,
      request.transactionID, request.isFinal ? 1 : 0, request.scope, request.until,
    ]
    return addresses + words + ["\(figures)", "\(String(describing: request.limits))"]
  }
}
