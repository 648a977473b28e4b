import FaultSupport
import TestSupport
import Testing
import WalletCore

@testable import WalletStore

/// Random commands, kills and restarts against a model, with generations so small that all their borders are met.
@Suite("Random commands")
struct RandomCommandTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var rows: Int
    var steps: ClosedRange<Int>
    var cachedWallets: Int
    var recoveryRows: Int

    var testDescription: String {
      "generations of \(rows), steps of \(steps.lowerBound) to \(steps.upperBound), \(cachedWallets) wallets cached"
    }

    var settings: StoreSettings {
      var settings = LedgerFixture.settings
      settings.cachedWalletsMax = cachedWallets
      settings.trailing.generationRows = rows
      settings.trailing.generationRowsMax = rows + rows / 4
      settings.trailing.stepMin = steps.lowerBound
      settings.trailing.stepMax = steps.upperBound
      settings.trailing.recoveryRows = recoveryRows
      settings.logFramesBeforeCheckpoint = 200
      settings.listLimits.explainSliceRows = 1 + rows / 8
      return settings
    }
  }

  @Test(
    "answers, histories and views are those of a plain model, whatever trails",
    arguments: [
      Shape(rows: 1, steps: 1...1, cachedWallets: 1, recoveryRows: 1),
      Shape(rows: 16, steps: 1...3, cachedWallets: 2, recoveryRows: 5),
      Shape(rows: 64, steps: 16...32, cachedWallets: 1, recoveryRows: 64),
      Shape(rows: 400, steps: 16...100, cachedWallets: 12, recoveryRows: 100),
      Shape(rows: 3000, steps: 64...1000, cachedWallets: 100, recoveryRows: 700),
    ])
  func againstModel(_ shape: Shape) throws {
    let run = try RandomRun(shape.settings, SeededGenerator(of: "random commands, \(shape.testDescription)"))
    while run.commandCount < 5_000 || run.crashCount < 5 { try run.step() }
    try run.finish()
    print(
      "random commands, \(shape.testDescription): \(run.commandCount) commands in \(run.gatherCount) gathers, "
        + "\(run.replayCount) replays, \(run.dryRunCount) dry runs, \(run.restartCount) restarts of which \(run.crashCount) kills, "
        + "\(run.recoveredRows) rows recovered")
    #expect(run.replayCount > 100 && run.dryRunCount > 300 && run.crashCount > 4 && run.recoveredRows > 0)
  }
}

/// One ledger and its model.
final class RandomRun {
  /// One of a gather, and what it must be answered with.
  enum Asked {
    case command(Command)
    case batch(BatchCommand)
    case balance(WalletReference)
  }

  struct Batch {
    var command: BatchCommand
    var key: IdempotencyKey
    var expected: LedgerModel.ExpectedBatch
  }

  /// What is asked at once.
  struct Gather {
    var asked: [Asked] = []
    var requests: [LedgerRequest] = []
    /// Of what is asked those with a dry run right before them.
    var tried: Set<Int> = []
  }

  let ledger: LedgerFixture
  private var generator: SeededGenerator
  private(set) var model = LedgerModel()
  private var batches: [Batch] = []
  /// What was answered at first, byte for byte.
  private var rows: [IdempotencyKey: TransactionRow] = [:]
  private var administered: [IdempotencyKey: AdministrationRow] = [:]
  private var failures: [IdempotencyKey: Failure] = [:]
  private var reader: any LedgerReader
  private var outside: Database
  /// Somebody makes the store's disk or its memory fail.
  var readsMayFail = false
  private var nextKey: UInt64 = 0
  private(set) var commandCount = 0
  private(set) var gatherCount = 0
  private(set) var replayCount = 0
  private(set) var dryRunCount = 0
  private(set) var restartCount = 0
  private(set) var crashCount = 0
  private(set) var recoveredRows = 0

  /// - Parameter disk: Where the ledger lies; `nil`: in a scratch folder.
  init(_ settings: StoreSettings, _ generator: SeededGenerator, disk: FaultDisk? = nil) throws {
    self.generator = generator
    ledger = try LedgerFixture(settings, disk: disk)
    reader = try ledger.store.makeReader()
    outside = try ledger.stranger()
  }

