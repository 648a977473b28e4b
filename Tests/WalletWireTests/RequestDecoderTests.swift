import CProtobufC
import CWalletProto
import Testing
import WalletCore

@testable import WalletWire

/// Protobuf by hand, so that a request can be as wrong as a peer can make it.
enum Wire {
  static func varint(_ value: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  static func field(_ number: UInt64, _ value: Int64) -> [UInt8] {
    varint(number << 3) + varint(UInt64(bitPattern: value))
  }

  static func field(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes
  }

  static func field(_ number: UInt64, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

  /// A message without one of its fields; it has numbers and bytes only, as this makes them.
  static func without(_ number: UInt64, in message: [UInt8]) -> [UInt8] {
    var (rest, kept) = (message[...], [UInt8]())
    func takeVarint() -> UInt64 {
      let end = rest.firstIndex { $0 < 0x80 }.map { $0 + 1 } ?? rest.endIndex
      defer { rest = rest[end...] }
      return rest[..<end].reversed().reduce(0) { $0 << 7 | UInt64($1 & 0x7F) }
    }
    while let start = rest.indices.first {
      let tag = takeVarint()
      let value = takeVarint()
      if tag & 7 == 2 { rest = rest.dropFirst(Int(value)) }
      if tag >> 3 != number { kept += message[start..<rest.startIndex] }
    }
    return kept
  }

  static let wallet = field(2, "u1") + field(3, "USD")
  static let debit = debit(wallet)

  static func debit(_ wallet: [UInt8]) -> [UInt8] {
    field(1, wallet) + field(2, 100) + field(3, "key-00000001") + field(4, "esim.purchase")
  }
}

@Suite("Requests")
struct RequestDecoderTests {
  private let origin = Origin(actor: "local", source: "127.0.0.1", clientName: "")

  private func decode(_ verb: Verb, _ payload: [UInt8]) throws(Failure) -> ServerRequest {
    try decode(method: verb.rawValue, payload)
  }

  private func decode(method: UInt16, _ payload: [UInt8]) throws(Failure) -> ServerRequest {
    try RequestDecoder(budget: 1 << 20, batchBudget: 32 << 20).decode(
      method: method, payload: payload.span, origin: origin)
  }

  private func command(_ payload: [UInt8], _ verb: Verb = .debit) throws -> Command {
    guard case .mutation(let command) = try decode(verb, payload) else { throw Unexpected() }
    return command
  }

  private struct Unexpected: Error {}

  private static func debit(_ more: [UInt8]) -> [UInt8] { Wire.debit + more }

  private static let bytes17 = [[UInt8]](repeating: Wire.field(12, Wire.field(1, "k")), count: 17).flatMap { $0 }

  private static func bytes(_ parts: [UInt8]...) -> [UInt8] { parts.flatMap { $0 } }

  @Test("a full debit arrives with every field")
  func full() throws {
    let metadata = Wire.field(12, Wire.field(1, "sku") + Wire.field(2, "eu-5gb"))
    let payload =
      Wire.debit + Wire.field(5, "order-1") + Wire.field(6, "req-1") + Wire.field(7, "caf\u{E9}")
      + Wire.field(8, "u1") + Wire.field(9, 7) + Wire.field(10, 5) + Wire.field(11, "sales") + metadata
    let command = try command(payload)
    #expect(command.wallet == .name(WalletName(owner: "u1", currency: "USD", name: "main")))
    #expect(command.amount == 100 && command.expectedVersion == 7 && command.key.text == "key-00000001")
    #expect(command.audit.reference == "order-1" && command.audit.note == "caf\u{E9}" && command.audit.occurredAt == 5)
    #expect(command.audit.metadata == [MetadataPair(key: "sku", value: "eu-5gb")])
    #expect(command.violation == nil && command.origin == origin)
  }

  private static let violationsCases: [([UInt8], String)] = [
    (Wire.field(2, 0), "amount"), (Wire.field(2, -1), "amount"), (Wire.field(4, "Upper"), "reason"),
    (Wire.field(4, String(repeating: "r", count: 65)), "reason"), (Wire.field(5, "a\nb"), "reference"),
    (Wire.field(5, String(repeating: "r", count: 129)), "reference"), (Wire.field(6, "a b"), "correlation_id"),
    (Wire.field(7, String(repeating: "n", count: 257)), "note"), (Wire.field(7, "a\0b"), "note"),
    (Wire.field(7, "a\u{85}b"), "note"), (Wire.field(8, "ü"), "on_behalf_of"),
    (Wire.field(9, -1), "expected_version"),
    (Wire.field(10, -1), "occurred_at_micros"), (Wire.field(11, "Sales"), "counter_account"),
    (Wire.field(12, Wire.field(1, "a=b")), "metadata[0].key"),
    (Wire.field(12, Wire.field(2, "v")), "metadata[0].key"),
    (
      Wire.field(12, bytes(Wire.field(1, "k"), Wire.field(2, String(repeating: "v", count: 1025)))), "metadata[0].value"
    ),
  ]

  @Test(
    "each rule of form names its field",
    arguments: violationsCases)
  func violations(_ wrong: [UInt8], _ field: String) throws {
    // A singular field that comes twice counts as the later one.
    guard case .invalidArgument(let named, _) = try command(Wire.debit + wrong).violation?.detail else {
      Issue.record("nothing was found wrong with \(field)")
      return
    }
    #expect(named == field)
  }

  private static let malformedCases: [([UInt8], String)] = [
    (debit(Wire.field(7, [0xC3, 0x28])), "note"), (debit(Wire.field(3, "short")), "idempotency_key"),
    (debit(Wire.field(3, "k\u{E9}y-00001")), "idempotency_key"), (debit(Wire.field(77, 1)), "77"),
    (Wire.debit(bytes(Wire.wallet, Wire.field(55, "x"))), "wallet.55"),
    (debit(Wire.field(12, bytes(Wire.field(1, "k"), Wire.field(3, 1)))), "metadata[0].3"),
    (Wire.debit(bytes(Wire.wallet, Wire.field(1, 5))), "wallet.owner_id"), (Wire.field(3, "key-00000001"), "wallet"),
    (bytes(Wire.field(1, Wire.field(1, -5)), Wire.field(3, "key-00000001")), "wallet.id"),
    (bytes(Wire.field(1, Wire.field(2, "u1")), Wire.field(3, "key-00000001")), "wallet.currency"),
    (debit(bytes17), "metadata"),
  ]

  @Test(
    "what can't be read or looked up is refused at once, by field",
    arguments: malformedCases)
  func malformed(_ payload: [UInt8], _ field: String) {
    #expect {
      try command(payload)
    } throws: { error in
      if case .invalidArgument(field, _) = (error as? Failure)?.detail { true } else { false }
    }
  }

  private static let transfer = bytes(Wire.debit, Wire.field(16, Wire.field(1, 5)))

  private static let repeatedCases: [(Verb, [UInt8], String)] = [
    (.debit, bytes(Wire.field(1, Wire.field(1, 5)), Wire.debit), "wallet"),
    (.credit, bytes(Wire.debit, Wire.field(1, [] as [UInt8])), "wallet"),
    (.getBalance, bytes(Wire.field(1, Wire.wallet), Wire.field(1, Wire.wallet)), "wallet"),
    (.transfer, bytes(transfer, Wire.field(16, Wire.field(1, 6))), "to"),
    (
      .batch,
      bytes(
        Wire.field(15, Wire.field(2, Wire.debit)),
        Wire.field(15, Wire.field(2, bytes(Wire.debit, Wire.field(1, Wire.field(1, 5)))))), "items[1].debit.wallet"
    ),
    (.batch, Wire.field(15, bytes(Wire.field(2, Wire.debit), Wire.field(2, Wire.debit))), "items[0].debit"),
  ]

  @Test("a message that is twice where one may be is refused, neither merged nor replaced", arguments: repeatedCases)
  func repeatedMessages(_ verb: Verb, _ payload: [UInt8], _ field: String) {
    #expect(throws: Failure.invalidArgument(field, "is there twice")) { try decode(verb, payload) }
  }

  @Test(
    "bytes that aren't the message are refused", arguments: [[0xFF], [0x0A, 0x05, 0x01], [0x08, 0x80]] as [[UInt8]])
  func notAMessage(_ payload: [UInt8]) {
    #expect(throws: Failure.self) { try command(payload) }
  }

  @Test("a dry run is marked, whichever way it is read", arguments: [Verb.debit, .credit, .openWallet])
  func dryRun(_ verb: Verb) throws {
    let amount = verb == .openWallet ? [] : Wire.field(2, 100)
    let rest = Wire.field(3, "key-00000001") + Wire.field(4, "esim.purchase")
    let payload = Wire.field(1, Wire.wallet) + amount + rest
    guard case .dryRun(.mutation(let tried)) = try decode(verb, payload + Wire.field(13, 1)) else { throw Unexpected() }
    let real = try command(payload, verb)
    #expect(tried.verb == verb && tried.amount == real.amount && tried.attribution == real.attribution)
    // False, said in so many bytes, is what it is when it is left out.
    #expect(try command(payload + Wire.field(13, 0), verb).verb == verb)
    if verb == .openWallet { return }
    let decoder = RequestDecoder(budget: 1 << 20, batchBudget: 32 << 20)
    var requests: [LedgerRequest] = []
    #expect(try decoder.appendPosting(verb, (payload + Wire.field(13, 1)).span, origin, to: &requests))
    guard case .dryRun(.mutation) = requests[0] else { throw Unexpected() }
  }

  @Test("OpenWallet takes a name, no id")
  func open() throws {
    let rest = Wire.field(3, "key-00000001") + Wire.field(4, "wallet.open")
    #expect(try command(Wire.field(1, Wire.wallet) + rest, .openWallet).verb == .openWallet)
    #expect(throws: Failure.self) { try command(Wire.field(1, Wire.field(1, 5)) + rest, .openWallet) }
  }

  @Test("unknown fields in reads are ignored")
  func reads() throws {
    guard case .getBalance = try decode(.getBalance, Wire.field(1, Wire.wallet) + Wire.field(99, "new")) else {
      throw Unexpected()
    }
  }

  @Test("a page of more rows than allowed is refused")
  func pages() {
    #expect(throws: Failure.invalidArgument("page_size", "is above 1000")) {
      try decode(.listWallets, Wire.field(1, "u1") + Wire.field(2, 1001))
    }
  }

