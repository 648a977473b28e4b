import Foundation
import TestSupport
import Testing
import WalletTLS
import WalletWire

/// TLS as clients and operators meet it, over a real socket of a real server.
@Suite("TLS of the server")
struct TLSTests {
  private let certificates: TestCertificates
  private let folder: ScratchFolder

  init() throws {
    certificates = try TestCertificates()
    folder = try ScratchFolder("tls")
  }

  private func serve(_ options: [String] = []) throws -> ServerProcess {
    try ServerProcess.serve("\(folder.path)/data", arguments: certificates.serverOptions() + options)
  }

  private func client(_ name: String? = nil) throws -> TLSContext {
    try .client(.file(certificates.authority), name.map { certificates.credentials($0) })
  }

  private func failure(_ port: UInt16, _ context: TLSContext) -> String {
    do throws(TestFailure) {
      _ = try TestClient(port: port, tls: context)
      return "none"
    } catch {
      return error.description
    }
  }

  @Test("calls and their answers go through TLS, and the start says whose certificate it is")
  func calls() throws {
    let server = try serve()
    let client = try TestClient(port: server.port, tls: client())
    let wallet = try client.call(.open(owner: "alice", currency: "USD", key: "tls-key-1")).mutation().transaction
      .walletID
    #expect(try client.call(.credit(wallet, 500, key: "tls-key-2")).mutation().balance == 500)
    #expect(server.lines.contains { $0.hasPrefix("walletd: TLS with the certificate of server, valid until 20") })
    #expect(try server.terminate() == .exited(0))
  }

  @Test("a client without TLS is told in words that it understands; another stranger gets an alert")
  func plaintextOnTLS() throws {
    let server = try serve()
    let plain = try RawConnection(port: server.port)
    plain.send(FrameHeader.preface)
    let (frames, hasEnded) = plain.receive(count: 1, untilEnd: true)
    #expect(hasEnded && frames.count == 1 && frames.first?.header.type == .connectionError)
    let error = try TestReply(header: frames[0].header, payload: frames[0].payload).error()
    #expect(error.message == "this port speaks TLS: connect with TLS")

    let http = try RawConnection(port: server.port)
    http.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
    #expect(http.receiveSome() == [0x15, 3, 3, 0, 2, 2, 10])
    #expect(http.waitForEnd())
    let line = "walletd: connection from 127.0.0.1 closed: it doesn't speak TLS, which this port does"
    try server.waitForLine(line, count: 2)
    #expect(server.lines.filter { $0 == line }.count == 2)
  }

  @Test("a client with TLS on a port without it learns that, and so does the log")
  func tlsOnPlaintext() throws {
    let server = try ServerProcess.serve("\(folder.path)/data")
    #expect(try failure(server.port, client()) == "TLS: the other side doesn't speak TLS")
    try server.waitForLine(
      "walletd: connection: INVALID_FRAME: the connection begins with TLS, and this port doesn't speak it code=INVALID_FRAME"
    )
  }

  @Test("whoever must show a certificate is put out without one, or with a foreign or expired one")
  func clientCertificates() throws {
    let server = try serve(["--tls-client-ca", certificates.authority, "--tls-require-client-cert"])
    try certificates.makeClient("shop")
    try certificates.makeClient("foreign", by: .stranger)
    try certificates.makeClient("old", hours: -24 ... -1)
    #expect(try TestClient(port: server.port, tls: client("shop")).call(.info).isOK)
    let alert = { (name: String) in "TLS: the other side ended it with the TLS alert \"\(name)\"" }
    #expect(try failure(server.port, client()) == alert("certificate required"))
    #expect(try failure(server.port, client("foreign")) == alert("unknown CA"))
    #expect(try failure(server.port, client("old")) == alert("certificate expired"))
    for reason in [
      "it shows no certificate, and one is required", "the certificate isn't signed by an authority that is trusted",
      "the certificate has expired",
    ] {
      let line = "walletd: connection from 127.0.0.1 closed: \(reason)"
      try server.waitForLine(line)
      #expect(server.lines.contains(line))
    }
  }

