import CProtobufC
import CWalletProto
import Testing
import WalletCore

@testable import WalletWire

@Suite("Requests and replies of administrators")
struct AdministrationTests {
  private let origin = Origin(actor: "local", source: "127.0.0.1", clientName: "")
  private static let rest = Wire.field(3, "key-00000001") + Wire.field(4, "some.reason")

  private static let violationCases: [(Verb, [UInt8], String)] = [
    (Verb.registerCurrency, Wire.field(1, "esim"), "code: may contain only A-Z 0-9 -"),
    (.registerCurrency, Wire.field(1, String(repeating: "X", count: 17)), "code: has 17 bytes; at most 16 are allowed"),
    (.registerCurrency, Wire.field(1, "X") + Wire.field(2, 19), "exponent: is above 18"),
    (.registerCurrency, Wire.field(1, "X") + Wire.field(2, 4_294_967_295), "exponent: is above 18"),
    (.addCounterAccount, Wire.field(1, "Vouchers"), "name: may contain only a-z 0-9 . _ -"),
    (.addCounterAccount, Wire.field(1, "a b"), "name: may contain only a-z 0-9 . _ -"),
    (
      .addCounterAccount, Wire.field(1, String(repeating: "x", count: 33)),
      "name: has 33 bytes; at most 32 are allowed"
    ),
  ]

  private static let unreadableCases: [(Verb, [UInt8], String)] = [
    (Verb.registerCurrency, [UInt8](), "code: is required"),
    (.registerCurrency, Wire.field(1, "X") + Wire.field(9, 1), "9: is a field that this server doesn't know"),
    (.registerCurrency, Wire.field(1, [0xC3, 0x28]), "code: is not valid UTF-8"),
    (.addCounterAccount, [], "name: is required"),
    (.addCounterAccount, Wire.field(1, "x") + Wire.field(2, 1), "2: is a field that this server doesn't know"),
    (
      .addCounterAccount, Wire.field(1, "x") + Wire.field(12, Wire.field(3, 1)),
      "metadata[0].3: is a field that this server doesn't know"
    ),
  ]

  private func command(_ verb: Verb, _ payload: [UInt8]) throws(Failure) -> Command {
    let decoder = RequestDecoder(budget: 1 << 20, batchBudget: 1 << 20)
    guard case .mutation(let command) = try decoder.decode(method: verb.rawValue, payload: payload.span, origin: origin)
    else { preconditionFailure("\(verb) is not a mutation") }
    return command
  }

