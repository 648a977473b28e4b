import TestSupport
import Testing
import WalletTLS

/// Both ends of TLS in memory.
@Suite("TLS in memory")
struct TLSEngineTests {
  private let certificates: TestCertificates

  init() throws { certificates = try TestCertificates() }

  private func server(
    _ name: String = "server", authorities: String? = nil, requires: Bool = false, allowsVersion12: Bool = false
  ) throws -> TLSContext {
    try .server(
      certificates.credentials(name), clientAuthorities: authorities, requiresClientCertificate: requires,
      allowsVersion12: allowsVersion12)
  }

  private func client(_ credentials: TLSContext.Credentials? = nil, allowsVersion12: Bool = false) throws -> TLSContext
  {
    try .client(.file(certificates.authority), credentials, allowsVersion12: allowsVersion12)
  }

  /// What stops them.
  private func problem(_ server: TLSContext, _ client: TLSContext, expecting name: String? = "localhost") throws
    -> TLSProblem?
  {
    var pair = try TLSPair(server, client, expecting: name)
    do throws(TLSFailure) {
      try pair.exchange()
      return nil
    } catch {
      return error.problem
    }
  }

  @Test("both sides are established, with TLS 1.3, and the client expects a name or an address")
  func handshake() throws {
    for name in ["localhost", "127.0.0.1"] {
      var pair = try TLSPair(server(), client(), expecting: name)
      try pair.exchange()
      #expect(pair.server.isEstablished && pair.client.isEstablished)
      #expect(pair.server.version == "TLSv1.3" && pair.server.peerNames == nil)
      #expect(pair.client.peerNames == ["server", "localhost"])
    }
  }

  @Test("bytes arrive whole and in order, however they are cut and whichever way they go", .timeLimit(.minutes(2)))
  func randomSlices() throws {
    var random = SeededGenerator(of: "random slices of TLS")
    for round in 0..<20 {
      var pair = try TLSPair(server(), client())
      var (sentUp, sentDown): ([UInt8], [UInt8]) = ([], [])
      let cut = [1, 7, 100, 5_000, 100_000][round % 5]
      var slices = SeededGenerator(seed: UInt64.random(in: 0...UInt64.max, using: &random))
      try pair.exchange { 1 + Int.random(in: 0..<min($0, cut), using: &slices) }
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let count = Int.random(in: 1...40_000, using: &random)
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        if Bool.random(using: &random) {
          try pair.client.send(bytes, from: 0, count: count, output: &pair.toServer)
          sentUp += bytes
        } else {
          let start = Int.random(in: 0..<count, using: &random)
          try pair.server.send(bytes, from: start, count: count - start, output: &pair.toClient)
          sentDown += bytes[start...]
        }
        if Bool.random(using: &random) { try pair.exchange { min($0, cut) } }
      }
      try pair.exchange { 1 + Int.random(in: 0..<min($0, cut), using: &slices) }
      #expect(pair.serverRead == sentUp && pair.clientRead == sentDown, "round \(round)")
    }
  }

  @Test("the other side's end is told from a broken connection")
  func closing() throws {
    var pair = try TLSPair(server(), client())
    try pair.exchange()
    pair.client.close(output: &pair.toServer)
    try pair.exchange()
    #expect(pair.server.hasEnded && !pair.client.hasEnded)
  }

  @Test("a changed byte ends the connection")
  func changedByte() throws {
    var pair = try TLSPair(server(), client())
    try pair.exchange()
    try pair.client.send(Array("debit".utf8), from: 0, count: 5, output: &pair.toServer)
    pair.toServer[pair.toServer.count - 3] ^= 1
    #expect(throws: TLSFailure.self) { try pair.exchange() }
    #expect(pair.serverRead.isEmpty)
  }

  @Test("a certificate that isn't good is told by its fault")
  func faults() throws {
    #expect(try problem(server(), client(), expecting: "ledger.example") == .wrongName)
    #expect(try problem(server(), client(), expecting: "127.0.0.2") == .wrongName)
    try certificates.makeServer("old", hours: -24 ... -1)
    #expect(try problem(server("old"), client()) == .expired)
    try certificates.makeServer("early", hours: 1...24)
    #expect(try problem(server("early"), client()) == .notYetValid)
    try certificates.makeServer("foreign", by: .stranger)
    #expect(try problem(server("foreign"), client()) == .unknownAuthority)
    // A client's certificate isn't a server's.
    try certificates.makeClient("client", names: ["localhost"])
    #expect(try problem(server("client"), client()) == .badCertificate)
  }

  @Test("a client's certificate names it; one that is missing, foreign, expired or a server's is refused")
  func clientCertificates() throws {
    try certificates.makeClient("shop", names: ["shop.example"])
    var pair = try TLSPair(
      server(authorities: certificates.authority, requires: true), client(certificates.credentials("shop")))
    try pair.exchange()
    #expect(pair.server.peerNames == ["shop", "shop.example"])

    let strict = try server(authorities: certificates.authority, requires: true)
    #expect(try problem(strict, client()) == .noCertificate)
    #expect(try problem(server(authorities: certificates.authority), client()) == nil)
    try certificates.makeClient("foreign", by: .stranger)
    #expect(try problem(strict, client(certificates.credentials("foreign"))) == .unknownAuthority)
    try certificates.makeClient("old", hours: -24 ... -1)
    #expect(try problem(strict, client(certificates.credentials("old"))) == .expired)
    #expect(try problem(strict, client(certificates.credentials("server"))) == .badCertificate)
  }

  @Test("the client learns that its certificate was refused by an alert")
  func alert() throws {
    var pair = try TLSPair(server(authorities: certificates.authority, requires: true), client())
    #expect(throws: TLSFailure.self) { try pair.exchange() }
    // What the server said last.
    let failure = #expect(throws: TLSFailure.self) {
      try pair.client.receive(pair.toClient, into: &pair.clientRead, output: &pair.toServer)
    }
    #expect(failure?.problem == .refused(alert: 116))
  }

  @Test("TLS 1.2 is spoken only when both were told to")
  func version12() throws {
    #expect(try problem(server(), client(allowsVersion12: true)) == nil)
    #expect(try problem(server(allowsVersion12: true), client()) == nil)
    var pair = try TLSPair(server(allowsVersion12: true), client(allowsVersion12: true))
    try pair.exchange()
    #expect(pair.server.version == "TLSv1.3")
  }

  @Test("what is no TLS is told at its first byte")
  func noTLS() throws {
    var pair = try TLSPair(server(), client())
    try pair.client.start(output: &pair.toServer)
    let failure = #expect(throws: TLSFailure.self) {
      try pair.client.receive([0x00], into: &pair.clientRead, output: &pair.toServer)
    }
    #expect(failure?.problem == .noTLS)
  }

  @Test("files that can't be used are told with the reason")
  func files() throws {
    let unusable = { (certificate: String, key: String) -> TLSContext.Unusable? in
      do throws(TLSContext.Unusable) {
        _ = try TLSContext.server(
          TLSContext.Credentials(certificate: certificates.path(certificate), key: certificates.path(key)))
        return nil
      } catch {
        return error
      }
    }
    #expect(unusable("none.pem", "server.key")?.description.hasSuffix("No such file or directory") == true)
    #expect(unusable("server.key", "server.key")?.file == .certificate)
    #expect(unusable("server.pem", "server.pem")?.file == .key)
    #expect(unusable("server.pem", "authority.key")?.description.contains("isn't the key of") == true)
    try certificates.setMode(0o644, of: "server.key")
    #expect(unusable("server.pem", "server.key")?.description.contains("(mode 0644): chmod o=") == true)
  }
}