  @Test(
    "numbers without a verb, and verbs that aren't built, are UNIMPLEMENTED",
    arguments: [0, 4, 255, 519, 518, 65535] as [UInt16])
  func unimplemented(_ method: UInt16) {
    #expect(throws: Failure.unimplemented(method)) {
      try decode(method: method, [])
    }
  }

  @Test("a body that unpacks to many times its size meets the budget")
  func amplification() {
    let bomb = Array(repeating: Wire.field(12, [] as [UInt8]), count: 200_000).flatMap { $0 }
    #expect(throws: Failure.self) { try command(Wire.debit + bomb) }
  }

  @Test("no message that the server unpacks can contain itself, or has more fields than can be told apart")
  func recursion() {
    let requests = unsafe [
      wallet__v1__hello__descriptor, wallet__v1__ping_request__descriptor, wallet__v1__get_schema_request__descriptor,
      wallet__v1__get_server_info_request__descriptor, wallet__v1__open_wallet_request__descriptor,
      wallet__v1__debit_request__descriptor, wallet__v1__credit_request__descriptor,
      wallet__v1__get_wallet_request__descriptor, wallet__v1__get_balance_request__descriptor,
      wallet__v1__list_wallets_request__descriptor, wallet__v1__list_transactions_request__descriptor,
      wallet__v1__transfer_request__descriptor, wallet__v1__hold_request__descriptor,
      wallet__v1__capture_request__descriptor, wallet__v1__release_request__descriptor,
      wallet__v1__refund_request__descriptor, wallet__v1__freeze_request__descriptor,
      wallet__v1__unfreeze_request__descriptor, wallet__v1__set_limits_request__descriptor,
      wallet__v1__close_wallet_request__descriptor, wallet__v1__batch_request__descriptor,
      wallet__v1__get_balance_at_request__descriptor, wallet__v1__list_refusals_request__descriptor,
      wallet__v1__explain_balance_request__descriptor, wallet__v1__trial_balance_request__descriptor,
      wallet__v1__register_currency_request__descriptor, wallet__v1__add_counter_account_request__descriptor,
      wallet__v1__create_token_request__descriptor, wallet__v1__revoke_token_request__descriptor,
      wallet__v1__list_tokens_request__descriptor, wallet__v1__watch_transactions_request__descriptor,
      wallet__v1__verify_request__descriptor, wallet__v1__backup_request__descriptor,
    ]
    unsafe requests.forEach { descriptor in #expect(unsafe depth(of: descriptor, below: []) < 8) }
  }

  /// The nesting of a message; 100 when it contains itself.
  private func depth(of descriptor: ProtobufCMessageDescriptor, below: [String]) -> Int {
    let name = unsafe String(cString: descriptor.name)
    if below.contains(name) { return 100 }
    #expect(unsafe descriptor.n_fields <= 64, "\(name): RepeatedMessage has a bit for each of 64 fields")
    var deepest = 0
    for index in unsafe 0..<Int(descriptor.n_fields) {
      let field = unsafe descriptor.fields[index]
      guard unsafe field.type == PROTOBUF_C_TYPE_MESSAGE, let inner = unsafe field.descriptor else { continue }
      let message = unsafe inner.assumingMemoryBound(to: ProtobufCMessageDescriptor.self).pointee
      deepest = max(deepest, unsafe depth(of: message, below: below + [name]))
    }
    return deepest + 1
  }
}
