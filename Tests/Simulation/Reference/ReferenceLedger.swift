import TestSupport

/// The ledger as its contract has it, in dictionaries: no file, no gathers, no projections, and no code of the server.
final class ReferenceLedger {
  struct Name: Hashable {
    var owner: String
    var currency: String
    var name: String
  }

  struct Account: Hashable {
    var currency: String
    var name: String
  }

  /// The first result of a key.
  struct First {
    /// Of a batch of all or nothing the requests are those of its items.
    var requests: [Request]
    var isBatch = false
    var outcome: Outcome
    /// That its address led to then.
    var wallet: Wallet?
  }

  /// Of ISO 4217 those that are used here.
  private(set) var exponents: [String: Int64] = ["USD": 2, "EUR": 2, "JPY": 0, "BHD": 3, "KWD": 3]
  private(set) var counterAccounts: Set<String> = ["sales", "funding", "refunds", "adjustments", "opening"]
  private(set) var registered: [String] = []

  private(set) var wallets: [Wallet] = []
  private var names: [Name: Wallet] = [:]
  private(set) var holds: [Int64: Hold] = [:]
  /// What was given back of a debit or a capture.
  private(set) var refunded: [Int64: Int64] = [:]
  private(set) var totals: [Account: Int64] = [:]
  /// The journal: the row of place 1 first.
  private(set) var entries: [Entry] = []
  private(set) var firsts: [String: First] = [:]
  private(set) var keys: [String] = []
  /// What takes back what was done; `nil` while nothing may have to be: in no batch of all or nothing, and before `keepMarks`.
  private var undo: [() -> Void]?
  private var windows: [Int64: [Range<Int64>]] = [:]

  var seq: Int64 { Int64(entries.count) }

  func wallet(_ address: Address) -> Wallet? {
    if address.id != 0 { return wallets.indices.contains(Int(address.id) - 1) ? wallets[Int(address.id) - 1] : nil }
    return names[Name(owner: address.owner, currency: address.currency, name: address.fullName)]
  }

  func row(_ seq: Int64) -> Row? {
    guard entries.indices.contains(Int(seq) - 1), case .transaction(let row) = entries[Int(seq) - 1] else { return nil }
    return row
  }

  /// A transaction, or the row of an administrator.
  func shownRow(_ seq: Int64) -> ShownRow? {
    guard entries.indices.contains(Int(seq) - 1) else { return nil }
    switch entries[Int(seq) - 1] {
    case .transaction(let row): return row
    case .administration(let row, _): return row
    case .refusal: return nil
    }
  }

  /// The wallet that a request is about.
  func subject(_ request: Request) -> Wallet? {
    switch request.verb {
    case .capture, .release: holds[request.holdID]?.wallet
    case .refund: row(request.transactionID)?.wallet
    default: wallet(request.wallet)
    }
  }

  // MARK: Mutations

  /// Carries a mutation out.
  ///
  /// - Parameter path: Of the item of a batch, with a dot behind it.
  func perform(
    _ request: Request, _ caller: Caller, path: String = "", now: Int64
  ) -> (outcome: Outcome, isReplay: Bool) {
    if let first = firsts[request.key] {
      if first.isBatch { return (.failed(.mismatch("\(path)verb")), false) }
      if let field = difference(first, request) { return (.failed(.mismatch("\(path)\(field)")), false) }
      return (first.outcome, true)
    }
    if let fault = request.fault { return (.failed(.invalid(fault.field)), false) }
    let subject = subject(request)
    let outcome = carryOut(request, key: request.key, caller, now: now)
    switch outcome {
    case .posted(let row, _): remember(request.key, First(requests: [request], outcome: outcome, wallet: row.wallet))
    case .refused: remember(request.key, First(requests: [request], outcome: outcome, wallet: subject))
    case .administered: remember(request.key, First(requests: [request], outcome: outcome))
    case .failed, .batch: break
    }
    return (outcome, false)
  }

  private func remember(_ key: String, _ first: First) {
    firsts[key] = first
    keys.append(key)
    undo?.append {
      self.firsts[key] = nil
      self.keys.removeLast()
    }
  }

