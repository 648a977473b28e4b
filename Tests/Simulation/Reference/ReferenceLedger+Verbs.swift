import TestSupport

/// What each verb does, and why not, straight from the contract: in each the codes come in the order of their numbers.
extension ReferenceLedger {
  func open(_ call: Call) throws(Failure) -> Outcome {
    let address = call.request.wallet
    guard let exponent = exponents[address.currency] else {
      throw .currency(.currencyUnknown, "", address.currency)
    }
    if let wallet = wallet(address) { throw .wallet(.walletExists, wallet) }
    let wallet = Wallet(
      id: Int64(wallets.count) + 1, owner: address.owner, currency: address.currency, name: address.fullName,
      exponent: exponent, createdAt: call.now)
    add(wallet)
    var detail = CanonicalBytes(1)
    detail.text(wallet.owner)
    detail.text(wallet.currency)
    detail.text(wallet.name)
    detail.integer(exponent)
    return .posted(append(.open, wallet, call, detail: detail.bytes), other: nil)
  }

  func debit(_ call: Call) throws(Failure) -> Outcome {
    let wallet = try self.wallet(of: call)
    try requireUsable(wallet, call, debits: true)
    try requireLimits(wallet, call)
    try requireFunds(wallet, call.request.amount)
    try requireSums(wallet, -call.request.amount, call)
    let row = append(
      .debit, wallet, call, amount: -call.request.amount, counterAccount: call.request.effectiveCounterAccount)
    post(-call.request.amount, wallet.currency, against: call.request.effectiveCounterAccount)
    use(wallet, call.request.amount, call.now)
    return .posted(row, other: nil)
  }

  func credit(_ call: Call) throws(Failure) -> Outcome {
    let wallet = try self.wallet(of: call)
    try requireUsable(wallet, call, credits: true)
    try requireMaximum(wallet, call.request.amount)
    try requireSums(wallet, call.request.amount, call)
    let row = append(
      .credit, wallet, call, amount: call.request.amount, counterAccount: call.request.effectiveCounterAccount)
    post(call.request.amount, wallet.currency, against: call.request.effectiveCounterAccount)
    return .posted(row, other: nil)
  }

  func transfer(_ call: Call) throws(Failure) -> Outcome {
    let request = call.request
    let source = self.wallet(request.wallet)
    let destination = self.wallet(request.to)
    for (address, wallet) in [(request.wallet, source), (request.to, destination)] {
      if !address.currency.isEmpty, exponents[address.currency] == nil {
        throw .currency(.currencyUnknown, wallet?.currency ?? "", address.currency)
      }
    }
    for (address, wallet) in [(request.wallet, source), (request.to, destination)] {
      if let wallet, !address.currency.isEmpty, wallet.currency != address.currency {
        throw .currency(.currencyMismatch, wallet.currency, address.currency)
      }
    }
    if let source {
      let other = destination?.currency ?? request.to.currency
      if !other.isEmpty, other != source.currency { throw .currency(.currencyMismatch, source.currency, other) }
    }
    guard let source else { throw .notFound(request.wallet) }
    guard let destination else { throw .notFound(request.to) }
    if source === destination { throw .wallet(.sameWallet, source) }
    for wallet in [source, destination] where wallet.state.isClosed { throw .wallet(.walletClosed, wallet) }
    try requireThawed(source, source.state.debitFreeze, call.now)
    try requireThawed(destination, destination.state.creditFreeze, call.now)
    try requireVersion(source, call)
    try requireLimits(source, call)
    try requireMaximum(destination, request.amount)
    try requireFunds(source, request.amount)
    let sum = Int128(destination.state.balance) + Int128(request.amount)
    if sum + Int128(max(0, destination.state.overdraft)) > Int128(Int64.max) { throw .overflow("balance") }
    var detail = CanonicalBytes(1, 1, request.to.id)
    detail.text(request.to.id == 0 ? request.to.owner : "")
    detail.text(request.to.currency)
    detail.text(request.to.id == 0 ? request.to.fullName : "")
    let out = append(
      .transferOut, source, call, amount: -request.amount, counterWallet: destination.id, related: seq + 2,
      detail: detail.bytes)
    let other = append(
      .transferIn, destination, call, amount: request.amount, counterWallet: source.id, related: out.seq)
    use(source, request.amount, call.now)
    return .posted(out, other: other)
  }