  @Test("openssl's own client: wrp/1 is agreed on, another protocol refused, TLS 1.2 only where it was asked for")
  func opensslClient() throws {
    let strict = try serve()
    let lax = try ServerProcess.serve(
      "\(folder.path)/lax", arguments: certificates.serverOptions() + ["--tls-min", "1.2"])
    let ask = { (server: ServerProcess, options: [String]) throws -> String in
      let connect = ["s_client", "-connect", "127.0.0.1:\(server.port)", "-CAfile", certificates.authority]
      let output = "\(folder.path)/\(UUID().uuidString)"
      let run = try Programs.run("/usr/bin/openssl", connect + options, output: output)
      return run.errors + (try String(contentsOfFile: output, encoding: .utf8))
    }
    let agreed = try ask(strict, ["-alpn", "wrp/1"])
    #expect(agreed.contains("ALPN protocol: wrp/1") && agreed.contains("Verify return code: 0 (ok)"))
    #expect(agreed.contains("New, TLSv1.3") && !agreed.contains("Post-Handshake New Session Ticket"))
    #expect(try ask(strict, ["-alpn", "h2"]).contains("alert no application protocol"))
    #expect(try ask(strict, []).contains("New, TLSv1.3"))
    #expect(try ask(strict, ["-tls1_2"]).contains("alert protocol version"))
    let old = try ask(lax, ["-tls1_2"])
    #expect(old.contains("New, TLSv1.2") && old.contains("Secure Renegotiation IS supported"))
    #expect(try ask(lax, ["-tls1_1"]).contains("New, (NONE)"))
  }

  @Test("a certificate is replaced under load without a lost call; a file that is no good keeps the one before")
  func reload() throws {
    let server = try serve()
    let (port, context) = (server.port, try client())
    let setup = try TestClient(port: port, tls: context)
    let wallet = try setup.call(.open(owner: "alice", currency: "USD", key: "open-alice")).mutation().transaction
      .walletID
    #expect(setup.serverNames.first == "server")
    let stop = Counter()
    let load = Threads.start(4) { thread throws -> Int in
      let client = try TestClient(port: port, tls: context)
      var calls = 0
      while stop.value == 0 {
        guard try client.call(.credit(wallet, 1, key: "credit-\(thread)-\(calls)")).isOK else {
          throw TestFailure("refused")
        }
        calls += 1
      }
      return calls
    }
    var shown: Set<String> = []
    for name in ["second", "third"] {
      try certificates.makeServer(name)
      for ending in ["pem", "key"] { try certificates.copy("\(name).\(ending)", to: "server.\(ending)") }
      server.signal(SIGHUP)
      try server.waitForLine("walletd: TLS with the certificate of \(name), valid until")
      shown.insert(try TestClient(port: port, tls: context).serverNames.first ?? "")
    }
    #expect(shown == ["second", "third"])
    try certificates.copy("authority.key", to: "server.key")
    server.signal(SIGHUP)
    try server.waitForLine("walletd: SIGHUP: --tls-key: ")
    #expect(try TestClient(port: port, tls: context).serverNames.first == "third")
    stop.increment()
    let calls = try load.wait().reduce(0, +)
    #expect(calls > 0)
    #expect(try setup.call(.credit(wallet, 1, key: "last-credit")).mutation().balance == Int64(calls) + 1)
    #expect(try server.terminate() == .exited(0))
  }

