import WalletCore

/// The ledger as semantics has it, in dictionaries and without any file: what the store's answers are held against.
/// It shares values with the store and none of its rules.
struct LedgerModel {
  struct Row: Equatable {
    var kind: TransactionKind
    var seq: Int64
    var version: Int64
    var amount: Int64
    var heldChange: Int64 = 0
    var balance: Int64
    var held: Int64 = 0
    var overdraft: Int64 = 0
    var holdID: Int64 = 0
    var relatedSeq: Int64 = 0
    var previousSeq: Int64
    var createdAt: Int64
  }

  struct Hold {
    var walletID: Int64
    var amount: Int64
    var captured: Int64 = 0
    var remaining: Int64
    var createdAt: Int64
    var endsAt: Int64
    /// What has become of it; `nil` while it is open.
    var ended: ErrorReason?
  }

  struct Account {
    var id: Int64
    var name: WalletName
    var rows: [Row]
    var frozen: [FreezeScope: Freeze] = [:]
    var limits = WalletLimits()
    var isClosed = false

    var balance: Int64 { rows.last?.balance ?? 0 }
    var held: Int64 { rows.last?.held ?? 0 }
    var overdraft: Int64 { rows.last?.overdraft ?? 0 }
    var available: Int64 { balance - held + overdraft }
    var version: Int64 { Int64(rows.count) }
  }

  /// What a command must be answered with.
  enum Expected {
    /// Its row, and that of the other side of a transfer.
    case posted(Int64, Row, other: Row?)
    /// What changes no wallet.
    case administered(seq: Int64)
    case refused(ErrorReason, seq: Int64)
    /// Nothing is written down.
    case failed(ErrorReason)
    case mismatch(String)
  }

  /// The first result of a key.
  struct Result {
    var command: Command
    var expected: Expected
    /// Where its wallet is, should there be one.
    var walletID: Int64?
  }

  private(set) var currencies: Set<Text> = ["USD", "EUR", "JPY"]
  private(set) var counterAccounts: Set<Text> = ["sales", "funding", "refunds", "adjustments", "opening"]

  private(set) var accounts: [Account] = []
  private var ids: [WalletName: Int64] = [:]
  private(set) var totals: [String: Int64] = [:]
  private(set) var results: [IdempotencyKey: Result] = [:]
  private(set) var keys: [IdempotencyKey] = []
  private(set) var references: [Int64] = []
  private(set) var holds: [Int64: Hold] = [:]
  /// Debits and captures, and what was refunded of each.
  private(set) var refundable: [Int64: (walletID: Int64, amount: Int64, refunded: Int64)] = [:]
  /// Every transaction's kind and wallet.
  private(set) var kinds: [Int64: (kind: TransactionKind, walletID: Int64)] = [:]
  private(set) var seq: Int64 = 0

  func account(_ reference: WalletReference) -> Account? {
    switch reference {
    case .id(let id, _): accounts.indices.contains(Int(id) - 1) ? accounts[Int(id) - 1] : nil
    case .name(let name): ids[name].map { accounts[Int($0) - 1] }
    }
  }

  // MARK: Commands

  /// Carries a command out.
  ///
  /// - Returns: What must be answered, and whether as a replay.
  mutating func perform(_ command: Command, now: Int64) -> (Expected, isReplay: Bool) {
    if let first = results[command.key] {
      let field = difference(first, command)
      return field.map { (.mismatch($0), false) } ?? (first.expected, true)
    }
    let walletID = subject(command)?.id
    let expected = decide(command, now: now)
    switch expected {
    case .posted(let id, _, _): remember(command.key, Result(command: command, expected: expected, walletID: id))
    case .refused, .administered:
      remember(command.key, Result(command: command, expected: expected, walletID: walletID))
    case .failed, .mismatch: break
    }
    return (expected, false)
  }

  private mutating func remember(_ key: IdempotencyKey, _ result: Result) {
    results[key] = result
    keys.append(key)
  }