  /// Stops at the first difference: all that come after it are noise.
  func check(
    _ isTrue: Bool, _ comment: @autoclosure () -> String = "", line: Int = #line
  ) throws(TestFailure) {
    if !isTrue { throw TestFailure("line \(line), command \(commandCount), seq \(model.seq): \(comment())") }
  }

  func draw(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }

  // MARK: A step

  func step() throws {
    switch draw(0..<100) {
    case 0: try restart()
    case 1..<4: try crash()
    case 4..<12: _ = try ledger.store.maintain(isIdle: true)
    case 12..<20: try checkHistory()
    case 20..<24: try checkExplanation()
    default: try gather()
    }
    _ = try ledger.store.maintain(isIdle: false)
    let pinned = ledger.store.cache.pinnedCount
    try check(ledger.store.cache.count <= ledger.settings.cachedWalletsMax + pinned)
  }

  private func gather() throws {
    let gather = makeGather()
    try judge(gather, ledger.store.perform(gather.requests, reading: ledger.reading, isDue: { _ in true }))
    try check(ledger.store.head.seq == model.seq)
    try checkViews()
  }

  func makeGather() -> Gather {
    ledger.wall += Int64(draw(0..<3)) * 1_000
    // Now and then a day ends, and a month.
    if draw(0..<60) == 0 { ledger.wall += Int64(draw(1..<20)) * 3_600_000_000 }
    var gather = Gather()
    let size = [1, 1, 2, 5, 12, 40][draw(0..<6)]
    while gather.asked.count < size {
      switch draw(0..<100) {
      case 0..<8: gather.asked.append(.balance(anyReference()))
      case 8..<12: gather.asked.append(.batch(itemByItem()))
      case 12..<17: gather.asked.append(.batch(allOrNothing()))
      default: gather.asked.append(.command(anyCommand()))
      }
    }
    for (index, asked) in gather.asked.enumerated() {
      let isTried = draw(0..<4) == 0
      switch asked {
      case .command(let command):
        if isTried { gather.requests.append(.dryRun(.mutation(byTrier(command)))) }
        gather.requests.append(.mutation(command))
      case .batch(let batch):
        if isTried { gather.requests.append(.dryRun(.batch(byTrier(batch)))) }
        gather.requests.append(.batch(batch))
      case .balance(let reference):
        // One that nothing follows.
        if isTried { gather.requests.append(.dryRun(.mutation(byTrier(anyCommand())))) }
        gather.requests.append(.balance(reference))
      }
      if isTried { gather.tried.insert(index) }
    }
    return gather
  }

  func judge(_ gather: Gather, _ outcomes: [LedgerOutcome]) throws {
    gatherCount += 1
    var place = 0
    var balances: [(WalletReference, LedgerOutcome)] = []
    for (index, asked) in gather.asked.enumerated() {
      var projected: LedgerOutcome?
      if gather.tried.contains(index) {
        projected = outcomes[place]
        place += 1
      }
      let outcome = outcomes[place]
      place += 1
      if case .balance(let reference) = asked {
        balances.append((reference, outcome))
        continue
      }
      if let projected { try expect(projected, projects: outcome) }
      switch asked {
      case .command(let command): try expect(outcome, command, path: "")
      case .batch(let batch): try expect(outcome, batch)
      case .balance: break
      }
    }
    for (reference, outcome) in balances { try expectBalance(outcome, reference) }
  }

  // MARK: What is asked

