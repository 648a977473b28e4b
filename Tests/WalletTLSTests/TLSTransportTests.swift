import ServerSimulation
import Synchronization
import TestSupport
import Testing
import WalletSystem
import WalletTLS

/// The layer between sockets and server, over sockets in memory.
@Suite("TLS below the server")
struct TLSTransportTests {
  private static let socket = SocketID(slot: 0, generation: 1)

  /// In the server's place: reads all there is, and writes as far as it goes.
  private final class Handler: TransportHandler {
    weak var transport: (any Transport)?
    var received: [UInt8] = []
    var output: [UInt8] = []
    var written = 0
    var hasEnded = false

    func accepted(_ socket: SocketID, peer: String) {}

    func ready(_ socket: SocketID, reading: Bool, writing: Bool) {
      if reading, transport?.read(socket, into: &received, countMax: 64 * 1024) == .ended { hasEnded = true }
      flush(socket)
    }

    func flush(_ socket: SocketID) {
      guard let transport else { return }
      while written < output.count, case .bytes(let count) = transport.write(socket, output, from: written) {
        written += count
      }
      transport.watch(socket, reading: true, writing: written < output.count)
    }

    func roundEnded() {}
  }

  /// A connection, with a client at its other end.
  private final class Scene {
    let certificates: TestCertificates
    let below = MemoryTransport()
    let tls: TLSTransport
    let handler = Handler()
    let client: TLSEngine
    var toServer: [UInt8] = []
    var received: [UInt8] = []
    let log = Lines()

    init(clientAuthorities: Bool = false, peer: String = "192.0.2.1") throws {
      certificates = try TestCertificates()
      try certificates.makeClient("shop", names: ["shop.example"])
      let log = log
      tls = TLSTransport(
        below: below,
        context: try .server(
          certificates.credentials("server"), clientAuthorities: clientAuthorities ? certificates.authority : nil),
        strangers: TLSStrangers(preface: Array("WRP/1".utf8), answer: Array("no".utf8)), time: ManualTime(),
        log: { log.add($0) })
      client = try TLSEngine(
        .client(.file(certificates.authority), clientAuthorities ? certificates.credentials("shop") : nil),
        pipe: TLSPipe(), expecting: "localhost")
      tls.report(to: handler)
      handler.transport = tls
      below.open(TLSTransportTests.socket)
      tls.accepted(TLSTransportTests.socket, peer: peer)
    }

    /// What the client wants to say arrives, in pieces; what the server says arrives at the client.
    func exchange(piece: (Int) -> Int = { $0 }) throws {
      repeat {
        if !toServer.isEmpty {
          let count = piece(toServer.count)
          below.arrive(Array(toServer.prefix(count)), on: socket)
          toServer.removeFirst(count)
        }
        tls.ready(socket, reading: below.hasArrived(on: socket), writing: below.isWatchedForWriting(socket))
        tls.roundEnded()
        let sent = below.takeSent(socket)
        if !sent.isEmpty { try client.receive(sent, into: &received, output: &toServer) }
      } while !toServer.isEmpty || below.hasArrived(on: socket)
    }

    func shakeHands() throws {
      try client.start(output: &toServer)
      try exchange()
    }

    private var socket: SocketID { TLSTransportTests.socket }
  }

