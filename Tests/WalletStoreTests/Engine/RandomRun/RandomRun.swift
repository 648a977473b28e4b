import FaultSupport
import TestSupport
import WalletCore

@testable import WalletStore

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
  var generator: SeededGenerator
  var model = LedgerModel()
  var batches: [Batch] = []
  /// What was answered at first, byte for byte.
  var rows: [IdempotencyKey: TransactionRow] = [:]
  var administered: [IdempotencyKey: AdministrationRow] = [:]
  var failures: [IdempotencyKey: Failure] = [:]
  var reader: any LedgerReader
  var outside: Database
  /// Somebody makes the store's disk or its memory fail.
  var readsMayFail = false
  var nextKey: UInt64 = 0
  var commandCount = 0
  var gatherCount = 0
  var replayCount = 0
  var dryRunCount = 0
  var restartCount = 0
  var crashCount = 0
  var recoveredRows = 0

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

  func gather() throws {
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

  // MARK: Ends and beginnings

  func restart() throws {
    try ledger.restart()
    restartCount += 1
    try check(ledger.store.recovery.rows == 0)
    try reopened()
  }

  func crash() throws {
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
