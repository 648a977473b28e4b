import TestSupport

/// What more than one verb requires.
extension ReferenceLedger {
  /// The wallet of a request that names one, once currency, counter-account and address are right.
  func wallet(of call: Call) throws(Failure) -> Wallet {
    let wallet = wallet(call.request.wallet)
    try requireCurrency(wallet, call.request.wallet.currency)
    try requireCounterAccount(call)
    guard let wallet else { throw .notFound(call.request.wallet) }
    return wallet
  }

  func requireCurrency(_ wallet: Wallet?, _ given: String) throws(Failure) {
    if given.isEmpty { return }
    if exponents[given] == nil { throw .currency(.currencyUnknown, wallet?.currency ?? "", given) }
    if let wallet, wallet.currency != given { throw .currency(.currencyMismatch, wallet.currency, given) }
  }

  func requireCounterAccount(_ call: Call) throws(Failure) {
    let name = call.request.effectiveCounterAccount
    if name.isEmpty || counterAccounts.contains(name) { return }
    throw .counterAccount(.counterAccountUnknown, name)
  }

  /// Neither closed, nor frozen for what is asked, nor of another version than the caller thinks.
  func requireUsable(_ wallet: Wallet, _ call: Call, debits: Bool = false, credits: Bool = false) throws(Failure) {
    if wallet.state.isClosed { throw .wallet(.walletClosed, wallet) }
    if debits { try requireThawed(wallet, wallet.state.debitFreeze, call.now) }
    if credits { try requireThawed(wallet, wallet.state.creditFreeze, call.now) }
    try requireVersion(wallet, call)
  }

  func requireThawed(_ wallet: Wallet, _ freeze: Freeze?, _ now: Int64) throws(Failure) {
    guard let freeze, freeze.until == 0 || now < freeze.until else { return }
    throw Failure(
      code: .walletFrozen, detail: 33,
      figures: ProtobufWriter.message {
        $0.integer(1, wallet.id)
        $0.integer(2, freeze.scope)
        $0.text(3, freeze.reason)
        $0.integer(4, freeze.since)
        $0.integer(5, freeze.until)
      })
  }

  func requireVersion(_ wallet: Wallet, _ call: Call) throws(Failure) {
    let expected = call.request.expectedVersion
    if expected == 0 || expected == call.versionSeen { return }
    throw Failure(code: .versionConflict, detail: 24, [expected, wallet.version, wallet.state.balance])
  }

  func requireOpen(_ hold: Hold, atLeast amount: Int64) throws(Failure) {
    if let ended = hold.state.ended { throw .hold(ended, hold.id, hold.state.endedAt, 0) }
    if amount > hold.state.remaining {
      throw .hold(.holdAmountExceeded, hold.id, hold.endsAt, hold.state.remaining)
    }
  }

  func requireLimits(_ wallet: Wallet, _ call: Call) throws(Failure) {
    let (limits, amount) = (wallet.state.limits, call.request.amount)
    if limits.maxAmount != 0, amount > limits.maxAmount { throw .limit(1, limits.maxAmount, used: 0, end: 0) }
    if limits.windows == Limits().windows { return }
    for (index, (limit, days)) in zip(limits.windows, windows(at: call.now)).enumerated() {
      var used = wallet.state.sum(of: days)
      if wallet.state.beyondAll.contains(WindowPlace(number: index, firstDay: days.lowerBound)) {
        used.amount = Int128(Int64.max)
      }
      let kind = Int64(2 + 2 * index)
      let end = days.upperBound * Calendar.microsPerDay
      if limit.amount != 0, used.amount + Int128(amount) > Int128(limit.amount) {
        throw .limit(kind, limit.amount, used: Int64(clamping: used.amount), end: end)
      }
      if limit.count != 0, used.count + 1 > limit.count {
        throw .limit(kind + 1, limit.count, used: used.count, end: end)
      }
    }
  }

  func requireMaximum(_ wallet: Wallet, _ amount: Int64) throws(Failure) {
    let maximum = wallet.state.limits.maxBalance
    if maximum == 0 || Int128(wallet.state.balance) + Int128(amount) <= Int128(maximum) { return }
    throw Failure(
      code: .maxBalanceExceeded, detail: 36,
      [maximum, wallet.state.balance, Int64(clamping: max(0, Int128(maximum) - Int128(wallet.state.balance)))])
  }

  func requireFunds(_ wallet: Wallet, _ amount: Int64) throws(Failure) {
    if amount <= wallet.available { return }
    throw Failure(
      code: .insufficientFunds, detail: 25,
      [
        amount, wallet.available, wallet.state.balance, wallet.state.held, wallet.state.overdraft,
        Int64(clamping: Int128(amount) - Int128(wallet.available)), wallet.version,
      ])
  }

