import CProtobufC
import CWalletProto
import Testing
import WalletCore

@testable import WalletWire

@Suite("Requests and replies of what was")
struct PastReadsTests {
  private func decode(_ verb: Verb, _ payload: [UInt8]) throws(Failure) -> LedgerRequest {
    let request = try RequestDecoder(budget: 1 << 20, batchBudget: 32 << 20).decode(
      method: verb.rawValue, payload: payload.span, origin: Origin(actor: "local", source: "", clientName: ""))
    guard case .list(let read, verb) = request else { throw Failure(.internal) }
    return read
  }

  /// The field that a request is refused for.
  private func field(_ verb: Verb, _ payload: [UInt8]) -> String? {
    do throws(Failure) {
      _ = try decode(verb, payload)
      return nil
    } catch {
      guard case .invalidArgument(let field, let rule) = error.detail, !rule.isEmpty else { return "\(error)" }
      return field
    }
  }

  private static let wallet = Wire.field(1, Wire.wallet)

  @Test("a filter arrives with every field, and an empty one is none")
  func filter() throws {
    let bytes =
      Wire.field(1, 5) + Wire.field(2, 9) + Wire.field(3, [2, 6]) + Wire.field(3, 14) + Wire.field(4, "esim.purchase")
      + Wire.field(5, "local") + Wire.field(6, "order é") + Wire.field(7, 3) + Wire.field(8, 3)
    let request = try decode(.listTransactions, Self.wallet + Wire.field(4, 1) + Wire.field(5, bytes))
    guard case .filteredHistory(let wallet, let filter, let page, oldestFirst: true) = request else {
      Issue.record("\(request)")
      return
    }
    #expect(wallet.name?.owner == "u1" && page.rowsMax == LedgerLimits.pageRowsDefault)
    #expect(filter.from == 5 && filter.before == 9 && filter.kinds == [.debit, .hold, .close])
    #expect(filter.reason == "esim.purchase" && filter.actor == "local" && filter.reference == "order é")
    #expect(filter.amountMin == 3 && filter.amountMax == 3)
    guard case .history = try decode(.listTransactions, Self.wallet + Wire.field(5, [])) else {
      Issue.record("an empty filter is one")
      return
    }
  }

  private static let badFilters: [([UInt8], String)] = [
    (Wire.field(1, -1), "filter.from_micros"), (Wire.field(2, -1), "filter.before_micros"),
    (Wire.field(1, 5) + Wire.field(2, 5), "filter.before_micros"),
    (Wire.field(1, 5) + Wire.field(2, 4), "filter.before_micros"),
    (Wire.field(3, [2, 0]), "filter.kinds[1]"), (Wire.field(3, 99), "filter.kinds[0]"),
    (Wire.field(3, -1), "filter.kinds[0]"), (Wire.field(3, 258), "filter.kinds[0]"),
    (Wire.field(4, "Upper"), "filter.reason"), (Wire.field(4, String(repeating: "r", count: 65)), "filter.reason"),
    (Wire.field(5, "a\nb"), "filter.actor"), (Wire.field(5, String(repeating: "a", count: 65)), "filter.actor"),
    (Wire.field(6, [0xFF]), "filter.reference"), (Wire.field(6, "a\0b"), "filter.reference"),
    (Wire.field(6, String(repeating: "r", count: 129)), "filter.reference"), (Wire.field(7, -1), "filter.min_amount"),
    (Wire.field(8, -1), "filter.max_amount"), (Wire.field(7, 5) + Wire.field(8, 4), "filter.max_amount"),
  ]

  @Test("a bad filter is refused by the path of its field", arguments: badFilters)
  func badFilter(_ bytes: [UInt8], _ path: String) {
    #expect(field(.listTransactions, Self.wallet + Wire.field(5, bytes)) == path)
  }