  private func anyCommand() -> Command {
    if !model.keys.isEmpty, draw(0..<100) < 25 { return oldCommand() }
    if draw(0..<100) < 1 + 12 / (1 + model.accounts.count / 10) { return command(.openWallet, newName()) }
    if draw(0..<100) < 35 { return specialCommand() }
    if draw(0..<100) == 0 { return administration() }
    var command = command(draw(0..<5) < 3 ? .credit : .debit, anyReference(), amount: Int64(draw(1..<500)))
    switch draw(0..<40) {
    case 0: command.expectedVersion = Int64(draw(1..<60))
    case 1: command.expectedVersion = model.account(command.wallet)?.version ?? 7
    case 2: command.counterAccount = model.counterAccounts.sorted { $0.string < $1.string }[draw(0..<5)]
    case 3: command.counterAccount = "nobody"
    case 4: command.violation = .invalidArgument("amount", "must be positive")
    case 5: command.amount = 1 << 40
    case 6: command.wallet = .name(name(draw(0..<20), currency: "XXQ"))
    case 7: command = self.command(.openWallet, .name(model.accounts.randomElement(using: &generator)?.name ?? name(0)))
    default: break
    }
    // Rows that the feed has no columns for.
    if draw(0..<6) == 0 { command.audit.note = Text("note \(draw(0..<9))") }
    if draw(0..<3) > 0 { command.audit.reference = Text("o-\(draw(0..<3000))") }
    if draw(0..<200) == 0 {
      command.origin = Origin(actor: "local", source: "127.0.0.1", clientName: Text("c\(draw(0..<50))"))
    }
    return command
  }

  /// Mostly of what isn't there yet.
  private func administration() -> Command {
    var made = command(draw(0..<2) == 0 ? .registerCurrency : .addCounterAccount, .none)
    let number = draw(0..<40)
    made.parameters =
      made.verb == .registerCurrency
      ? .currency(code: number == 0 ? "USD" : Text("OWN-\(number)"), exponent: UInt32(number % 5))
      : .counterAccount(name: number == 0 ? "sales" : Text("own.\(number)"))
    return made
  }

  /// Holds and what becomes of them, transfers, refunds, freezes, limits and closings.
  private func specialCommand() -> Command {
    let amount = Int64(draw(1..<300))
    var (verb, parameters, asked): (Verb, Command.Parameters, Int64)
    switch draw(0..<100) {
    case 0..<25: (verb, parameters, asked) = (.hold, .hold(timeout: Int64(draw(1..<9_000)) * 1_000), amount)
    case 25..<45:
      let isAll = draw(0..<3) == 0
      (verb, parameters, asked) = (
        .capture, .capture(holdID: anyHold(), isFinal: draw(0..<3) == 0), isAll ? 0 : amount
      )
    case 45..<55: (verb, parameters, asked) = (.release, .release(holdID: anyHold()), 0)
    case 55..<70: (verb, parameters, asked) = (.refund, .refund(seq: anyRow()), draw(0..<3) == 0 ? 0 : amount)
    case 70..<88: (verb, parameters, asked) = (.transfer, .transfer(to: anyReference()), amount)
    case 88..<91: (verb, parameters, asked) = (.freeze, .freeze(anyScope(), until: anyEnd()), 0)
    case 91..<95: (verb, parameters, asked) = (.unfreeze, .unfreeze(anyScope()), 0)
    case 95..<99: (verb, parameters, asked) = (.setLimits, .limits(anyLimits()), 0)
    default: (verb, parameters, asked) = (.closeWallet, .none, 0)
    }
    var command = command(verb, verb.namesWallet ? anyReference() : .none, amount: asked)
    command.parameters = parameters
    if draw(0..<20) == 0 { command.expectedVersion = model.subject(command)?.version ?? 3 }
    if draw(0..<40) == 0 { command.expectedVersion = Int64(draw(1..<60)) }
    if draw(0..<3) == 0 { command.audit.reference = Text("o-\(draw(0..<3000))") }
    return command
  }

  /// Mostly one that is open.
  private func anyHold() -> Int64 {
    let open = model.holds.filter { $0.value.ended == nil }.keys.sorted()
    if !open.isEmpty, draw(0..<4) > 0 { return open[draw(0..<open.count)] }
    let all = model.holds.keys.sorted()
    return all.isEmpty || draw(0..<5) == 0 ? Int64(draw(1..<9_999)) : all[draw(0..<all.count)]
  }

  /// Mostly one that can be refunded.
  private func anyRow() -> Int64 {
    let all = model.refundable.keys.sorted()
    return all.isEmpty || draw(0..<8) == 0 ? Int64(draw(1..<9_999)) : all[draw(0..<all.count)]
  }

  private func anyScope() -> FreezeScope { FreezeScope.allCases[draw(0..<3)] }