  /// The wallet that a command is about.
  func subject(_ command: Command) -> Account? {
    switch command.parameters {
    case .capture(let id, _), .release(let id): holds[id].map { accounts[Int($0.walletID) - 1] }
    case .refund(let seq): kinds[seq].map { accounts[Int($0.walletID) - 1] }
    default: account(command.wallet)
    }
  }

  /// The commands that a test makes differ from the first one under their key in one of these.
  private func difference(_ first: Result, _ command: Command) -> String? {
    if first.command.verb != command.verb { return "verb" }
    if command.verb.namesWallet {
      if let id = first.walletID, account(command.wallet)?.id != id { return "wallet" }
      if first.walletID == nil, first.command.wallet != command.wallet { return "wallet" }
    }
    if first.command.amount != command.amount { return "amount" }
    let own = account(command.wallet)?.name.currency ?? ""
    var recorded = first.command.wallet.currency
    if case .posted = first.expected { recorded = own }
    if command.verb.namesWallet, recorded.or(own) != command.wallet.currency.or(own) { return "currency" }
    if first.command.audit.reference != command.audit.reference { return "reference" }
    switch (first.command.parameters, command.parameters) {
    case (.transfer(let to), .transfer(let other)):
      if case .posted = first.expected, let id = account(to)?.id { return account(other)?.id == id ? nil : "to" }
      return to == other ? nil : "to"
    case (.capture(let id, let isFinal), .capture(let otherID, let otherIsFinal)):
      return id != otherID ? "hold_id" : isFinal != otherIsFinal ? "final" : nil
    case (.release(let id), .release(let other)): return id == other ? nil : "hold_id"
    case (.refund(let seq), .refund(let other)): return seq == other ? nil : "transaction_id"
    case (.hold(let timeout), .hold(let other)): return timeout == other ? nil : "timeout_millis"
    case (.currency(let code, let exponent), .currency(let other, let otherExponent)):
      return code != other ? "code" : exponent != otherExponent ? "exponent" : nil
    case (.counterAccount(let name), .counterAccount(let other)): return name == other ? nil : "name"
    default: return nil
    }
  }

  // MARK: What a command does

  private mutating func decide(_ command: Command, now: Int64) -> Expected {
    if command.violation != nil { return .failed(.invalidArgument) }
    switch command.parameters {
    case .currency(let code, _):
      seq += 1
      return currencies.insert(code).inserted ? .administered(seq: seq) : .refused(.currencyExists, seq: seq)
    case .counterAccount(let name):
      seq += 1
      return counterAccounts.insert(name).inserted
        ? .administered(seq: seq) : .refused(.counterAccountExists, seq: seq)
    default: break
    }
    let versionSeen = subject(command)?.version
    if let id = subject(command)?.id { expire(id, now) }
    if case .transfer(let to) = command.parameters, let id = account(to)?.id { expire(id, now) }
    if let reason = refusal(command, versionSeen: versionSeen, now: now) {
      if reason == .versionConflict { return .failed(reason) }
      seq += 1
      return .refused(reason, seq: seq)
    }
    if command.verb == .openWallet, case .name(let name) = command.wallet { return open(name, command, now) }
    guard let id = subject(command)?.id else { return .failed(.internal) }
    switch (command.verb, command.parameters) {
    case (.debit, _): return .posted(id, post(id, .debit, -command.amount, command, now), other: nil)
    case (.credit, _): return .posted(id, post(id, .credit, command.amount, command, now), other: nil)
    case (_, .transfer(let to)):
      guard let otherID = account(to)?.id else { return .failed(.internal) }
      let out = append(id, .transferOut, amount: -command.amount, related: seq + 2, now)
      let other = append(otherID, .transferIn, amount: command.amount, related: out.seq, now)
      note(command, out.seq, other.seq)
      return .posted(id, out, other: other)
    case (_, .hold(let timeout)):
      let row = append(id, .hold, heldChange: command.amount, holdID: seq + 1, now)
      holds[row.seq] = Hold(
        walletID: id, amount: command.amount, remaining: command.amount, createdAt: now, endsAt: now + timeout)
      note(command, row.seq)
      return .posted(id, row, other: nil)
    case (_, .capture(let holdID, let isFinal)): return capture(holdID, isFinal, command, now)
    case (_, .release(let holdID)):
      let row = end(holdID, .release, .holdReleased, now)
      note(command, row.seq)
      return .posted(id, row, other: nil)
    case (_, .refund(let seq)): return refund(seq, command, now)
    case (_, .freeze(let scope, let until)):
      let freeze = Freeze(scope: scope, reason: command.audit.reason, since: now, until: until)
      for side in [FreezeScope.debit, .credit] where scope == side || scope == .all {
        accounts[Int(id) - 1].frozen[side] = freeze
      }
      return plain(id, .freeze, command, now)
    case (_, .unfreeze(let scope)):
      for side in [FreezeScope.debit, .credit] where scope == side || scope == .all {
        accounts[Int(id) - 1].frozen[side] = nil
      }
      return plain(id, .unfreeze, command, now)
    case (_, .limits(let limits)):
      accounts[Int(id) - 1].limits = limits
      let row = append(id, .setLimits, overdraft: limits.overdraft, now)
      note(command, row.seq)
      return .posted(id, row, other: nil)
    default:
      accounts[Int(id) - 1].isClosed = true
      return plain(id, .close, command, now)
    }
  }