  /// What a new request does, its key apart.
  private func carryOut(_ request: Request, key: String, _ caller: Caller, now: Int64) -> Outcome {
    if let fault = request.fault { return .failed(.invalid(fault.field)) }
    let versionSeen = subject(request)?.version
    if let wallet = subject(request) { expire(wallet, now) }
    if request.verb == .transfer, let wallet = wallet(request.to) { expire(wallet, now) }
    let call = Call(request: request, key: key, caller: caller, now: now, versionSeen: versionSeen)
    do throws(Failure) {
      switch request.verb {
      case .open: return try open(call)
      case .debit: return try debit(call)
      case .credit: return try credit(call)
      case .transfer: return try transfer(call)
      case .hold: return try hold(call)
      case .capture: return try capture(call)
      case .release: return try release(call)
      case .refund: return try refund(call)
      case .freeze: return try freeze(call)
      case .unfreeze: return try unfreeze(call)
      case .setLimits: return try setLimits(call)
      case .close: return try close(call)
      case .registerCurrency: return try registerCurrency(call)
      case .addCounterAccount: return try addCounterAccount(call)
      }
    } catch {
      return error.code.isRemembered ? refuse(error) : .failed(error)
    }
  }

  private func refuse(_ failure: Failure) -> Outcome {
    append(.refusal(failure.code))
    return .refused(failure, seq: seq)
  }

  /// A request on its way.
  struct Call {
    var request: Request
    /// As its row has it.
    var key: String
    var caller: Caller
    var now: Int64
    /// The version that the caller could know: before holds that have ended were cleared away for this very request.
    var versionSeen: Int64?
  }

  // MARK: Batches of all or nothing

  func performAll(
    _ requests: [Request], key: String, _ caller: Caller, now: Int64
  ) -> (outcome: Outcome, isReplay: Bool) {
    if let first = firsts[key] { return again(first, requests) }
    let isMarked = undo != nil
    if !isMarked { undo = [] }
    let begun = mark
    defer { if !isMarked { undo = nil } }
    var outcomes: [Outcome] = []
    for (index, request) in requests.enumerated() {
      let outcome = carryOut(request, key: "\(key)\u{B7}\(index)", caller, now: now)
      switch outcome {
      case .posted, .administered, .batch: outcomes.append(outcome)
      case .refused(let failure, _), .failed(let failure):
        takeBack(to: begun)
        let aborted = Failure.aborted(index, failure)
        if !failure.code.isRemembered { return (.failed(aborted), false) }
        let refusal = refuse(aborted)
        remember(key, First(requests: requests, isBatch: true, outcome: refusal))
        return (refusal, false)
      }
    }
    let outcome = Outcome.batch(outcomes)
    remember(key, First(requests: requests, isBatch: true, outcome: outcome))
    return (outcome, false)
  }

  private func again(_ first: First, _ requests: [Request]) -> (Outcome, isReplay: Bool) {
    guard first.isBatch else { return (.failed(.mismatch("verb")), false) }
    guard case .batch(let outcomes) = first.outcome else {
      // Where its wallets would have been nobody can know: it must come again as it was.
      let isSame =
        requests.count == first.requests.count
        && zip(requests, first.requests).allSatisfy { self.asGiven($0) == self.asGiven($1) }
      return isSame ? (first.outcome, true) : (.failed(.mismatch("items")), false)
    }
    if requests.count != outcomes.count { return (.failed(.mismatch("items")), false) }
    for (index, (request, outcome)) in zip(requests, outcomes).enumerated() {
      guard case .posted(let row, _) = outcome else { continue }
      let item = First(requests: [first.requests[index]], outcome: outcome, wallet: row.wallet)
      if let field = difference(item, request) { return (.failed(.mismatch("items[\(index)].\(field)")), false) }
    }
    return (first.outcome, true)
  }

  // MARK: Changes, which can be taken back

  /// How much has been done since `keepMarks`.
  var mark: Int { undo?.count ?? 0 }

  /// From here on what is done can be taken back, to any mark; what was done before can't any more.
  func keepMarks() { undo = [] }

  func takeBack(to mark: Int) {
    while self.mark > mark, let step = undo?.popLast() { step() }
  }

  private func append(_ entry: Entry) {
    entries.append(entry)
    undo?.append { self.entries.removeLast() }
  }

  func touch(_ wallet: Wallet) {
    guard undo != nil else { return }
    let (state, count) = (wallet.state, wallet.rows.count)
    undo?.append {
      wallet.state = state
      wallet.rows.removeLast(wallet.rows.count - count)
    }
  }

  func touch(_ hold: Hold) {
    guard undo != nil else { return }
    let state = hold.state
    undo?.append { hold.state = state }
  }

  func add(_ wallet: Wallet) {
    let name = Name(owner: wallet.owner, currency: wallet.currency, name: wallet.name)
    wallets.append(wallet)
    names[name] = wallet
    undo?.append {
      self.wallets.removeLast()
      self.names[name] = nil
    }
  }

