import Foundation
import TestSupport
import Testing
import WalletClient

/// Calls by curl.
@Suite("The gateway")
struct GatewayTests {
  private let service: Service
  private let http: HTTP

  init() throws {
    service = try Service(arguments: ["--admin", "127.0.0.1:0"])
    http = try HTTP(port: service.server.adminPort)
    #expect(
      try http.call("OpenWallet", #"{"wallet":\#(Self.alice),"idempotencyKey":"open-alice","reason":"r"}"#).status
        == 200)
  }

  private static let alice = #"{"ownerId":"alice","currency":"USD"}"#

  private func credit(_ amount: Int, key: String, _ headers: [String] = []) throws -> HTTP.Answer {
    try http.call(
      "Credit", #"{"wallet":\#(Self.alice),"amount":"\#(amount)","idempotencyKey":"\#(key)","reason":"top-up"}"#,
      headers)
  }

  @Test("a call by HTTP is the same as any other: its row has the identity, the source and the trace")
  func row() async throws {
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    let answer = try credit(500, key: "credit-1", ["traceparent: \(trace)"])
    #expect(answer.status == 200)
    #expect(answer.json["balance"] as? String == "500")
    let row = try #require(answer.json["transaction"] as? [String: Any])
    #expect(row["actor"] as? String == "local")
    #expect(row["source"] as? String == "127.0.0.1")
    #expect(row["correlationId"] as? String == trace)
    #expect(try await service.client.balance(dollars("alice")).balance == 500)

    let again = try credit(500, key: "credit-1")
    #expect(again.headers.contains("walletd-replayed: true"))
    #expect(try await service.client.balance(dollars("alice")).balance == 500)
  }

  @Test("a refusal has its status, its flags and its figures")
  func refusal() throws {
    let answer = try http.call(
      "Debit", #"{"wallet":\#(Self.alice),"amount":"9","idempotencyKey":"debit-001","reason":"r"}"#)
    #expect(answer.status == 400)
    #expect(answer.headers.contains("walletd-not-executed: true"))
    #expect(answer.json["code"] as? String == "failed_precondition")
    let details = try #require(answer.json["details"] as? [[String: Any]])
    let debug = try #require(details[0]["debug"] as? [String: Any])
    #expect((debug["insufficientFunds"] as? [String: Any])?["requested"] as? String == "9")
  }

  @Test("calls share a connection, streams have their own, and both end with their callers")
  func connections() throws {
    for number in 1...5 { #expect(try credit(1, key: "credit-\(number)").status == 200) }
    #expect(try http.metrics()["walletd_connections"] == 1)
    // It has no end of its own: its caller goes once it is there.
    let json = Array(#"{"fromNow":true}"#.utf8)
    do {
      let watcher = try RawConnection(port: service.server.adminPort)
      let head = [
        "POST /wallet.v1.WalletService/WatchTransactions HTTP/1.1", "host: 127.0.0.1",
        "content-type: application/connect+json", "content-length: \(json.count + 5)",
      ]
      watcher.send(
        Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + [0, 0, 0, 0, UInt8(json.count)] + json)
      while try http.metrics()[#"walletd_streams{kind="watch"}"#] != 1 {}
      withExtendedLifetime(watcher) {}
    }
    while try http.metrics()[#"walletd_streams{kind="watch"}"#] != 0 {}
    while try http.metrics()["walletd_connections"] != 1 {}
    #expect(try http.metrics()["walletd_connections_accepted_total"] == 2)
  }

  @Test("a server that leaves says so, answers what it has, and ends with 0")
  func drain() throws {
    #expect(try credit(1, key: "credit-1").status == 200)
    // A connection that stays keeps the server for its linger.
    let client = try TestClient(port: service.server.port)
    service.server.signal(SIGTERM)
    guard case .goAway = try client.receive() else {
      Issue.record("no GOAWAY")
      return
    }
    #expect(try service.server.waitUntilEnded() == .exited(0))
  }
}
