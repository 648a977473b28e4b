import Testing
import WalletCore

@testable import WalletStore

@Suite("Batches in the store")
struct BatchTests {
  private static let key = IdempotencyKey.text("batch-0000001")
  private static let uuid = IdempotencyKey.uuid(high: 0x018B_CFE5_6800_7FFF, low: 0xBFFF_FFFF_FFFF_FFFF)

  /// Two wallets with 500 each.
  private func ledger() throws -> LedgerFixture {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(
      ledger.command(.openWallet, "u1"), ledger.command(.openWallet, "u2"), ledger.command(.credit, "u1", 500),
      ledger.command(.credit, "u2", 500))
    return ledger
  }

  private func funds(_ requested: Int64, _ balance: Int64, _ version: Int64) -> Failure {
    Failure(
      .insufficientFunds,
      .insufficientFunds(
        InsufficientFunds(
          requested: requested, available: balance, balance: balance, held: 0, overdraftLimit: 0, version: version)))
  }

  // MARK: All or nothing

  @Test("a refused batch leaves nothing but its refusal behind, to the byte", arguments: [key, uuid])
  func refusedLeavesNothing(_ key: IdempotencyKey) throws {
    let ledger = try ledger()
    let before = try ledger.everything()
    let head = ledger.store.head
    let commands = [
      ledger.command(.openWallet, "u3"), ledger.command(.credit, "u3", 70), ledger.command(.debit, "u1", 500),
      ledger.command(.debit, "u2", 501), ledger.command(.credit, "u1", 1),
    ]
    let outcome = try ledger.perform(LedgerFixture.atomic(key, commands))[0]
    #expect(outcome.failure == Failure(.batchAborted, .batchAborted(index: 3, cause: funds(501, 500, 2))))
    #expect(!outcome.isReplay && ledger.store.head.seq == head.seq + 1)

    let new = Set(try ledger.everything()).subtracting(before)
    #expect(Set(before).subtracting(try ledger.everything()).isEmpty, "what was there is still there")
    #expect(new.count == 2 && new.contains { $0.hasPrefix("refusals: 5,") }, "\(new.sorted())")
    #expect(new.contains { $0.hasPrefix("idempotency: ") })
    #expect(try ledger.wallet("u3") == nil && ledger.wallet("u1")?.version == 2 && ledger.sumOfAll() == 0)

    // What is in memory is as untouched as the file: the next gather's rows are those of a ledger without the batch.
    let other = try self.ledger()
    _ = try other.perform(other.command(.debit, "u2", 501))
    let commandAfter = { (ledger: LedgerFixture) in
      [ledger.command(.openWallet, "u3"), ledger.command(.debit, "u1", 500), ledger.command(.credit, "u3", 1)]
    }
    for ledger in [ledger, other] {
      let outcomes = try ledger.perform(LedgerFixture.itemByItem(commandAfter(ledger)))[0].items
      #expect(outcomes.compactMap(\.row?.walletID) == [3, 1, 3] && outcomes.compactMap(\.row?.seq) == [6, 7, 8])
      try ledger.restart()
      #expect(try ledger.sumOfAll() == 0 && ledger.wallet("u3")?.balance == 1)
    }
  }

  @Test("a refused batch between others in one gather takes nothing of theirs along")
  func refusedInGather() throws {
    let ledger = try ledger()
    let good = { (key: Text, amount: Int64) in
      LedgerFixture.atomic(
        .text(key), [ledger.command(.debit, "u1", amount), ledger.command(.credit, "u2", amount)])
    }
    let bad = LedgerFixture.atomic(
      .text("batch-bad-1"),
      [
        ledger.command(.openWallet, "u3"), ledger.command(.credit, "u1", 5), ledger.command(.debit, "u2", 9_999),
      ])
    let outcomes = try ledger.perform(good("batch-aaaa", 100), bad, good("batch-bbbb", 50))
    #expect(outcomes[0].items.count == 2 && outcomes[2].items.count == 2 && outcomes[1].reason == .batchAborted)
    #expect(outcomes[0].items.compactMap(\.row?.seq) == [5, 6])
    #expect(outcomes[2].items.compactMap(\.row?.seq) == [8, 9] && ledger.store.head.seq == 9)
    #expect(try ledger.wallet("u1")?.balance == 350 && ledger.wallet("u2")?.balance == 650)
    try ledger.restart()
    #expect(try ledger.wallet("u1")?.version == 4 && ledger.wallet("u3") == nil && ledger.sumOfAll() == 0)
  }

