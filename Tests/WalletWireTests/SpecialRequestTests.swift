import Testing
import WalletCore

@testable import WalletWire

/// A mutation with parameters, as bytes and as what it must be read as.
struct SpecialRequest: Sendable, CustomTestStringConvertible {
  var verb: Verb
  /// Its field in a BatchItem.
  var item: UInt64
  var name: String
  /// Its own fields: wallet, amount, parameters.
  var fields: [UInt8]
  var amount: Int64 = 0
  var counterAccount: Text = ""
  var parameters: Command.Parameters

  var testDescription: String { name }
  var namesWallet: Bool { verb.namesWallet }

  /// Wallet, key and reason beside its own fields.
  var payload: [UInt8] { fields + Wire.field(3, "key-00000001") + Wire.field(4, "some.reason") }

  static let other = Wire.field(2, "u2") + Wire.field(3, "EUR") + Wire.field(4, "savings")

  private static let limits: WalletLimits = {
    var limits = WalletLimits()
    (limits.overdraft, limits.balanceMax, limits.amountMax) = (1, 2, 3)
    limits.day = WindowLimit(amount: 4, count: 5)
    limits.week = WindowLimit(amount: 6, count: 7)
    limits.month = WindowLimit(amount: 8, count: .max)
    return limits
  }()

  private static let limitsFields =
    Wire.field(1, 1) + Wire.field(2, 2) + Wire.field(3, 3) + Wire.field(4, Wire.field(1, 4) + Wire.field(2, 5))
    + Wire.field(5, Wire.field(1, 6) + Wire.field(2, 7)) + Wire.field(6, Wire.field(1, 8) + Wire.field(2, .max))

  private static let wallet = Wire.field(1, Wire.wallet)

  static let all: [SpecialRequest] = [
    SpecialRequest(
      verb: .transfer, item: 4, name: "transfer", fields: wallet + Wire.field(2, 100) + Wire.field(16, other),
      amount: 100,
      parameters: .transfer(to: .name(WalletName(owner: "u2", currency: "EUR", name: "savings")))),
    SpecialRequest(
      verb: .hold, item: 5, name: "hold", fields: wallet + Wire.field(2, 100) + Wire.field(16, 31_622_400_000),
      amount: 100, parameters: .hold(timeout: 31_622_400_000_000)),
    SpecialRequest(
      verb: .capture, item: 6, name: "capture",
      fields: Wire.field(2, 40) + Wire.field(11, "esim") + Wire.field(16, 77) + Wire.field(17, 1), amount: 40,
      counterAccount: "esim", parameters: .capture(holdID: 77, isFinal: true)),
    SpecialRequest(
      verb: .release, item: 7, name: "release", fields: Wire.field(16, .max), parameters: .release(holdID: .max)),
    SpecialRequest(
      verb: .refund, item: 8, name: "refund",
      fields: Wire.field(2, 40) + Wire.field(11, "esim") + Wire.field(16, 78), amount: 40, counterAccount: "esim",
      parameters: .refund(seq: 78)),
    SpecialRequest(
      verb: .freeze, item: 9, name: "freeze",
      fields: wallet + Wire.field(16, 2) + Wire.field(17, 1_700_000_000_000_000),
      parameters: .freeze(.credit, until: 1_700_000_000_000_000)),
    SpecialRequest(
      verb: .unfreeze, item: 10, name: "unfreeze", fields: wallet + Wire.field(16, 3), parameters: .unfreeze(.all)),
    SpecialRequest(
      verb: .setLimits, item: 11, name: "set_limits", fields: wallet + Wire.field(16, limitsFields),
      parameters: .limits(limits)),
    SpecialRequest(verb: .closeWallet, item: 12, name: "close_wallet", fields: wallet, parameters: .none),
  ]

  static func of(_ verb: Verb) -> SpecialRequest {
    guard let request = all.first(where: { $0.verb == verb }) else { preconditionFailure("no request of \(verb)") }
    return request
  }
}

@Suite("Requests with parameters")
struct SpecialRequestTests {
  private let origin = Origin(actor: "local", source: "127.0.0.1", clientName: "")

  private func command(_ verb: Verb, _ payload: [UInt8]) throws(Failure) -> Command {
    let decoder = RequestDecoder(budget: 1 << 20, batchBudget: 32 << 20)
    let request = try decoder.decode(method: verb.rawValue, payload: payload.span, origin: origin)
    switch request {
    case .mutation(let command), .dryRun(.mutation(let command)): return command
    default: preconditionFailure("\(verb) is not a mutation")
    }
  }