  @Test("a moment is a time or a version, from 1")
  func moments() throws {
    guard case .balanceAt(_, .time(7)) = try decode(.getBalanceAt, Self.wallet + Wire.field(2, 7)),
      case .balanceAt(_, .version(7)) = try decode(.getBalanceAt, Self.wallet + Wire.field(3, 7)),
      // Of a oneof the last one counts.
      case .balanceAt(_, .time(8)) = try decode(.getBalanceAt, Self.wallet + Wire.field(3, 7) + Wire.field(2, 8))
    else {
      Issue.record("not what was asked for")
      return
    }
    let cases: [([UInt8], String)] = [
      (Self.wallet, "time_micros"), (Self.wallet + Wire.field(2, 0), "time_micros"),
      (Self.wallet + Wire.field(2, -1), "time_micros"), (Self.wallet + Wire.field(3, 0), "version"),
      (Self.wallet + Wire.field(3, -1), "version"), (Wire.field(2, 7), "wallet"),
    ]
    for (bytes, expected) in cases { #expect(field(.getBalanceAt, bytes) == expected) }
  }

  @Test("what refusals are asked for arrives, and what is wrong is refused by its field")
  func refusals() throws {
    let bytes =
      Self.wallet + Wire.field(2, 7) + Wire.field(4, 1) + Wire.field(5, 5) + Wire.field(6, 9)
      + Wire.field(7, [33, 16]) + Wire.field(8, "local") + Wire.field(9, "u1")
    guard case .refusals(let filter, let page, oldestFirst: true) = try decode(.listRefusals, bytes) else {
      Issue.record("no list")
      return
    }
    #expect(filter.wallet == .name(WalletName(owner: "u1", currency: "USD", name: "main")) && page.rowsMax == 7)
    #expect(filter.from == 5 && filter.before == 9 && filter.reasons == [.insufficientFunds, .walletNotFound])
    #expect(filter.actor == "local" && filter.owner == "u1")
    guard case .refusals(let all, _, oldestFirst: false) = try decode(.listRefusals, []) else {
      Issue.record("no list")
      return
    }
    #expect(all == RefusalFilter())
    let cases: [([UInt8], String)] = [
      (Wire.field(1, []), "wallet.owner_id"), (Wire.field(2, 1_001), "page_size"), (Wire.field(3, "ü"), "cursor"),
      (Wire.field(5, -1), "from_micros"), (Wire.field(5, 2) + Wire.field(6, 1), "before_micros"),
      (Wire.field(7, 0), "reasons[0]"), (Wire.field(7, [33, 99]), "reasons[1]"), (Wire.field(8, "a\nb"), "actor"),
      (Wire.field(9, "a b"), "owner_id"),
    ]
    for (bytes, expected) in cases { #expect(field(.listRefusals, bytes) == expected) }
  }

  // MARK: Replies

  private func read<Message>(
    _ outcome: LedgerOutcome, _ verb: Verb, _ type: Message.Type, _ descriptor: ProtobufCMessageDescriptor,
    _ body: (Message) -> Void
  ) throws {
    var output: [UInt8] = []
    ReplyEncoder().append(outcome, to: verb, requestID: 7, into: &output)
    let arena = MessageArena(budget: 4 << 20)
    var descriptor = unsafe descriptor
    let payload = Array(output.dropFirst(FrameHeader.byteCount))
    let message = unsafe try #require(arena.unpack(type, &descriptor, payload.span))
    unsafe body(message.pointee)
  }

  private static func text(_ data: ProtobufCBinaryData) -> String {
    unsafe String(decoding: UnsafeBufferPointer(start: data.data, count: data.len), as: UTF8.self)
  }

  @Test("a GetBalanceAtResponse has every figure")
  func balanceAt() throws {
    let wallet = Wallet(
      id: 3, name: WalletName(owner: "u1", currency: "JPY", name: "main"), exponent: 0, balance: 70, held: 20,
      overdraftLimit: 5, version: 4, createdAt: 1, createdBy: "local", updatedAt: 11, updatedBy: "local", lastSeq: 9)
    let outcome = LedgerOutcome.balanceAt(BalanceAt(of: wallet, WalletControls(), at: 12), commitSeq: 21)
    try unsafe read(
      outcome, .getBalanceAt, Wallet__V1__GetBalanceAtResponse.self, wallet__v1__get_balance_at_response__descriptor
    ) { reply in
      #expect(unsafe reply.wallet_id == 3 && reply.balance == 70 && reply.held == 20 && reply.available == 55)
      #expect(unsafe reply.overdraft_limit == 5 && reply.version == 4 && reply.transaction_id == 9)
      #expect(unsafe reply.created_at_micros == 11 && Self.text(reply.currency) == "JPY" && reply.exponent == 0)
      #expect(unsafe reply.commit_seq == 21)
    }
  }

  @Test("a Refusal has its request and its error with the figures")
  func refusal() throws {
    var audit = Command.Audit(reason: "esim.purchase", note: "n", reference: "r", onBehalfOf: "b", correlationID: "c")
    audit.occurredAt = 5
    audit.metadata = [MetadataPair(key: "k", value: "v")]
    let command = Command(
      verb: .debit, key: .text("key-00000001"), wallet: .id(77, currency: "USD"), amount: 450, audit: audit,
      origin: Origin(actor: "a", source: "s", clientName: "p"))
    let figures = InsufficientFunds(
      requested: 450, available: 10, balance: 20, held: 10, overdraftLimit: 0, version: 3)
    var row = RefusalRow(
      refusing: command, walletID: 77, failure: Failure(.insufficientFunds, .insufficientFunds(figures)), seq: 12,
      createdAt: 6)
    row.digest = ShortBytes([UInt8](repeating: 7, count: 32))
    let entry = RefusalEntry(row: row, currency: "USD", exponent: 2)
    try unsafe read(
      .refusals([entry, entry], nextCursor: "abc", commitSeq: 21), .listRefusals,
      Wallet__V1__ListRefusalsResponse.self, wallet__v1__list_refusals_response__descriptor
    ) { reply in
      #expect(unsafe reply.n_refusals == 2 && Self.text(reply.next_cursor) == "abc" && reply.commit_seq == 21)
      guard let refusal = unsafe reply.refusals[1]?.pointee, let error = unsafe refusal.error?.pointee else {
        Issue.record("nothing")
        return
      }
      #expect(unsafe refusal.id == 12 && refusal.verb.rawValue == 260 && refusal.wallet_id == 77)
      #expect(unsafe refusal.wallet.pointee.id == 77 && Self.text(refusal.wallet.pointee.currency) == "USD")
      #expect(unsafe refusal.amount == 450 && Self.text(refusal.counter_account) == "sales" && refusal.exponent == 2)
      #expect(unsafe Self.text(refusal.idempotency_key) == "key-00000001" && refusal.created_at_micros == 6)
      #expect(unsafe Self.text(refusal.actor) == "a" && Self.text(refusal.source) == "s" && refusal.n_metadata == 1)
      #expect(unsafe Self.text(refusal.note) == "n" && refusal.occurred_at_micros == 5 && refusal.digest.len == 32)
      #expect(unsafe error.reason.rawValue == 33 && error.commit_seq == 12 && error.replayed == 0)
      #expect(unsafe error.insufficient_funds.pointee.shortfall == 440 && error.insufficient_funds.pointee.version == 3)
    }
  }

  @Test("what named a hold has no wallet in its refusal")
  func refusalOfHold() throws {
    let command = Command(
      verb: .capture, key: .text("key-00000001"), wallet: .none, amount: 0, audit: Command.Audit(reason: "r"),
      origin: .system, parameters: .capture(holdID: 5, isFinal: false))
    let row = RefusalRow(
      refusing: command, walletID: nil, failure: Failure(.holdNotFound, .hold(5, at: 0, remaining: 0)), seq: 12,
      createdAt: 6)
    try unsafe read(
      .refusals([RefusalEntry(row: row, currency: "", exponent: nil)], nextCursor: "", commitSeq: 12), .listRefusals,
      Wallet__V1__ListRefusalsResponse.self, wallet__v1__list_refusals_response__descriptor
    ) { reply in
      #expect(unsafe reply.refusals[0]?.pointee.wallet == nil)
      #expect(unsafe reply.refusals[0]?.pointee.error.pointee.hold.pointee.hold_id == 5)
    }
  }
}