  private func anyEnd() -> Int64 { draw(0..<4) == 0 ? 0 : ledger.wall + Int64(draw(1..<4_000)) * 1_000 }

  private func anyLimits() -> WalletLimits {
    var limits = WalletLimits()
    if draw(0..<2) == 0 { limits.overdraft = Int64(draw(0..<500)) }
    if draw(0..<4) == 0 { limits.balanceMax = Int64(draw(500..<9_000)) }
    if draw(0..<3) == 0 { limits.amountMax = Int64(draw(100..<600)) }
    if draw(0..<2) == 0 { limits.day = WindowLimit(amount: Int64(draw(0..<3_000)), count: Int64(draw(0..<20))) }
    if draw(0..<3) == 0 { limits.week = WindowLimit(amount: Int64(draw(0..<6_000)), count: 0) }
    if draw(0..<3) == 0 { limits.month = WindowLimit(amount: Int64(draw(0..<9_000)), count: Int64(draw(0..<60))) }
    return limits
  }

  /// A key of any age, with its request or another one.
  private func oldCommand() -> Command {
    // Half of them of the last rows, which lie in memory.
    let recent = draw(0..<2) == 0 ? min(model.keys.count, 80) : model.keys.count
    let key = model.keys[model.keys.count - 1 - draw(0..<recent)]
    guard var command = model.results[key]?.command else { preconditionFailure("a key without a result") }
    switch draw(0..<10) {
    case 0: command.amount += 1
    case 1: if command.verb.namesWallet { command.wallet = anyReference() }
    case 2: command.audit.reference = "another"
    case 3: command.verb = command.verb == .credit ? .debit : .credit
    case 4: command.expectedVersion = 9_999
    default: break
    }
    return command
  }

  private func itemByItem() -> BatchCommand {
    BatchCommand(
      mode: .itemByItem,
      items: (0..<draw(1..<30)).map { _ in
        draw(0..<20) == 0 ? .malformed(.invalidArgument("items", "unreadable")) : .command(anyCommand())
      })
  }

  private func allOrNothing() -> BatchCommand {
    if !batches.isEmpty, draw(0..<3) == 0 { return batches[draw(0..<batches.count)].command }
    let commands = (0..<draw(1..<25)).map { _ in
      var command: Command
      repeat {
        command = anyCommand()
      } while model.results[command.key] != nil || command.verb.isAdministration
      // Most are to be carried out.
      if command.verb == .debit, draw(0..<3) > 0 { command.verb = .credit }
      return command
    }
    return LedgerFixture.atomic(newKey(), commands)
  }

  private func command(_ verb: Verb, _ wallet: WalletReference, amount: Int64 = 0) -> Command {
    Command(
      verb: verb, key: newKey(), wallet: wallet, amount: amount, audit: Command.Audit(reason: "test"),
      origin: Origin(actor: "local", source: "127.0.0.1", clientName: "tests"))
  }

  /// New, of every kind: in order of time, random, far ahead, and words.
  private func newKey() -> IdempotencyKey {
    nextKey += 1
    switch draw(0..<10) {
    case 0: return .text(Text("key-of-words-\(nextKey)"))
    case 1, 2: return .uuid(high: generator.next(), low: nextKey)
    case 3: return TestKeys.ordered(milliseconds: 1_900_000_000_000 + nextKey, &generator)
    default: return TestKeys.ordered(milliseconds: 1_700_000_000_000 + nextKey / 4, &generator)
    }
  }

  private func name(_ number: Int, currency: Text = "USD") -> WalletName {
    WalletName(owner: Text("owner-\(number % 9)"), currency: currency, name: Text("w-\(number)"))
  }

  private func newName() -> WalletReference {
    let own = model.currencies.sorted { $0.string < $1.string }
    let currency = draw(0..<4) == 0 ? own[draw(0..<own.count)] : ["USD", "EUR", "JPY"][draw(0..<3)]
    return .name(name(model.accounts.count + draw(0..<3), currency: currency))
  }

