import Testing
import WalletWire

@testable import WalletClient
@testable import walletctl

@Suite("Lines of walletctl watch")
struct WatchLineTests {
  private func line(_ transaction: String, _ rest: String = "") throws -> String {
    let json =
      #"{"transaction":{"id":"7","walletId":"3","createdAtMicros":"1769860800000000","actor":"local",\#(transaction)},"#
      + #""currency":"USD","exponent":2\#(rest)}"#
    let schema = try #require(SchemaRegistry.wallet.message("wallet.v1.WatchEvent"))
    return try WatchLine(ReplyDecoding.watchEvent(ProtobufJSON.bytes(json, as: schema))).text
  }

  @Test("what moved, from what to what, why and by whom")
  func movements() throws {
    #expect(
      try line(
        #""kind":"TRANSACTION_KIND_DEBIT","amount":"-450","balance":"1550","reason":"esim.purchase","reference":"order-1""#,
        #","balanceBefore":"2000""#)
        == "2026-01-31T12:00:00.000000Z  wallet 3  debit  -4.50 USD  20.00 -> 15.50 USD  esim.purchase  for order-1  "
        + "by local  #7")
    #expect(
      try line(
        #""kind":"TRANSACTION_KIND_HOLD","heldChange":"300","held":"300","reason":"r","onBehalfOf":"u9""#)
        == "2026-01-31T12:00:00.000000Z  wallet 3  hold  held 0.00 -> 3.00 USD  r  by local on behalf of u9  #7")
    #expect(
      try line(
        #""kind":"TRANSACTION_KIND_CAPTURE","amount":"-250","heldChange":"-300","balance":"1300","reason":"r""#,
        #","balanceBefore":"1550","heldBefore":"300""#)
        == "2026-01-31T12:00:00.000000Z  wallet 3  capture  -2.50 USD  15.50 -> 13.00 USD  held 3.00 -> 0.00 USD  r  "
        + "by local  #7")
    #expect(try line(#""kind":"TRANSACTION_KIND_SET_LIMITS","reason":"r""#).contains("  set limits  0.00 USD  "))
  }

  @Test("kinds are named as words with hyphens, and found whatever the case")
  func kinds() {
    #expect(KindName.kind("transfer-out") == .transferOut && KindName.kind("DEBIT") == .debit)
    #expect(KindName.kind("transfer") == nil && KindName.kind("") == nil)
    #expect(KindName.all.count == TransactionKind.allCases.count)
  }
}