  private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  @Test("nothing counts as written before the socket has it, whatever room it has; nothing is lost or comes twice")
  func backPressure() throws {
    var random = SeededGenerator(of: "TLS back-pressure")
    let scene = try Scene()
    try scene.shakeHands()
    #expect(scene.client.isEstablished)
    var expected: [UInt8] = []
    for _ in 0..<40 {
      let bytes = (0..<Int.random(in: 1...150_000, using: &random)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      expected += bytes
      scene.handler.output += bytes
      scene.below.setRoom(Int.random(in: 0...80_000, using: &random), Self.socket)
      let isReading = Bool.random(using: &random)
      scene.handler.flush(Self.socket)
      if scene.handler.written < scene.handler.output.count {
        #expect(scene.below.isWatchedForWriting(Self.socket))
        // What has left can't be more than what counts and one piece.
        scene.below.setRoom(isReading ? .max : 0, Self.socket)
      }
      try scene.exchange()
      #expect(scene.received.count <= expected.count && scene.handler.written <= expected.count)
    }
    scene.below.setRoom(.max, Self.socket)
    while scene.handler.written < expected.count { try scene.exchange() }
    try scene.exchange()
    #expect(scene.received == expected)
    #expect(!scene.below.isWatchedForWriting(Self.socket))
  }

  @Test("what was written leaves before the end of the connection, and the end is told")
  func closing() throws {
    let scene = try Scene()
    try scene.shakeHands()
    scene.handler.output = Array("the last answer".utf8)
    scene.handler.flush(Self.socket)
    scene.tls.close(Self.socket)
    try scene.client.receive(scene.below.takeSent(Self.socket), into: &scene.received, output: &scene.toServer)
    #expect(String(decoding: scene.received, as: UTF8.self) == "the last answer")
    #expect(scene.client.hasEnded && scene.below.isClosed(Self.socket))
  }

  @Test("until the handshake is done the server reads nothing, and can't write")
  func beforeTheHandshake() throws {
    let scene = try Scene()
    #expect(scene.tls.write(Self.socket, [1], from: 0) == .broken)
    try scene.client.start(output: &scene.toServer)
    for byte in scene.toServer.dropLast() {
      scene.below.arrive([byte], on: Self.socket)
      scene.tls.ready(Self.socket, reading: true, writing: false)
      scene.tls.roundEnded()
    }
    #expect(scene.handler.received.isEmpty && !scene.handler.hasEnded)
    #expect(scene.tls.write(Self.socket, [1], from: 0) == .broken && scene.below.takeSent(Self.socket).isEmpty)
  }

  @Test("a certificate's names are the peer's; a connection over a Unix socket goes through as it is")
  func identities() throws {
    let scene = try Scene(clientAuthorities: true)
    try scene.shakeHands()
    #expect(scene.tls.identity(of: Self.socket) == .certificate(names: ["shop", "shop.example"]))
    let local = try Scene(peer: SocketAddress.localHost)
    local.below.arrive(Array("plain".utf8), on: Self.socket)
    local.tls.ready(Self.socket, reading: true, writing: false)
    #expect(local.handler.received == Array("plain".utf8))
    #expect(local.tls.write(Self.socket, [7], from: 0) == .bytes(1) && local.below.takeSent(Self.socket) == [7])
  }

  @Test("a few handshakes go on in each round, however many are due, and those that are done have their turn in it")
  func manyHandshakes() throws {
    let scene = try Scene()
    try scene.shakeHands()
    let sockets = (1...20).map { SocketID(slot: UInt32($0), generation: 1) }
    for socket in sockets {
      let client = try TLSEngine(.client(.file(scene.certificates.authority)), pipe: TLSPipe(), expecting: "localhost")
      var hello: [UInt8] = []
      try client.start(output: &hello)
      scene.below.open(socket)
      scene.tls.accepted(socket, peer: "192.0.2.1")
      scene.below.arrive(hello, on: socket)
    }
    var waiting = [20]
    while waiting.last != 0, waiting.count < 10 {
      for socket in sockets where scene.below.hasArrived(on: socket) {
        scene.tls.ready(socket, reading: true, writing: false)
      }
      try scene.client.send([UInt8(waiting.count)], from: 0, count: 1, output: &scene.toServer)
      scene.below.arrive(scene.toServer, on: Self.socket)
      scene.toServer = []
      scene.tls.ready(Self.socket, reading: true, writing: false)
      #expect(scene.handler.received.last == UInt8(waiting.count))
      scene.tls.roundEnded()
      waiting.append(sockets.count { scene.below.hasArrived(on: $0) })
    }
    #expect(waiting == [20, 12, 4, 0])
  }

  @Test("strangers are answered in their language, and of many of them the log tells a few")
  func strangers() throws {
    let scene = try Scene()
    for slot in 1...30 {
      let socket = SocketID(slot: UInt32(slot), generation: 1)
      scene.below.open(socket)
      scene.tls.accepted(socket, peer: "192.0.2.1")
      scene.below.arrive(Array((slot == 1 ? "W" : "G").utf8), on: socket)
      var input: [UInt8] = []
      #expect(scene.tls.read(socket, into: &input, countMax: 1000) == .ended && input.isEmpty)
      #expect(scene.below.takeSent(socket) == (slot == 1 ? Array("no".utf8) : [0x15, 3, 3, 0, 2, 2, 10]))
      scene.tls.close(socket)
    }
    #expect(scene.log.all.count == 10)
    #expect(scene.log.all.allSatisfy { $0.hasPrefix("connection from 192.0.2.1 closed: it doesn't speak TLS") })
  }
}