  private func anyReference() -> WalletReference {
    // A few wallets are busier than others.
    guard !model.accounts.isEmpty, draw(0..<30) > 0 else {
      return draw(0..<2) == 0 ? .id(Int64(draw(1..<99_999)), currency: "") : .name(name(draw(0..<200)))
    }
    let account = model.accounts[min(draw(0..<model.accounts.count), draw(0..<model.accounts.count))]
    switch draw(0..<8) {
    case 0: return .id(account.id, currency: account.name.currency)
    case 1: return .id(account.id, currency: account.name.currency == "USD" ? "EUR" : "USD")
    case 2..<5: return .id(account.id, currency: "")
    default: return .name(account.name)
    }
  }

  // MARK: What is answered

  private func expect(_ outcome: LedgerOutcome, _ command: Command, path: String) throws {
    commandCount += 1
    let (expected, isReplay) = model.perform(command, now: ledger.wall)
    let comment = "\(command.verb) \(command.key.text) of \(command.wallet): \(outcome), not \(expected)"
    if isReplay { replayCount += 1 }
    switch expected {
    case .posted(let id, let row, let other):
      try check(outcome.row?.walletID == id && outcome.row.map { modelRow($0) } == row, comment)
      try check(outcome.otherRow.map { modelRow($0) } == other, comment)
      try check(outcome.isReplay == isReplay, comment)
      try check(isAsTold(outcome.row, &rows[command.key]), comment)
    case .administered(let seq):
      guard case .administered(let row, isReplay) = outcome, row.seq == seq else { throw TestFailure(comment) }
      try check(isAsTold(row, &administered[command.key]), comment)
    case .refused(let reason, let seq):
      guard case .failed(let failure, seq, isReplay) = outcome, failure.reason == reason else {
        throw TestFailure(comment)
      }
      try check(isAsTold(failure, &failures[command.key]), comment)
    case .failed(let reason): try check(outcome.reason == reason && !outcome.isReplay, comment)
    case .mismatch(let field):
      try check(outcome.mismatch == (path.isEmpty ? field : "\(path).\(field)") && !outcome.isReplay, comment)
    }
  }

  /// What was told first is told for ever. Of a commit that nobody was told of, the first to ask again is told first.
  private func isAsTold<Told: Equatable>(_ found: Told?, _ told: inout Told?) -> Bool {
    if told == nil { told = found }
    return told == found
  }

  /// A dry run tells what its request is answered with right behind it.
  private func expect(_ projected: LedgerOutcome, projects outcome: LedgerOutcome) throws {
    dryRunCount += 1
    let (seq, wallets) = (model.seq, Int64(model.accounts.count))
    let (tried, done) = (
      Placeless(projected, after: seq, wallets: wallets), Placeless(outcome, after: seq, wallets: wallets)
    )
    try check(tried == done, "\(projected), then \(outcome)")
    switch projected {
    case .projected(_, let commitSeq): try check(commitSeq == seq)
    case .failed(_, let commitSeq, _): try check(commitSeq <= seq)
    default: try check(projected.isReplay, "\(projected)")
    }
  }

  private static let trier = Origin(actor: "local", source: "127.0.0.1", clientName: "tries")

  /// From a place that no row is from.
  private func byTrier(_ command: Command) -> Command {
    var command = command
    command.origin = Self.trier
    return command
  }

  private func byTrier(_ batch: BatchCommand) -> BatchCommand {
    var batch = batch
    batch.items = batch.items.map { item in
      if case .command(let command) = item { .command(byTrier(command)) } else { item }
    }
    return batch
  }

  private func modelRow(_ row: TransactionRow) -> LedgerModel.Row {
    LedgerModel.Row(
      kind: row.kind, seq: row.seq, version: row.version, amount: row.amount, heldChange: row.heldChange,
      balance: row.balance, held: row.held, overdraft: row.overdraftLimit, holdID: row.holdID,
      relatedSeq: row.relatedSeq, previousSeq: row.previousSeq, createdAt: row.createdAt)
  }

