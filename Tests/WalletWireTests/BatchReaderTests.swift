import Testing
import WalletCore

@testable import WalletWire

@Suite("Batches on the wire")
struct BatchReaderTests {
  private static let budget = 32 << 20
  private let origin = Origin(actor: "local", source: "127.0.0.1", clientName: "")

  private static func debit(_ key: String = "key-00000001", _ more: [UInt8]...) -> [UInt8] {
    let key = key.isEmpty ? [] : Wire.field(3, key)
    let fields = Wire.field(2, 100) + key + Wire.field(4, "esim.purchase") + more.flatMap { $0 }
    let namesWallet = more.contains { $0.starts(with: Wire.varint(1 << 3 | 2)) }
    return Wire.field(2, (namesWallet ? [] : Wire.field(1, Wire.wallet)) + fields)
  }

  private static func batch(_ items: [[UInt8]], _ more: [UInt8]...) -> [UInt8] {
    items.flatMap { Wire.field(15, $0) } + more.flatMap { $0 }
  }

  private static let atomic = Wire.field(14, 1) + Wire.field(3, "batch-0000001")

  private func decode(_ payload: [UInt8]) throws(Failure) -> BatchCommand {
    let decoder = RequestDecoder(budget: 1 << 20, batchBudget: Self.budget)
    let request = try decoder.decode(method: Verb.batch.rawValue, payload: payload.span, origin: origin)
    switch request {
    case .batch(let batch), .dryRun(.batch(let batch)): return batch
    default: preconditionFailure("not a batch")
    }
  }

  private func field(_ payload: [UInt8]) -> String? {
    do throws(Failure) {
      _ = try decode(payload)
      return nil
    } catch {
      if case .invalidArgument(let field, _) = error.detail { return field }
      return "\(error.reason)"
    }
  }

  @Test("items of several verbs arrive in order, each with its key")
  func itemByItem() throws {
    let open = Wire.field(1, Wire.field(1, Wire.wallet) + Wire.field(3, "key-00000001") + Wire.field(4, "wallet.open"))
    let credit = Wire.field(
      3, Wire.field(1, Wire.wallet) + Wire.field(2, 7) + Wire.field(3, "key-00000002") + Wire.field(4, "top-up"))
    let batch = try decode(Self.batch([open, credit, Self.debit("key-00000003")], Wire.field(16, 1)))
    let commands = batch.items.compactMap { item in if case .command(let command) = item { command } else { nil } }
    #expect(commands.map(\.verb) == [.openWallet, .credit, .debit] && commands.map(\.amount) == [0, 7, 100])
    #expect(commands.map(\.key.text) == ["key-00000001", "key-00000002", "key-00000003"])
    #expect(commands.allSatisfy { $0.violation == nil && $0.origin == origin })
    #expect(batch.mode == .itemByItem && batch.wantsFullResults)
  }

  @Test("items of all or nothing get their keys of the batch's")
  func allOrNothing() throws {
    let batch = try decode(Self.batch([Self.debit(""), Self.debit("")], Self.atomic))
    let key = IdempotencyKey.text("batch-0000001")
    #expect(batch.mode == .allOrNothing(key) && !batch.wantsFullResults)
    let keys = batch.items.compactMap { item in if case .command(let command) = item { command.key } else { nil } }
    #expect(keys == [.item(key, index: 0), .item(key, index: 1)])
    #expect(keys[1].text == "batch-0000001\u{B7}1")
  }

  private static let wrong: [([UInt8], String)] = [
    (debit("short"), "items[1].debit.idempotency_key"), (debit(""), "items[1].debit.idempotency_key"),
    (debit("key-00000002", Wire.field(7, [0xC3, 0x28])), "items[1].debit.note"),
    (debit("key-00000002", Wire.field(77, 1)), "items[1].debit.77"),
    (debit("key-00000002", Wire.field(1, Wire.wallet + Wire.field(55, 1))), "items[1].debit.wallet.55"),
    (debit("key-00000002", Wire.field(12, Wire.field(1, "k") + Wire.field(3, 1))), "items[1].debit.metadata[0].3"),
    (debit("key-00000002") + Wire.field(77, 1), "items[1].77"), ([], "items[1]"),
    (Wire.field(13, [] as [UInt8]), "items[1].13"),
    (Wire.field(3, Wire.field(3, "key-00000002")), "items[1].credit.wallet"),
    (Wire.field(1, Wire.field(3, "key-00000002")), "items[1].open_wallet.wallet"),
    (debit("key-00000002", Wire.field(100, 1)), "items[1].debit.100"),
  ]

