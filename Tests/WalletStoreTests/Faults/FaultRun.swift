import FaultSupport
import TestSupport
import WalletCore
import WalletSystem

@testable import WalletStore

/// Random commands to a store whose disk or memory fails. Whatever was answered must be there ever after, once; a gather that
/// nobody was told of is there as a whole or not at all.
final class FaultRun {
  struct Figures {
    /// Commands that were answered.
    var acknowledged = 0
    /// Gathers that were refused before their commit.
    var refused = 0
    /// Gathers that nobody was told of, and those of them that turned out to be there.
    var unknown = 0
    var applied = 0
    var starts = 0
    /// Starts that a fault has ended.
    var failedStarts = 0
    /// Calls whose history was held against the ledger in the end.
    var checked = 0

    mutating func add(_ other: Figures) {
      acknowledged += other.acknowledged
      refused += other.refused
      unknown += other.unknown
      applied += other.applied
      starts += other.starts
      failedStarts += other.failedStarts
      checked += other.checked
    }
  }

  let run: RandomRun
  let disk: FaultDisk
  private(set) var figures = Figures()
  private var history = GatherHistory()
  /// The store can't go on.
  private(set) var hasEnded = false
  private var lastFailure = ""
  /// What is to be known if the gather was done that nobody was told of.
  private var otherwise: RandomRun.Knowledge?
  /// Done to a store that has just been opened.
  var afterStart: (LedgerStore) throws -> Void = { _ in }

  init(_ settings: StoreSettings, _ generator: SeededGenerator, _ disk: FaultDisk) throws {
    self.disk = disk
    run = try RandomRun(settings, generator, disk: disk)
    run.readsMayFail = true
  }

  // MARK: While faults may come

  /// A gather, or some upkeep.
  func step() throws {
    if run.draw(0..<6) == 0 {
      try keepUp(isIdle: true)
    } else {
      try perform(run.makeGather())
    }
    if !hasEnded { try keepUp(isIdle: false) }
  }

  private func keepUp(isIdle: Bool) throws {
    do {
      _ = try run.ledger.store.maintain(isIdle: isIdle)
    } catch {
      try expectStorage(error)
      hasEnded = true
    }
    if disk.isOff { hasEnded = true }
  }

  func perform(_ gather: RandomRun.Gather) throws {
    let outcomes: [LedgerOutcome]
    do {
      outcomes = try run.ledger.store.perform(gather.requests, reading: run.ledger.reading, isDue: { _ in true })
    } catch {
      try expectStorage(error)
      return end(after: gather)
    }
    // Whatever it would say, there is nobody left to say it.
    if disk.isOff { return end(after: gather) }
    history.note(gather.requests, outcomes)
    if try isRefused(gather, outcomes) {
      figures.refused += 1
      return
    }
    let count = run.commandCount
    try run.judge(gather, outcomes)
    figures.acknowledged += run.commandCount - count
    try run.check(run.ledger.store.head.seq == run.model.seq, "the head is at \(run.ledger.store.head.seq)")
  }

  private func end(after gather: RandomRun.Gather) {
    hasEnded = true
    history.noteUnanswered(gather.requests)
    otherwise = run.knowledge(after: gather)
    figures.unknown += 1
  }

  /// Mutations are refused all together, or not at all.
  private func isRefused(_ gather: RandomRun.Gather, _ outcomes: [LedgerOutcome]) throws -> Bool {
    var (mutations, refused) = (0, 0)
    for (request, outcome) in zip(gather.requests, outcomes) {
      if case .balance = request { continue }
      mutations += 1
      if outcome.reason == .unavailable { refused += 1 }
    }
    try run.check(refused == 0 || refused == mutations, "\(refused) of \(mutations) are refused")
    return refused > 0
  }

  /// Leaves in order, should nothing be in the way.
  func close() throws {
    do {
      try run.ledger.store.close()
    } catch {
      try expectStorage(error)
    }
    hasEnded = true
  }

  private func expectStorage(_ error: any Error) throws {
    guard let fault = error as? LedgerFault, fault.kind == .storage || fault.kind == .commitOutcomeUnknown else {
      throw TestFailure("a failing disk or memory was met with \(error)")
    }
  }

  // MARK: Beginnings

  /// Opens the ledger, which a fault may prevent.
  ///
  /// - Returns: Whether it is open.
  func start() throws -> Bool {
    do {
      try run.ledger.start()
    } catch {
      figures.failedStarts += 1
      lastFailure = "\(error)"
      try Self.expectHonest(error)
      return false
    }
    figures.starts += 1
    hasEnded = false
    try settle()
    try afterStart(run.ledger.store)
    return true
  }

  /// A start that fails must not take a fault for another ledger, or for a broken one.
  static func expectHonest(_ error: any Error) throws {
    switch error {
    case let fault as LedgerFault where fault.kind == .storage: return
    case LedgerFileError.setting, is DataFolder.Failure, is SystemError: return
    default: throw TestFailure("a start that a fault has ended says: \(error)")
    }
  }

  func mustStart() throws {
    if try !start() { throw TestFailure("the ledger can't be opened any more: \(lastFailure)") }
  }

  /// What was acknowledged is there; what wasn't is there as a whole or not at all.
  private func settle() throws {
    let seq = run.ledger.store.head.seq
    if let otherwise, otherwise.model.seq == seq {
      if seq != run.model.seq { figures.applied += 1 }
      run.knowledge = otherwise
    }
    otherwise = nil
    try run.check(seq == run.model.seq, "LOST: \(seq) rows after a start; \(run.model.seq) were acknowledged")
  }

  /// Everything that there is, once no fault comes any more.
  func expectSound() throws {
    try run.reopened()
    try run.expectSound()
  }

  func finish() throws {
    run.readsMayFail = false
    try run.reopened()
    try run.finish()
    let anomalies = try history.anomalies(run.ledger.databasePath, on: disk)
    figures.checked += history.history.calls.count
    if !anomalies.isEmpty { throw TestFailure("the history isn't one of a ledger: \(anomalies.prefix(5))") }
  }
}
