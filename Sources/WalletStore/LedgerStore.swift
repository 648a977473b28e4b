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
  let begin: Statement
  let commit: Statement
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
  var committedNextWalletID: Int64
  /// Of the gather, for their rows.
  var deniedReads: [DeniedCall] = []
  /// Wallets opened in this gather, whose rows are still to be written.
  var opened: [Wallet] = []
  /// The last row, committed or not.
  var newest: JournalHead
  /// Why the last gather's mutations were refused before they began; `nil` when they weren't.
  package internal(set) var mutationsUnavailableBecause: String?
  /// What is counted as it happens; `measure` adds how things stand.
  var counted = LedgerMeasurements()
  package internal(set) var lastCommitMicroseconds: Int64 = 0
  /// Monotonic microseconds of the last gather whose mutations were refused before they began.
  var refusedGatherAt: Int64?
  let logMover: LogMover
  let copier: OnlineCopier
  let timeSource: any TimeSource

  package let description: LedgerDescription
  package let recovery: RecoveryReport
  /// Of the backups that were made.
  package let backupStatus = BackupRecord()
  package internal(set) var head: JournalHead
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
      tables: parts.projections,
      wallets: WalletProjector(
        wallets, parts.walletWatermark, cache, settings.trailing, head: parts.head.seq),
      sizes: settings.trailing, seed: parts.seed)
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
    lastCommitMicroseconds = 0
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
}

extension LedgerRequest {
  var isMutation: Bool {
    switch self {
    case .mutation, .batch, .dryRun: true
    default: false
    }
  }
}