  @Test("what can't be read of an item is said with its path, and the others go on", arguments: wrong)
  func malformed(_ item: [UInt8], _ field: String) throws {
    let batch = try decode(Self.batch([Self.debit(), item, Self.debit()]))
    guard case .command = batch.items[0], case .command = batch.items[2], case .malformed(let failure) = batch.items[1]
    else {
      Issue.record("\(batch.items)")
      return
    }
    #expect(failure.reason == .invalidArgument)
    if case .invalidArgument(let named, _) = failure.detail { #expect(named == field) }
    // Of all or nothing it refuses all. A missing key is right there, and a given one is not.
    let atomic = Self.batch([Self.debit(""), item, Self.debit("")], Self.atomic)
    if item == Self.debit("") { #expect(self.field(atomic) == nil) } else { #expect(self.field(atomic) != nil) }
  }

  @Test("a rule of form that an item breaks travels with it, with its path")
  func violations() throws {
    let payload = Self.batch([Self.debit(""), Self.debit("", Wire.field(2, -5))], Self.atomic)
    guard case .command(let command) = try decode(payload).items[1] else { return }
    #expect(command.violation == .invalidArgument("items[1].debit.amount", "must be positive, in minor units"))
  }

  private static let refused: [([UInt8], String)] = [
    (batch([]), "items"), (batch([debit()], Wire.field(3, "batch-0000001")), "idempotency_key"),
    (batch([debit("")], Wire.field(14, 1)), "idempotency_key"),
    (batch([debit("")], Wire.field(14, 1), Wire.field(3, "short")), "idempotency_key"),
    (batch([debit(""), debit()], atomic), "items[1].debit.idempotency_key"),
    (batch([debit("")], atomic, Wire.field(99, 1)), "99"), (batch([debit()], Wire.field(101, 1)), "101"),
    (batch([debit(), debit("key-00000002", Wire.field(13, 1))]), "unimplemented"),
    (batch([debit(""), debit("", Wire.field(13, 1))], atomic), "unimplemented"),
  ]

  @Test("what is wrong with the batch itself refuses all of it", arguments: refused)
  func wrongBatch(_ payload: [UInt8], _ field: String) {
    #expect(self.field(payload) == field)
  }

  @Test("dry_run of an item says where it stands, and that it is the batch that doesn't serve it")
  func dryRun() {
    #expect(throws: Failure.unimplemented(Verb.batch.rawValue, feature: "items[1].debit.dry_run")) {
      try decode(Self.batch([Self.debit(), Self.debit("key-00000002", Wire.field(13, 1))]))
    }
  }

  @Test("a batch is tried as a whole")
  func dryRunOfAll() throws {
    let payload = Self.batch([Self.debit(), Self.debit("key-00000002")], Wire.field(13, 1))
    let decoder = RequestDecoder(budget: 1 << 20, batchBudget: Self.budget)
    let request = try decoder.decode(method: Verb.batch.rawValue, payload: payload.span, origin: origin)
    guard case .dryRun(.batch(let batch)) = request else { preconditionFailure("not a dry run") }
    #expect(batch.items.count == 2 && batch.mode == .itemByItem)
  }

  @Test("one item too many, in each kind of results")
  func tooMany() throws {
    let items = Array(repeating: Self.debit(), count: BatchCommand.itemsMax)
    #expect(try decode(Self.batch(items)).items.count == BatchCommand.itemsMax)
    #expect(field(Self.batch(items + [Self.debit()])) == "items")
    let full = Array(items.prefix(BatchCommand.fullItemsMax))
    #expect(field(Self.batch(full, Wire.field(16, 1))) == nil)
    #expect(field(Self.batch(full + [Self.debit()], Wire.field(16, 1))) == "full_results")
  }

  @Test("as many items as there may be, of 512 bytes each and of what takes most when unpacked, fit")
  func fits() throws {
    let pairs = (10..<26).flatMap { Wire.field(12, Wire.field(1, "key-\($0)") + Wire.field(2, "0123456789012")) }
    let key = "018bcfe5-6800-7fff-bfff-ffffffffffff"
    let item = Self.debit(key, Wire.field(5, "order-1234567890"), pairs)
    // Each kind of limit is a message of its own.
    let windows = [4, 5, 6].flatMap { Wire.field($0, [] as [UInt8]) }
    let wallet = Wire.field(1, Wire.wallet) + Wire.field(3, key) + Wire.field(4, "wallet.limits")
    let limits = Wire.field(11, wallet + Wire.field(5, "order-123456") + pairs + Wire.field(16, windows))
    for item in [item, limits] {
      let payload = Self.batch(Array(repeating: item, count: BatchCommand.itemsMax))
      #expect((480...508).contains(item.count) && payload.count <= 4 << 20)
      let batch = try decode(payload)
      #expect(batch.items.count == BatchCommand.itemsMax)
      guard case .command = batch.items[0] else {
        Issue.record("\(batch.items[0])")
        continue
      }
    }
  }

  @Test("a body of empty items meets the budget")
  func amplification() {
    let bomb = Array(repeating: [0x7A, 0x00] as [UInt8], count: 2 << 20).flatMap { $0 }
    #expect(bomb.count == 4 << 20 && field(bomb) == "")
  }

  // MARK: Replies

  private func size(_ outcome: LedgerOutcome, count: Int, isFull: Bool) -> Int {
    var output: [UInt8] = []
    let outcomes = Array(repeating: outcome, count: count)
    ReplyEncoder().append(
      .batch(outcomes, commitSeq: .max, replayed: true, isFull: isFull), to: .batch, requestID: 1, into: &output)
    return output.count - FrameHeader.byteCount
  }

  private static let longName = WalletName(
    owner: Text(String(repeating: "o", count: 64)), currency: "CURRENCY-OF-16-B",
    name: Text(String(repeating: "n", count: 32)))

  private static let freeze = Freeze(
    scope: .credit, reason: Text(String(repeating: "r", count: 64)), since: .max, until: .max)

  private static let failures = [
    Failure(.walletExists, .wallet(id: .max, longName)), Failure(.walletNotFound, .wallet(id: 0, longName)),
    Failure(
      .insufficientFunds,
      .insufficientFunds(
        InsufficientFunds(
          requested: .max, available: .min, balance: .min, held: .max, overdraftLimit: .max, version: .max))),
    Failure(.versionConflict, .versionConflict(expected: .max, actual: .max, balance: .min)),
    Failure(.walletFrozen, .frozen(walletID: .max, Self.freeze)),
    Failure(.limitExceeded, .limit(.transactionAmount, limit: .max, used: .max, windowEnd: .max)),
    Failure(.maxBalanceExceeded, .balanceMax(.max, balance: .max)),
    Failure(.holdAmountExceeded, .hold(.max, at: .max, remaining: .max)),
    Failure(.refundExceedsOriginal, .refund(original: .max, refunded: .max)),
    Failure(.walletNotEmpty, .notEmpty(balance: .min, openHolds: .max)),
    Failure(.currencyMismatch, .currency(wallet: "CURRENCY-OF-16-B", request: "CURRENCY-OF-16-B")),
    Failure.invalidArgument(
      "items[8189].open_wallet.metadata[15].536870911", "has 4194304 bytes; at most 1024 are allowed, and a word more"),
  ]

  @Test("the longest errors of a full batch stay within 4 MiB", arguments: failures)
  func compactBound(_ failure: Failure) {
    let count = BatchCommand.itemsMax
    let bytes = size(.failed(failure, commitSeq: .max, replayed: true), count: count, isFull: false)
    #expect(bytes <= 4 << 20 && bytes / count < BatchCommand.resultBytesMax)
  }

  @Test("the longest whole transactions stay within 4 MiB")
  func fullBound() {
    let pairs = (0..<16).map { index in
      MetadataPair(key: Text("key-\(index + 10)"), value: Text(String(repeating: "v", count: 58)))
    }
    let text = { (count: Int) in Text(String(repeating: "x", count: count)) }
    var row = TransactionRow(
      seq: .max, kind: .close, walletID: .max, version: .max, amount: .min, balance: .min, held: .max,
      overdraftLimit: .max, counterAccount: text(32),
      attribution: Attribution(
        key: .item(.text(text(64)), index: 8189),
        audit: Command.Audit(
          reason: text(64), note: text(256), reference: text(128), onBehalfOf: text(64), correlationID: text(64),
          occurredAt: .max, metadata: pairs),
        origin: Origin(actor: text(64), source: text(64), clientName: text(64))),
      createdAt: .max)
    row.heldChange = .min
    row.counterWalletID = .max
    row.holdID = .max
    row.relatedSeq = .max
    row.previousSeq = .max
    row.requestDigest = ShortBytes(Array(repeating: 255, count: 16))
    row.digest = ShortBytes(Array(repeating: 255, count: 32))
    row.detail = OpenDetail(name: Self.longName, exponent: 18).encoded
    let count = BatchCommand.fullItemsMax
    for detail in [row.detail, Command.Parameters.transfer(to: .name(Self.longName)).encoded] {
      row.detail = detail
      let posted = LedgerOutcome.posted(row, currency: "CURRENCY-OF-16-B", exponent: 18, replayed: true)
      let transferred = LedgerOutcome.transferred(
        source: row, destination: row, currency: "CURRENCY-OF-16-B", exponent: 18, replayed: true)
      for outcome in [posted, transferred] {
        let bytes = size(outcome, count: count, isFull: true)
        #expect(bytes <= 4 << 20 && bytes / count < BatchCommand.fullResultBytesMax)
      }
    }
  }
}
