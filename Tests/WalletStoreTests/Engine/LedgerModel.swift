import WalletCore

/// The ledger as semantics has it, in dictionaries and without any file: what the store's answers are held against.
/// It shares values with the store and none of its rules.
struct LedgerModel {
  struct Row: Equatable {
    var seq: Int64
    var version: Int64
    var amount: Int64
    var balance: Int64
    var previousSeq: Int64
    var createdAt: Int64
  }

  struct Account {
    var id: Int64
    var name: WalletName
    var rows: [Row]

    var balance: Int64 { rows.last?.balance ?? 0 }
    var version: Int64 { Int64(rows.count) }
  }

  /// What a command must be answered with.
  enum Expected {
    case posted(Int64, Row)
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

  static let currencies: Set<Text> = ["USD", "EUR", "JPY"]
  static let counterAccounts: Set<Text> = ["sales", "funding", "adjustments", "opening"]

  private(set) var accounts: [Account] = []
  private var ids: [WalletName: Int64] = [:]
  private(set) var totals: [String: Int64] = [:]
  private(set) var results: [IdempotencyKey: Result] = [:]
  private(set) var keys: [IdempotencyKey] = []
  private(set) var references: [Int64] = []
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
    let walletID = account(command.wallet)?.id
    let expected = decide(command, now: now)
    switch expected {
    case .posted(let id, _): remember(command.key, Result(command: command, expected: expected, walletID: id))
    case .refused: remember(command.key, Result(command: command, expected: expected, walletID: walletID))
    case .failed, .mismatch: break
    }
    return (expected, false)
  }

  private mutating func remember(_ key: IdempotencyKey, _ result: Result) {
    results[key] = result
    keys.append(key)
  }

  /// The commands that a test makes differ from the first one under their key in one of these.
  private func difference(_ first: Result, _ command: Command) -> String? {
    if first.command.verb != command.verb { return "verb" }
    if let id = first.walletID, account(command.wallet)?.id != id { return "wallet" }
    if first.walletID == nil, first.command.wallet != command.wallet { return "wallet" }
    if first.command.amount != command.amount { return "amount" }
    let own = account(command.wallet)?.name.currency ?? ""
    var recorded = first.command.wallet.currency
    if case .posted = first.expected { recorded = own }
    if recorded.or(own) != command.wallet.currency.or(own) { return "currency" }
    if first.command.audit.reference != command.audit.reference { return "reference" }
    return nil
  }

  private mutating func decide(_ command: Command, now: Int64) -> Expected {
    if command.violation != nil { return .failed(.invalidArgument) }
    if let reason = refusal(command) {
      if reason == .versionConflict { return .failed(reason) }
      seq += 1
      return .refused(reason, seq: seq)
    }
    seq += 1
    if !command.audit.reference.isEmpty { references.append(seq) }
    if command.verb == .openWallet, case .name(let name) = command.wallet {
      let row = Row(seq: seq, version: 1, amount: 0, balance: 0, previousSeq: 0, createdAt: now)
      accounts.append(Account(id: Int64(accounts.count) + 1, name: name, rows: [row]))
      ids[name] = Int64(accounts.count)
      return .posted(Int64(accounts.count), row)
    }
    guard let account = account(command.wallet), let last = account.rows.last else { return .failed(.internal) }
    let amount = command.verb == .debit ? -command.amount : command.amount
    let row = Row(
      seq: seq, version: account.version + 1, amount: amount, balance: account.balance + amount, previousSeq: last.seq,
      createdAt: now)
    accounts[Int(account.id) - 1].rows.append(row)
    totals["\(account.name.currency) \(counterAccount(command))", default: 0] -= amount
    return .posted(account.id, row)
  }

  private func counterAccount(_ command: Command) -> Text {
    command.counterAccount.isEmpty ? (command.verb == .debit ? "sales" : "funding") : command.counterAccount
  }

  private func refusal(_ command: Command) -> ErrorReason? {
    let account = account(command.wallet)
    let currency = command.wallet.currency
    if !currency.isEmpty, !Self.currencies.contains(currency) { return .currencyUnknown }
    if !currency.isEmpty, let account, account.name.currency != currency { return .currencyMismatch }
    if command.verb == .openWallet { return account == nil ? nil : .walletExists }
    if !Self.counterAccounts.contains(counterAccount(command)) { return .counterAccountUnknown }
    guard let account else { return .walletNotFound }
    if command.expectedVersion != 0, command.expectedVersion != account.version { return .versionConflict }
    if command.verb == .debit, command.amount > account.balance { return .insufficientFunds }
    return nil
  }

  // MARK: Batches of all or nothing

  enum ExpectedBatch {
    case posted([(Int64, Row)])
    /// Its place is 0 when it isn't written down.
    case aborted(at: Int, ErrorReason, seq: Int64)
  }

  mutating func performAll(_ key: IdempotencyKey, _ commands: [Command], now: Int64) -> ExpectedBatch {
    let before = self
    var rows: [(Int64, Row)] = []
    for (index, command) in commands.enumerated() {
      switch decide(command, now: now) {
      case .posted(let id, let row): rows.append((id, row))
      case .refused(let reason, _):
        self = before
        seq += 1
        return .aborted(at: index, reason, seq: seq)
      case .failed(let reason):
        self = before
        return .aborted(at: index, reason, seq: 0)
      case .mismatch: break
      }
    }
    return .posted(rows)
  }
}
