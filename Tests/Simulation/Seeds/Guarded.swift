import WalletCore

/// Whether a simulated process still lives: once its store has failed for good, nobody may be answered any more.
///
/// `@unchecked Sendable`: one thread runs a simulation.
final class Life: @unchecked Sendable {
  private(set) var fault: LedgerFault?

  var isOver: Bool { fault != nil }

  func end(_ fault: LedgerFault) { if self.fault == nil { self.fault = fault } }
}

/// What a simulation can be given to find, so that it is known to find it.
package enum Flaw: CaseIterable, Sendable {
  /// The disk says that it has synced what it hasn't.
  case diskLies
  /// Two callers get each other's answers.
  case swapsOutcomes
  /// The answers to a gather get lost between the ledger and the loop.
  case losesAnswers
}

/// The real store, whose fault ends a simulated process where it would end a real one. What the callers above it do until they
/// come to rest is of no account: they get answers that nobody sends.
final class GuardedLedger: Ledger {
  private let store: any Ledger
  private let life: Life
  private let flaw: Flaw?

  init(_ store: any Ledger, _ life: Life, _ flaw: Flaw?) {
    self.store = store
    self.life = life
    self.flaw = flaw
  }

  func perform(
    _ requests: [LedgerRequest], reading: LedgerClock.Reading, isDue: (Int) -> Bool
  ) throws(LedgerFault) -> [LedgerOutcome] {
    if !life.isOver {
      do throws(LedgerFault) {
        var outcomes = try store.perform(requests, reading: reading, isDue: isDue)
        if flaw == .swapsOutcomes, outcomes.count > 1 { outcomes.swapAt(0, 1) }
        return outcomes
      } catch { life.end(error) }
    }
    return requests.map { _ in Self.nothing }
  }

  fileprivate static var nothing: LedgerOutcome {
    .failed(WalletCore.Failure(.internal), commitSeq: 0, replayed: false)
  }

  var lastCommitMicroseconds: Int64 { store.lastCommitMicroseconds }

  func glance(_ requests: [LedgerRequest]) -> [LedgerOutcome]? { life.isOver ? nil : store.glance(requests) }

  func maintain(isIdle: Bool) throws(LedgerFault) -> Upkeep {
    if life.isOver { return Upkeep() }
    do throws(LedgerFault) { return try store.maintain(isIdle: isIdle) } catch {
      life.end(error)
      return Upkeep()
    }
  }

  func makeReader() throws(LedgerFault) -> any LedgerReader { GuardedReader(try store.makeReader(), life) }

  var mutationsUnavailableBecause: String? { store.mutationsUnavailableBecause }
  var description: LedgerDescription { store.description }
  var grants: GrantBook { store.grants }
  var head: JournalHead { store.head }
  func close() throws(LedgerFault) { try store.close() }
}

private final class GuardedReader: LedgerReader {
  private let reader: any LedgerReader
  private let life: Life

  init(_ reader: any LedgerReader, _ life: Life) {
    self.reader = reader
    self.life = life
  }

  func perform(_ read: DeferredRead) throws(LedgerFault) -> LedgerOutcome {
    if !life.isOver {
      do throws(LedgerFault) { return try reader.perform(read) } catch { life.end(error) }
    }
    return GuardedLedger.nothing
  }
}
