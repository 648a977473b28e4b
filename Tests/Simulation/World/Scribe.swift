import TestSupport

/// Makes up what callers ask for.
final class Scribe {
  var generator: SeededGenerator
  let reference: ReferenceLedger
  /// What never reached the ledger, and may come again.
  var lost: [Request] = []
  private var nextKey: UInt64 = 0

  init(seed: UInt64, _ reference: ReferenceLedger) {
    generator = SeededGenerator(seed: seed)
    self.reference = reference
  }

  func draw(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
  func isOneOf(_ count: Int) -> Bool { draw(count) == 0 }
  func amount(_ range: Range<Int64>) -> Int64 {
    range.lowerBound + Int64(draw(Int(range.upperBound - range.lowerBound)))
  }

  // MARK: Requests

  /// One that may stand in a batch.
  func item(now: Int64) -> Request {
    while true {
      let item = request(now: now)
      if !item.verb.isAdministration { return item }
    }
  }

  /// - Parameter now: The time of the gather.
  func request(now: Int64) -> Request {
    if !reference.keys.isEmpty, isOneOf(5), let old = oldRequest() { return old }
    if !lost.isEmpty, isOneOf(8) { return lost.remove(at: draw(lost.count)) }
    var request = newRequest(now: now)
    request.key = newKey()
    if isOneOf(40), request.verb.hasVersion { request.expectedVersion = Int64(1 + draw(60)) }
    if isOneOf(25), request.verb.hasVersion { request.expectedVersion = reference.subject(request)?.version ?? 3 }
    if request.verb.hasCounterAccount {
      if isOneOf(20) { request.counterAccount = ["adjustments", "opening"][draw(2)] }
      if isOneOf(80) { request.counterAccount = "partner-\(draw(40))" }
    }
    // Sums of three figures at the border of int64 can leave it on the way, in SQL that adds them up.
    if request.verb.hasCounterAccount, reference.subject(request)?.currency == "KWD" {
      request.counterAccount = request.verb == .refund ? "funding" : ""
    }
    addWords(to: &request)
    if isOneOf(50) { spoil(&request) }
    return request
  }

  private func addWords(to request: inout Request) {
    if request.verb == .freeze { request.reason = ["risk", "stolen.card"][draw(2)] }
    if isOneOf(3) { request.reference = "order-\(draw(3000))" }
    if isOneOf(8) { request.note = "note \(draw(9)) \u{E9}" }
    if isOneOf(12) { request.onBehalfOf = "user:\(draw(9))" }
    if isOneOf(12) { request.correlation = "trace-\(draw(999))" }
    if isOneOf(12) { request.occurredAt = Int64(1 + draw(1_000_000)) }
    if isOneOf(20) {
      request.metadata = (0...draw(3)).map { Request.Pair(key: "k\($0)", value: "value \(draw(99))") }
    }
  }

  private func newRequest(now: Int64) -> Request {
    let count = reference.wallets.count
    if draw(100) < 1 + 40 / (1 + count / 4) { return opening() }
    switch draw(100) {
    case 0..<24: return posting(.credit, 1..<900)
    case 24..<46: return posting(.debit, 1..<500)
    case 46..<58:
      var request = posting(.hold, 1..<400)
      request.timeoutMillis = isOneOf(3) ? amount(1..<90_000_000) : amount(1..<9_000)
      return request
    case 58..<68: return capture()
    case 68..<73:
      var request = Request(verb: .release)
      request.holdID = anyHold()
      return request
    case 73..<80: return refund()
    case 80..<90:
      var request = posting(.transfer, 1..<300)
      let source = reference.wallet(request.wallet)
      let fitting = reference.wallets.filter { $0.currency == source?.currency }
      request.to =
        fitting.isEmpty || isOneOf(12)
        ? anyAddress() : address(of: fitting[min(draw(fitting.count), draw(fitting.count))])
      return request
    case 90:
      var request = Request(verb: .freeze, wallet: anyAddress())
      request.scope = Int64(1 + draw(3))
      request.until = isOneOf(6) ? 0 : max(1, now + amount(-1_000_000..<20_000_000))
      return request
    case 91..<95:
      var request = Request(verb: .unfreeze, wallet: anyAddress())
      request.scope = Int64(1 + draw(3))
      return request
    case 95..<98:
      var request = Request(verb: .setLimits, wallet: anyAddress())
      request.limits = anyLimits()
      return request
    case 98: return isOneOf(2) ? administration() : closing()
    default: return giant()
    }
  }

  private func posting(_ verb: Request.Verb, _ range: Range<Int64>) -> Request {
    var request = Request(verb: verb, wallet: anyAddress())
    request.amount = isOneOf(60) ? 1 << 40 : amount(range)
    return request
  }

  private func opening() -> Request {
    var request = Request(verb: .open)
    let number = reference.wallets.count + draw(3)
    request.wallet = Address(
      owner: "owner-\(number % 23)", currency: ["USD", "USD", "EUR", "JPY", "BHD"][draw(5)],
      name: isOneOf(3) ? "" : "w-\(number)")
    if !reference.registered.isEmpty, isOneOf(3) {
      request.wallet.currency = reference.registered[draw(reference.registered.count)]
    }
    if isOneOf(20) { request.wallet.currency = "XXQ" }
    return request
  }

  /// Sometimes of one that can be closed, which after a while hardly any is.
  private func closing() -> Request {
    let empty = isOneOf(8) ? reference.wallets.filter { $0.state.balance == 0 && $0.state.openHolds.isEmpty } : []
    return Request(verb: .close, wallet: empty.isEmpty ? anyAddress() : address(of: empty[draw(empty.count)]))
  }

  private func capture() -> Request {
    var request = Request(verb: .capture)
    request.holdID = anyHold()
    request.amount = isOneOf(3) ? 0 : amount(1..<300)
    if let hold = reference.holds[request.holdID], isOneOf(3) {
      // Right up to what is left, and right beyond it.
      request.amount = around(hold.state.remaining)
    }
    request.isFinal = isOneOf(3)
    request.currency = anyCurrency(of: reference.subject(request))
    return request
  }

  private func refund() -> Request {
    var request = Request(verb: .refund)
    request.transactionID = anyRow()
    request.amount = isOneOf(3) ? 0 : amount(1..<300)
    if let row = reference.row(request.transactionID), isOneOf(2) {
      let left = -row.amount - (reference.refunded[row.seq] ?? 0)
      request.amount = around(left)
    }
    request.currency = anyCurrency(of: reference.subject(request))
    return request
  }

  private func around(_ amount: Int64) -> Int64 { max(1, min(amount, Int64.max - 1) + Int64(draw(3)) - 1) }

  /// Sums at the border of int64, in a currency that nobody else uses.
  private func giant() -> Request {
    let address = Address(owner: "giant", currency: "KWD", name: "g\(draw(2))")
    if reference.wallet(address) == nil { return Request(verb: .open, wallet: address) }
    var request = Request(verb: [.credit, .credit, .debit, .setLimits, .transfer][draw(5)], wallet: address)
    request.amount = isOneOf(2) ? Int64.max - Int64(draw(3)) : Int64(1) << 62
    switch request.verb {
    case .setLimits:
      request.amount = 0
      request.limits = Limits()
      request.limits?.overdraft = isOneOf(2) ? Int64.max - Int64(draw(3)) : 0
    case .transfer: request.to = Address(owner: "giant", currency: "KWD", name: "g\(draw(2))")
    default: break
    }
    return request
  }

  // MARK: What there is

  private func anyCurrency(of wallet: Wallet?) -> String {
    switch draw(24) {
    case 0: "XXQ"
    case 1: "EUR"
    case 2..<8: wallet?.currency ?? ""
    default: ""
    }
  }

  /// A few wallets are busier than others.
  func anyAddress() -> Address {
    let wallets = reference.wallets
    if wallets.isEmpty || isOneOf(40) {
      return isOneOf(2)
        ? Address(id: Int64(1 + draw(99_999))) : Address(owner: "nobody-\(draw(9))", currency: anyKnownCurrency())
    }
    return address(of: wallets[min(draw(wallets.count), draw(wallets.count))])
  }

  private func anyKnownCurrency() -> String { isOneOf(6) ? "XXQ" : "USD" }

  private func address(of wallet: Wallet) -> Address {
    switch draw(40) {
    case 0: Address(id: wallet.id, currency: wallet.currency == "USD" ? "EUR" : "USD")
    case 1: Address(id: wallet.id, currency: "XXQ")
    case 2..<8: Address(id: wallet.id, currency: wallet.currency)
    case 8..<24: Address(id: wallet.id)
    default:
      Address(
        owner: wallet.owner, currency: wallet.currency, name: wallet.name == "main" && isOneOf(2) ? "" : wallet.name)
    }
  }

  /// Mostly one that is open, or was until lately.
  private func anyHold() -> Int64 {
    let wallets = reference.wallets
    if !wallets.isEmpty, !isOneOf(4) {
      for _ in 0..<12 {
        let open = wallets[min(draw(wallets.count), draw(wallets.count))].state.openHolds
        if !open.isEmpty { return open[draw(open.count)].id }
      }
    }
    if !isOneOf(4), let row = recent(400, where: { $0.kind == .hold }) { return row.seq }
    return Int64(1 + draw(Int(reference.seq) + 20))
  }

  /// Mostly one that can be refunded.
  private func anyRow() -> Int64 {
    if let row = recent(400, where: { $0.kind == .debit || $0.kind == .capture }), !isOneOf(8) { return row.seq }
    return Int64(1 + draw(Int(reference.seq) + 20))
  }

  private func recent(_ places: Int, where isMeant: (Row) -> Bool) -> Row? {
    for _ in 0..<12 {
      let seq = reference.seq - Int64(draw(min(places, max(1, Int(reference.seq)))))
      if let row = reference.row(seq), isMeant(row) { return row }
    }
    return nil
  }

  private func anyLimits() -> Limits {
    var limits = Limits()
    if isOneOf(2) { limits.overdraft = amount(0..<500) }
    if isOneOf(4) { limits.maxBalance = amount(500..<9_000) }
    if isOneOf(3) { limits.maxAmount = amount(100..<600) }
    if isOneOf(2) { limits.windows[0] = Limits.Window(amount: amount(0..<9_000), count: amount(0..<60)) }
    if isOneOf(3) {
      limits.windows[1] = Limits.Window(amount: amount(0..<12_000), count: isOneOf(2) ? 0 : amount(0..<80))
    }
    if isOneOf(3) {
      limits.windows[2] = Limits.Window(amount: amount(0..<20_000), count: isOneOf(2) ? 0 : amount(0..<200))
    }
    return limits
  }

  /// A key that is known, with its request, or with another one.
  private func oldRequest() -> Request? {
    // Half of them of the last rows, which lie in memory.
    let recent = isOneOf(2) ? min(reference.keys.count, 80) : reference.keys.count
    let key = reference.keys[reference.keys.count - 1 - draw(recent)]
    guard let first = reference.firsts[key] else { return nil }
    if first.isBatch {
      // The key of a batch, for something else.
      var request = posting(.credit, 1..<100)
      request.key = key
      return isOneOf(4) ? request : nil
    }
    var request = first.requests[0]
    // Nobody repeats where the server stands.
    request.expectedVersion = isOneOf(4) ? 9_999 : request.expectedVersion
    if !request.verb.hasVersion { request.expectedVersion = 0 }
    change(&request)
    return request
  }

  private func change(_ request: inout Request) {
    switch draw(28) {
    // Never to nothing: what may be nothing is said by `spoil`.
    case 0: if request.verb != .open { request.amount = request.amount == 1 ? 2 : request.amount ^ 1 }
    case 1: if request.verb.namesWallet, request.verb != .open { request.wallet = anyAddress() }
    case 2: request.reference = "another"
    case 3: request.reason = "another"
    case 4: request.note = "another"
    case 5: request.onBehalfOf = "another"
    case 6: if request.verb.hasCounterAccount { request.counterAccount = "adjustments" }
    case 7: request.occurredAt += 1
    case 8: request.metadata = [Request.Pair(key: "another", value: "")]
    case 9: request.correlation = "another"
    case 10:
      if request.verb == .credit { request.verb = .debit } else if request.verb == .debit { request.verb = .credit }
    case 11: spoil(&request)
    case 12..<17: changeParameters(of: &request)
    default: break
    }
    // What has no amount takes none.
    if !hasAmount(request.verb) { request.amount = 0 }
  }

  private func changeParameters(of request: inout Request) {
    switch request.verb {
    case .transfer: request.to = anyAddress()
    case .hold: request.timeoutMillis += 1
    case .capture: if isOneOf(2) { request.holdID = anyHold() } else { request.isFinal.toggle() }
    case .release: request.holdID = anyHold()
    case .refund: request.transactionID = anyRow()
    case .freeze: if isOneOf(2) { request.scope = 1 + request.scope % 3 } else { request.until += 1 }
    case .unfreeze: request.scope = 1 + request.scope % 3
    case .setLimits: request.limits?.maxAmount += 1
    case .registerCurrency: if isOneOf(2) { request.exponent += 1 } else { request.subject += "X" }
    case .addCounterAccount: request.subject += "x"
    default: break
    }
  }

  private func hasAmount(_ verb: Request.Verb) -> Bool {
    verb.takes || verb == .credit || verb == .capture || verb == .refund
  }

  /// New, of every kind: in order of time, random, far ahead, and words.
  func newKey() -> String {
    nextKey += 1
    switch draw(10) {
    case 0: return "key of words \(nextKey)"
    case 1: return generator.uuid().uppercased()
    case 2, 3: return generator.uuid()
    default: return Self.ordered(1_700_000_000_000 + nextKey / 4 + (isOneOf(9) ? 99_999_999 : 0), &generator)
    }
  }

  /// A UUID of version 7.
  private static func ordered(_ milliseconds: UInt64, _ generator: inout SeededGenerator) -> String {
    let time = String(milliseconds, radix: 16)
    let digits = String(repeating: "0", count: 12 - time.count) + time
    let rest = generator.uuid()
    return "\(digits.prefix(8))-\(digits.suffix(4))-7\(rest.dropFirst(15))"
  }

  // MARK: Faults of form

  private func spoil(_ request: inout Request) {
    let unknown = ProtobufWriter.message { $0.integer(99, 1) }
    let common: [(inout Request) -> Void] = [
      {
        $0.note = String(repeating: "n", count: 257)
        $0.fault = Request.Fault(field: "note", isUnreadable: false)
      },
      {
        $0.note = "a\u{7}b"
        $0.fault = Request.Fault(field: "note", isUnreadable: false)
      },
      {
        $0.reason = "Not A Code"
        $0.fault = Request.Fault(field: "reason", isUnreadable: false)
      },
      {
        $0.reason = ""
        $0.fault = Request.Fault(field: "reason", isUnreadable: false)
      },
      {
        $0.key = "short"
        $0.fault = Request.Fault(field: "idempotency_key", isUnreadable: true)
      },
      { $0.fault = Request.Fault(field: "99", isUnreadable: true, tail: unknown) },
      {
        $0.occurredAt = -1
        $0.fault = Request.Fault(field: "occurred_at_micros", isUnreadable: false)
      },
      {
        $0.metadata = (0..<17).map { Request.Pair(key: "k\($0)", value: "") }
        $0.fault = Request.Fault(field: "metadata", isUnreadable: true)
      },
    ]
    if isOneOf(2) || !spoilOwn(&request) { common[draw(common.count)](&request) }
  }

  /// What administrators ask for.
  private func administration() -> Request {
    if isOneOf(2) {
      var request = Request(verb: .registerCurrency)
      request.subject = isOneOf(2) ? "EUR" : "ESIM-\(draw(40))"
      request.exponent = Int64(draw(5))
      return request
    }
    var request = Request(verb: .addCounterAccount)
    request.subject = isOneOf(2) ? "sales" : "partner-\(draw(40))"
    return request
  }

  /// What only some verbs have.
  private func spoilOwn(_ request: inout Request) -> Bool {
    func fault(_ field: String, isUnreadable: Bool) {
      request.fault = Request.Fault(field: field, isUnreadable: isUnreadable)
    }
    switch (request.verb, draw(3)) {
    case (.registerCurrency, 0):
      request.exponent = 19
      fault("exponent", isUnreadable: false)
    case (.registerCurrency, _):
      request.subject = ""
      fault("code", isUnreadable: true)
    case (.addCounterAccount, _):
      request.subject = "Not A Name"
      fault("name", isUnreadable: false)
    case (.open, _):
      request.wallet = Address(id: 5)
      fault("wallet.id", isUnreadable: true)
    case (.capture, 0), (.refund, 0):
      request.amount = -1
      fault("amount", isUnreadable: false)
    case (.capture, _), (.release, _):
      request.holdID = 0
      fault("hold_id", isUnreadable: true)
    case (.refund, _):
      request.transactionID = 0
      fault("transaction_id", isUnreadable: true)
    case (_, 0) where hasAmount(request.verb):
      request.amount = isOneOf(2) ? 0 : -7
      fault("amount", isUnreadable: false)
    case (.hold, 1):
      request.timeoutMillis = 0
      fault("timeout_millis", isUnreadable: false)
    case (.transfer, 1):
      request.to = Address(currency: "USD")
      fault("to.owner_id", isUnreadable: true)
    case (.freeze, 1), (.unfreeze, 1):
      request.scope = 0
      fault("scope", isUnreadable: true)
    case (.freeze, 0):
      request.until = -1
      fault("until_micros", isUnreadable: false)
    case (.setLimits, 0):
      request.limits = nil
      fault("limits", isUnreadable: true)
    case (.setLimits, 1):
      request.limits?.windows[0].amount = -1
      fault("limits.day.amount", isUnreadable: false)
    case (_, 1):
      request.expectedVersion = -1
      fault("expected_version", isUnreadable: false)
    default:
      request.wallet = Address(currency: "USD")
      fault("wallet.owner_id", isUnreadable: true)
    }
    return true
  }
}
