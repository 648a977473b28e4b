import Testing
import WalletCore

@testable import WalletStore

@Suite("Holds")
struct HoldTests {
  @Test("a hold reserves, is captured in parts and gives back the rest with the final one")
  func parts() throws {
    let ledger = try LedgerFixture.with(["u1": 500])
    let hold = try #require(try ledger.one(ledger.hold("u1", 300)).row)
    #expect(hold.kind == .hold && hold.amount == 0 && hold.heldChange == 300 && hold.holdID == hold.seq)
    #expect(try ledger.wallet("u1")?.available == 200)
    #expect(try ledger.one(ledger.command(.debit, "u1", 201)).reason == .insufficientFunds)

    let first = try #require(try ledger.one(ledger.capture(hold.seq, 100)).row)
    #expect(first.amount == -100 && first.heldChange == -100 && first.balance == 400 && first.held == 200)
    #expect(first.counterAccount == "sales")
    let tooMuch = try ledger.one(ledger.capture(hold.seq, 201))
    #expect(tooMuch.failure?.detail == .hold(hold.seq, at: ledger.wall + LedgerFixture.minute, remaining: 200))
    #expect(tooMuch.reason == .holdAmountExceeded)
    let last = try #require(try ledger.one(ledger.capture(hold.seq, 50, isFinal: true)).row)
    #expect(last.amount == -50 && last.heldChange == -200 && last.balance == 350 && last.held == 0)
    #expect(try ledger.one(ledger.capture(hold.seq, 1)).reason == .holdCaptured)
    #expect(try ledger.one(ledger.release(hold.seq)).reason == .holdCaptured)
    #expect(try ledger.wallet("u1")?.available == 350 && ledger.sumOfAll() == 0)
  }

  @Test("a capture without an amount takes all that is left and ends the hold")
  func all() throws {
    let ledger = try LedgerFixture.with(["u1": 500])
    let hold = try #require(try ledger.one(ledger.hold("u1", 300)).row)
    let row = try #require(try ledger.one(ledger.capture(hold.seq)).row)
    #expect(row.amount == -300 && row.held == 0)
    #expect(try ledger.one(ledger.capture(hold.seq)).reason == .holdCaptured)
  }

  @Test("an amount in another currency than the wallet's is refused")
  func otherCurrency() throws {
    let ledger = try LedgerFixture.with(["u1": 500])
    let debit = try #require(try ledger.one(ledger.command(.debit, "u1", 100)).row)
    let hold = try #require(try ledger.one(ledger.hold("u1", 300)).row)
    for command in [ledger.capture(hold.seq, 1, key: .text("in-yen-01")), ledger.refund(debit.seq, 1)] {
      for (currency, reason) in [("JPY", ErrorReason.currencyMismatch), ("XXQ", .currencyUnknown), ("USD", nil)] {
        var command = command
        command.key = .text(Text("key-\(command.verb)-\(currency)"))
        command.wallet = .name(WalletName(owner: "", currency: Text(currency), name: ""))
        #expect(try ledger.one(command).reason == reason, "\(command.verb) in \(currency)")
        // In memory of it, or not at all: the same request.
        #expect(try ledger.one(command).isReplay)
      }
    }
    var other = ledger.capture(hold.seq, 1, key: .text("key-capture-USD"))
    #expect(try ledger.one(other).isReplay)
    other.wallet = .name(WalletName(owner: "", currency: "JPY", name: ""))
    #expect(try ledger.one(other).mismatch == "currency")
    #expect(try ledger.wallet("u1")?.balance == 400)
  }

  @Test("a hold is released once, and a hold that was refused can't be captured")
  func releasedOnce() throws {
    let ledger = try LedgerFixture.with(["u1": 100])
    let hold = try #require(try ledger.one(ledger.hold("u1", 60)).row)
    let refused = try ledger.one(ledger.hold("u1", 60))
    guard case .failed(let failure, let refusedAt, _) = refused else { throw TestFailure("another outcome") }
    #expect(failure.reason == .insufficientFunds)
    #expect(try ledger.one(ledger.capture(refusedAt)).reason == .holdNotFound)
    #expect(try ledger.one(ledger.release(hold.seq)).row?.heldChange == -60)
    #expect(try ledger.one(ledger.release(hold.seq)).reason == .holdReleased)
    #expect(try ledger.one(ledger.capture(hold.seq)).reason == .holdReleased)
    #expect(try ledger.wallet("u1")?.balance == 100 && ledger.wallet("u1")?.held == 0)
  }