  @Test("a handshake byte by byte is one; a half one is put out after the time for HELLO, and others don't notice")
  func slowHandshakes() throws {
    let server = try serve(["--hello-timeout", "1000"])
    let engine = try TLSEngine(client(), pipe: TLSPipe(), expecting: "localhost")
    var (hello, plain): ([UInt8], [UInt8]) = ([], [])
    try engine.start(output: &hello)
    let half = try (0..<20).map { count in
      let connection = try RawConnection(port: server.port)
      connection.send(Array(hello.prefix(count * 10)))
      return connection
    }
    #expect(try TestClient(port: server.port, tls: client()).call(.info).isOK)

    let slow = try RawConnection(port: server.port)
    for byte in hello { slow.send([byte]) }
    while !engine.isEstablished {
      let piece = slow.receiveSome()
      guard !piece.isEmpty else { throw TestFailure("the server ended a slow handshake") }
      var output: [UInt8] = []
      try engine.receive(piece, into: &plain, output: &output)
      for byte in output { slow.send([byte]) }
    }
    #expect(half.allSatisfy { $0.waitForEnd() })
    #expect(try TestClient(port: server.port, tls: client()).call(.info).isOK)
  }

  @Test("long answers come whole to a client that reads late, and what was accepted is answered at the end")
  func longAnswers() throws {
    let server = try serve()
    let (reader, other) = try (
      TestClient(port: server.port, tls: client()), TestClient(port: server.port, tls: client())
    )
    let wallet = try reader.call(.open(owner: "alice", currency: "USD", key: "open-alice")).mutation().transaction
      .walletID
    // Some 400 KiB each: more than the sockets hold, so that the server has to wait for room.
    let batches = (0..<12).map { batch in
      TestRequest.batch((0..<1000).map { .credit(wallet, 1, key: "credit-\(batch)-\($0)") }, isFull: true)
    }
    let ids = try reader.send(batches)
    #expect(try other.call(.info).isOK)
    var balances: [Int64] = []
    for _ in ids {
      guard case .reply(let reply) = try reader.receive() else { throw TestFailure("no reply") }
      balances += try reply.results().map(\.balance)
    }
    #expect(balances.sorted() == Array(1...12_000))

    try reader.send([.batch((0..<1000).map { .credit(wallet, 1, key: "late-credit-\($0)") }, isFull: true)])
    server.signal(SIGTERM)
    try server.waitForLine("walletd: draining")
    var last: TestReply?
    while case .some(let event) = try? reader.receive(), !event.isEnd {
      if case .reply(let reply) = event { last = reply }
    }
    #expect(try last.map { try $0.isOK ? $0.results().count == 1000 : $0.isNotExecuted } == true)
    #expect(try server.waitUntilEnded() == .exited(0))
  }

  @Test("files that can't be used end the start with 64 and the option's name")
  func wrongFiles() throws {
    try certificates.makeServer("open")
    try certificates.setMode(0o604, of: "open.key")
    let start = { (options: [String]) throws in
      try ServerProcess.runToEnd("\(folder.path)/data", arguments: options)
    }
    let open = try start(certificates.serverOptions("open"))
    #expect(open.ending == .exited(64))
    #expect(open.lines.last?.contains("--tls-key: \(certificates.path("open.key")) can be read or changed") == true)
    let missing = try start(certificates.serverOptions("missing"))
    #expect(missing.ending == .exited(64))
    #expect(missing.lines.last?.contains("--tls-cert: ") == true)
    let half = try start(["--tls-cert", certificates.path("server.pem")])
    #expect(half.ending == .exited(64))
  }

  @Test("nobody listens on an address that others reach without TLS and without asking who they are")
  func exposure() throws {
    let all = ["--listen", "0.0.0.0:0"]
    let bare = try ServerProcess.runToEnd("\(folder.path)/data", arguments: all)
    #expect(bare.ending == .exited(64))
    #expect(bare.lines.last?.contains("--listen 0.0.0.0:0: ") == true)
    let unasked = try ServerProcess.runToEnd(
      "\(folder.path)/data", arguments: all + certificates.serverOptions() + ["--auth", "off"])
    #expect(unasked.ending == .exited(64))
    #expect(unasked.lines.last?.contains("nobody is asked who he is") == true)
  }
}