  func add(_ hold: Hold) {
    holds[hold.id] = hold
    undo?.append { self.holds[hold.id] = nil }
  }

  func refund(_ amount: Int64, of seq: Int64) {
    let before = refunded[seq]
    refunded[seq] = (before ?? 0) + amount
    undo?.append { self.refunded[seq] = before }
  }

  /// Takes from a counter-account what a wallet gets.
  func post(_ amount: Int64, _ currency: String, against name: String) {
    let account = Account(currency: currency, name: name)
    let before = totals[account]
    totals[account] = (before ?? 0) - amount
    undo?.append { self.totals[account] = before }
  }

  /// Appends a row; its wallet's figures become those after it.
  func append(
    _ kind: Kind, _ wallet: Wallet, _ call: Call, amount: Int64 = 0, heldChange: Int64 = 0, counterAccount: String = "",
    counterWallet: Int64 = 0, holdID: Int64 = 0, related: Int64 = 0, detail: [UInt8] = []
  ) -> Row {
    touch(wallet)
    wallet.state.balance += amount
    wallet.state.held += heldChange
    wallet.state.updatedAt = call.now
    wallet.state.updatedBy = kind == .expire ? "system" : "local"
    let number = seq + 1
    let wire = ProtobufWriter.message { row in
      row.integer(1, number)
      row.integer(2, kind.rawValue)
      row.integer(3, wallet.id)
      row.integer(4, wallet.version + 1)
      row.integer(5, amount)
      row.integer(6, heldChange)
      row.integer(7, wallet.state.balance)
      row.integer(8, wallet.state.held)
      row.integer(9, wallet.state.overdraft)
      row.text(10, counterAccount)
      row.integer(11, counterWallet)
      row.integer(12, holdID)
      row.integer(13, related)
      Self.writeWords(of: kind, call, to: &row)
      row.integer(26, call.now)
      if !detail.isEmpty { row.message(27, detail) }
      row.integer(30, 1)
    }
    let row = Row(
      seq: number, kind: kind, wallet: wallet, version: wallet.version + 1, amount: amount, heldChange: heldChange,
      holdID: holdID, related: related, previous: wallet.rows.last?.seq ?? 0, createdAt: call.now,
      reference: kind == .expire ? "" : call.request.reference, wire: wire)
    wallet.rows.append(row)
    append(.transaction(row))
    return row
  }

  /// Who, why, and whatever else the request said.
  private static func writeWords(of kind: Kind, _ call: Call, to row: inout ProtobufWriter) {
    if kind == .expire {
      row.text(14, "system")
      row.text(16, "hold.expired")
      return
    }
    let request = call.request
    row.text(14, "local")
    row.text(15, request.onBehalfOf)
    row.text(16, request.reason)
    row.text(17, request.note)
    row.text(18, request.reference)
    if kind != .transferIn { row.text(19, call.key) }
    row.text(21, request.correlation)
    row.text(22, call.caller.source)
    row.text(23, call.caller.client)
    for pair in request.metadata {
      row.message(24) {
        $0.text(1, pair.key)
        $0.text(2, pair.value)
      }
    }
    row.integer(25, request.occurredAt)
  }

  /// Appends the row of an administrator.
  func append(_ call: Call, detail: [UInt8]) -> ShownRow {
    let number = seq + 1
    let wire = ProtobufWriter.message { row in
      row.integer(1, number)
      row.integer(2, Int64(call.request.verb.rawValue))
      row.text(3, call.request.subject)
      row.integer(4, call.request.exponent)
      Self.writeWords(of: .open, call, to: &row)
      row.integer(26, call.now)
      row.message(27, detail)
      row.integer(30, 1)
    }
    let row = ShownRow(seq: number, wire: wire)
    append(.administration(row, call.request.verb))
    return row
  }

  func register(_ code: String, exponent: Int64) {
    exponents[code] = exponent
    registered.append(code)
    undo?.append {
      self.exponents[code] = nil
      self.registered.removeLast()
    }
  }

  func addCounterAccount(_ name: String) {
    counterAccounts.insert(name)
    undo?.append { self.counterAccounts.remove(name) }
  }

  // MARK: Windows

  /// Day, week and month of a time, in days.
  func windows(at now: Int64) -> [Range<Int64>] {
    let day = Calendar.day(of: now)
    if let known = windows[day] { return known }
    let found = (0..<3).map { Calendar.window($0, around: day) }
    windows[day] = found
    return found
  }
}