  @Test(
    "an expired hold blocks nothing: readers see it at once, and the next decision writes its row",
    arguments: [
      false, true,
    ])
  func expiry(restarts: Bool) throws {
    let ledger = try LedgerFixture.with(["u1": 100])
    let hold = try #require(try ledger.one(ledger.hold("u1", 100)).row)
    let later = try #require(try ledger.one(ledger.command(.credit, "u1", 50)).row)
    _ = try ledger.one(ledger.hold("u1", 50, timeout: LedgerFixture.minute / 2))
    ledger.wall += LedgerFixture.minute - 1
    #expect(try ledger.wallet("u1")?.held == 100 && ledger.wallet("u1")?.isExpiryPending == true)
    ledger.wall += 1
    if restarts { try ledger.restart() }
    let seen = try #require(try ledger.wallet("u1"))
    #expect(seen.held == 0 && seen.available == 150 && seen.isExpiryPending && seen.version == later.version + 1)

    let debit = try #require(try ledger.one(ledger.command(.debit, "u1", 150)).row)
    #expect(debit.version == seen.version + 3 && debit.held == 0 && debit.balance == 0)
    // The one that ended first is written first.
    #expect(debit.previousSeq == debit.seq - 1)
    let rows = try (1...2).map { try #require(try ledger.store.journal.transaction(debit.seq - Int64($0))) }
    #expect(rows.allSatisfy { $0.kind == .expire && $0.key == nil && $0.attribution.origin.actor == "system" })
    #expect(rows.map(\.heldChange) == [-100, -50] && rows[0].holdID == hold.seq)
    #expect(ExpireDetail(encoded: rows[0].detail)?.endsAt == hold.createdAt + LedgerFixture.minute)
    #expect(try ledger.one(ledger.capture(hold.seq)).reason == .holdExpired)
    #expect(try ledger.wallet("u1")?.isExpiryPending == false && ledger.sumOfAll() == 0)
  }

  @Test("a hold ends exactly at its end")
  func exactEnd() throws {
    let ledger = try LedgerFixture.with(["u1": 100])
    let hold = try #require(try ledger.one(ledger.hold("u1", 100)).row)
    ledger.wall += LedgerFixture.minute - 1
    #expect(try ledger.one(ledger.command(.debit, "u1", 1)).reason == .insufficientFunds)
    ledger.wall += 1
    let outcome = try ledger.one(ledger.capture(hold.seq))
    #expect(outcome.failure?.detail == .hold(hold.seq, at: ledger.wall, remaining: 0))
    #expect(outcome.reason == .holdExpired)
  }

  @Test("versions are compared with the one before rows that the engine wrote itself")
  func versionBeforeExpiry() throws {
    let ledger = try LedgerFixture.with(["u1": 100])
    _ = try ledger.one(ledger.hold("u1", 100))
    ledger.wall += LedgerFixture.minute
    let seen = try #require(try ledger.wallet("u1"))
    #expect(
      try ledger.one(ledger.command(.debit, "u1", 1, expectedVersion: seen.version + 1)).reason == .versionConflict)
    #expect(try ledger.wallet("u1")?.version == seen.version + 1)
    #expect(try ledger.one(ledger.command(.debit, "u1", 1, expectedVersion: seen.version + 1)).row != nil)
  }

