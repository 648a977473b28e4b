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

  @Test("tokens: what is granted, by each credential; what is revoked; which are listed")
  func tokens() throws {
    let options = MutationOptions(reason: "r", idempotencyKey: "key-0001")
    var grant = TokenGrant(
      principal: "shop", credential: .secretDigest([1, 2, 3]), scopes: ["read", "debit"], currencies: ["USD"],
      ownerPrefix: "app:", maxAmount: 5, expiresAtMicros: 6)
    func sent(_ grant: TokenGrant) throws -> String {
      try json(RequestEncoding.createToken(grant, options, key: "key-0001"), .createToken)
    }
    let rest =
      #""scopes":["read","debit"],"currencies":["USD"],"ownerPrefix":"app:","maxAmount":"5","expiresAtMicros":"6"}"#
    let begin = #"{"principal":"shop","idempotencyKey":"key-0001","reason":"r","#
    #expect(try sent(grant) == begin + #""secretDigest":"AQID","# + rest)
    grant.credential = .certificate("shop.example")
    #expect(try sent(grant) == begin + #""certificateName":"shop.example","# + rest)
    grant.credential = .unixUser(1000)
    #expect(try sent(grant) == begin + #""unixUser":1000,"# + rest)
    #expect(
      try json(RequestEncoding.revokeToken(7, options, key: "key-0001"), .revokeToken)
        == #"{"tokenId":"7","idempotencyKey":"key-0001","reason":"r"}"#)
    #expect(
      try json(
        RequestEncoding.listTokens(principal: "shop", withRevoked: true, cursor: "c", pageSize: 9), .listTokens)
        == #"{"principal":"shop","pageSize":9,"cursor":"c","withRevoked":true}"#)
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