  private mutating func append(
    _ id: Int64, _ kind: TransactionKind, amount: Int64 = 0, heldChange: Int64 = 0, overdraft: Int64? = nil,
    holdID: Int64 = 0, related: Int64 = 0, _ now: Int64
  ) -> Row {
    seq += 1
    let account = accounts[Int(id) - 1]
    let row = Row(
      kind: kind, seq: seq, version: account.version + 1, amount: amount, heldChange: heldChange,
      balance: account.balance + amount, held: account.held + heldChange, overdraft: overdraft ?? account.overdraft,
      holdID: holdID, relatedSeq: related, previousSeq: account.rows.last?.seq ?? 0, createdAt: now)
    accounts[Int(id) - 1].rows.append(row)
    kinds[seq] = (kind, id)
    return row
  }

  private mutating func note(_ command: Command, _ seqs: Int64...) {
    if !command.audit.reference.isEmpty { references += seqs }
  }

  private mutating func open(_ name: WalletName, _ command: Command, _ now: Int64) -> Expected {
    accounts.append(Account(id: Int64(accounts.count) + 1, name: name, rows: []))
    let id = Int64(accounts.count)
    ids[name] = id
    return plain(id, .open, command, now)
  }

  private mutating func plain(_ id: Int64, _ kind: TransactionKind, _ command: Command, _ now: Int64) -> Expected {
    let row = append(id, kind, now)
    note(command, row.seq)
    return .posted(id, row, other: nil)
  }

  private mutating func post(
    _ id: Int64, _ kind: TransactionKind, _ amount: Int64, _ command: Command, _ now: Int64
  ) -> Row {
    let row = append(id, kind, amount: amount, now)
    totals["\(accounts[Int(id) - 1].name.currency) \(counterAccount(command))", default: 0] -= amount
    if kind == .debit { refundable[row.seq] = (id, -amount, 0) }
    note(command, row.seq)
    return row
  }

  private mutating func capture(_ holdID: Int64, _ isFinal: Bool, _ command: Command, _ now: Int64) -> Expected {
    guard var hold = holds[holdID] else { return .failed(.internal) }
    let amount = command.amount == 0 ? hold.remaining : command.amount
    hold.captured += amount
    hold.remaining -= amount
    var freed = amount
    if isFinal || hold.remaining == 0 {
      freed += hold.remaining
      hold.remaining = 0
      hold.ended = .holdCaptured
    }
    holds[holdID] = hold
    let row = append(hold.walletID, .capture, amount: -amount, heldChange: -freed, holdID: holdID, now)
    totals["\(accounts[Int(hold.walletID) - 1].name.currency) \(counterAccount(command))", default: 0] += amount
    refundable[row.seq] = (hold.walletID, amount, 0)
    note(command, row.seq)
    return .posted(hold.walletID, row, other: nil)
  }