  @Test("the same key gives the first result again, and another request names its field")
  func idempotency() throws {
    let ledger = try LedgerFixture.with(["u1": 500])
    let hold = try ledger.one(ledger.hold("u1", 300, key: .text("hold-00001")))
    let id = try #require(hold.row?.seq)
    #expect(try ledger.one(ledger.hold("u1", 300, key: .text("hold-00001"))).isReplay)
    #expect(
      try ledger.one(ledger.hold("u1", 300, timeout: 2, key: .text("hold-00001"))).mismatch == "timeout_millis")
    #expect(try ledger.one(ledger.hold("u1", 301, key: .text("hold-00001"))).mismatch == "amount")
    _ = try ledger.one(ledger.capture(id, 100, key: .text("capture-01")))
    try ledger.restart()
    let again = try ledger.one(ledger.capture(id, 100, key: .text("capture-01")))
    #expect(again.isReplay && again.row?.amount == -100)
    #expect(try ledger.one(ledger.capture(id, 100, isFinal: true, key: .text("capture-01"))).mismatch == "final")
    #expect(try ledger.one(ledger.capture(id + 1, 100, key: .text("capture-01"))).mismatch == "hold_id")
    #expect(try ledger.one(ledger.release(id, key: .text("capture-01"))).mismatch == "verb")
    // A refusal is remembered with its parameters.
    #expect(try ledger.one(ledger.capture(id, 999, key: .text("capture-02"))).reason == .holdAmountExceeded)
    #expect(try ledger.one(ledger.capture(id, 999, key: .text("capture-02"))).isReplay)
    #expect(try ledger.one(ledger.capture(id + 7, 999, key: .text("capture-02"))).mismatch == "hold_id")
    #expect(try ledger.wallet("u1")?.balance == 400)
  }

  @Test("a gather that fails leaves holds as they were, in memory and in the file")
  func batchTakesBack() throws {
    let ledger = try LedgerFixture.with(["u1": 500])
    let hold = try #require(try ledger.one(ledger.hold("u1", 300)).row)
    let before = try ledger.everything()
    let batch = LedgerFixture.atomic(
      .text("batch-00001"),
      [
        ledger.capture(hold.seq, 100), ledger.hold("u1", 50), ledger.release(hold.seq),
        ledger.command(.debit, "u1", 9_999),
      ])
    #expect(try ledger.perform(batch)[0].reason == .batchAborted)
    let new = Set(try ledger.everything()).subtracting(before)
    #expect(new.allSatisfy { $0.hasPrefix("refusals:") || $0.hasPrefix("idempotency:") }, "\(new)")
    #expect(try ledger.wallet("u1")?.held == 300)
    #expect(try ledger.one(ledger.capture(hold.seq)).row?.amount == -300)
  }

  @Test("an atomic batch with rows of its own between items is replayed whole")
  func batchReplays() throws {
    let ledger = try LedgerFixture.with(["u1": 500, "u2": 0])
    _ = try ledger.one(ledger.hold("u1", 400))
    ledger.wall += LedgerFixture.minute
    let batch = LedgerFixture.atomic(
      .text("batch-00001"),
      [
        ledger.transfer("u1", "u2", 200), ledger.command(.debit, "u1", 1), ledger.transfer("u2", "u1", 5),
        ledger.hold("u2", 7),
      ])
    let first = try ledger.perform(batch)[0]
    #expect(first.items.count == 4 && first.items.allSatisfy { $0.row != nil }, "\(first)")
    let head = ledger.store.head
    let again = try ledger.perform(batch)[0]
    #expect(again.isReplay && again.items.map(\.row) == first.items.map(\.row) && ledger.store.head == head)
    let shorter = LedgerFixture.atomic(.text("batch-00001"), [ledger.transfer("u1", "u2", 200)])
    #expect(try ledger.perform(shorter)[0].mismatch == "items")
  }

  @Test("holds outlive a crash at any moment after their commit")
  func crash() throws {
    let ledger = try LedgerFixture.with(["u1": 500])
    let hold = try #require(try ledger.one(ledger.hold("u1", 300)).row)
    _ = try ledger.one(ledger.capture(hold.seq, 100))
    try ledger.crash()
    #expect(try ledger.wallet("u1")?.held == 200 && ledger.wallet("u1")?.available == 200)
    #expect(try ledger.one(ledger.capture(hold.seq)).row?.amount == -200)
    try ledger.crash()
    #expect(try ledger.one(ledger.capture(hold.seq)).reason == .holdCaptured && ledger.sumOfAll() == 0)
  }
}