  /// Neither the wallet's balance, nor what may be spent of it, nor the counter-account leaves int64.
  func requireSums(_ wallet: Wallet, _ amount: Int64, _ call: Call) throws(Failure) {
    let balance = Int128(wallet.state.balance) + Int128(amount)
    if !Self.isInt64(balance) || !Self.isInt64(balance + Int128(wallet.state.overdraft)) { throw .overflow("balance") }
    try requireCounterSum(amount, wallet.currency, call.request.effectiveCounterAccount)
  }

  func requireCounterSum(_ amount: Int64, _ currency: String, _ name: String) throws(Failure) {
    let total = Int128(totals[Account(currency: currency, name: name)] ?? 0) - Int128(amount)
    if !Self.isInt64(total) { throw .overflow("counter_account") }
    if !Self.isInt64(walletsTotal(currency) + Int128(amount)) { throw .overflow("currency") }
  }

  /// The balances of all wallets of a currency.
  func walletsTotal(_ currency: String) -> Int128 {
    // With the counter-accounts they sum to zero.
    -totals.reduce(Int128(0)) { $1.key.currency == currency ? $0 + Int128($1.value) : $0 }
  }

  private static func isInt64(_ value: Int128) -> Bool { Int64(exactly: value) != nil }
}

/// The typed fields of each code, as wallet.proto numbers them.
extension Failure {
  init(code: Code, detail: UInt32, _ figures: [Int64]) {
    self.init(
      code: code, detail: detail,
      figures: ProtobufWriter.message { writer in
        for (index, figure) in figures.enumerated() { writer.integer(UInt32(index + 1), figure) }
      })
  }

  /// The rule's words aren't compared.
  static func invalid(_ field: String) -> Failure {
    Failure(code: .invalidArgument, detail: 16, figures: ProtobufWriter.message { $0.text(1, field) })
  }

  static func mismatch(_ field: String) -> Failure {
    Failure(code: .idempotencyMismatch, detail: 20, figures: ProtobufWriter.message { $0.text(1, field) })
  }

  static func currency(_ code: Code, _ wallet: String, _ request: String) -> Failure {
    Failure(
      code: code, detail: 21,
      figures: ProtobufWriter.message {
        $0.text(1, wallet)
        $0.text(2, request)
      })
  }

  static func counterAccount(_ code: Code, _ name: String) -> Failure {
    Failure(code: code, detail: 22, figures: ProtobufWriter.message { $0.text(1, name) })
  }

  static func wallet(_ code: Code, _ wallet: Wallet) -> Failure {
    .named(code, wallet.id, wallet.owner, wallet.currency, wallet.name)
  }

  static func notFound(_ address: Address) -> Failure {
    if address.id != 0 { return .named(.walletNotFound, address.id, "", "", "") }
    return .named(.walletNotFound, 0, address.owner, address.currency, address.fullName)
  }

  private static func named(_ code: Code, _ id: Int64, _ owner: String, _ currency: String, _ name: String) -> Failure {
    Failure(
      code: code, detail: 23,
      figures: ProtobufWriter.message {
        $0.integer(1, id)
        $0.text(2, owner)
        $0.text(3, currency)
        $0.text(4, name)
      })
  }

  static func transaction(_ code: Code, _ seq: Int64) -> Failure { Failure(code: code, detail: 30, [seq]) }

  static func hold(_ code: Code, _ id: Int64, _ at: Int64, _ remaining: Int64) -> Failure {
    Failure(code: code, detail: 31, [id, at, remaining])
  }

  static func refundExceeds(_ original: Int64, _ refunded: Int64) -> Failure {
    Failure(code: .refundExceedsOriginal, detail: 32, [original, refunded, original - refunded])
  }

  static func limit(_ kind: Int64, _ limit: Int64, used: Int64, end: Int64) -> Failure {
    Failure(code: .limitExceeded, detail: 35, [kind, limit, used, max(0, limit - used), end])
  }

  static func overflow(_ field: String) -> Failure {
    Failure(code: .amountOverflow, detail: 26, figures: ProtobufWriter.message { $0.text(1, field) })
  }

  static func aborted(_ index: Int, _ cause: Failure) -> Failure {
    Failure(
      code: .batchAborted, detail: 29,
      figures: ProtobufWriter.message {
        $0.integer(1, Int64(index))
        $0.message(2, cause.error(commitSeq: 0, isReplay: false))
      })
  }

  /// The Error message, without words for people.
  func error(commitSeq: Int64, isReplay: Bool) -> [UInt8] {
    ProtobufWriter.message {
      $0.integer(1, code.rawValue)
      $0.integer(3, commitSeq)
      $0.integer(4, isReplay ? 1 : 0)
      if retryMillis != 0 {
        $0.message(19) { $0.integer(1, Int64(retryMillis)) }
      } else if detail != 0 {
        $0.message(detail, figures)
      }
    }
  }
}