  private func expect(_ outcome: LedgerOutcome, _ batch: BatchCommand) throws {
    switch batch.mode {
    case .itemByItem:
      try check(outcome.items.count == batch.items.count)
      for (index, (item, outcome)) in zip(batch.items, outcome.items).enumerated() {
        switch item {
        case .command(let command): try expect(outcome, command, path: "items[\(index)]")
        case .malformed(let failure): try check(outcome.failure == failure)
        }
      }
    case .allOrNothing(let key):
      commandCount += batch.items.count
      let commands = batch.items.compactMap { if case .command(let command) = $0 { command } else { nil } }
      if let known = batches.first(where: { $0.key == key }) {
        replayCount += 1
        return try expect(outcome, known.expected, commands, isReplay: true)
      }
      let expected = model.performAll(key, commands, now: ledger.wall)
      if case .aborted(_, _, 0) = expected {
      } else {
        batches.append(Batch(command: batch, key: key, expected: expected))
      }
      try expect(outcome, expected, commands, isReplay: false)
    }
  }

  private func expect(
    _ outcome: LedgerOutcome, _ expected: LedgerModel.ExpectedBatch, _ commands: [Command], isReplay: Bool
  ) throws {
    let comment = "\(outcome), not \(expected)"
    switch expected {
    case .posted(let expectedRows):
      try check(outcome.isReplay == isReplay && outcome.items.count == expectedRows.count, comment)
      for ((id, row, other), item) in zip(expectedRows, outcome.items) {
        try check(
          item.row?.walletID == id && item.row.map { modelRow($0) } == row && item.isReplay == isReplay, comment)
        try check(item.otherRow.map { modelRow($0) } == other, comment)
      }
      for (command, item) in zip(commands, outcome.items) {
        try check(isAsTold(item.row, &rows[command.key]), comment)
      }
    case .aborted(let index, let reason, let seq):
      guard case .failed(let failure, let place, isReplay) = outcome,
        case .batchAborted(index, let cause) = failure.detail, cause.reason == reason
      else {
        throw TestFailure(comment)
      }
      if seq != 0 { try check(place == seq, comment) }
    }
  }

  private func expectBalance(_ outcome: LedgerOutcome, _ reference: WalletReference) throws {
    if readsMayFail, outcome.reason == .unavailable { return }
    guard let account = model.account(reference) else {
      try check([.walletNotFound, .currencyUnknown].contains(outcome.reason), "\(reference): \(outcome)")
      return
    }
    if !reference.currency.isEmpty, reference.currency != account.name.currency {
      try check(outcome.reason == .currencyMismatch, "\(reference): \(outcome)")
      return
    }
    guard case .wallet(let wallet, let commitSeq) = outcome else {
      throw TestFailure("\(reference): \(outcome)")
    }
    try check(commitSeq == model.seq && wallet.id == account.id && wallet.name == account.name)
    let due = model.dueHolds(of: account.id, ledger.wall).reduce(0) { $0 + $1.value.remaining }
    try check(wallet.held == account.held - due && wallet.isExpiryPending == (due > 0), "\(wallet)")
    try check(
      wallet.balance == account.balance && wallet.version == account.version && wallet.lastSeq == account.rows.last?.seq
    )
  }

  // MARK: Looks from aside

  /// What somebody sees in the sqlite3 shell after this commit.
  func checkViews() throws {
    let rows = try outside.prepare(
      "SELECT wallet_id, balance, version, last_seq, held FROM wallet_balances ORDER BY wallet_id")
    var count = 0
    var sums: [Text: Int64] = [:]
    while try rows.step() {
      let account = model.accounts[count]
      sums[account.name.currency, default: 0] += rows.integer(1)
      try check(
        rows.integer(0) == account.id && rows.integer(1) == account.balance && rows.integer(2) == account.version
          && rows.integer(3) == account.rows.last?.seq && rows.integer(4) == account.held)
      count += 1
    }
    try check(count == model.accounts.count)
    let totals = try outside.prepare("SELECT currency, counter_account, total FROM counter_account_totals")
    var found: [String: Int64] = [:]
    while try totals.step() {
      found["\(totals.text(0)) \(totals.text(1))"] = totals.integer(2)
      sums[totals.text(0), default: 0] += totals.integer(2)
    }
    try check(found == model.totals && sums.values.allSatisfy { $0 == 0 })
    try check(outside.integer("SELECT count(*) FROM trial_balance WHERE difference <> 0") == 0)
    try checkTrialBalance()
  }