  func hold(_ call: Call) throws(Failure) -> Outcome {
    let wallet = try self.wallet(of: call)
    try requireUsable(wallet, call, debits: true)
    try requireLimits(wallet, call)
    try requireFunds(wallet, call.request.amount)
    let endsAt = call.now + call.request.timeoutMillis * 1000
    let row = append(
      .hold, wallet, call, heldChange: call.request.amount, holdID: seq + 1,
      detail: CanonicalBytes(1, call.request.timeoutMillis * 1000, endsAt).bytes)
    let hold = Hold(id: row.seq, wallet: wallet, amount: call.request.amount, createdAt: call.now, endsAt: endsAt)
    add(hold)
    wallet.state.openHolds.append(hold)
    use(wallet, call.request.amount, call.now)
    return .posted(row, other: nil)
  }

  func capture(_ call: Call) throws(Failure) -> Outcome {
    let request = call.request
    let hold = holds[request.holdID]
    try requireCurrency(hold?.wallet, request.currency)
    try requireCounterAccount(call)
    if let hold { try requireUsable(hold.wallet, call, debits: true) }
    guard let hold else { throw .hold(.holdNotFound, request.holdID, 0, 0) }
    try requireOpen(hold, atLeast: request.amount)
    let amount = request.amount == 0 ? hold.state.remaining : request.amount
    try requireCounterSum(-amount, hold.wallet.currency, request.effectiveCounterAccount)
    touch(hold)
    hold.state.captured += amount
    hold.state.remaining -= amount
    var freed = amount
    let ends = request.isFinal || hold.state.remaining == 0
    if ends { freed += hold.state.remaining }
    let row = append(
      .capture, hold.wallet, call, amount: -amount, heldChange: -freed, counterAccount: request.effectiveCounterAccount,
      holdID: hold.id, detail: CanonicalBytes(1, request.amount, request.isFinal ? 1 : 0).bytes)
    post(-amount, hold.wallet.currency, against: request.effectiveCounterAccount)
    if ends { end(hold, .holdCaptured, call.now) }
    return .posted(row, other: nil)
  }

  func release(_ call: Call) throws(Failure) -> Outcome {
    let hold = holds[call.request.holdID]
    if let hold { try requireUsable(hold.wallet, call) }
    guard let hold else { throw .hold(.holdNotFound, call.request.holdID, 0, 0) }
    try requireOpen(hold, atLeast: 0)
    let row = append(.release, hold.wallet, call, heldChange: -hold.state.remaining, holdID: hold.id)
    end(hold, .holdReleased, call.now)
    return .posted(row, other: nil)
  }

  func refund(_ call: Call) throws(Failure) -> Outcome {
    let request = call.request
    let original = row(request.transactionID)
    try requireCurrency(original?.wallet, request.currency)
    try requireCounterAccount(call)
    guard let original else { throw .transaction(.transactionNotFound, request.transactionID) }
    guard original.kind == .debit || original.kind == .capture else {
      throw .transaction(.notRefundable, request.transactionID)
    }
    try requireUsable(original.wallet, call, credits: true)
    let taken = -original.amount
    let before = refunded[original.seq] ?? 0
    let amount = request.amount == 0 ? taken - before : request.amount
    if taken == before || amount > taken - before { throw .refundExceeds(taken, before) }
    try requireSums(original.wallet, amount, call)
    let row = append(
      .refund, original.wallet, call, amount: amount, counterAccount: request.effectiveCounterAccount,
      related: original.seq, detail: CanonicalBytes(1, request.amount).bytes)
    post(amount, original.wallet.currency, against: request.effectiveCounterAccount)
    refund(amount, of: original.seq)
    return .posted(row, other: nil)
  }

  func freeze(_ call: Call) throws(Failure) -> Outcome {
    let wallet = try self.wallet(of: call)
    try requireUsable(wallet, call)
    let row = append(
      .freeze, wallet, call, detail: CanonicalBytes(1, 6, call.request.scope, call.request.until).bytes)
    let freeze = Freeze(
      scope: call.request.scope, reason: call.request.reason, since: call.now, until: call.request.until)
    if freeze.scope != 2 { wallet.state.debitFreeze = freeze }
    if freeze.scope != 1 { wallet.state.creditFreeze = freeze }
    return .posted(row, other: nil)
  }

  func unfreeze(_ call: Call) throws(Failure) -> Outcome {
    let wallet = try self.wallet(of: call)
    try requireUsable(wallet, call)
    let row = append(.unfreeze, wallet, call, detail: CanonicalBytes(1, 7, call.request.scope).bytes)
    if call.request.scope != 2 { wallet.state.debitFreeze = nil }
    if call.request.scope != 1 { wallet.state.creditFreeze = nil }
    return .posted(row, other: nil)
  }

