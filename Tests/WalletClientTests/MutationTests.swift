import Testing
import WalletWire

import enum WalletCore.Verb

@testable import WalletClient

/// Every mutation on the wire, alone and in a batch, and the errors that belong to them.
@Suite("Mutations of the client", .timeLimit(.minutes(1))) struct MutationTests {
  static let wallet = WalletReference.id(7)
  static let other = WalletReference.owner("u2", currency: "USD", name: "main")

  static let limits: WalletLimits = {
    var limits = WalletLimits()
    limits.overdraftLimit = 100
    limits.maxAmount = 5
    limits.week = WindowLimit(amount: 9, count: 2)
    return limits
  }()

  static let wallets = #""wallet":{"id":"7"}"#

  /// Each with its own fields in JSON; whatever all have stands around them.
  static let samples: [(mutation: BatchItem.Mutation, before: String, after: String)] = [
    (.debit(wallet, amount: 5), wallets + #","amount":"5""#, ""),
    (.credit(wallet, amount: 5), wallets + #","amount":"5""#, ""),
    (
      .transfer(from: wallet, to: other, amount: 5), wallets + #","amount":"5""#,
      #","to":{"ownerId":"u2","currency":"USD","name":"main"}"#
    ),
    (
      .hold(wallet, amount: 5, timeout: .seconds(900)), wallets + #","amount":"5""#,
      #","timeoutMillis":"900000""#
    ),
    (.capture(holdID: 9, amount: nil, currency: "", isFinal: false), "", #","holdId":"9""#),
    (
      .capture(holdID: 9, amount: 3, currency: "USD", isFinal: true), #""amount":"3""#,
      #","holdId":"9","final":true,"currency":"USD""#
    ),
    (.release(holdID: 9), "", #","holdId":"9""#),
    (.refund(transactionID: 8, amount: nil, currency: ""), "", #","transactionId":"8""#),
    (
      .refund(transactionID: 8, amount: 2, currency: "EUR"), #""amount":"2""#,
      #","transactionId":"8","currency":"EUR""#
    ),
    (
      .freeze(wallet, scope: .debit, untilMicros: 11), wallets,
      #","scope":"FREEZE_SCOPE_DEBIT","untilMicros":"11""#
    ),
    (.unfreeze(wallet, scope: .all), wallets, #","scope":"FREEZE_SCOPE_ALL""#),
    (
      .setLimits(wallet, limits), wallets,
      #","limits":{"overdraftLimit":"100","maxAmount":"5","week":{"amount":"9","count":"2"}}"#
    ),
    (.closeWallet(wallet), wallets, ""),
  ]

  static let options: MutationOptions = {
    var options = MutationOptions(reason: "esim.purchase")
    options.expectedVersion = 4
    options.note = "n"
    options.reference = "r"
    options.onBehalfOf = "o"
    options.correlationID = "c"
    options.occurredAtMicros = 12
    options.metadata = [MetadataEntry(key: "a", value: "b")]
    return options
  }()

  private func schema(_ verb: Verb) throws -> MessageSchema {
    try #require(SchemaRegistry.wallet.methods.first { $0.number == verb.rawValue }).request
  }

  @Test("each verb sends its own fields and those that all have", arguments: samples.indices)
  func requests(index: Int) throws {
    let sample = Self.samples[index]
    let bytes = RequestEncoding.mutation(sample.mutation, Self.options, key: "key-0001")
    let json = try ProtobufJSON.value(bytes[...], as: schema(sample.mutation.verb), includeDefaults: false).text
    let before = sample.before.isEmpty ? "" : sample.before + ","
    let common =
      #""idempotencyKey":"key-0001","reason":"esim.purchase","reference":"r","correlationId":"c","note":"n","#
      + #""onBehalfOf":"o","expectedVersion":"4","occurredAtMicros":"12","metadata":[{"key":"a","value":"b"}]"#
    #expect(json == "{" + before + common + sample.after + "}")
  }

  @Test("an item of a batch is the same message")
  func items() throws {
    let items = Self.samples.map { BatchItem($0.mutation, Self.options) }
    let keys = items.map { _ in "key-0001" }
    let bytes = RequestEncoding.batch(
      items, .ofItems(from: "018bcfe5-6800-7fff-bfff-fffffffffffe"), keys, BatchOptions())
    let json = try ProtobufJSON.value(bytes[...], as: schema(.batch), includeDefaults: false)
    guard case .array(let values)? = json["items"] else {
      Issue.record("\(json)")
      return
    }
    #expect(values.count == items.count)
    for (sample, value) in zip(Self.samples, values) {
      guard case .object(let members) = value, members.count == 1 else {
        Issue.record("\(value)")
        continue
      }
      let alone = RequestEncoding.mutation(sample.mutation, Self.options, key: "key-0001")
      let schema = try schema(sample.mutation.verb)
      #expect(schema.name.lowercased() == "wallet.v1.\(members[0].name)request".lowercased())
      #expect(members[0].value == (try ProtobufJSON.value(alone[...], as: schema, includeDefaults: false)))
    }
  }

  @Test("those that post against a counter-account name it")
  func counterAccounts() throws {
    var options = MutationOptions(reason: "r")
    options.counterAccount = "adjustments"
    for sample in Self.samples {
      let schema = try schema(sample.mutation.verb)
      let bytes = RequestEncoding.mutation(sample.mutation, options, key: "key-0001")
      let json = try ProtobufJSON.value(bytes[...], as: schema, includeDefaults: false)
      let takesOne = schema.fields.contains { $0.name == "counter_account" }
      #expect(json["counterAccount"] == (takesOne ? .string("adjustments") : nil))
    }
  }

  @Test("a hold's time in whole milliseconds, a begun one counted")
  func timeouts() {
    for (duration, millis): (Duration, Int64) in [
      (.zero, 0), (.nanoseconds(1), 1), (.microseconds(1_001), 2), (.milliseconds(5), 5),
      (.seconds(31_622_400), 31_622_400_000),
      (.seconds(-1), -1_000), (.seconds(Int64.max), .max), (.seconds(Int64.min), .min),
    ] {
      #expect(duration.millisecondsRoundedUp == millis, "\(duration)")
    }
  }

  @Test("an amount of 0 isn't sent where none would mean all of it", arguments: [false, true])
  func nothingIsNotAll(_ earlierOutcomeUnknown: Bool) async {
    let client = WalletClient(host: "127.0.0.1", port: 1)
    var options = MutationOptions(reason: "r", idempotencyKey: "key-0001")
    options.earlierOutcomeUnknown = earlierOutcomeUnknown
    let rule = FailureCause.invalidRequest("an amount is from 1; without one it is all that is left")
    let expected: WalletError =
      earlierOutcomeUnknown
      ? .outcomeUnknown(key: "key-0001", cause: rule) : .notExecuted(key: "key-0001", cause: rule)
    await #expect(throws: expected) { try await client.capture(holdID: 1, amount: 0, options) }
    await #expect(throws: expected) { try await client.refund(transactionID: 1, amount: 0, options) }
    let item = FailureCause.invalidRequest("item 1: an amount is from 1; without one it is all that is left")
    await #expect(throws: WalletError.notExecuted(key: "batch-0001", cause: item)) {
      let plain = MutationOptions(reason: "r")
      return try await client.batch(
        [.debit(Self.wallet, amount: 1, plain), .refund(transactionID: 1, amount: 0, plain)],
        mode: .allOrNothing(key: "batch-0001"))
    }
  }

  @Test("each call goes to its method; one that is lost goes out again with the same bytes")
  func calls() async throws {
    let server = try ScriptedServer { connection, number in
      connection.greet()
      guard let first = connection.request() else { return }
      // The first connection breaks with the request in it.
      if number == 0 { return }
      var request = first
      while true {
        let reply =
          request.header.code == Verb.transfer.rawValue
          ? BatchTests.message(
            "TransferResponse",
            """
            {"source":{"transaction":{"id":"7","amount":"-5"},"balance":"1","currency":"USD","exponent":2},
            "destination":{"id":"8","walletId":"2","amount":"5"},"commitSeq":"8","replayed":true}
            """)
          : BatchTests.message("MutationResponse", #"{"commitSeq":"\#(request.header.code)"}"#)
        connection.reply(request.header.requestID, reply)
        guard let next = connection.request() else { return }
        request = next
      }
    }
    let client = server.client()
    let options = MutationOptions(reason: "r", idempotencyKey: "key-0001")
    let transfer = try await client.transfer(from: Self.wallet, to: Self.other, amount: 5, options)
    #expect(transfer.source.transaction.id == 7 && transfer.source.balance == 1 && transfer.source.exponent == 2)
    #expect(transfer.destination.id == 8 && transfer.destination.walletID == 2)
    #expect(transfer.commitSeq == 8 && transfer.replayed && transfer.source.replayed)
    #expect(transfer.idempotencyKey == "key-0001")

    let wallet = Self.wallet
    #expect(try await client.hold(wallet, amount: 1, timeout: .seconds(1), options).commitSeq == 264)
    #expect(try await client.capture(holdID: 1, options).commitSeq == 265)
    #expect(try await client.release(holdID: 1, options).commitSeq == 266)
    #expect(try await client.refund(transactionID: 1, options).commitSeq == 267)
    #expect(try await client.freeze(wallet, scope: .all, options).commitSeq == 268)
    #expect(try await client.unfreeze(wallet, scope: .all, options).commitSeq == 269)
    #expect(try await client.setLimits(wallet, to: Self.limits, options).commitSeq == 270)
    #expect(try await client.closeWallet(wallet, options).commitSeq == 271)
  }

  @Test("a transfer whose reply can't be read has an unknown outcome")
  func unreadableTransfer() async throws {
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      while let request = connection.request() { connection.reply(request.header.requestID, []) }
    }
    let options = MutationOptions(reason: "r", idempotencyKey: "key-0001")
    await #expect(
      throws: WalletError.outcomeUnknown(
        key: "key-0001", cause: .invalidReply("TransferResponse without a source"))
    ) {
      try await server.client().transfer(from: Self.wallet, to: Self.other, amount: 5, options)
    }
  }

  @Test("typed figures of each error")
  func errors() {
    let cases: [(ErrorReason, String, RejectionDetail)] = [
      (.notRefundable, #""transaction":{"transactionId":"4"}"#, .transaction(id: 4)),
      (
        .holdExpired, #""hold":{"holdId":"4","atMicros":"5","remaining":"6"}"#,
        .hold(HoldFigures(holdID: 4, atMicros: 5, remaining: 6))
      ),
      (
        .refundExceedsOriginal, #""refundExceeds":{"original":"9","refunded":"6","remaining":"3"}"#,
        .refundExceeds(original: 9, refunded: 6, remaining: 3)
      ),
      (
        .walletFrozen,
        #""walletFrozen":{"walletId":"1","scope":2,"reason":"fraud","sinceMicros":"3","untilMicros":"4"}"#,
        .walletFrozen(WalletFrozen(walletID: 1, scope: .credit, reason: "fraud", sinceMicros: 3, untilMicros: 4))
      ),
      (
        .walletFrozen, #""walletFrozen":{"scope":99}"#,
        .walletFrozen(WalletFrozen(walletID: 0, scope: nil, reason: "", sinceMicros: 0, untilMicros: 0))
      ),
      (
        .walletNotEmpty, #""walletNotEmpty":{"balance":"5","openHolds":"2"}"#,
        .walletNotEmpty(balance: 5, openHolds: 2)
      ),
      (
        .limitExceeded, #""limitExceeded":{"kind":5,"limit":"9","used":"8","remaining":"1","windowEndMicros":"7"}"#,
        .limitExceeded(LimitExceeded(kind: .weekCount, limit: 9, used: 8, remaining: 1, windowEndMicros: 7))
      ),
      (
        .maxBalanceExceeded, #""maxBalanceExceeded":{"limit":"9","balance":"8","remaining":"1"}"#,
        .maxBalanceExceeded(limit: 9, balance: 8, remaining: 1)
      ),
    ]
    for (reason, detail, expected) in cases {
      let payload = BatchTests.message("Error", #"{"reason":\#(reason.rawValue),\#(detail)}"#)
      let rejection = Rejection(payload: payload, status: reason.status)
      #expect(rejection.detail == expected && rejection.reason == reason && rejection.isRemembered)
    }
  }

  @Test("holds whose end isn't written yet show")
  func pendingExpiries() throws {
    let balance = BatchTests.message("GetBalanceResponse", #"{"held":"5","expiryPending":true}"#)
    #expect(try ReplyDecoding.balance(balance).expiryPending)
    let wallet = BatchTests.message("GetWalletResponse", #"{"wallet":{"id":"5","expiryPending":true}}"#)
    #expect(try ReplyDecoding.wallet(wallet).expiryPending)
    #expect(!(try ReplyDecoding.wallet(BatchTests.message("GetWalletResponse", #"{"wallet":{}}"#)).expiryPending))
  }
}