  @Test("a wallet that a refused batch had opened is nobody's name any more, in the same gather")
  func openedAndUndone() throws {
    let ledger = try ledger()
    let bad = LedgerFixture.atomic(Self.key, [ledger.command(.openWallet, "u3"), ledger.command(.debit, "u3", 1)])
    let after = LedgerFixture.itemByItem([
      ledger.command(.openWallet, "u4"), ledger.command(.credit, "u3", 7), ledger.command(.credit, "u4", 5),
    ])
    let outcomes = try ledger.perform(bad, after)
    #expect(outcomes[1].items.map(\.reason) == [nil, .walletNotFound, nil])
    #expect(try ledger.wallet("u4")?.balance == 5 && ledger.wallet("u3") == nil)
  }

  @Test("the keys of a batch that wasn't recorded are free again in the same gather")
  func freeAgain() throws {
    let ledger = try ledger()
    let credit = ledger.command(.credit, "u1", 5)
    let conflict = LedgerFixture.atomic(Self.key, [credit, ledger.command(.debit, "u2", 1, expectedVersion: 99)])
    let outcomes = try ledger.perform(conflict, LedgerFixture.atomic(Self.key, [credit]))
    #expect(outcomes.map(\.reason) == [.batchAborted, nil] && !outcomes[1].isReplay)
    #expect(try ledger.wallet("u1")?.balance == 505)
  }

  @Test("what isn't remembered of an item isn't of its batch: nothing is written, and it may come again")
  func notRemembered() throws {
    let ledger = try ledger()
    let before = try ledger.everything()
    let debit = ledger.command(.debit, "u1", 10, expectedVersion: 3)
    let conflict = try ledger.perform(LedgerFixture.atomic(Self.key, [ledger.command(.credit, "u2", 5), debit]))[0]
    #expect(
      conflict.failure
        == Failure(
          .batchAborted,
          .batchAborted(
            index: 1, cause: Failure(.versionConflict, .versionConflict(expected: 3, actual: 2, balance: 500)))))
    var wrong = ledger.command(.credit, "u2", 5)
    wrong.violation = Failure.invalidArgument("amount", "must be positive").below("items[0].credit")
    let violation = try ledger.perform(LedgerFixture.atomic(Self.key, [wrong, ledger.command(.debit, "u1", 1)]))[0]
    let cause = Failure.invalidArgument("items[0].credit.amount", "must be positive")
    #expect(violation.failure == Failure(.batchAborted, .batchAborted(index: 0, cause: cause)))
    #expect(try ledger.everything() == before && ledger.store.head.seq == 4)