  private mutating func refund(_ original: Int64, _ command: Command, _ now: Int64) -> Expected {
    guard let (id, of, refunded) = refundable[original] else { return .failed(.internal) }
    let amount = command.amount == 0 ? of - refunded : command.amount
    refundable[original] = (id, of, refunded + amount)
    let row = append(id, .refund, amount: amount, related: original, now)
    totals["\(accounts[Int(id) - 1].name.currency) \(counterAccount(command))", default: 0] -= amount
    note(command, row.seq)
    return .posted(id, row, other: nil)
  }

  /// Ends a hold with what is left of it given back.
  private mutating func end(_ holdID: Int64, _ kind: TransactionKind, _ how: ErrorReason, _ now: Int64) -> Row {
    let remaining = holds[holdID]?.remaining ?? 0
    holds[holdID]?.remaining = 0
    holds[holdID]?.ended = how
    return append(holds[holdID]?.walletID ?? 0, kind, heldChange: -remaining, holdID: holdID, now)
  }

  func dueHolds(of id: Int64, _ now: Int64) -> [(key: Int64, value: Hold)] {
    holds.filter { $0.value.walletID == id && $0.value.ended == nil && $0.value.endsAt <= now }
      .sorted { ($0.value.endsAt, $0.key) < ($1.value.endsAt, $1.key) }
  }

  private mutating func expire(_ id: Int64, _ now: Int64) {
    for (holdID, _) in dueHolds(of: id, now) { _ = end(holdID, .expire, .holdExpired, now) }
  }

  private func counterAccount(_ command: Command) -> Text {
    if !command.counterAccount.isEmpty { return command.counterAccount }
    return switch command.verb {
    case .debit, .capture: "sales"
    case .credit: "funding"
    case .refund: "refunds"
    default: ""
    }
  }

  // MARK: Why not

  private func refusal(_ command: Command, versionSeen: Int64?, now: Int64) -> ErrorReason? {
    let account = subject(command)
    let other: Account? = if case .transfer(let to) = command.parameters { self.account(to) } else { nil }
    let currency = command.wallet.currency
    let otherCurrency: Text = if case .transfer(let to) = command.parameters { to.currency } else { "" }
    for given in [currency, otherCurrency] where !given.isEmpty && !currencies.contains(given) {
      return .currencyUnknown
    }
    if !currency.isEmpty, let account, account.name.currency != currency { return .currencyMismatch }
    if !otherCurrency.isEmpty, let other, other.name.currency != otherCurrency { return .currencyMismatch }
    if let account {
      let named = other?.name.currency ?? otherCurrency
      if !named.isEmpty, named != account.name.currency { return .currencyMismatch }
    }
    let counterparty = counterAccount(command)
    if !counterparty.isEmpty, !counterAccounts.contains(counterparty) { return .counterAccountUnknown }
    if command.verb == .openWallet { return account == nil ? nil : .walletExists }
    if command.verb.namesWallet, account == nil { return .walletNotFound }
    if case .transfer = command.parameters {
      if other == nil { return .walletNotFound }
      if other?.id == account?.id { return .sameWallet }
    }
    if case .refund(let seq) = command.parameters, refundable[seq] == nil {
      return kinds[seq] == nil ? .transactionNotFound : .notRefundable
    }
    if account?.isClosed == true || other?.isClosed == true { return .walletClosed }
    if isFrozen(account, other, command.verb, now) { return .walletFrozen }
    if command.verb == .closeWallet, let account, account.balance != 0 || account.held != 0 { return .walletNotEmpty }
    if command.expectedVersion != 0, let versionSeen, command.expectedVersion != versionSeen { return .versionConflict }
    return account.flatMap { figuresRefusal(command, $0, other, now) } ?? holdRefusal(command)
  }