  /// What the server says of all totals.
  private func checkTrialBalance() throws {
    let outcome = try ledger.store.perform([.trialBalance(currency: "")], reading: ledger.reading, isDue: { _ in true })
    guard case .trialBalance(let balance, let commitSeq) = outcome[0] else { throw TestFailure("\(outcome)") }
    try check(commitSeq == model.seq)
    try check(balance.counterAccounts.map(\.string) == model.counterAccounts.map(\.string).sorted())
    var wallets: [Text: Int64] = [:]
    for account in model.accounts { wallets[account.name.currency, default: 0] += account.balance }
    var found: [String: Int64] = [:]
    for sum in balance.currencies {
      try check(sum.difference == 0 && sum.walletsTotal == wallets[sum.currency] ?? 0, "\(sum)")
      try check(sum.isRegistered == sum.currency.string.hasPrefix("OWN-"))
      for account in sum.counterAccounts { found["\(sum.currency) \(account.name)"] = account.total }
    }
    try check(found == model.totals && Set(balance.currencies.map(\.currency)).isSuperset(of: wallets.keys))
  }

  private func checkHistory() throws {
    guard let account = model.accounts.randomElement(using: &generator) else { return }
    let oldestFirst = draw(0..<2) == 0
    let rowsMax = [1, 7, 64, 100, 1000][draw(0..<5)]
    var rows: [LedgerModel.Row] = []
    var cursor = ""
    // A long one isn't read by single rows.
    let pagesMax = 12
    var pages = 0
    repeat {
      let page = PageRequest(rowsMax: rowsMax, cursor: cursor)
      let outcome = try ledger.list(
        .history(.id(account.id, currency: ""), page: page, oldestFirst: oldestFirst), reader)
      guard case .transactions(let found, let next, _, _, _) = outcome else {
        throw TestFailure("\(outcome)")
      }
      rows += found.map { modelRow($0) }
      cursor = next
      pages += 1
    } while !cursor.isEmpty && pages < pagesMax
    let expected = oldestFirst ? account.rows : account.rows.reversed()
    try check(rows == Array(expected.prefix(rowsMax * pagesMax)), "wallet \(account.id), oldest first: \(oldestFirst)")
  }

  /// The explanation of a wallet is what a plain sum of its rows says.
  private func checkExplanation() throws {
    guard let account = model.accounts.randomElement(using: &generator) else { return }
    let from = draw(0..<3) == 0 ? account.rows[draw(0..<account.rows.count)].createdAt : 0
    let outcome = try ledger.explanation(.id(account.id, currency: ""), from: from, lastChanges: draw(1..<5), reader)
    guard case .explanation(let explanation) = outcome else { throw TestFailure("\(outcome)") }
    try check(explanation.isEqual && explanation.difference == "", explanation.difference)
    let rows = account.rows.filter { $0.createdAt >= from }
    let opening = account.rows.last { $0.createdAt < from }
    try check(
      explanation.opening.balance == opening?.balance ?? 0 && explanation.opening.version == opening?.version ?? 0
        && explanation.opening.at == rows.first?.createdAt ?? 0 && explanation.rowsRecomputed == Int64(rows.count))
    var sums: [TransactionKind: [Int64]] = [:]
    for row in rows {
      let before = sums[row.kind] ?? [0, 0, 0]
      sums[row.kind] = [before[0] + 1, before[1] + row.amount, before[2] + row.heldChange]
    }
    var found: [TransactionKind: [Int64]] = [:]
    for sum in explanation.sums { found[sum.kind] = [sum.count, sum.amount, sum.heldChange] }
    try check(found == sums && found.count == explanation.sums.count, "\(explanation.sums)")
    let open = model.holds.filter { $0.value.walletID == account.id && $0.value.ended == nil }
    let reserving = open.filter { $0.value.endsAt > ledger.wall }
      .sorted { ($0.value.endsAt, $0.key) < ($1.value.endsAt, $1.key) }
    try check(explanation.holds.map(\.hold.id) == reserving.map(\.key))
    try check(explanation.holds.map(\.hold.remaining) == reserving.map(\.value.remaining))
    for side in [FreezeScope.debit, .credit] {
      let isFrozen = account.frozen[side].map { $0.until == 0 || ledger.wall < $0.until } ?? false
      try check(explanation.freezes.contains { $0.scope.covers(side) } == isFrozen, "\(explanation.freezes)")
    }
    try check(explanation.limits == account.limits && explanation.chainVerifiedTo == account.rows.last?.seq)
    try check(
      explanation.lastChanges.map { modelRow($0) }
        == Array(account.rows.reversed().prefix(explanation.lastChanges.count)))
  }

