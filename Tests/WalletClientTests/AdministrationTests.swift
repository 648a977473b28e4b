import Testing
import WalletWire

import enum WalletCore.Verb

@testable import WalletClient

@Suite("What administrators ask for", .timeLimit(.minutes(1)))
struct AdministrationTests {
  private func json(_ bytes: [UInt8], _ verb: Verb) throws -> String {
    let method = try #require(SchemaRegistry.wallet.methods.first { $0.number == verb.rawValue })
    return try ProtobufJSON.value(bytes[...], as: method.request, includeDefaults: false).text
  }

  @Test("both mutations send their own fields and those that all have; neither has a version")
  func requests() throws {
    let common =
      #""idempotencyKey":"key-0001","reason":"esim.purchase","reference":"r","correlationId":"c","note":"n","#
      + #""onBehalfOf":"o","occurredAtMicros":"12","metadata":[{"key":"a","value":"b"}]}"#
    let options = MutationTests.options
    #expect(
      try json(
        RequestEncoding.registerCurrency(code: "ESIM-MB", exponent: 3, options, key: "key-0001"), .registerCurrency)
        == #"{"code":"ESIM-MB","exponent":3,"# + common)
    #expect(
      try json(RequestEncoding.addCounterAccount(name: "vouchers", options, key: "key-0001"), .addCounterAccount)
        == #"{"name":"vouchers","# + common)
    #expect(try json(RequestEncoding.trialBalance(currency: "USD"), .trialBalance) == #"{"currency":"USD"}"#)
    #expect(try json(RequestEncoding.trialBalance(currency: ""), .trialBalance) == "{}")
  }

  @Test("an exponent that is no number of digits isn't sent", arguments: [false, true])
  func exponents(_ earlierOutcomeUnknown: Bool) async {
    let client = WalletClient(host: "127.0.0.1", port: 1)
    var options = MutationOptions(reason: "r", idempotencyKey: "key-0001")
    options.earlierOutcomeUnknown = earlierOutcomeUnknown
    let rule = FailureCause.invalidRequest("an exponent is from 0 to 18")
    let expected: WalletError =
      earlierOutcomeUnknown
      ? .outcomeUnknown(key: "key-0001", cause: rule) : .notExecuted(key: "key-0001", cause: rule)
    await #expect(throws: expected) { try await client.registerCurrency("ESIM-MB", exponent: -1, options) }
  }
}
