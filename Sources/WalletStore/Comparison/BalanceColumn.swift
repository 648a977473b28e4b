package import WalletCore

/// What walletd is compared with, for benchmarks only: a `balance` column in a table of users, on the same SQLite with the
/// same gathering of commits and the same server around it. No history, no keys, no audit.
package final class BalanceColumn: Ledger {
  private let folder: DataFolder
  private let database: Database
  private let begin: Statement
  private let commit: Statement
  private let insert: Statement
  private let update: Statement
  private let select: Statement
  private var lastID: Int64 = 0
  /// Changes of each user's balance, which no column has: for the load test's check only.
  private var versions: [Int64] = []
  private let settings: StoreSettings

  package let description = LedgerDescription(ledgerID: "balance-column", epoch: 1, storage: "a balance column")
  package private(set) var head = JournalHead(seq: 0, digest: [])
  package let mutationsUnavailableBecause: String? = nil

  package init(_ folder: DataFolder, settings: StoreSettings) throws {
    self.folder = folder
    self.settings = settings
    database = try folder.open(.write, settings: settings)
    guard try database.integer("SELECT count(*) FROM sqlite_schema") == 0 else {
      throw LedgerFileError.notALedger("a balance column to compare with needs a folder of its own")
    }
    try database.execute(
      "CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, balance INTEGER NOT NULL) STRICT")
    begin = try database.prepare("BEGIN IMMEDIATE")
    commit = try database.prepare("COMMIT")
    insert = try database.prepare("INSERT INTO users (id, name, balance) VALUES (?, ?, 0)")
    update = try database.prepare(
      "UPDATE users SET balance = balance + ?2 WHERE id = ?1 AND balance + ?2 >= 0 RETURNING balance")
    select = try database.prepare("SELECT balance FROM users WHERE id = ?")
    lastID = try database.integer("SELECT max(id) FROM users") ?? 0
    versions = Array(repeating: 0, count: Int(lastID) + 1)
  }

  package func perform(
    _ requests: [LedgerRequest], reading: LedgerClock.Reading, isDue: (Int) -> Bool
  ) throws(LedgerFault) -> [LedgerOutcome] {
    do throws(StoreError) {
      try begin.ran()
      var outcomes: [LedgerOutcome] = []
      for request in requests { outcomes.append(try perform(request, now: reading.wall)) }
      try commit.ran()
      return outcomes
    } catch {
      throw error.fault
    }
  }

  private func perform(_ request: LedgerRequest, now: Int64) throws(StoreError) -> LedgerOutcome {
    switch request {
    case .mutation(let command): return try perform(command, now: now)
    case .balance(.id(let id, _)):
      select.bind(1, id)
      defer { select.reset() }
      guard try select.stepped() else { break }
      return .wallet(wallet(id, balance: select.integer(0)), commitSeq: head.seq)
    case .info: return .info(description, head: head, mutationsUnavailableBecause: nil)
    default: break
    }
    return .failed(.unimplemented(0), commitSeq: head.seq, replayed: false)
  }

  private func perform(_ command: Command, now: Int64) throws(StoreError) -> LedgerOutcome {
    var row = TransactionRow(
      seq: head.seq + 1, kind: .open, walletID: lastID + 1, version: 0, amount: 0, balance: 0, held: 0,
      overdraftLimit: 0, counterAccount: Text(), attribution: command.attribution, createdAt: now)
    switch (command.verb, command.wallet) {
    case (.openWallet, .name(let name)):
      lastID += 1
      versions.append(1)
      row.version = 1
      insert.bind(1, lastID)
      insert.bind(2, name.owner)
      try insert.ran()
    case (.debit, .id(let id, _)), (.credit, .id(let id, _)):
      update.bind(1, id)
      update.bind(2, command.signedAmount)
      defer { update.reset() }
      guard try update.stepped() else {
        return .failed(Failure(.walletNotFound), commitSeq: head.seq, replayed: false)
      }
      row.kind = command.verb == .debit ? .debit : .credit
      row.walletID = id
      row.amount = command.signedAmount
      row.balance = update.integer(0)
      versions[Int(id)] += 1
      row.version = versions[Int(id)]
    default: return .failed(.unimplemented(command.verb.rawValue), commitSeq: head.seq, replayed: false)
    }
    head.seq += 1
    return .posted(row, currency: "USD", exponent: 2, replayed: false)
  }

  private func wallet(_ id: Int64, balance: Int64) -> Wallet {
    Wallet(
      id: id, name: WalletName(owner: Text(String(id)), currency: "USD", name: "main"), exponent: 2, balance: balance,
      version: versions[Int(id)], createdAt: 0, createdBy: Text(), updatedAt: 0, updatedBy: Text(), lastSeq: 0)
  }

  package func maintain(isIdle: Bool) throws(LedgerFault) -> Upkeep {
    guard database.framesInLog >= 4 * settings.logFramesBeforeCheckpoint else { return Upkeep() }
    do { _ = try database.checkpoint(.passive) } catch { throw error.fault }
    return Upkeep()
  }

  package func makeReader() throws(LedgerFault) -> any LedgerReader { NoHistories() }

  package func close() throws(LedgerFault) {
    do { _ = try database.checkpoint(.truncate) } catch { throw error.fault }
    folder.unlock()
  }
}

private final class NoHistories: LedgerReader {
  func perform(_ read: DeferredRead) throws(LedgerFault) -> LedgerOutcome {
    .failed(.unimplemented(0), commitSeq: 0, replayed: false)
  }
}