  // MARK: Ends and beginnings

  private func restart() throws {
    try ledger.restart()
    restartCount += 1
    try check(ledger.store.recovery.rows == 0)
    try reopened()
  }

  private func crash() throws {
    let lag = ledger.store.projector.lag
    try ledger.crash()
    restartCount += 1
    crashCount += 1
    recoveredRows += lag
    try check(ledger.store.recovery.rows == lag)
    try reopened()
  }

  func reopened() throws {
    reader = try ledger.store.makeReader()
    outside = try ledger.stranger()
    try check(ledger.store.head.seq == model.seq && ledger.store.projector.lag == 0)
    try checkViews()
  }

  func expectSound() throws {
    let verification = try ledger.verify()
    try check(
      verification.findings == [] && verification.report?.head == ledger.store.head, "\(verification.findings)")
  }

  /// Everything once more: every key of every age, every wallet, and the file.
  func finish() throws {
    for pass in 0..<2 {
      if pass == 1 { try restart() }
      // Once while it trails, and once when all is written.
      try expectSound()
      for start in stride(from: 0, to: model.keys.count, by: 500) {
        let keys = model.keys[start..<min(start + 500, model.keys.count)]
        let commands = keys.compactMap { model.results[$0]?.command }
        let outcomes = try ledger.perform(LedgerFixture.itemByItem(commands))[0].items
        for (command, outcome) in zip(commands, outcomes) { try expect(outcome, command, path: "") }
      }
      for batch in batches { try expect(ledger.perform(batch.command)[0], batch.command) }
    }
    try check(ledger.stranger().integer("SELECT count(*) FROM reference_rows") == Int64(model.references.count))
    try check(ledger.stranger().integer("SELECT count(*) FROM origins WHERE client_name = 'tries'") == 0)
    try ledger.store.close()
    let problems = try ledger.problems()
    try check(problems == [], "\(problems)")
  }
}

// MARK: What may have been done

extension RandomRun {
  /// All that the run goes by: what the ledger must hold and what was told of it.
  struct Knowledge {
    var model: LedgerModel
    fileprivate var batches: [Batch]
    fileprivate var rows: [IdempotencyKey: TransactionRow]
    fileprivate var administered: [IdempotencyKey: AdministrationRow]
    fileprivate var failures: [IdempotencyKey: Failure]
  }

  var knowledge: Knowledge {
    get {
      Knowledge(model: model, batches: batches, rows: rows, administered: administered, failures: failures)
    }
    set {
      (model, batches, rows) = (newValue.model, newValue.batches, newValue.rows)
      (administered, failures) = (newValue.administered, newValue.failures)
    }
  }

  /// What the run would know if a gather were carried out and nobody were told.
  func knowledge(after gather: Gather) -> Knowledge {
    let before = knowledge
    defer { knowledge = before }
    for asked in gather.asked {
      switch asked {
      case .balance: break
      case .command(let command): _ = model.perform(command, now: ledger.wall)
      case .batch(let batch):
        let commands = batch.items.compactMap { if case .command(let command) = $0 { command } else { nil } }
        guard case .allOrNothing(let key) = batch.mode else {
          for command in commands { _ = model.perform(command, now: ledger.wall) }
          continue
        }
        if batches.contains(where: { $0.key == key }) { continue }
        let expected = model.performAll(key, commands, now: ledger.wall)
        if case .aborted(_, _, 0) = expected { continue }
        batches.append(Batch(command: batch, key: key, expected: expected))
      }
    }
    return knowledge
  }
}
