import Testing
import WalletCore
import WalletWire

@testable import WalletAdmin

@Suite("Calls by the Connect protocol")
struct ConnectCallTests {
  private func request(
    _ verb: String, _ body: String, _ headers: [(name: String, value: String)] = [],
    type: String = "application/json", method: String = "POST"
  ) -> HTTPRequest {
    HTTPRequest(
      method: method, path: Gateway.pathPrefix + verb, headers: [("content-type", type)] + headers,
      body: Array(body.utf8), peer: "127.0.0.1")
  }

  private func refusal(_ request: HTTPRequest) -> (status: Int, text: String)? {
    do throws(ConnectCall.Refusal) {
      _ = try ConnectCall(request, limits: AdminLimits())
      return nil
    } catch {
      switch error {
      case .plain(let response): return (response.status, String(decoding: response.body, as: UTF8.self))
      case .connect(let error, let isStream):
        return (isStream ? error.streamResponse.status : error.response.status, error.json.text)
      }
    }
  }

  @Test("JSON becomes the same bytes as protobuf, with token and deadline")
  func json() throws {
    let call = try ConnectCall(
      request(
        "GetBalance", #"{"wallet":{"id":"1"}}"#, [("authorization", "bearer  wlt_1"), ("connect-timeout-ms", "1500")]),
      limits: AdminLimits())
    #expect(call.payload == [0x0A, 0x02, 0x08, 0x01])
    #expect(call.token == "wlt_1")
    #expect(call.deadlineMilliseconds == 1500)
    #expect(call.method.number == Verb.getBalance.rawValue)
  }

  @Test("a request of protobuf goes through as it is, an empty body of JSON is an empty message")
  func proto() throws {
    var raw = request("GetBalance", "", type: "application/proto")
    raw.body = [0x0A, 0x02, 0x08, 0x01]
    #expect(try ConnectCall(raw, limits: AdminLimits()).payload == raw.body)
    #expect(try ConnectCall(request("Ping", ""), limits: AdminLimits()).payload == [])
    #expect(
      try ConnectCall(request("Ping", "{}", type: "Application/JSON; charset=utf-8"), limits: AdminLimits()).codec
        == .json)
  }

  @Test("a traceparent is the correlation id of a mutation that has none, and of nothing else")
  func trace() throws {
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    func correlation(_ verb: String, _ body: String, _ trace: String) throws -> JSONValue? {
      let call = try ConnectCall(request(verb, body, [("traceparent", trace)]), limits: AdminLimits())
      return try ProtobufJSON.value(call.payload[...], as: call.method.request, includeDefaults: false)["correlationId"]
    }
    #expect(try correlation("Debit", #"{"amount":"1"}"#, trace) == .string(trace))
    #expect(try correlation("Debit", #"{"correlationId":"mine"}"#, trace) == .string("mine"))
    #expect(try correlation("Debit", #"{"correlation_id":"mine"}"#, trace) == .string("mine"))
    #expect(try correlation("Debit", "{}", "no trace") == nil)
    #expect(try correlation("GetBalance", "{}", trace) == nil)
  }

  @Test("bad requests are refused by HTTP's or Connect's own words")
  func refusals() {
    func expect(_ request: HTTPRequest, _ status: Int, _ part: String, line: Int = #line) {
      let refused = refusal(request)
      #expect(refused?.status == status, "line \(line)")
      #expect(refused?.text.contains(part) == true, "line \(line): \(refused?.text ?? "")")
    }
    expect(request("Nothing", "{}"), 404, "no method Nothing")
    expect(request("Debit", "{}", method: "GET"), 405, "takes POST")
    expect(request("Debit", "{}", type: "text/plain"), 415, "application/json, application/proto")
    expect(request("Debit", "{}", type: "application/connect+json"), 415, "application/json")
    expect(request("WatchTransactions", "{}"), 415, "application/connect+json")
    expect(request("Debit", "{"), 400, "isn't JSON")
    expect(request("Debit", #"{"amnt":1}"#), 400, "amnt: no such field")
    expect(request("Debit", #"{"amount":"x"}"#), 400, "amount: ")
    expect(request("Debit", "{}", [("origin", "http://example.com")]), 403, "Origin")
    expect(request("Debit", "{}", [("connect-protocol-version", "2")]), 400, "must be 1")
    expect(request("Debit", "{}", [("content-encoding", "gzip")]), 501, "gzip")
    expect(request("Debit", "{}", [("connect-timeout-ms", "12345678901")]), 400, "at most 10 digits")
    expect(request("Debit", "{}", [("connect-timeout-ms", "-1")]), 400, "at most 10 digits")
    expect(request("Debit", "{}", [("connect-timeout-ms", "0")]), 504, "deadline_exceeded")
    expect(request("Debit", "{}", [("authorization", "Basic YTpi")]), 401, "Bearer")
    expect(request("Debit", "{}", [("authorization", "Bearer a"), ("authorization", "Bearer b")]), 401, "Bearer")
    expect(
      request("Debit", "{}", [("authorization", "Bearer " + String(repeating: "a", count: 513))]), 401,
      "longer than any")
    expect(request("WatchTransactions", "{}", type: "application/connect+json"), 200, "must be one envelope")
  }

  @Test("an error has the code and HTTP status of its reason, and its figures as detail")
  func errors() throws {
    let schema = try #require(SchemaRegistry.wallet.message("wallet.v1.Error"))
    for reason in ErrorReason.allCases {
      let payload = try ProtobufJSON.bytes(
        #"{"reason":"ERROR_REASON_\#(reason.name)","message":"why"}"#, as: schema)
      let error = ConnectError(status: nil, payload: payload)
      #expect(error.code.rawValue == reason.status)
      #expect(error.message == "\(reason.name): why")
    }
    let payload = try ProtobufJSON.bytes(#"{"reason":"ERROR_REASON_UNAVAILABLE","message":"m"}"#, as: schema)
    let error = ConnectError(status: 14, payload: payload, flags: .notExecuted, retryAfterMilliseconds: 1500)
    #expect(error.response.status == 503)
    #expect(
      error.headers.map { "\($0.name): \($0.value)" } == [
        "walletd-not-executed: true", "retry-after: 2", "walletd-retry-after-ms: 1500",
      ])
    #expect(
      error.json.text
        == #"{"code":"unavailable","message":"UNAVAILABLE: m","details":[{"type":"wallet.v1.Error","value":"CAgSAW0","debug":{"reason":"ERROR_REASON_UNAVAILABLE","message":"m"}}]}"#
    )
    #expect(ConnectError(status: nil, payload: [0xFF]).code == .unknown)
  }

  @Test(
    "only addresses and localhost name this machine",
    arguments: [
      ("localhost", true), ("localhost:7432", true), ("127.0.0.1:7432", true), ("[::1]:7432", true),
      ("evil.com", false),
      ("127.0.0.1.evil.com", false), ("1.2.3.4x", false), ("", false),
    ])
  func hosts(host: String, isOurs: Bool) { #expect(HostName.isOfThisMachine(host) == isOurs) }

  @Test(
    "what a traceparent is",
    arguments: [
      ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true),
      ("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
      ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
      ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false),
      ("00-4BF92F3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
      ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", false), ("", false),
    ])
  func traceparents(text: String, isOne: Bool) { #expect(TraceContext.isValid(text) == isOne) }
}
