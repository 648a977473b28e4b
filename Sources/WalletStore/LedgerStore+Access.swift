import WalletCore

/// What callers may not do. Whoever may do everything pays one look at a flag.
extension LedgerStore {
  /// Why a caller may not have a mutation done; `nil` when it may. A wallet that is none of the caller's and one that isn't
  /// there are denied alike: an id tells nothing.
  func denial(of command: Command) throws(StoreError) -> DeniedCall? {
    let access = command.origin.access
    if access.isEnded { return DeniedCall(command, AccessDenial(.credentialRevoked)) }
    if let denial = access.denial(of: command.verb) { return DeniedCall(command, denial) }
    let constraints = access.constraints
    if constraints.isEmpty { return nil }
    let target = try target(of: command)
    if constraints.restrictsWallets {
      var addresses: [WalletReference] = []
      if command.verb.namesWallet { addresses.append(command.wallet) } else { addresses.append(.id(target.walletID)) }
      if case .transfer(let to) = command.parameters { addresses.append(to) }
      for address in addresses where try !admits(constraints, address) {
        var call = DeniedCall(command, AccessDenial(.wallet))
        call.walletID = target.walletID ?? 0
        return call
      }
    }
    guard constraints.amountMax != 0, try amount(of: command, target) > constraints.amountMax else { return nil }
    var call = DeniedCall(command, AccessDenial(.amount, amountMax: constraints.amountMax))
    call.walletID = target.walletID ?? 0
    return call
  }

  /// What it would move: where a request asks for all that is left, that.
  private func amount(of command: Command, _ target: Target) throws(StoreError) -> Int64 {
    if command.amount != 0 { return command.amount }
    switch command.verb {
    case .capture: return try target.holdID.flatMap { id throws(StoreError) in try book.hold(id) }?.remaining ?? 0
    case .refund: return target.original.map { $0.amount - $0.refunded } ?? 0
    default: return 0
    }
  }

  /// Whether constraints let a caller at a wallet.
  private func admits(_ constraints: Constraints, _ address: WalletReference) throws(StoreError) -> Bool {
    switch address {
    case .name(let name): return constraints.admits(owner: name.owner, currency: name.currency)
    case .id:
      guard let slot = try slot(of: address) else { return false }
      let name = cache.name(at: slot)
      return constraints.admits(owner: name.owner, currency: name.currency)
    }
  }

  /// The first item of a batch that its caller may not have done.
  func firstDenial(in batch: BatchCommand) throws(StoreError) -> (index: Int, call: DeniedCall)? {
    for (index, item) in batch.items.enumerated() {
      guard case .command(let command) = item else { continue }
      if command.origin.isUnlimited { return nil }
      if let call = try denial(of: command) { return (index, call) }
    }
    return nil
  }

  /// Why a caller that is kept to some wallets may not read; `nil` when it may.
  func denial(ofReading read: LedgerRequest, _ verb: Verb, _ origin: Origin) throws(StoreError) -> DeniedCall? {
    let constraints = origin.access.constraints
    guard constraints.restrictsWallets else { return nil }
    switch read {
    case .balance(let wallet), .history(let wallet, _, _), .filteredHistory(let wallet, _, _, _),
      .balanceAt(let wallet, _), .explanation(let wallet, _, _):
      if try admits(constraints, wallet) { return nil }
      return try denied(verb, wallet, origin)
    case .wallets(let owner, _):
      if constraints.admits(owner: owner) { return nil }
      return try denied(verb, .name(WalletName(owner: owner, currency: "", name: "")), origin)
    case .refusals(let filter, _, _):
      if let wallet = filter.wallet {
        if try admits(constraints, wallet) { return nil }
        return try denied(verb, wallet, origin)
      }
      let isOfOwner = !filter.owner.isEmpty && constraints.currencies.isEmpty && constraints.admits(owner: filter.owner)
      return isOfOwner ? nil : DeniedCall(verb, origin: origin, AccessDenial(.wholeLedger))
    case .trialBalance, .tokens: return DeniedCall(verb, origin: origin, AccessDenial(.wholeLedger))
    case .info, .denied, .mutation, .batch, .dryRun: return nil
    case .guarded(let read, let verb, let origin): return try denial(ofReading: read, verb, origin)
    }
  }

  private func denied(_ verb: Verb, _ address: WalletReference, _ origin: Origin) throws(StoreError) -> DeniedCall {
    var call = DeniedCall(verb, address: address, origin: origin, AccessDenial(.wallet))
    if case .id = address, let slot = try slot(of: address) { call.walletID = cache.account(at: slot).id }
    return call
  }

  // MARK: Rows

  /// Answers a denied call inside a gather, with a row when there is an allowance for one. Whatever is only tried gets its
  /// rows when that is taken back.
  func deny(_ call: DeniedCall, now: Int64) -> LedgerOutcome {
    guard !journal.isProjecting, let omitted = allowance.take(call.origin.actor, now: monotonicNow) else {
      return .failed(call.denial.failure, commitSeq: newest.seq, replayed: false)
    }
    let row = RefusalRow(call, omitted: omitted, seq: newest.seq + 1, createdAt: now)
    guard case .failed(_, let seq, _) = record(row, ShortBytes()) else { preconditionFailure("a refusal wasn't one") }
    return .failed(call.denial.failure, commitSeq: seq, replayed: false)
  }

  /// What is left out of the journal is told here, so that it is told at all.
  func linesOfDenials() -> String? {
    let omitted = allowance.takeUntold()
    return omitted == 0 ? nil : "\(omitted) denied calls have no row in the journal: there were too many"
  }
}

extension WalletReference {
  /// Of a wallet that may not be there.
  fileprivate static func id(_ id: Int64?) -> WalletReference { .id(id ?? 0, currency: Text()) }
}
