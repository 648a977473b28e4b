import Synchronization
import Testing
import WalletWire

@testable import WalletClient

/// Batches of the client, against servers that lose and refuse.
@Suite("Batches of the client", .timeLimit(.minutes(1))) struct BatchTests {
  static let wallet = WalletReference.owner("u1", currency: "USD")
  static let first = "018bcfe5-6800-7fff-bfff-fffffffffffe"

  static func items(_ count: Int) -> [BatchItem] {
    (0..<count).map { .credit(wallet, amount: Int64($0 + 1), MutationOptions(reason: "top-up")) }
  }

  /// A message of the wire, from JSON.
  static func message(_ name: String, _ json: String) -> [UInt8] {
    guard let schema = SchemaRegistry.wallet.message("wallet.v1.\(name)"), let value = try? JSONParser.parse(json),
      let bytes = try? ProtobufJSON.bytes(value, as: schema)
    else { preconditionFailure("\(name): \(json)") }
    return bytes
  }

  static func error(_ reason: ErrorReason) -> String { #"{"reason":\#(reason.rawValue)}"# }

  static func aborted(_ cause: ErrorReason) -> [UInt8] {
    message("Error", #"{"reason":35,"batchAborted":{"index":1,"cause":\#(error(cause))}}"#)
  }

  @Test("items without keys get theirs from one UUID, counted up; version and variant stay")
  func keys() {
    let keys = BatchKeys.ofItems(from: Self.first)
    #expect(keys.ofItem(0, own: nil) == Self.first)
    #expect(keys.ofItem(1, own: nil) == "018bcfe5-6800-7fff-bfff-ffffffffffff")
    #expect(keys.ofItem(2, own: nil) == "018bcfe5-6800-7fff-8000-000000000000")
    #expect(keys.ofItem(3, own: "mine-0001") == "mine-0001")
    #expect(BatchKeys.ofAll("batch-0001").ofItem(7, own: nil) == "batch-0001")
  }

  @Test("what can't be a batch isn't sent")
  func impossible() async {
    let client = WalletClient(host: "127.0.0.1", port: 1)
    var keyed = Self.items(1)
    keyed[0].options.idempotencyKey = "mine-0001"
    let cases: [([BatchItem], BatchMode)] = [
      ([], .itemByItem()), (Self.items(8_191), .itemByItem()), (keyed, .allOrNothing()),
      (Self.items(1), .itemByItem(key: "not-a-uuid")),
    ]
    for (items, mode) in cases {
      do throws(WalletError) {
        _ = try await client.batch(items, mode: mode)
        Issue.record("it was sent")
      } catch {
        guard case .notExecuted(_?, .invalidRequest) = error else {
          Issue.record("\(error)")
          continue
        }
      }
    }
  }

  @Test("typed results, and the keys of the items on the wire")
  func results() async throws {
    let seen = Shared<[[UInt8]]>([])
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      while let request = connection.request() {
        seen.value.withLock { $0.append(request.payload) }
        connection.reply(
          request.header.requestID,
          Self.message(
            "BatchResponse",
            """
            {"results":[{"transactionId":"7","walletId":"3","walletVersion":"2","balance":"1230","available":"1230",
            "currency":"USD","exponent":2},{"error":{"reason":33,"insufficientFunds":{"requested":"5","shortfall":"4"}}}],
            "commitSeq":"8"}
            """))
      }
    }
    let result = try await server.client().batch(Self.items(2), mode: .itemByItem(key: Self.first))
    guard case .done(let done) = result.items[0], case .rejected(let rejection) = result.items[1] else {
      Issue.record("\(result)")
      return
    }
    #expect(done.transactionID == 7 && done.balance == 1_230 && done.exponent == 2 && done.transaction == nil)
    #expect(done.idempotencyKey == Self.first && rejection.key == "018bcfe5-6800-7fff-bfff-ffffffffffff")
    #expect(rejection.reason == .insufficientFunds && rejection.status == 9)
    #expect(result.idempotencyKey == Self.first && result.commitSeq == 8)
    let sent = try #require(seen.value.withLock { $0.first })
    let schema = try #require(SchemaRegistry.wallet.method("Batch")?.request)
    let json = try ProtobufJSON.value(sent[...], as: schema, includeDefaults: false).text
    #expect(json.contains(Self.first) && json.contains("018bcfe5-6800-7fff-bfff-ffffffffffff"))
    #expect(!json.contains("atomic"))
  }

  @Test("after a lost attempt the same bytes go out again, and only what the journal knows settles an item")
  func lostAttempt() async throws {
    let seen = Shared<[[UInt8]]>([])
    let server = try ScriptedServer { connection, number in
      connection.greet()
      guard let request = connection.request() else { return }
      seen.value.withLock { $0.append(request.payload) }
      // The first connection breaks with the request in it.
      if number == 0 { return }
      connection.reply(
        request.header.requestID,
        Self.message(
          "BatchResponse",
          """
          {"results":[{"transactionId":"7","replayed":true},{"error":\(Self.error(.insufficientFunds))},
          {"error":\(Self.error(.versionConflict))},{"error":\(Self.error(.invalidArgument))}]}
          """))
      connection.drain()
    }
    let result = try await server.client().batch(Self.items(4))
    let kinds = result.items.map { item in
      switch item {
      case .done: "done"
      case .rejected: "rejected"
      case .outcomeUnknown: "unknown"
      }
    }
    #expect(kinds == ["done", "rejected", "unknown", "unknown"])
    let payloads = seen.value.withLock { $0 }
    #expect(payloads.count == 2 && payloads[0] == payloads[1])
  }

  @Test("an aborted batch settles a lost attempt when its cause is remembered", arguments: [true, false])
  func aborted(_ isRemembered: Bool) async throws {
    let cause: ErrorReason = isRemembered ? .insufficientFunds : .versionConflict
    let server = try ScriptedServer { connection, number in
      connection.greet()
      guard let request = connection.request(), number > 0 else { return }
      connection.write(
        FrameHeader(
          type: .response, flags: .notExecuted, code: ErrorReason.batchAborted.status,
          requestID: request.header.requestID), Self.aborted(cause))
      connection.drain()
    }
    do throws(WalletError) {
      _ = try await server.client().batch(Self.items(2), mode: .allOrNothing(key: "batch-0001"))
      Issue.record("it was done")
    } catch {
      let rejection: Rejection
      switch error {
      case .rejected(let answer) where isRemembered: rejection = answer
      case .outcomeUnknown("batch-0001", .answered(let answer)) where !isRemembered: rejection = answer
      default:
        Issue.record("\(error)")
        return
      }
      guard case .batchAborted(1, let inner) = rejection.detail else {
        Issue.record("\(rejection)")
        return
      }
      #expect(inner.reason == cause && inner.status == cause.status)
    }
  }

  @Test("errors within errors, as no server sends them, are no message: unpacking them would take all of the stack")
  func nesting() throws {
    var error: [UInt8] = [0x08, 33]
    for _ in 0..<2_000 {
      error = Self.field(29, Self.field(2, error))
    }
    let rejection = Rejection(payload: error, status: 10)
    #expect(rejection.reason == nil && rejection.status == 10)
    let response = Self.field(1, Self.field(5, error))
    #expect(throws: DecodeError.self) { try ReplyDecoding.batch(response, keys: ["k"], unsettled: [false]) }
    let once = Rejection(payload: Self.aborted(.insufficientFunds), status: 10)
    guard case .batchAborted(1, _) = once.detail else {
      Issue.record("\(once)")
      return
    }
  }

  private static func field(_ number: UInt64, _ content: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(UInt64(content.count)) + content
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
  }

  @Test("a reply with more or fewer results than items leaves the outcome unknown")
  func wrongCount() async throws {
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      while let request = connection.request() {
        connection.reply(request.header.requestID, Self.message("BatchResponse", #"{"results":[{}]}"#))
      }
    }
    do throws(WalletError) {
      _ = try await server.client().batch(Self.items(2), mode: .allOrNothing(key: "batch-0001"))
      Issue.record("it was taken")
    } catch {
      guard case .outcomeUnknown("batch-0001", .invalidReply) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }
}

/// A value that threads share.
private final class Shared<Value: Sendable>: Sendable {
  let value: Mutex<Value>

  init(_ value: Value) { self.value = Mutex(value) }
}