  @Test("every field arrives")
  func full() throws {
    let audit =
      Wire.field(5, "order-1") + Wire.field(6, "req-1") + Wire.field(7, "caf\u{E9}") + Wire.field(8, "u9")
      + Wire.field(10, 5) + Wire.field(12, Wire.field(1, "a") + Wire.field(2, "b"))
    let currency = try command(.registerCurrency, Wire.field(1, "ESIM-MB") + Wire.field(2, 18) + Self.rest + audit)
    #expect(currency.parameters == .currency(code: "ESIM-MB", exponent: 18) && currency.violation == nil)
    let account = try command(.addCounterAccount, Wire.field(1, "vouchers.2026_a-b") + Self.rest + audit)
    #expect(account.parameters == .counterAccount(name: "vouchers.2026_a-b") && account.violation == nil)
    for (command, verb) in [(currency, Verb.registerCurrency), (account, .addCounterAccount)] {
      #expect(command.verb == verb && command.key == .text("key-00000001") && command.origin == origin)
      #expect(command.wallet == .none && command.amount == 0 && command.effectiveCounterAccount.isEmpty)
      #expect(
        command.audit
          == Command.Audit(
            reason: "some.reason", note: "caf\u{E9}", reference: "order-1", onBehalfOf: "u9", correlationID: "req-1",
            occurredAt: 5, metadata: [MetadataPair(key: "a", value: "b")]))
    }
    #expect(
      try command(.registerCurrency, Wire.field(1, "X") + Self.rest).parameters == .currency(code: "X", exponent: 0))
  }

  @Test("what breaks a rule of form travels along with its field", arguments: violationCases)
  func violations(_ verb: Verb, _ fields: [UInt8], _ message: String) throws {
    #expect(try command(verb, fields + Self.rest).violation?.message == message)
  }

  @Test("what can't be read, or names nothing, is refused at once", arguments: unreadableCases)
  func unreadable(_ verb: Verb, _ fields: [UInt8], _ message: String) {
    do throws(Failure) {
      let command = try command(verb, fields + Self.rest)
      Issue.record("\(command) was read")
    } catch {
      #expect(error.reason == .invalidArgument && error.message == message)
    }
  }

  @Test("a key is required")
  func key() {
    do throws(Failure) {
      _ = try command(.addCounterAccount, Wire.field(1, "x") + Wire.field(4, "some.reason"))
      Issue.record("read")
    } catch {
      #expect(error.message == "idempotency_key: is required")
    }
  }

  @Test("a trial balance is of all currencies or of one; unknown fields of a read are ignored")
  func trialBalance() throws {
    let decoder = RequestDecoder(budget: 1 << 20, batchBudget: 1 << 20)
    func currency(_ payload: [UInt8]) throws -> Text? {
      let request = try decoder.decode(method: Verb.trialBalance.rawValue, payload: payload.span, origin: origin)
      guard case .list(.trialBalance(let currency), .trialBalance) = request else { return nil }
      return currency
    }
    #expect(try currency([]) == "")
    #expect(try currency(Wire.field(1, "ESIM-MB") + Wire.field(99, 1)) == "ESIM-MB")
    #expect(throws: Failure.invalidArgument("currency", "may contain only A-Z 0-9 -")) {
      try currency(Wire.field(1, "usd"))
    }
  }

  // MARK: Replies

  private func payload(_ outcome: LedgerOutcome, _ verb: Verb) throws -> (reply: JSONValue, flags: UInt8) {
    var output: [UInt8] = []
    ReplyEncoder().append(outcome, to: verb, requestID: 7, into: &output)
    let method = try #require(SchemaRegistry.wallet.methods.first { $0.number == verb.rawValue })
    let json = try ProtobufJSON.value(output[20...], as: method.response, includeDefaults: true)
    #expect(output[6] == 0 && output[7] == 0)
    return (json, output[5])
  }

  @Test("a row of administration is told with all its columns", arguments: [false, true])
  func rows(_ replayed: Bool) throws {
    var row = AdministrationRow(
      seq: 9, verb: .registerCurrency,
      attribution: Attribution(
        key: .text("key-00000001"),
        audit: Command.Audit(
          reason: "new", note: "n", reference: "r", onBehalfOf: "o", correlationID: "c", occurredAt: 5,
          metadata: [MetadataPair(key: "a", value: "b")]), origin: Origin(actor: "x", source: "y", clientName: "z")),
      createdAt: 11, detail: Command.Parameters.currency(code: "ESIM-MB", exponent: 3).encoded)
    (row.requestDigest, row.digest) = ([1, 2], [3, 4])
    let (json, flags) = try payload(.administered(row, replayed: replayed), .registerCurrency)
    #expect(json["replayed"] == .bool(replayed) && json["commitSeq"] == .string("9"))
    #expect(flags == (replayed ? FrameFlags.replayed.rawValue : 0))
    let told = try #require(json["row"])
    let expected: [(String, JSONValue)] = [
      ("id", .string("9")), ("verb", .string("METHOD_REGISTER_CURRENCY")), ("subject", .string("ESIM-MB")),
      ("exponent", .integer(3)), ("actor", .string("x")), ("source", .string("y")), ("clientName", .string("z")),
      ("reason", .string("new")), ("note", .string("n")), ("reference", .string("r")), ("onBehalfOf", .string("o")),
      ("correlationId", .string("c")), ("idempotencyKey", .string("key-00000001")),
      ("occurredAtMicros", .string("5")), ("createdAtMicros", .string("11")), ("requestDigest", .string("AQI=")),
      ("digest", .string("AwQ=")), ("rowFormat", .integer(1)), ("lane", .integer(0)),
      ("metadata", .array([.object([.init("key", .string("a")), .init("value", .string("b"))])])),
    ]
    for (name, value) in expected { #expect(told[name] == value, "\(name)") }
  }

  @Test("a trial balance is told as it is, its difference too")
  func balances() throws {
    var usd = TrialBalance.CurrencyTotals(currency: "USD", exponent: 2, isRegistered: false, walletsTotal: 59)
    usd.counterAccounts = [.init(name: "funding", total: -50), .init(name: "sales", total: -8)]
    let own = TrialBalance.CurrencyTotals(currency: "OWN", exponent: 0, isRegistered: true, walletsTotal: 0)
    let balance = TrialBalance(currencies: [own, usd], counterAccounts: ["funding", "sales"])
    let (json, _) = try payload(.trialBalance(balance, commitSeq: 12), .trialBalance)
    #expect(json["commitSeq"] == .string("12"))
    #expect(json["counterAccounts"] == .array([.string("funding"), .string("sales")]))
    guard case .array(let currencies)? = json["currencies"], currencies.count == 2 else {
      Issue.record("\(json)")
      return
    }
    #expect(currencies[0]["registered"] == .bool(true) && currencies[0]["counterAccounts"] == .array([]))
    #expect(currencies[1]["walletsTotal"] == .string("59") && currencies[1]["difference"] == .string("1"))
    guard case .array(let accounts)? = currencies[1]["counterAccounts"] else { return }
    #expect(accounts.map { $0["total"] } == [.string("-50"), .string("-8")])
    var most = usd
    (most.walletsTotal, most.counterAccounts) = (.max, [.init(name: "sales", total: .max)])
    #expect(most.difference == .max)
  }
}