  private func isFrozen(_ account: Account?, _ other: Account?, _ verb: Verb, _ now: Int64) -> Bool {
    func stops(_ account: Account?, _ side: FreezeScope) -> Bool {
      guard let freeze = account?.frozen[side] else { return false }
      return freeze.until == 0 || now < freeze.until
    }
    return switch verb {
    case .debit, .hold, .capture: stops(account, .debit)
    case .credit, .refund: stops(account, .credit)
    case .transfer: stops(account, .debit) || stops(other, .credit)
    default: false
    }
  }

  private func holdRefusal(_ command: Command) -> ErrorReason? {
    switch command.parameters {
    case .capture(let id, _), .release(let id):
      guard let hold = holds[id] else { return .holdNotFound }
      return hold.ended ?? (command.amount > hold.remaining ? .holdAmountExceeded : nil)
    default: return nil
    }
  }

  private func figuresRefusal(_ command: Command, _ account: Account, _ other: Account?, _ now: Int64) -> ErrorReason? {
    if let reason = holdRefusal(command) { return reason }
    if case .refund(let seq) = command.parameters, let (_, of, refunded) = refundable[seq] {
      if of == refunded || command.amount > of - refunded { return .refundExceedsOriginal }
    }
    let takes = command.verb == .debit || command.verb == .transfer || command.verb == .hold
    if takes, exceedsLimits(account, command.amount, now) { return .limitExceeded }
    let receiver = command.verb == .credit ? account : other
    if let receiver, receiver.limits.balanceMax != 0, receiver.balance + command.amount > receiver.limits.balanceMax {
      return .maxBalanceExceeded
    }
    if takes, command.amount > account.available { return .insufficientFunds }
    if case .limits(let limits) = command.parameters, account.balance - account.held + limits.overdraft < 0 {
      return .insufficientFunds
    }
    return nil
  }

  /// Adds up all that lies in the windows of now.
  private func exceedsLimits(_ account: Account, _ amount: Int64, _ now: Int64) -> Bool {
    if account.limits.amountMax != 0, amount > account.limits.amountMax { return true }
    for (window, limit) in [
      (CalendarWindow.day, account.limits.day), (.week, account.limits.week), (.month, account.limits.month),
    ] {
      var used: (amount: Int64, count: Int64) = (0, 0)
      for row in account.rows.reversed() {
        if !window.bounds(of: now).contains(row.createdAt) { break }
        switch row.kind {
        case .debit, .transferOut: used = (used.amount - row.amount, used.count + 1)
        case .hold:
          guard let hold = holds[row.seq] else { continue }
          used.amount += hold.ended == nil ? hold.amount : hold.captured
          used.count += hold.ended == nil || hold.captured > 0 ? 1 : 0
        default: break
        }
      }
      if limit.amount != 0, used.amount + amount > limit.amount { return true }
      if limit.count != 0, used.count + 1 > limit.count { return true }
    }
    return false
  }

  // MARK: Batches of all or nothing

  enum ExpectedBatch {
    case posted([(id: Int64, row: Row, other: Row?)])
    /// Its place is 0 when it isn't written down.
    case aborted(at: Int, ErrorReason, seq: Int64)
  }

  mutating func performAll(_ key: IdempotencyKey, _ commands: [Command], now: Int64) -> ExpectedBatch {
    let before = self
    var rows: [(id: Int64, row: Row, other: Row?)] = []
    for (index, command) in commands.enumerated() {
      switch decide(command, now: now) {
      case .posted(let id, let row, let other): rows.append((id, row, other))
      case .refused(let reason, _):
        self = before
        seq += 1
        return .aborted(at: index, reason, seq: seq)
      case .failed(let reason):
        self = before
        return .aborted(at: index, reason, seq: 0)
      case .mismatch, .administered: break
      }
    }
    return .posted(rows)
  }
}
