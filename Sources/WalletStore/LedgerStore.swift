package import WalletCore
internal import WalletSystem

/// The embedded ledger: one SQLite file, written by one connection that one queue owns.
///
/// A gather is decided row by row on what is in memory, its rows are appended to the journal, and one commit makes them
/// durable; the projections follow (`Projector`). What memory shows between gathers is what is committed.
package final class LedgerStore: Ledger {
  let folder: DataFolder
  let settings: StoreSettings
  let database: Database
  private let begin: Statement
  private let commit: Statement
  let journal: JournalWriter
  let wallets: WalletTable
  let currencies: CurrencyTable
  let cache: WalletCache
  let book: ControlsBook
  let projector: Projector
  let grantTable: GrantTable
  /// Of rows for denied calls.
  var allowance: AuditAllowance
  var totals: CounterTotals
  var trialBalances = TrialBalances()
  var clock: LedgerClock
  /// For what is read: the time of the gather.
  private(set) var readTime: Int64 = 0
  private(set) var monotonicNow: Int64 = 0
  var nextWalletID: Int64
  private var committedNextWalletID: Int64
  private var lookedUp: [Int64] = []
  /// Of the gather, for their rows.
  var deniedReads: [DeniedCall] = []
  /// Wallets opened in this gather, whose rows are still to be written.
  var opened: [Wallet] = []
  /// The last row, committed or not.
  var newest: JournalHead
  /// Why the last gather's mutations were refused before they began; `nil` when they weren't.
  package private(set) var mutationsUnavailableBecause: String?
  /// What is counted as it happens; `measure` adds how things stand.
  var counted = LedgerMeasurements()
  /// Monotonic microseconds of the last gather whose mutations were refused before they began.
  var refusedGatherAt: Int64?
  let logMover: LogMover
  private let copier: OnlineCopier
  let timeSource: any TimeSource

  package let description: LedgerDescription
  package let recovery: RecoveryReport
  /// Of the backups that were made.
  package let backupStatus = BackupRecord()
  package private(set) var head: JournalHead
  package var grants: GrantBook { grantTable.book }

  init(_ parts: consuming Parts) throws(StoreError) {
    folder = parts.folder
    timeSource = parts.time
    settings = parts.settings
    database = parts.database
    description = parts.description
    recovery = parts.recovery
    head = parts.head
    newest = parts.head
    clock = parts.clock
    nextWalletID = parts.nextWalletID
    committedNextWalletID = parts.nextWalletID
    wallets = parts.wallets
    journal = parts.journal
    do {
      currencies = try CurrencyTable(database)
      book = try ControlsBook(database)
      begin = try database.prepare("BEGIN IMMEDIATE")
      commit = try database.prepare("COMMIT")
    } catch {
      throw .sqlite(error)
    }
    grantTable = try GrantTable(database)
    allowance = AuditAllowance(now: timeSource.monotonicMicroseconds)
    cache = WalletCache(countMax: settings.cachedWalletsMax, dirtyMax: 2 * settings.trailing.generationRowsMax)
    projector = try Projector(
      tables: parts.projections, wallets: wallets, cache: cache, sizes: settings.trailing, seed: parts.seed)
    logMover = LogMover(
      database, parts.checkpoints, framesBeforeCheckpoint: settings.logFramesBeforeCheckpoint,
      movesBeforeAnew: settings.logMovesBeforeAnew)
    totals = try CounterTotals.load(database)
    copier = OnlineCopier(database, settings: settings)
    if let backups = settings.backupFolder {
      backupStatus.recall(backups, files: folder.files, ledgerID: description.ledgerID)
    }
  }

  package func perform(
    _ requests: [LedgerRequest], reading: LedgerClock.Reading, isDue: (Int) -> Bool
  ) throws(LedgerFault) -> [LedgerOutcome] {
    readTime = clock.estimate(reading)
    monotonicNow = reading.monotonic
    var outcomes: [LedgerOutcome] = []
    outcomes.reserveCapacity(requests.count)
    var reads: [Int] = []
    for index in requests.indices where !requests[index].isMutation { reads.append(index) }
    if reads.count < requests.count {
      try performMutations(requests, reading, isDue, into: &outcomes)
    }
    if reads.count == requests.count {
      for request in requests { outcomes.append(try read(request)) }
    } else {
      for index in reads { outcomes[index] = try read(requests[index]) }
    }
    if !deniedReads.isEmpty { try recordDeniedReads(reading) }
    return outcomes
  }

  // MARK: Mutations

  /// Appends an outcome for each request; those of reads are yet to be made.
  private func performMutations(
    _ requests: [LedgerRequest], _ reading: LedgerClock.Reading, _ isDue: (Int) -> Bool,
    into outcomes: inout [LedgerOutcome]
  ) throws(LedgerFault) {
    do throws(GatherError) {
      let now = try time(reading)
      try requireDiskSpace()
      try commit(requests, now: now, isDue, into: &outcomes)
      counted.requestsPerCommit.add(Int64(requests.count))
      mutationsUnavailableBecause = nil
    } catch {
      guard case .unavailable(let message) = error else { throw error.fault }
      mutationsUnavailableBecause = message
      refusedGatherAt = reading.monotonic
      let failure = Failure(.unavailable, .message(message), retryAfterMilliseconds: 1000)
      outcomes.removeAll(keepingCapacity: true)
      for _ in requests { outcomes.append(.failed(failure, commitSeq: head.seq, replayed: false)) }
    }
  }

  /// Why a gather came to nothing.
  private enum GatherError: Error {
    /// Nothing was changed; the callers may come again.
    case unavailable(String)
    case fault(LedgerFault)

    var fault: LedgerFault {
      switch self {
      case .unavailable(let message): LedgerFault(.storage, message)
      case .fault(let fault): fault
      }
    }
  }

  private func time(_ reading: LedgerClock.Reading) throws(GatherError) -> Int64 {
    do { return try clock.now(reading) } catch { throw .unavailable(error.message) }
  }

  /// SQLITE_FULL was seen to come out of COMMIT, where it would stop the server: better to refuse before.
  private func requireDiskSpace() throws(GatherError) {
    do {
      let available = try folder.availableBytes()
      guard available >= settings.freeBytesMin else {
        throw GatherError.unavailable(
          "the disk has \(available) bytes left; mutations need \(settings.freeBytesMin) (--min-free)")
      }
    } catch let error as GatherError {
      throw error
    } catch {
      throw .unavailable("the free space of the disk can't be read: \(error)")
    }
  }

  private func commit(
    _ requests: [LedgerRequest], now: Int64, _ isDue: (Int) -> Bool, into outcomes: inout [LedgerOutcome]
  ) throws(GatherError) {
    try inTransaction(now: now) { () throws(StoreError) in
      prefetch(requests)
      let requests = requests.span
      for index in requests.indices {
        guard requests[index].isMutation else {
          outcomes.append(.failed(Self.notYetRead, commitSeq: 0, replayed: false))
          continue
        }
        guard isDue(index) else {
          outcomes.append(.failed(Failure(.deadlineExceeded), commitSeq: head.seq, replayed: false))
          continue
        }
        switch requests[index] {
        case .mutation(let command): outcomes.append(try perform(command, now: now))
        case .batch(let batch): outcomes.append(try perform(batch, now: now))
        case .dryRun(let mutation): outcomes.append(try project(mutation, now: now))
        default: break
        }
      }
    }
  }

  /// Wallets and keys are spread over far more memory than the processor keeps near. Asked for all at once, what a gather
  /// needs arrives side by side; in their turn each request would wait for it.
  private func prefetch(_ requests: [LedgerRequest]) {
    lookedUp.removeAll(keepingCapacity: true)
    let requests = requests.span
    for index in requests.indices {
      guard let look = requests[index].lookUp else { continue }
      cache.prefetchPlace(look.walletID)
      projector.prefetch(look.key.high, look.key.low)
      lookedUp.append(look.walletID)
    }
    for id in lookedUp { cache.prefetchWallet(id) }
  }

  /// Reads of a gather are answered when its mutations are committed: their rows come in a commit of their own, of which
  /// there are no more than there are allowances.
  private func recordDeniedReads(_ reading: LedgerClock.Reading) throws(LedgerFault) {
    let calls = deniedReads
    deniedReads.removeAll()
    do throws(GatherError) {
      let now = try time(reading)
      try requireDiskSpace()
      try inTransaction(now: now) { () throws(StoreError) in for call in calls { _ = deny(call, now: now) } }
    } catch {
      // Whether or not there is a row, the caller is denied.
      guard case .unavailable(let message) = error else { throw error.fault }
      mutationsUnavailableBecause = message
    }
  }

  private static let notYetRead = Failure(.unavailable)

  /// Everything in one commit, or nothing: in the file, and in memory.
  private func inTransaction(now: Int64, _ body: () throws(StoreError) -> Void) throws(GatherError) {
    do {
      try begin.ran()
      projector.begin()
      try body()
      // A name is taken from its commit on, so these rows don't trail.
      for wallet in opened { try wallets.insert(wallet) }
      try journal.writePending()
      try book.writePending()
      try projector.writeShare(totals: totals, head: newest.seq)
    } catch {
      try rollBack(after: error)
    }
    let begunAt = timeSource.monotonicMicroseconds
    do {
      try commit.ran()
    } catch {
      // A failed fsync was seen to leave the row behind after a restart. Nobody can be told anything.
      throw .fault(LedgerFault(.commitOutcomeUnknown, "COMMIT failed: \(error.fault.message)"))
    }
    counted.commits.add(timeSource.monotonicMicroseconds - begunAt)
    if newest.seq > head.seq { counted.rowsPerCommit.add(newest.seq - head.seq) }
    settle(now: now)
  }

  private func settle(now: Int64) {
    if newest.seq != head.seq { clock.stored(now) }
    head = newest
    committedNextWalletID = nextWalletID
    opened.removeAll(keepingCapacity: true)
    cache.settle()
    book.settle()
    totals.settle()
    currencies.settle()
    grantTable.settle()
    journal.settle()
    if projector.settle() { totals.wrote() }
  }

  /// An error before COMMIT leaves nothing behind, in the file or in memory.
  private func rollBack(after error: StoreError) throws(GatherError) -> Never {
    counted.commitsRolledBack += 1
    do {
      // Some errors have rolled back already.
      if database.isInTransaction { try database.execute("ROLLBACK") }
    } catch let failed {
      throw .fault(LedgerFault(.storage, "ROLLBACK failed: \(failed), after: \(error.fault.message)"))
    }
    projector.takeBack()
    cache.takeBack(to: 0)
    book.takeBack(to: 0)
    totals.takeBack(to: 0)
    currencies.takeBack()
    grantTable.takeBack(to: 0)
    journal.takeBack()
    newest = head
    nextWalletID = committedNextWalletID
    opened.removeAll()
    switch error {
    case .sqlite(let error): throw .unavailable("the store can't write: \(error)")
    case .inconsistent: throw .fault(error.fault)
    }
  }

  func perform(_ command: borrowing Command, now: Int64) throws(StoreError) -> LedgerOutcome {
    if !command.origin.isUnlimited, let call = try denial(of: copy command) { return deny(call, now: now) }
    let prior = try prior(command.key)
    // Last: to find the wallet of the first result may take another one's place.
    let slot = try slot(of: command)
    if needsMore(command, slot) { return try performSpecial(copy command, prior: prior, now: now) }
    let facts = try facts(for: command, slot, prior: prior)
    switch decide(command, facts, now: now) {
    case .post(let posting): return try post(posting, command, slot)
    case .transfer: throw .inconsistent("a command without parameters was decided as a transfer")
    case .refuse(let failure):
      let row = RefusalRow(
        refusing: copy command, walletID: facts.wallet?.id, failure: named(failure, slot), seq: newest.seq + 1,
        createdAt: now)
      return record(row, journal.requestDigest(command, walletID: facts.wallet?.id, currency: facts.wallet?.currency))
    case .fail(let failure): return .failed(named(failure, slot), commitSeq: newest.seq, replayed: false)
    case .replay(.transaction(let row, let currency, let exponent)):
      return try replayed(row, currency: currency, exponent: exponent)
    case .replay(.refusal(let row)): return .failed(row.failure, commitSeq: row.seq, replayed: true)
    case .replay(.administration): throw .inconsistent("a change of a wallet has a row of administration")
    }
  }

  /// Whether a command can't be decided on its wallet's figures alone.
  func needsMore(_ command: borrowing Command, _ slot: Int?) -> Bool {
    if let slot, cache.hasControls(at: slot) { return true }
    switch command.verb {
    case .openWallet, .debit, .credit: return false
    default: return true
    }
  }

  func post(_ posting: borrowing Posting, _ command: borrowing Command, _ slot: Int?) throws(StoreError)
    -> LedgerOutcome
  {
    var row = TransactionRow(posting, for: command.attribution)
    row.requestDigest = journal.requestDigest(command, walletID: row.walletID, currency: posting.wallet.currency)
    try journal.append(&row, head: &newest)
    if let slot { adopt(posting, by: command.origin.actor, slot) } else { try adopt(posting, opening: command) }
    projector.note(row)
    return .posted(row, currency: posting.wallet.currency, exponent: posting.wallet.exponent, replayed: false)
  }

  func record(_ row: consuming RefusalRow, _ requestDigest: ShortBytes) -> LedgerOutcome {
    row.requestDigest = requestDigest
    journal.append(&row, head: &newest)
    projector.note(row)
    if !journal.isProjecting { counted.refusals[Int(row.failure.reason.rawValue)] += 1 }
    return .failed(row.failure, commitSeq: row.seq, replayed: false)
  }

  /// Makes memory what a posting says.
  func adopt(_ posting: borrowing Posting, by actor: Text, _ slot: Int) {
    let before = cache.change(slot, to: posting.wallet, at: posting.createdAt, by: actor)
    if before.isAsOnDisk { projector.noteChanged(posting.wallet.id, slot: slot) }
    let change = posting.wallet.balance &- before.balance
    if posting.counterAccount.isEmpty {
      if change != 0 { totals.move(change, posting.wallet.currency) }
    } else if posting.amount != 0 {
      totals.post(posting.amount, against: posting.counterAccount, posting.wallet.currency, change: change)
    }
  }

  private func adopt(_ posting: borrowing Posting, opening command: borrowing Command) throws(StoreError) {
    guard case .name(let name) = command.wallet else { preconditionFailure("a wallet was opened without a name") }
    let wallet = Wallet(
      id: posting.wallet.id, name: name, exponent: posting.wallet.exponent, version: posting.wallet.version,
      createdAt: posting.createdAt, createdBy: command.origin.actor, updatedAt: posting.createdAt,
      updatedBy: command.origin.actor, lastSeq: posting.seq)
    opened.append(wallet)
    cache.add(wallet, isNew: true)
    totals.use(wallet.name.currency)
    nextWalletID += 1
  }

  /// With the name of the wallet that it is about.
  func named(_ failure: Failure, _ slot: Int?) -> Failure {
    guard let slot, let id = failure.detail.unnamedWallet else { return failure }
    var named = failure
    named.detail = .wallet(id: id, cache.name(at: slot))
    return named
  }

  // MARK: Facts

  func facts(for command: borrowing Command, _ slot: Int?, prior: Prior?) throws(StoreError) -> Facts {
    let wallet = slot.map { cache.account(at: $0) }
    let given = command.currency
    let currency = given.isEmpty ? wallet?.currency ?? Text() : given
    let account = command.effectiveCounterAccount
    let standing = account.isEmpty ? nil : totals.standing(account, currency)
    return Facts(
      prior: prior, wallet: wallet, exponent: try currencies.exponent(of: currency),
      counterAccountTotal: standing?.counterAccount, walletsTotal: standing?.wallets ?? 0, nextSeq: newest.seq + 1,
      nextWalletID: nextWalletID)
  }

  func slot(of command: borrowing Command) throws(StoreError) -> Int? {
    let id = command.storage.walletID
    if id != 0, let slot = cache.slot(of: id) {
      counted.cacheLookups += 1
      return slot
    }
    return try slot(of: command.wallet)
  }

  /// The place of a wallet in the cache, into which it is fetched when it isn't there.
  func slot(of reference: WalletReference) throws(StoreError) -> Int? {
    counted.cacheLookups += 1
    if let slot = cache.slot(of: reference) { return slot }
    counted.cacheMisses += 1
    guard let wallet = try wallets.wallet(reference) else { return nil }
    return cache.add(wallet, hasControls: try book.hasControls(wallet.id))
  }

  /// The first result of a key; of a batch of all or nothing its first item's.
  func prior(_ key: IdempotencyKey) throws(StoreError) -> Prior? {
    guard let seq = try projector.seq(of: key) else { return nil }
    let prior = try prior(at: seq)
    guard prior.key?.indexed == key else {
      throw .inconsistent("the key \(key.text) leads to journal row \(seq), which has another one")
    }
    return prior
  }

  /// What a row of the journal says as the first result of a key.
  func prior(at seq: Int64) throws(StoreError) -> Prior {
    if let row = try journal.transaction(seq) {
      guard let slot = try slot(of: .id(row.walletID, currency: Text())) else {
        throw .inconsistent("transaction \(seq) is of wallet \(row.walletID), which is missing")
      }
      let wallet = cache.account(at: slot)
      return .transaction(row, currency: wallet.currency, exponent: wallet.exponent)
    }
    if let row = try journal.refusal(seq) { return .refusal(row) }
    if let row = try journal.administration(seq) { return .administration(row) }
    throw .inconsistent("the key of journal row \(seq) is known, the row is missing")
  }

  package func makeReader() throws(LedgerFault) -> any LedgerReader {
    try reading { database throws(SQLiteError) in
      try StoreReader(database: database, description: description, limits: settings.listLimits)
    }
  }

  package func makeStreamSource() throws(LedgerFault) -> (any LedgerStreamSource)? {
    try reading { database throws(SQLiteError) in
      try StoreStreamSource(
        database: database, description: description, limits: settings.watchLimits, verifications: makeVerifySource(),
        backups: makeBackupSource())
    }
  }

  /// What reads the ledger's file by a connection of its own.
  private func reading<Reader>(_ make: (Database) throws(SQLiteError) -> Reader) throws(LedgerFault) -> Reader {
    do {
      return try make(folder.open(.read, settings: settings))
    } catch let error as SQLiteError {
      throw error.fault
    } catch {
      throw LedgerFault(.storage, "\(error)")
    }
  }

  /// Begins verifications, on a queue of the caller's.
  func makeVerifySource() -> VerifySource {
    VerifySource(
      folder, settings: settings, ledgerID: description.ledgerID, desk: copier.desk, time: timeSource)
  }

  /// Begins backups, on a queue of the caller's.
  func makeBackupSource() -> BackupSource {
    BackupSource(
      folder, settings: settings, description: description, desk: copier.desk, time: timeSource, status: backupStatus)
  }

  // MARK: Upkeep

  /// Moves a bounded part of what trails on when nothing else is asked, and sees to it that the log is moved into the
  /// database file once it is long enough.
  package func maintain(isIdle: Bool) throws(LedgerFault) -> Upkeep {
    var upkeep = Upkeep()
    if isIdle, projector.lag > 0, mutationsUnavailableBecause == nil { try writeIdleShare() }
    upkeep.line = logMover.advance() ?? (isIdle ? linesOfDenials() : nil)
    let isCopying = copier.advance(isIdle: isIdle)
    upkeep.isUnfinished = isCopying || projector.lag > 0 && mutationsUnavailableBecause == nil
    return upkeep
  }

  /// Some entries of the projections, in a commit of their own.
  private func writeIdleShare() throws(LedgerFault) {
    do throws(GatherError) {
      try requireDiskSpace()
      try inTransaction(now: clock.lastStored) { () throws(StoreError) in
        try projector.writeIdleShare(totals: totals, head: newest.seq)
      }
    } catch {
      guard case .unavailable(let message) = error else { throw error.fault }
      mutationsUnavailableBecause = message
    }
  }

  package func close() throws(LedgerFault) {
    copier.close()
    while projector.lag > 0, mutationsUnavailableBecause == nil { try writeIdleShare() }
    do {
      try logMover.finish()
    } catch {
      throw error.fault
    }
    folder.unlock()
  }
}

extension Prior {
  fileprivate var key: IdempotencyKey? {
    switch self {
    case .transaction(let row, _, _): row.key
    case .refusal(let row): row.key
    case .administration(let row): row.key
    }
  }
}

extension LedgerRequest {
  fileprivate var isMutation: Bool {
    switch self {
    case .mutation, .batch, .dryRun: true
    default: false
    }
  }
}
