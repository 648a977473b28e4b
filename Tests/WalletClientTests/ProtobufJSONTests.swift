import Testing
import WalletWire

import enum WalletCore.Verb

@testable import WalletClient

@Suite struct ProtobufJSONTests {
  func schema(_ name: String) throws -> MessageSchema {
    try #require(SchemaRegistry.wallet.message("wallet.v1.\(name)"))
  }

  func roundTrip(_ json: String, _ name: String, includeDefaults: Bool = false) throws -> String {
    let schema = try schema(name)
    return try ProtobufJSON.text(ProtobufJSON.bytes(json, as: schema), as: schema, includeDefaults: includeDefaults)
  }

  func failure(_ json: String, _ name: String) throws -> ProtobufJSON.Failure? {
    let schema = try schema(name)
    do throws(ProtobufJSON.Failure) {
      _ = try ProtobufJSON.bytes(json, as: schema)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: ["9007199254740993", "9223372036854775807", "-9223372036854775808", "1"])
  func largeIntegersSurvive(number: String) throws {
    let out = try roundTrip(#"{"amount":"\#(number)"}"#, "DebitRequest")
    #expect(out == #"{"amount":"\#(number)"}"#)
    #expect(try roundTrip(#"{"amount":\#(number)}"#, "DebitRequest") == out)
  }

  @Test(arguments: ["9223372036854775808", "1.0", "1e3", "\"\"", "\" 1\"", "\"+1\"", "\"0x1\"", "true", "{}"])
  func whatIsNoInt64IsAnError(number: String) throws {
    #expect(try failure(#"{"amount":\#(number)}"#, "DebitRequest")?.field == "amount")
  }

  @Test func bothNamesComeIn() throws {
    let camel = try roundTrip(#"{"wallet":{"ownerId":"u"},"idempotencyKey":"k"}"#, "DebitRequest")
    #expect(camel == #"{"wallet":{"ownerId":"u"},"idempotencyKey":"k"}"#)
    #expect(try roundTrip(#"{"wallet":{"owner_id":"u"},"idempotency_key":"k"}"#, "DebitRequest") == camel)
  }

  @Test func errorsNameTheField() throws {
    #expect(try failure(#"{"wallet":{"idx":1}}"#, "DebitRequest")?.field == "wallet.idx")
    #expect(try failure(#"{"metadata":[{},{"kay":""}]}"#, "DebitRequest")?.field == "metadata[1].kay")
    #expect(try failure(#"{"ownerId":"u","owner_id":"u"}"#, "WalletRef")?.rule == "comes twice")
    #expect(try failure(#"{"amount":1,"amount":2}"#, "DebitRequest")?.rule.contains("comes twice") == true)
    #expect(try failure(#"[]"#, "DebitRequest")?.rule == "must be an object")
    #expect(try failure(#"{"kind":"NONE"}"#, "Transaction")?.field == "kind")
  }

  @Test func enumsAndBytesAndNull() throws {
    let json = #"{"kind":"TRANSACTION_KIND_DEBIT","note":"é\n\u0000","digest":"AAH/"}"#
    #expect(try roundTrip(json, "Transaction") == json)
    #expect(try roundTrip(#"{"kind":2,"digest":"AAH_"}"#, "Transaction").contains("TRANSACTION_KIND_DEBIT"))
    #expect(try roundTrip(#"{"kind":99}"#, "Transaction") == #"{"kind":99}"#)
    #expect(try roundTrip(#"{"kind":null,"note":null}"#, "Transaction") == "{}")
  }

  @Test func defaultsAreWrittenWhenAskedFor() throws {
    #expect(try roundTrip("{}", "GetBalanceResponse") == "{}")
    let full = try roundTrip("{}", "GetBalanceResponse", includeDefaults: true)
    #expect(full.hasPrefix(#"{"walletId":"0","balance":"0","held":"0""#))
    #expect(full.contains(#""currency":"","exponent":0"#))
    #expect(try roundTrip("{}", "ListWalletsResponse", includeDefaults: true).hasPrefix(#"{"wallets":[]"#))
    // Neither absent messages nor members of a oneof.
    #expect(!(try roundTrip("{}", "Error", includeDefaults: true)).contains("insufficientFunds"))
    let empty = try roundTrip(#"{"insufficientFunds":{}}"#, "Error", includeDefaults: true)
    #expect(empty.contains(#""insufficientFunds":{"requested":"0""#))
  }

  @Test func oneofsTakeOneMember() throws {
    #expect(try failure(#"{"scope":{},"internal":{}}"#, "Error")?.rule.contains("excludes") == true)
  }

  @Test func packedAndUnpackedNumbersAreRead() throws {
    let hello = try schema("Hello")
    #expect(try ProtobufJSON.text([0x0A, 2, 1, 2], as: hello) == #"{"versions":[1,2]}"#)
    #expect(try ProtobufJSON.text([0x08, 1, 0x08, 2], as: hello) == #"{"versions":[1,2]}"#)
  }

  @Test func unknownFieldsAreLeftOut() throws {
    #expect(try ProtobufJSON.text([0x98, 0x06, 1], as: schema("PingResponse")) == "{}")
  }

  @Test func hostileInputEndsInErrors() throws {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(deep) }
    #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(#"{"a":"# + deep) }
    for text in [
      "", "{", #"{"a"}"#, #"{"a":}"#, "[1,]", "01", "1.", "-", "\"\\ud800\"", "\"\\u12\"", "\"a", "nul", "1 2",
      "\"\t\"",
    ] {
      #expect(throws: JSONParser.Failure.self, "\(text)") { try JSONParser.parse(text) }
    }
    #expect(throws: JSONParser.Failure.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    var seed: UInt64 = 42
    let transaction = try schema("ListTransactionsResponse")
    for _ in 0..<20_000 {
      var bytes: [UInt8] = []
      for _ in 0..<24 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes.append(UInt8(truncatingIfNeeded: seed >> 33) & 0x3F)
      }
      _ = try? ProtobufJSON.text(bytes, as: transaction, includeDefaults: true)
      _ = try? JSONParser.parse(bytes)
    }
  }

  @Test func everyMethodHasItsNumber() {
    #expect(SchemaRegistry.wallet.methods.count == 32)
    #expect(SchemaRegistry.wallet.method("getbalance")?.number == Verb.getBalance.rawValue)
    #expect(
      SchemaRegistry.wallet.methods.filter(\.isMutation).map(\.name) == [
        "OpenWallet", "Debit", "Credit", "Transfer", "Hold", "Capture", "Release", "Refund", "Freeze", "Unfreeze",
        "SetLimits", "CloseWallet", "Batch", "RegisterCurrency", "AddCounterAccount", "CreateToken",
        "RevokeToken",
      ])
  }
}