  private func batch(_ payload: [UInt8]) throws(Failure) -> BatchCommand {
    let decoder = RequestDecoder(budget: 1 << 20, batchBudget: 32 << 20)
    let request = try decoder.decode(method: Verb.batch.rawValue, payload: payload.span, origin: origin)
    switch request {
    case .batch(let batch), .dryRun(.batch(let batch)): return batch
    default: preconditionFailure("not a batch")
    }
  }

  private func item(_ request: SpecialRequest, _ payload: [UInt8]) -> [UInt8] {
    Wire.field(15, Wire.field(request.item, payload))
  }

  /// What the request is refused for at once, as `field: rule`.
  private func refusal(_ verb: Verb, _ payload: [UInt8]) -> String? {
    do throws(Failure) {
      _ = try command(verb, payload)
      return nil
    } catch {
      return error.message
    }
  }

  // MARK: What is right

  @Test("every field arrives", arguments: SpecialRequest.all)
  func full(_ request: SpecialRequest) throws {
    let metadata = Wire.field(12, Wire.field(1, "sku") + Wire.field(2, "eu-5gb"))
    let rest =
      Wire.field(5, "order-1") + Wire.field(6, "req-1") + Wire.field(7, "caf\u{E9}") + Wire.field(8, "u9")
      + Wire.field(9, 7) + Wire.field(10, 5) + metadata
    let command = try command(request.verb, request.payload + rest)
    #expect(command.verb == request.verb && command.key == .text("key-00000001") && command.origin == origin)
    let named = WalletReference.name(WalletName(owner: "u1", currency: "USD", name: "main"))
    #expect(command.wallet == (request.namesWallet ? named : .none))
    #expect(command.amount == request.amount && command.expectedVersion == 7)
    #expect(command.counterAccount == request.counterAccount && command.parameters == request.parameters)
    #expect(
      command.audit
        == Command.Audit(
          reason: "some.reason", note: "caf\u{E9}", reference: "order-1", onBehalfOf: "u9", correlationID: "req-1",
          occurredAt: 5, metadata: [MetadataPair(key: "sku", value: "eu-5gb")]))
    #expect(command.violation == nil)
  }

  @Test("as an item of a batch it is the same command", arguments: SpecialRequest.all)
  func items(_ request: SpecialRequest) throws {
    let batch = try batch(item(request, request.payload) + Wire.field(15, Wire.field(2, Wire.debit)))
    guard case .command(let command) = batch.items[0], case .command(let debit) = batch.items[1] else {
      Issue.record("\(batch.items)")
      return
    }
    #expect(debit.verb == .debit && command.verb == request.verb && command.parameters == request.parameters)
    #expect(command.amount == request.amount && command.counterAccount == request.counterAccount)
    #expect(command.key == .text("key-00000001") && command.violation == nil)
  }

  @Test("an item of a batch of all or nothing has the batch's key", arguments: SpecialRequest.all)
  func keys(_ request: SpecialRequest) throws {
    let keyless = request.fields + Wire.field(4, "some.reason")
    let batch = try batch(Wire.field(14, 1) + Wire.field(3, "batch-0000001") + item(request, keyless))
    guard case .command(let command) = batch.items[0] else { return }
    #expect(command.key == .item(.text("batch-0000001"), index: 0) && command.parameters == request.parameters)
  }

  @Test("the shortest forms: ids, all that is left, until it is lifted, no limits")
  func shortest() throws {
    let byID = Wire.field(1, Wire.field(1, 5))
    let rest = Wire.field(3, "key-00000001") + Wire.field(4, "some.reason")
    let transfer = try command(.transfer, byID + Wire.field(2, 1) + Wire.field(16, Wire.field(1, 6)) + rest)
    #expect(transfer.wallet == .id(5, currency: "") && transfer.parameters == .transfer(to: .id(6, currency: "")))
    let capture = try command(.capture, Wire.field(16, 1) + rest)
    #expect(capture.amount == 0 && capture.parameters == .capture(holdID: 1, isFinal: false))
    #expect(capture.counterAccount.isEmpty && capture.effectiveCounterAccount == "sales" && capture.violation == nil)
    let refund = try command(.refund, Wire.field(16, 1) + rest)
    #expect(refund.amount == 0 && refund.effectiveCounterAccount == "refunds" && refund.violation == nil)
    #expect(try command(.hold, byID + Wire.field(2, 1) + Wire.field(16, 1) + rest).parameters == .hold(timeout: 1000))
    #expect(try command(.freeze, byID + Wire.field(16, 1) + rest).parameters == .freeze(.debit, until: 0))
    #expect(try command(.setLimits, byID + Wire.field(16, []) + rest).parameters == .limits(WalletLimits()))
  }

  @Test("an amount without a wallet may have a currency", arguments: [Verb.capture, .refund])
  func currency(_ verb: Verb) throws {
    let request = Wire.field(16, 1) + Wire.field(3, "key-00000001") + Wire.field(4, "some.reason")
    #expect(try command(verb, request + Wire.field(18, "EUR")).currency == "EUR")
    #expect(try command(verb, request).currency.isEmpty)
    let wrong = try command(verb, request + Wire.field(18, "eur"))
    #expect(wrong.violation == .invalidArgument("currency", "may contain only A-Z 0-9 -"))
  }

  // MARK: What is wrong

  private static let positive = "must be positive, in minor units"
  private static let orAll = "must be positive, in minor units, or 0 for all that is left"
  private static let duration = "must be from 1 to 31622400000 (366 days)"

  private static let limitViolations: [(Verb, [UInt8], String)] =
    [(UInt64(1), "overdraft_limit"), (2, "max_balance"), (3, "max_amount")].map { number, name in
      (.setLimits, Wire.field(16, Wire.field(number, -1)), "limits.\(name): may not be negative")
    }
    + [(UInt64(4), "day"), (5, "week"), (6, "month")].flatMap { number, name in
      [(UInt64(1), "amount"), (2, "count")].map { figure, field in
        (
          Verb.setLimits, Wire.field(16, Wire.field(number, Wire.field(figure, .min))),
          "limits.\(name).\(field): may not be negative"
        )
      }
    }

  private static let violationCases: [(Verb, [UInt8], String)] =
    [
      (.transfer, Wire.field(2, 0), "amount: \(positive)"), (.transfer, Wire.field(2, -1), "amount: \(positive)"),
      (
        .transfer, Wire.field(16, Wire.field(2, "no owner") + Wire.field(3, "EUR")),
        "to.owner_id: may contain only A-Z a-z 0-9 . _ : @ -"
      ),
      (
        .transfer, Wire.field(16, Wire.field(2, "u2") + Wire.field(3, "usd")), "to.currency: may contain only A-Z 0-9 -"
      ),
      (
        .transfer, Wire.field(16, SpecialRequest.other + Wire.field(4, "a\nb")),
        "to.name: may not contain control characters"
      ),
      (.hold, Wire.field(2, 0), "amount: \(positive)"), (.hold, Wire.field(2, .min), "amount: \(positive)"),
      (.hold, Wire.field(16, 0), "timeout_millis: \(duration)"),
      (.hold, Wire.field(16, -1), "timeout_millis: \(duration)"),
      (.hold, Wire.field(16, 31_622_400_001), "timeout_millis: \(duration)"),
      (.hold, Wire.field(16, .max), "timeout_millis: \(duration)"),
      (.hold, Wire.field(16, .min), "timeout_millis: \(duration)"),
      (.capture, Wire.field(2, -1), "amount: \(orAll)"), (.refund, Wire.field(2, -1), "amount: \(orAll)"),
      (.capture, Wire.field(11, "Sales"), "counter_account: may contain only a-z 0-9 . _ -"),
      (.refund, Wire.field(11, "Sales"), "counter_account: may contain only a-z 0-9 . _ -"),
      (
        .freeze, Wire.field(17, -1),
        "until_micros: must be microseconds since 1970, or 0 for until it is lifted"
      ),
    ] + limitViolations

  @Test("a rule of form that is broken travels with the command", arguments: violationCases)
  func violations(_ verb: Verb, _ wrong: [UInt8], _ message: String) throws {
    let request = SpecialRequest.of(verb)
    // A number or text that comes twice counts as the later one; a message may be there once.
    let isMessage = wrong.starts(with: Wire.varint(16 << 3 | 2))
    let payload = (isMessage ? Wire.without(16, in: request.payload) : request.payload) + wrong
    #expect(try command(verb, payload).violation?.message == message)
    let batch = try batch(item(request, payload))
    guard case .command(let command) = batch.items[0] else {
      Issue.record("\(batch.items)")
      return
    }
    #expect(command.violation?.message == "items[0].\(request.name).\(message)")
  }

  @Test("so do those that all mutations have", arguments: SpecialRequest.all)
  func commonViolations(_ request: SpecialRequest) throws {
    for (wrong, field) in [
      (Wire.field(4, "Upper"), "reason"), (Wire.field(4, []), "reason"), (Wire.field(5, "a\nb"), "reference"),
      (Wire.field(6, "a b"), "correlation_id"), (Wire.field(7, String(repeating: "n", count: 257)), "note"),
      (Wire.field(8, "ü"), "on_behalf_of"), (Wire.field(9, -1), "expected_version"),
      (Wire.field(10, -1), "occurred_at_micros"), (Wire.field(12, Wire.field(1, "a=b")), "metadata[0].key"),
    ] {
      guard case .invalidArgument(let named, _) = try command(request.verb, request.payload + wrong).violation?.detail
      else {
        Issue.record("nothing was found wrong with \(field)")
        continue
      }
      #expect(named == field)
    }
  }

  private static let rest = Wire.field(3, "key-00000001") + Wire.field(4, "some.reason")
  private static let wallet = Wire.field(1, Wire.wallet)
  private static let unknown = "is a field that this server doesn't know"

  /// Whole payloads.
  private static let malformedCases: [(Verb, [UInt8], String)] = [
    (.transfer, wallet + Wire.field(2, 1) + rest, "to: is required"),
    (.transfer, wallet + Wire.field(16, []) + rest, "to.owner_id: is required where to.id is not given"),
    (
      .transfer, wallet + Wire.field(16, Wire.field(2, "u2")) + rest,
      "to.currency: is required where to.id is not given"
    ),
    (.transfer, wallet + Wire.field(16, Wire.field(1, -1)) + rest, "to.id: must be positive"),
    (
      .transfer, wallet + Wire.field(16, Wire.field(1, 1) + Wire.field(2, "u2")) + rest,
      "to.owner_id: may not be given beside to.id"
    ),
    (
      .transfer, wallet + Wire.field(16, Wire.field(1, 1) + Wire.field(4, "main")) + rest,
      "to.name: may not be given beside to.id"
    ),
    (.transfer, wallet + Wire.field(16, Wire.field(1, 1) + Wire.field(5, 1)) + rest, "to.5: \(unknown)"),
    (
      .transfer, wallet + Wire.field(16, Wire.field(1, 1) + Wire.field(3, [0xC3])) + rest,
      "to.currency: is not valid UTF-8"
    ),
    (.capture, rest, "hold_id: is required"), (.capture, Wire.field(16, -1) + rest, "hold_id: must be positive"),
    (.release, rest, "hold_id: is required"), (.release, Wire.field(16, .min) + rest, "hold_id: must be positive"),
    (.refund, rest, "transaction_id: is required"),
    (.refund, Wire.field(16, -1) + rest, "transaction_id: must be positive"),
    (.freeze, wallet + rest, "scope: is required"), (.unfreeze, wallet + rest, "scope: is required"),
    (.freeze, wallet + Wire.field(16, 4) + rest, "scope: is not a scope that this server knows"),
    (.unfreeze, wallet + Wire.field(16, -1) + rest, "scope: is not a scope that this server knows"),
    (.freeze, wallet + Wire.field(16, 257) + rest, "scope: is not a scope that this server knows"),
    (.setLimits, wallet + rest, "limits: is required; an empty one lifts all limits"),
    (.setLimits, wallet + Wire.field(16, Wire.field(7, 1)) + rest, "limits.7: \(unknown)"),
    (.setLimits, wallet + Wire.field(16, Wire.field(4, Wire.field(3, 1))) + rest, "limits.day.3: \(unknown)"),
    (.setLimits, wallet + Wire.field(16, Wire.field(5, Wire.field(9, "x"))) + rest, "limits.week.9: \(unknown)"),
    (.setLimits, wallet + Wire.field(16, Wire.field(6, Wire.field(3, 1))) + rest, "limits.month.3: \(unknown)"),
    // What other verbs have.
    (.capture, SpecialRequest.of(.capture).payload + wallet, "1: \(unknown)"),
    (.release, SpecialRequest.of(.release).payload + Wire.field(2, 1), "2: \(unknown)"),
    (.transfer, SpecialRequest.of(.transfer).payload + Wire.field(11, "sales"), "11: \(unknown)"),
    (.hold, SpecialRequest.of(.hold).payload + Wire.field(11, "sales"), "11: \(unknown)"),
    (.freeze, SpecialRequest.of(.freeze).payload + Wire.field(2, 1), "2: \(unknown)"),
    (.closeWallet, SpecialRequest.of(.closeWallet).payload + Wire.field(16, 1), "16: \(unknown)"),
  ]

  @Test("what can't be read, or names nothing, is refused at once", arguments: malformedCases)
  func malformed(_ verb: Verb, _ payload: [UInt8], _ message: String) throws {
    #expect(refusal(verb, payload) == message)
    let request = SpecialRequest.of(verb)
    let batch = try batch(item(request, payload))
    guard case .malformed(let failure) = batch.items[0] else {
      Issue.record("\(batch.items)")
      return
    }
    #expect(failure.message == "items[0].\(request.name).\(message)")
  }

  @Test("so is what no mutation may have", arguments: SpecialRequest.all)
  func commonMalformed(_ request: SpecialRequest) {
    for (wrong, field) in [
      (Wire.field(3, "short"), "idempotency_key"), (Wire.field(3, []), "idempotency_key"),
      (Wire.field(7, [0xC3, 0x28]), "note"), (Wire.field(77, 1), "77"), (Wire.field(100, 1), "100"),
      (Wire.field(12, Wire.field(1, "k") + Wire.field(3, 1)), "metadata[0].3"),
    ] {
      #expect(refusal(request.verb, request.payload + wrong)?.hasPrefix("\(field): ") == true, "\(field)")
    }
    if request.namesWallet {
      for (wrong, field) in [(Wire.field(55, 1), "wallet.55"), (Wire.field(1, 5), "wallet.owner_id")] {
        let payload = Wire.without(1, in: request.payload) + Wire.field(1, Wire.wallet + wrong)
        #expect(refusal(request.verb, payload)?.hasPrefix("\(field): ") == true, "\(field)")
      }
    }
    #expect(
      refusal(request.verb, [0x0A, 0x05]) == ": the body is not a message of this method, or too large when unpacked")
  }

  @Test("without its wallet nothing is done", arguments: SpecialRequest.all.filter(\.namesWallet))
  func noWallet(_ request: SpecialRequest) {
    let payload = Array(request.payload.dropFirst(Wire.field(1, Wire.wallet).count))
    #expect(refusal(request.verb, payload) == "wallet: is required")
  }

  @Test(
    "a dry run is the same command, marked; an item of a batch can't be one of its own", arguments: SpecialRequest.all)
  func dryRun(_ request: SpecialRequest) throws {
    let payload = request.payload + Wire.field(13, 1)
    let decoder = RequestDecoder(budget: 1 << 20, batchBudget: 32 << 20)
    let read = try decoder.decode(method: request.verb.rawValue, payload: payload.span, origin: origin)
    guard case .dryRun(.mutation(let tried)) = read else { preconditionFailure("\(read)") }
    let real = try command(request.verb, request.payload)
    #expect(tried.verb == real.verb && tried.attribution == real.attribution && tried.wallet == real.wallet)
    #expect(tried.amount == real.amount && tried.parameters == real.parameters && tried.violation == real.violation)
    #expect(throws: Failure.unimplemented(Verb.batch.rawValue, feature: "items[0].\(request.name).dry_run")) {
      try batch(item(request, payload))
    }
  }

  @Test("mutated requests are read or refused, alone and in a batch", arguments: SpecialRequest.all)
  func fuzz(_ request: SpecialRequest) {
    var values = RandomValues(seed: UInt64(request.verb.rawValue))
    var readable = 0
    for _ in 0..<2000 {
      var payload = request.payload
      for _ in 0...values.below(3) where !payload.isEmpty {
        let place = values.below(UInt64(payload.count))
        switch values.below(3) {
        case 0: payload[place] ^= 1 << UInt8(values.below(8))
        case 1: payload.remove(at: place)
        default: payload.insert(UInt8(truncatingIfNeeded: values.bits()), at: place)
        }
      }
      let alone = refusal(request.verb, payload)
      if alone == nil { readable += 1 }
      guard let batch = try? batch(item(request, payload)), let only = batch.items.first else { continue }
      // A batch whose bytes can't be read is refused as a whole; what can is read as it is alone.
      switch only {
      case .command(let command): #expect(alone == nil && command.verb == request.verb, "\(payload)")
      case .malformed(let failure): #expect(failure.message == alone.map { "items[0].\(request.name).\($0)" })
      }
    }
    #expect((1..<2000).contains(readable))
  }
}