    _ = try ledger.perform(ledger.command(.credit, "u1", 1))
    let again = try ledger.perform(LedgerFixture.atomic(Self.key, [ledger.command(.credit, "u2", 5), debit]))[0]
    #expect(again.items.compactMap(\.row?.version) == [3, 4])
  }

  @Test(
    "a batch that was carried out answers its key with the first results, across a restart", arguments: [key, uuid])
  func replay(_ key: IdempotencyKey) throws {
    let ledger = try ledger()
    let batch = LedgerFixture.atomic(
      key, [ledger.command(.openWallet, "u3"), ledger.command(.credit, "u3", 70), ledger.command(.debit, "u1", 7)])
    // The second of the same gather is a replay too.
    let first = try ledger.perform(batch, batch)
    ledger.wall += 1_000_000
    _ = try ledger.perform(ledger.command(.credit, "u3", 1))
    let after = try ledger.everything()
    for restarts in [false, true] {
      if restarts { try ledger.restart() }
      let again = try ledger.perform(batch)[0]
      for replay in [first[1], again] {
        #expect(replay.isReplay && !first[0].isReplay)
        #expect(replay.items.map(\.row) == first[0].items.map(\.row) && replay.items.allSatisfy(\.isReplay))
        guard case .batch(_, 7, _, _) = replay else { throw TestFailure("the place is the batch's last row") }
      }
    }
    #expect(try ledger.everything() == after)
    #expect(try ledger.stranger().integer("SELECT count(*) FROM idempotency") == 6, "one for the whole batch")
    let stored = try ledger.stranger().prepare("SELECT idempotency_key FROM transactions WHERE seq BETWEEN 5 AND 7")
    for index in 0..<3 as Range<UInt32> {
      #expect(try stored.step() && stored.key(0) == .item(key, index: index))
    }
  }

  @Test("a batch that was refused answers its key with the first figures, across a restart")
  func replayOfRefusal() throws {
    let ledger = try ledger()
    let batch = LedgerFixture.atomic(
      Self.uuid, [ledger.command(.credit, "u2", 5), ledger.command(.debit, "u1", 501)])
    let first = try ledger.perform(batch, batch)
    #expect(first.map(\.isReplay) == [false, true])
    _ = try ledger.perform(ledger.command(.credit, "u1", 1_000))
    try ledger.restart()
    let again = try ledger.perform(batch)[0]
    #expect(again.failure == first[0].failure && again.isReplay)
    #expect(again.failure?.detail == .batchAborted(index: 1, cause: funds(501, 500, 2)))
    guard case .failed(_, 5, true) = again else { throw TestFailure("the place of the refusal") }
  }

  @Test("another request under a batch's key names the first difference")
  func mismatches() throws {
    let ledger = try ledger()
    let commands = [
      ledger.command(.credit, "u1", 1), ledger.command(.credit, "u2", 2), ledger.command(.debit, "u1", 3),
    ]
    _ = try ledger.perform(LedgerFixture.atomic(Self.key, commands))
    let before = try ledger.everything()
    let mismatch = { (change: (inout [Command]) -> Void) in
      var changed = commands
      change(&changed)
      return try ledger.perform(LedgerFixture.atomic(Self.key, changed))[0].mismatch
    }
    for restarts in [false, true] {
      if restarts { try ledger.restart() }
      #expect(try mismatch { $0[2].amount = 4 } == "items[2].amount")
      #expect(try mismatch { $0[1].wallet = $0[0].wallet } == "items[1].wallet")
      #expect(try mismatch { $0[0].audit.note = "other" } == "items[0].note")
      #expect(try mismatch { $0[1].verb = .debit } == "items[1].verb")
      #expect(try mismatch { $0.swapAt(0, 1) } == "items[0].wallet")
      #expect(try mismatch { $0.removeLast() } == "items")
      #expect(try mismatch { $0.append($0[0]) } == "items")
      // By its id it is the same wallet.
      #expect(try mismatch { $0[0].wallet = .id(1, currency: "") } == nil)
    }
    #expect(try ledger.everything() == before)
  }

  @Test("another batch under the key of a refused one differs in its items")
  func mismatchOfRefused() throws {
    let ledger = try ledger()
    let commands = [ledger.command(.credit, "u1", 1), ledger.command(.debit, "u2", 9_999)]
    _ = try ledger.perform(LedgerFixture.atomic(Self.key, commands))
    for change in 0..<4 {
      var changed = commands
      switch change {
      case 0: changed[0].amount = 2
      case 1: changed.removeLast()
      case 2: changed.append(changed[0])
      default: changed[1].audit.metadata = [MetadataPair(key: "k", value: "v")]
      }
      #expect(try ledger.perform(LedgerFixture.atomic(Self.key, changed))[0].mismatch == "items")
    }
    var traced = commands
    traced[0].audit.correlationID = "another-trace"
    #expect(try ledger.perform(LedgerFixture.atomic(Self.key, traced))[0].isReplay, "not a compared field")
  }

  @Test("a key that a batch has spent is no key for anything else, and the other way round")
  func spentKeys() throws {
    let ledger = try ledger()
    let batch = LedgerFixture.atomic(Self.key, [ledger.command(.credit, "u1", 10)])
    let refused = LedgerFixture.atomic(Self.uuid, [ledger.command(.debit, "u1", 9_999)])
    let single = IdempotencyKey.text("single-00001")
    _ = try ledger.perform(batch, refused)
    _ = try ledger.perform(ledger.command(.credit, "u1", 10, key: single))
    let before = try ledger.everything()
    for restarts in [false, true] {
      if restarts { try ledger.restart() }
      for key in [Self.key, Self.uuid] {
        #expect(try ledger.perform(ledger.command(.credit, "u1", 10, key: key))[0].mismatch == "verb")
        let item = LedgerFixture.itemByItem([ledger.command(.credit, "u1", 10, key: key)])
        #expect(try ledger.perform(item)[0].items[0].mismatch == "items[0].verb")
      }
      let atomic = LedgerFixture.atomic(single, [ledger.command(.credit, "u1", 10)])
      #expect(try ledger.perform(atomic)[0].mismatch == "verb")
    }
    #expect(try ledger.everything() == before)
  }

  @Test("a client's key that looks like an item's is another key")
  func lookalikes() throws {
    let ledger = try ledger()
    _ = try ledger.perform(
      LedgerFixture.atomic(Self.key, [ledger.command(.credit, "u1", 1), ledger.command(.credit, "u1", 1)]),
      LedgerFixture.atomic(Self.uuid, [ledger.command(.credit, "u1", 1), ledger.command(.credit, "u1", 1)]))
    let texts = [
      "batch-00000010", "batch-00000011", "batch-0000001#1", "batch-0000001 1", "batch-0000001.1",
      Self.uuid.text + "00000001", Self.uuid.text + "1", "018bcfe568007fffbfffffffffffffff00000001",
    ]
    for text in texts {
      let key = try #require(IdempotencyKey(text))
      #expect(try ledger.perform(ledger.command(.credit, "u1", 1, key: key))[0].row != nil, "\(text)")
    }
    // What a client would need for the item's key isn't a key.
    #expect(IdempotencyKey("batch-0000001\u{1F}1") == nil && IdempotencyKey("batch-0000001\u{B7}1") == nil)
    #expect(try ledger.wallet("u1")?.balance == 504 + Int64(texts.count))
  }

  @Test("overflow in the middle undoes what came before it")
  func overflow() throws {
    let ledger = try ledger()
    let before = try ledger.wallet("u1")
    let outcome = try ledger.perform(
      LedgerFixture.atomic(
        Self.key,
        [
          ledger.command(.debit, "u1", 400), ledger.command(.credit, "u2", .max), ledger.command(.credit, "u1", 1),
        ]))[0]
    let cause = Failure(.amountOverflow, .overflow(field: "balance"))
    #expect(outcome.failure == Failure(.batchAborted, .batchAborted(index: 1, cause: cause)))
    #expect(try ledger.wallet("u1") == before && ledger.sumOfAll() == 0)
    let items = try ledger.perform(
      LedgerFixture.itemByItem([
        ledger.command(.debit, "u1", 400), ledger.command(.credit, "u2", .max), ledger.command(.credit, "u1", 1),
      ]))[0].items
    #expect(items.map(\.reason) == [nil, .amountOverflow, nil] && items[2].row?.balance == 101)
  }

  @Test("a batch whose time is over when its turn comes leaves nothing behind, in either mode")
  func deadline() throws {
    let ledger = try ledger()
    let before = try ledger.everything()
    let commands = [ledger.command(.credit, "u1", 1), ledger.command(.debit, "u2", 9_999)]
    let outcomes = try ledger.perform(
      LedgerFixture.atomic(Self.key, commands), LedgerFixture.itemByItem(commands), isDue: { _ in false })
    #expect(outcomes.map(\.reason) == [.deadlineExceeded, .deadlineExceeded])
    #expect(try ledger.everything() == before)
  }

  // MARK: Item by item

  @Test("each item has its own outcome, a malformed one in the middle too, and sees those before it")
  func itemByItem() throws {
    let ledger = try ledger()
    let malformed = Failure.invalidArgument("items[4].debit.idempotency_key", "is required")
    var wrong = ledger.command(.debit, "u1", 0)
    wrong.violation = Failure.invalidArgument("amount", "must be positive").below("items[6].debit")
    var batch = LedgerFixture.itemByItem([
      ledger.command(.credit, "u3", 5), ledger.command(.openWallet, "u3"), ledger.command(.credit, "u3", 5),
      ledger.command(.debit, "u3", 6), ledger.command(.debit, "u3", 5, expectedVersion: 2), wrong,
      ledger.command(.openWallet, "u3"),
    ])
    batch.items.insert(.malformed(malformed), at: 4)
    let items = try ledger.perform(batch)[0].items
    #expect(
      items.map(\.reason) == [
        .walletNotFound, nil, nil, .insufficientFunds, .invalidArgument, nil, .invalidArgument, .walletExists,
      ])
    #expect(items[4].failure == malformed && items[5].row?.balance == 0 && items[5].row?.version == 3)
    #expect(items[6].failure?.detail == .invalidArgument(field: "items[6].debit.amount", rule: "must be positive"))
    #expect(try ledger.wallet("u3")?.version == 3 && ledger.sumOfAll() == 0)
    #expect(try ledger.stranger().integer("SELECT count(DISTINCT created_at) FROM transactions") == 1)
  }

  @Test("the same key twice in a batch: a replay of the first, or a mismatch")
  func sameKeyTwice() throws {
    let ledger = try ledger()
    let key = ledger.newKey()
    let credit = ledger.command(.credit, "u1", 5, key: key)
    let items = try ledger.perform(
      LedgerFixture.itemByItem([credit, credit, ledger.command(.credit, "u1", 6, key: key)]))[0].items
    #expect(items[0].row == items[1].row && items.map(\.isReplay) == [false, true, false])
    #expect(items[2].mismatch == "items[2].amount")
    #expect(try ledger.wallet("u1")?.balance == 505)
  }

  @Test("items that come again are replays, each for itself, across a restart and beside new ones")
  func replayOfItems() throws {
    let ledger = try ledger()
    let commands = [ledger.command(.credit, "u1", 5), ledger.command(.debit, "u2", 9_999)]
    let first = try ledger.perform(LedgerFixture.itemByItem(commands))[0]
    try ledger.restart()
    let again = try ledger.perform(LedgerFixture.itemByItem(commands + [ledger.command(.credit, "u2", 1)]))[0]
    #expect(again.items.map(\.isReplay) == [true, true, false] && !again.isReplay)
    #expect(again.items[0].row == first.items[0].row && again.items[1].failure == first.items[1].failure)
  }

  @Test("a whole batch of 8,190 in each mode")
  func largest() throws {
    let ledger = try ledger()
    let commands = (0..<BatchCommand.itemsMax).map { index in ledger.command(.credit, index % 2 == 0 ? "u1" : "u2", 1) }
    let outcomes = try ledger.perform(
      LedgerFixture.itemByItem(commands), LedgerFixture.atomic(Self.uuid, commands),
      LedgerFixture.atomic(Self.key, commands + [ledger.command(.debit, "u1", .max)]))
    #expect(outcomes[0].items.allSatisfy { $0.row != nil } && outcomes[1].items.count == BatchCommand.itemsMax)
    #expect(outcomes[2].reason == .batchAborted)
    try ledger.restart()
    #expect(try ledger.wallet("u1")?.balance == 500 + Int64(BatchCommand.itemsMax) && ledger.sumOfAll() == 0)
    #expect(try ledger.perform(LedgerFixture.atomic(Self.uuid, commands))[0].isReplay)
  }
}
