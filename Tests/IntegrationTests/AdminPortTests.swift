import Foundation
import TestSupport
import Testing
import WalletClient

/// The admin port of a real server: health, metrics and what it refuses.
@Suite("The admin port")
struct AdminPortTests {
  private let service: Service
  private let http: HTTP

  init() throws {
    service = try Service(arguments: ["--admin", "127.0.0.1:0"])
    http = try HTTP(port: service.server.adminPort)
  }

  @Test("a server that can work is live and ready")
  func healthy() throws {
    #expect(try http.get("/livez").body == "ok\n")
    #expect(try http.get("/readyz").body == "ready\n")
    #expect(try http.get("/", ["-I"]).status == 200)
  }

  @Test("a server whose disk has too little room is live, and not ready for a reason")
  func fullDisk() throws {
    let full = try Service(arguments: ["--admin", "127.0.0.1:0", "--min-free", "\(1 << 50)"])
    let http = try HTTP(port: full.server.adminPort)
    #expect(try http.get("/livez").status == 200)
    let ready = try http.get("/readyz")
    #expect(ready.status == 503)
    #expect(ready.body.hasPrefix("not ready: the disk has "))
    #expect(try http.metrics()["walletd_mutations_available"] == 0)
  }

  @Test("promtool takes the metrics as they come, and the alert rules")
  func promtool() async throws {
    _ = try await service.client.openWallet(owner: "u1", currency: "USD")
    _ = try? await service.client.debit(dollars("u1"), amount: 5, MutationOptions(reason: "test"))
    let page = service.folder.path + "/metrics"
    try http.get("/metrics").body.write(toFile: page, atomically: true, encoding: .utf8)
    let check = try Programs.run(
      "/bin/sh", ["-c", "promtool check metrics < \(page)"], output: service.folder.path + "/promtool")
    #expect(check.status == 0, "\(check.errors)")
    // What is checked is no empty page, and a wrong one is found.
    try "walletd_x{ 1\n".write(toFile: page, atomically: true, encoding: .utf8)
    let wrong = try Programs.run(
      "/bin/sh", ["-c", "promtool check metrics < \(page)"], output: service.folder.path + "/promtool")
    #expect(wrong.status != 0)
    let rules = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/alerts.yml").path
    let checked = try Programs.run(
      "/bin/sh", ["-c", "promtool check rules '\(rules)'"], output: service.folder.path + "/promtool")
    #expect(checked.status == 0, "\(checked.errors)")
  }