  func setLimits(_ call: Call) throws(Failure) -> Outcome {
    let wallet = try self.wallet(of: call)
    try requireUsable(wallet, call)
    let limits = call.request.limits ?? Limits()
    // Less room than before must not leave less than nothing.
    let lessRoom = wallet.state.overdraft - limits.overdraft
    if lessRoom > 0 { try requireFunds(wallet, lessRoom) }
    if Int128(wallet.state.balance) + Int128(limits.overdraft) > Int128(Int64.max) { throw .overflow("balance") }
    touch(wallet)
    wallet.state.limits = limits
    wallet.state.overdraft = limits.overdraft
    var detail = CanonicalBytes(1, 8, limits.overdraft, limits.maxBalance, limits.maxAmount)
    for window in limits.windows {
      detail.integer(window.amount)
      detail.integer(window.count)
    }
    return .posted(append(.setLimits, wallet, call, detail: detail.bytes), other: nil)
  }

  func close(_ call: Call) throws(Failure) -> Outcome {
    let wallet = try self.wallet(of: call)
    if wallet.state.isClosed { throw .wallet(.walletClosed, wallet) }
    if wallet.state.balance != 0 || !wallet.state.openHolds.isEmpty {
      throw Failure(code: .walletNotEmpty, detail: 34, [wallet.state.balance, Int64(wallet.state.openHolds.count)])
    }
    try requireVersion(wallet, call)
    let row = append(.close, wallet, call)
    wallet.state.isClosed = true
    return .posted(row, other: nil)
  }

  // MARK: Administration

  func registerCurrency(_ call: Call) throws(Failure) -> Outcome {
    let (code, exponent) = (call.request.subject, call.request.exponent)
    if exponents[code] != nil { throw .currency(.currencyExists, "", code) }
    var detail = CanonicalBytes(1, 9)
    detail.text(code)
    detail.integer(exponent)
    register(code, exponent: exponent)
    return .administered(append(call, detail: detail.bytes))
  }

  func addCounterAccount(_ call: Call) throws(Failure) -> Outcome {
    let name = call.request.subject
    if counterAccounts.contains(name) { throw .counterAccount(.counterAccountExists, name) }
    var detail = CanonicalBytes(1, 10)
    detail.text(name)
    addCounterAccount(name)
    return .administered(append(call, detail: detail.bytes))
  }

  // MARK: Holds

  /// Writes down that holds have ended.
  func expire(_ wallet: Wallet, _ now: Int64) {
    for hold in wallet.dueHolds(at: now) {
      let call = Call(request: Request(verb: .release), key: "", caller: Caller(source: "", client: ""), now: now)
      _ = append(
        .expire, wallet, call, heldChange: -hold.state.remaining, holdID: hold.id,
        detail: CanonicalBytes(1, hold.endsAt).bytes)
      end(hold, .holdExpired, now)
    }
  }

  /// What it reserved and nobody captured is given back, in the wallet's limits too.
  private func end(_ hold: Hold, _ how: Code, _ now: Int64) {
    touch(hold)
    let day = Calendar.day(of: hold.createdAt)
    var used = hold.wallet.state.used[day] ?? Limits.Window()
    used.amount -= hold.state.remaining
    if hold.state.captured == 0 { used.count -= 1 }
    hold.wallet.state.used[day] = used
    hold.wallet.state.openHolds.removeAll { $0 === hold }
    hold.state.remaining = 0
    hold.state.ended = how
    hold.state.endedAt = now
  }

  private func use(_ wallet: Wallet, _ amount: Int64, _ now: Int64) {
    let day = Calendar.day(of: now)
    var used = wallet.state.used[day] ?? Limits.Window()
    let (sum, overflow) = used.amount.addingReportingOverflow(amount)
    used.amount = overflow ? .max : sum
    used.count += 1
    wallet.state.used[day] = used
    for number in 0..<3 {
      let days = Calendar.window(number, around: day)
      if wallet.state.sum(of: days).amount >= Int128(Int64.max) {
        wallet.state.beyondAll.insert(WindowPlace(number: number, firstDay: days.lowerBound))
      }
    }
  }
}

extension Wallet.State {
  func sum(of days: Range<Int64>) -> (amount: Int128, count: Int64) {
    var sum: (amount: Int128, count: Int64) = (0, 0)
    for day in days {
      guard let some = used[day] else { continue }
      sum = (sum.amount + Int128(some.amount), sum.count + some.count)
    }
    return sum
  }
}
