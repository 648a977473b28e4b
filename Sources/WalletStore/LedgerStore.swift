package import WalletCore
internal import WalletSystem

/// The embedded ledger: one SQLite file, written by one connection that one queue owns.
package final class LedgerStore: Ledger {
  private let folder: DataFolder
  private let settings: StoreSettings
  private let database: Database
  let writer: LedgerWriter
  private let wallets: WalletTable
  private var cache: WalletCache
  private var totals: CounterTotals
  private var clock: LedgerClock
  private var nextWalletID: Int64
  /// Why the last gather's mutations were refused before they began; `nil` when they weren't.
  package private(set) var mutationsUnavailableBecause: String?
  /// Frames in the log from which a checkpoint is due.
  private var nextCheckpointFrames: Int
  private var checkpointFails = false

  package let description: LedgerDescription
  package private(set) var head: JournalHead

  init(
    folder: DataFolder, settings: StoreSettings, database: Database, description: LedgerDescription, head: JournalHead,
    clock: LedgerClock, nextWalletID: Int64
  ) throws(StoreError) {
    self.folder = folder
    self.settings = settings
    self.database = database
    self.description = description
    self.head = head
    self.clock = clock
    self.nextWalletID = nextWalletID
    do {
      wallets = try WalletTable(database)
      writer = try LedgerWriter(database, wallets: wallets)
    } catch {
      throw .sqlite(error)
    }
    cache = WalletCache(countMax: settings.cachedWalletsMax)
    nextCheckpointFrames = settings.logFramesBeforeCheckpoint
    totals = try CounterTotals.load(database)
  }

  package func perform(
    _ requests: [LedgerRequest], reading: LedgerClock.Reading, isDue: (Int) -> Bool
  ) throws(LedgerFault) -> [LedgerOutcome] {
    var outcomes = [LedgerOutcome?](repeating: nil, count: requests.count)
    try performMutations(requests, reading, isDue, into: &outcomes)
    return try zip(requests, outcomes).map { request, outcome throws(LedgerFault) in
      switch request {
      case .mutation, .batch:
        guard let outcome else { preconditionFailure("a mutation was left without an outcome") }
        return outcome
      case .balance(let reference): return try read(reference)
      case .info: return .info(description, head: head, mutationsUnavailableBecause: mutationsUnavailableBecause)
      }
    }
  }

  // MARK: Mutations

  private func performMutations(
    _ requests: [LedgerRequest], _ reading: LedgerClock.Reading, _ isDue: (Int) -> Bool,
    into outcomes: inout [LedgerOutcome?]
  ) throws(LedgerFault) {
    guard requests.contains(where: \.isMutation) else { return }
    do throws(GatherError) {
      let now = try time(reading)
      try requireDiskSpace()
      try commit(requests, now: now, isDue, into: &outcomes)
      mutationsUnavailableBecause = nil
    } catch {
      guard case .unavailable(let message) = error else { throw error.fault }
      mutationsUnavailableBecause = message
      let failure = Failure(.unavailable, .message(message), retryAfterMilliseconds: 1000)
      for index in requests.indices where requests[index].isMutation {
        outcomes[index] = .failed(failure, commitSeq: head.seq, replayed: false)
      }
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
    _ requests: [LedgerRequest], now: Int64, _ isDue: (Int) -> Bool, into outcomes: inout [LedgerOutcome?]
  ) throws(GatherError) {
    var overlay = Overlay(head: head, nextWalletID: nextWalletID, count: requests.count)
    do {
      try begin()
      for index in requests.indices {
        guard requests[index].isMutation else { continue }
        guard isDue(index) else {
          outcomes[index] = .failed(Failure(.deadlineExceeded), commitSeq: head.seq, replayed: false)
          continue
        }
        switch requests[index] {
        case .mutation(let command): outcomes[index] = try perform(command, now: now, &overlay)
        case .batch(let batch): outcomes[index] = try perform(batch, now: now, &overlay)
        case .balance, .info: break
        }
      }
      try writer.write(overlay)
    } catch {
      try rollBack(after: error)
    }
    do {
      try database.execute("COMMIT")
    } catch {
      // A failed fsync was seen to leave the row behind after a restart. Nobody can be told anything.
      throw .fault(LedgerFault(.commitOutcomeUnknown, "COMMIT failed: \(error)"))
    }
    adopt(overlay, now: now)
  }

  private func begin() throws(StoreError) {
    do { try database.execute("BEGIN IMMEDIATE") } catch { throw .sqlite(error) }
  }

  /// An error before COMMIT leaves nothing behind, in the file or in memory.
  private func rollBack(after error: StoreError) throws(GatherError) -> Never {
    do {
      // Some errors have rolled back already.
      if database.isInTransaction { try database.execute("ROLLBACK") }
    } catch let failed {
      throw .fault(LedgerFault(.storage, "ROLLBACK failed: \(failed), after: \(error.fault.message)"))
    }
    switch error {
    case .sqlite(let error): throw .unavailable("the store can't write: \(error)")
    case .inconsistent: throw .fault(error.fault)
    }
  }

  func perform(_ command: Command, now: Int64, _ overlay: inout Overlay) throws(StoreError) -> LedgerOutcome {
    let outcome = try decideInMemory(command, now: now, &overlay)
    if let recorded = outcome.recorded { try writer.append(recorded) }
    return outcome.answer
  }

  /// Decides a command and keeps what follows in the overlay; the row that it makes, if any, is still to be appended.
  func decideInMemory(
    _ command: Command, now: Int64, _ overlay: inout Overlay
  ) throws(StoreError) -> (answer: LedgerOutcome, recorded: Prior?) {
    let facts = try facts(for: command, overlay)
    switch decide(command, facts, now: now) {
    case .post(var row, let wallet):
      writer.seal(&row, command: command, wallet: wallet, after: &overlay.head)
      let prior = Prior.transaction(row, wallet.name, exponent: wallet.exponent)
      if row.amount != 0 {
        let account = CounterTotals.Account(currency: wallet.name.currency, name: row.counterAccount)
        overlay.setTotal(account, (overlay.total(account) ?? totals.total(account)) - row.amount)
      }
      if facts.wallet == nil { overlay.nextWalletID += 1 }
      overlay.change(wallet, from: facts.wallet)
      overlay.record(command.key, prior)
      return (.posted(row, currency: wallet.name.currency, exponent: wallet.exponent, replayed: false), prior)
    case .refuse(var row):
      writer.seal(&row, command: command, wallet: facts.wallet, after: &overlay.head)
      overlay.record(command.key, .refusal(row))
      return (.failed(row.failure, commitSeq: row.seq, replayed: false), .refusal(row))
    case .fail(let failure):
      return (.failed(failure, commitSeq: overlay.head.seq, replayed: false), nil)
    case .replay(.transaction(let row, let name, let exponent)):
      return (.posted(row, currency: name.currency, exponent: exponent, replayed: true), nil)
    case .replay(.refusal(let row)):
      return (.failed(row.failure, commitSeq: row.seq, replayed: true), nil)
    }
  }

  private func adopt(_ overlay: Overlay, now: Int64) {
    if overlay.head.seq != head.seq { clock.stored(now) }
    head = overlay.head
    nextWalletID = overlay.nextWalletID
    for changed in overlay.wallets.values { cache.store(changed.wallet) }
    for (account, total) in overlay.totals { totals.set(account, total) }
  }

  // MARK: Facts

  func facts(for command: Command, _ overlay: Overlay) throws(StoreError) -> Facts {
    var wallet = overlay.wallet(command.wallet)
    if wallet == nil, let committed = try committed(command.wallet) {
      wallet = overlay.wallet(committed.id) ?? committed
    }
    let currency = command.wallet.currency.or(wallet?.name.currency ?? "")
    let account = command.effectiveCounterAccount
    var counterTotal: Int64?
    if !account.isEmpty, totals.exists(account) {
      let account = CounterTotals.Account(currency: currency, name: account)
      counterTotal = overlay.total(account) ?? totals.total(account)
    }
    return Facts(
      prior: try prior(command.key, overlay), wallet: wallet,
      exponent: try writer.exponent(of: currency), counterAccountTotal: counterTotal, nextSeq: overlay.head.seq + 1,
      nextWalletID: overlay.nextWalletID)
  }

  /// What the journal has under a key.
  func prior(_ key: IdempotencyKey, _ overlay: Overlay) throws(StoreError) -> Prior? {
    if let prior = overlay.prior(key) { return prior }
    return try writer.prior(key)
  }

  private func committed(_ reference: WalletReference) throws(StoreError) -> Wallet? {
    if let wallet = cache.wallet(reference) { return wallet }
    guard let wallet = try wallets.wallet(reference) else { return nil }
    cache.store(wallet)
    return wallet
  }

  // MARK: Reads

  private func read(_ reference: WalletReference) throws(LedgerFault) -> LedgerOutcome {
    do {
      let failure: Failure
      if let wallet = try committed(reference) {
        if reference.currency.isEmpty || reference.currency == wallet.name.currency {
          return .wallet(wallet, commitSeq: head.seq)
        }
        failure = Failure(.currencyMismatch, .currency(wallet: wallet.name.currency, request: reference.currency))
      } else if !reference.currency.isEmpty, try writer.exponent(of: reference.currency) == nil {
        failure = Failure(.currencyUnknown, .currency(wallet: "", request: reference.currency))
      } else {
        failure = Failure(.walletNotFound, .wallet(addressedBy: reference))
      }
      return .failed(failure, commitSeq: head.seq, replayed: false)
    } catch .inconsistent(let message) {
      throw LedgerFault(.inconsistent, message)
    } catch {
      let failure = Failure(.unavailable, .message("the store can't read: \(error.fault.message)"))
      return .failed(failure, commitSeq: head.seq, replayed: false)
    }
  }

  package func makeReader() throws(LedgerFault) -> any LedgerReader {
    do {
      return try LedgerListReader(
        database: folder.open(.read, settings: settings), description: description, limits: settings.listLimits)
    } catch let error as SQLiteError {
      throw error.fault
    } catch {
      throw LedgerFault(.storage, "\(error)")
    }
  }

  // MARK: Upkeep

  /// Moves the log into the database file once it is long enough, outside of every commit.
  ///
  /// When that fails, the log still has everything: it is tried again once the log has grown by as much again, and the
  /// bound on free disk space is the bound of the log.
  package func maintain() -> String? {
    guard database.framesInLog >= nextCheckpointFrames else { return nil }
    do {
      let isComplete = try database.checkpoint(.passive).isComplete
      defer { checkpointFails = false }
      nextCheckpointFrames = settings.logFramesBeforeCheckpoint
      // A reader may have held the rest back; the next commit is soon enough.
      return checkpointFails && isComplete ? "a checkpoint succeeded again" : nil
    } catch {
      nextCheckpointFrames = database.framesInLog + settings.logFramesBeforeCheckpoint
      defer { checkpointFails = true }
      return checkpointFails ? nil : "a checkpoint failed, the log keeps everything and grows: \(error)"
    }
  }

  package func close() throws(LedgerFault) {
    do {
      _ = try database.checkpoint(.truncate)
    } catch {
      throw error.fault
    }
    folder.unlock()
  }
}

extension LedgerRequest {
  fileprivate var isMutation: Bool {
    switch self {
    case .mutation, .batch: true
    case .balance, .info: false
    }
  }
}