  @Test("metrics count what clients did")
  func counts() async throws {
    let client = service.client
    let why = MutationOptions(reason: "test")
    _ = try await client.openWallet(owner: "u1", currency: "USD")
    _ = try await client.credit(dollars("u1"), amount: 100, why)
    for _ in 0..<5 { _ = try await client.debit(dollars("u1"), amount: 10, why) }
    for _ in 0..<2 { _ = try? await client.debit(dollars("u1"), amount: 1000, why) }
    _ = try? await client.debit(dollars("nobody"), amount: 1, why)
    _ = try await client.balance(dollars("u1"))
    for try await event in client.verify() { _ = event }
    let samples = try http.metrics()
    func expect(_ name: String, _ value: Double) { #expect(samples[name] == value, "\(name)") }
    expect(#"walletd_requests_total{verb="Debit",code="OK"}"#, 5)
    expect(#"walletd_requests_total{verb="Debit",code="INSUFFICIENT_FUNDS"}"#, 2)
    expect(#"walletd_requests_total{verb="Debit",code="WALLET_NOT_FOUND"}"#, 1)
    expect(#"walletd_requests_total{verb="GetBalance",code="OK"}"#, 1)
    expect(#"walletd_requests_total{verb="Verify",code="OK"}"#, 1)
    expect(#"walletd_request_duration_seconds_count{verb="Debit"}"#, 8)
    expect(#"walletd_request_duration_seconds_bucket{verb="Debit",le="+Inf"}"#, 8)
    expect(#"walletd_refusals_total{reason="INSUFFICIENT_FUNDS"}"#, 2)
    expect(#"walletd_refusals_total{reason="WALLET_NOT_FOUND"}"#, 1)
    expect("walletd_head_seq", 10)
    expect("walletd_commit_rows_sum", 10)
    expect("walletd_connections", 1)
    expect("walletd_queued_requests", 0)
    expect("walletd_last_verify_seq", 10)
    expect("walletd_last_verify_findings", 0)
    expect("walletd_clock_trusted", 1)
    let seconds = try #require(samples[#"walletd_request_duration_seconds_sum{verb="Debit"}"#])
    #expect(seconds > 0)
    #expect((samples["walletd_sent_bytes_total"] ?? 0) > (samples["walletd_connections"] ?? 0))
    #expect((samples["walletd_disk_free_bytes"] ?? 0) > 0)
    #expect((samples["walletd_resident_memory_bytes"] ?? 0) > 1e6)
  }

  @Test("connections that end are told by why")
  func endings() throws {
    _ = try TestClient(port: service.server.port)
    let broken = try RawConnection(port: service.server.port)
    broken.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
    #expect(broken.receiveAll().count > 0)
    var samples: [String: Double] = [:]
    while samples[#"walletd_connections_ended_total{reason="peer"}"#] != 1
      || samples[#"walletd_connections_ended_total{reason="protocol_error"}"#] != 1
    {
      samples = try http.metrics()
    }
    #expect(samples["walletd_connections_accepted_total"] == 2)
    #expect(samples["walletd_connections"] == 0)
  }

  @Test("what isn't for this port is refused in HTTP's words")
  func refusals() throws {
    #expect(try http.get("/nothing").status == 404)
    #expect(try http.get("/metrics", ["-X", "DELETE"]).status == 405)
    #expect(try http.get("/metrics", ["-H", "Host: evil.example"]).status == 403)
    // Just past what a body may have.
    let long = service.folder.path + "/long"
    try Data(repeating: 0x20, count: 8 << 20 | 1).write(to: URL(filePath: long))
    let path = "/wallet.v1.WalletService/Debit"
    #expect(
      try http.get(path, ["-H", "content-type: application/json", "-H", "Expect:", "--data-binary", "@\(long)"]).status
        == 413)
  }

  @Test("spaces around the value of a header field aren't part of it")
  func spaces() throws {
    let connection = try RawConnection(port: service.server.adminPort)
    let body = #"{"wallet":{"ownerId":"nobody","currency":"USD"}}"#
    let head = [
      "POST /wallet.v1.WalletService/GetBalance HTTP/1.1", "host:\t 127.0.0.1 \t", "content-type: application/json ",
      "connect-timeout-ms:  500\t", "content-length: \(body.utf8.count)  ", "connection: close",
    ]
    connection.send(Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
    let answer = String(decoding: connection.receiveAll(), as: UTF8.self)
    #expect(answer.hasPrefix("HTTP/1.1 404 ") && answer.contains("WALLET_NOT_FOUND"), "\(answer)")
    // The length is known before the body has come.
    let long = try RawConnection(port: service.server.adminPort)
    long.send(Array("POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 8388609 \r\n\r\n".utf8))
    #expect(String(decoding: long.receiveAll(), as: UTF8.self).hasPrefix("HTTP/1.1 413 "))
  }

  @Test("whoever still sends when a request is refused gets the answer, and no reset")
  func refusedWhileSending() throws {
    let connection = try RawConnection(port: service.server.adminPort)
    connection.send(Array("POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 8388609\r\n\r\n".utf8))
    // The answer has been sent, and is not read yet.
    #expect(connection.waitForBytes())
    let piece = [UInt8](repeating: 0x20, count: 1 << 16)
    for _ in 0..<128 { #expect(connection.sendAll(piece)) }
    let answer = String(decoding: connection.receiveAll(), as: UTF8.self)
    #expect(answer.hasPrefix("HTTP/1.1 413 ") && answer.hasSuffix("a body may have 8388608 bytes\n"), "\(answer)")
  }

  @Test("a head without end is cut off, and others are served meanwhile")
  func endlessHead() throws {
    let connection = try RawConnection(port: service.server.adminPort)
    let line = Array(("x: " + String(repeating: "y", count: 4000) + "\r\n").utf8)
    connection.send(Array("GET /livez HTTP/1.1\r\n".utf8))
    for _ in 0..<64 { connection.send(line) }
    let answer = String(decoding: connection.receiveAll(), as: UTF8.self)
    #expect(answer.hasPrefix("HTTP/1.1 431 "), "\(answer)")
    #expect(try http.get("/livez").status == 200)
  }

  @Test("a head that is too long by a byte is told so", arguments: ["GET /livez HTTP/1.1\r\n", ""])
  func headTooLong(_ begin: String) throws {
    let connection = try RawConnection(port: service.server.adminPort)
    // As many fields as there may be, each shorter than all together, and no end; or a request line without one.
    let field = "x: " + String(repeating: "y", count: 1000) + "\r\n"
    let text = begin + (begin.isEmpty ? "GET /" : String(repeating: field, count: 32))
    connection.send(Array((text + String(repeating: "z", count: 32 * 1024 + 1 - text.utf8.count)).utf8))
    let answer = String(decoding: connection.receiveAll(), as: UTF8.self)
    #expect(answer.hasPrefix("HTTP/1.1 431 "), "\(answer)")
    #expect(answer.hasSuffix("the head of a request may have 32768 bytes and 64 fields\n"), "\(answer)")
    #expect(try http.get("/livez").status == 200)
  }

  @Test("a head with a field too many is told so")
  func fieldsTooMany() throws {
    let fields = (1...64).map { "x-\($0): y\r\n" }
    for (count, status) in [(63, "200"), (64, "431")] {
      let connection = try RawConnection(port: service.server.adminPort)
      let head = "GET /livez HTTP/1.1\r\nhost: 127.0.0.1\r\n" + fields.prefix(count).joined()
      connection.send(Array((head + "\r\n").utf8))
      let answer = String(decoding: connection.receiveSome(), as: UTF8.self)
      #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(count) fields and host: \(answer)")
    }
  }

  @Test("what is no HTTP is told so, and nothing follows an answer that closes")
  func garbage() throws {
    func answer(to text: String) throws -> String {
      let connection = try RawConnection(port: service.server.adminPort)
      connection.send(Array(text.utf8))
      return String(decoding: connection.receiveAll(), as: UTF8.self)
    }
    let host = "host: 127.0.0.1"
    let refusal = try answer(to: "WRP/1\r\n\r\n")
    #expect(refusal.hasPrefix("HTTP/1.1 400 ") && refusal.contains("this is no request of HTTP/1.1: "), "\(refusal)")
    for next in ["HEAD /metst\r\n\r\n", "GET /livez HTTP/1.1\r\n\(host)\r\n\r\n", "\u{1}"] {
      let text = try answer(to: "GET /livez HTTP/1.1\r\n\(host)\r\nconnection: close\r\n\r\n" + next)
      #expect(text.hasPrefix("HTTP/1.1 200 ") && text.ranges(of: "HTTP/1.1 ").count == 1, "\(text)")
    }
  }

  @Test("a port in use is no error where nobody asked for it, and ends the server where somebody did")
  func portInUse() throws {
    let folder = try ScratchFolder("admin")
    let taken = try service.server.adminPort
    let (ending, lines) = try ServerProcess.runToEnd(
      "\(folder.path)/data", arguments: ["--admin", "127.0.0.1:\(taken)"])
    #expect(ending == .exited(69))
    #expect(lines.contains("walletd: can't listen on --admin 127.0.0.1:\(taken): it is in use"))
  }

  @Test("an address that others reach is refused, and so is what is no address")
  func addresses() throws {
    let folder = try ScratchFolder("admin")
    for (address, part) in [
      ("0.0.0.0:0", "it has no TLS"), ("nowhere", "is not HOST:PORT, nor is it off"),
      ("127.0.0.1:x", "is not HOST:PORT"),
    ] {
      let (ending, lines) = try ServerProcess.runToEnd("\(folder.path)/data", arguments: ["--admin", address])
      #expect(ending == .exited(64))
      #expect(lines.contains { $0.contains("--admin") && $0.contains(part) }, "\(lines)")
    }
  }
}
