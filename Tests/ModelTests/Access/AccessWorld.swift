import ServerSimulation
import TestSupport
import WalletCore
import WalletServer
import WalletStore
import WalletSystem
import WalletWire

@testable import Simulation

/// The real server and its store on one thread, asking its callers who they are.
final class AccessWorld {
  static let beginning: Int64 = 1_700_000_000_000_000
  static let ownUser: UInt32 = 4242

  let time = ManualTime(wall: beginning, monotonic: 5_000_000)
  private let folder: ScratchFolder
  private(set) var transport = MemoryTransport()
  private(set) var work = Work()
  private(set) var store: LedgerStore
  private(set) var server: Server
  private var nextSlot: UInt32 = 0
  private var keys = 0

  init(_ mode: Authentication.Mode = .required) throws {
    folder = try ScratchFolder("access")
    (store, server) = try Self.start(folder.path + "/data", mode, time, transport, work)
  }

  private static func start(
    _ path: String, _ mode: Authentication.Mode, _ time: ManualTime, _ transport: MemoryTransport, _ work: Work
  ) throws -> (LedgerStore, Server) {
    var settings = StoreSettings()
    settings.freeBytesMin = 0
    let store = try LedgerStore.open(
      DataFolder(path: path, files: SystemFiles()), settings: settings, time: time, random: FixedRandom(),
      inBackground: { work in work() })
    let limits = ServerLimits()
    let server = Server(
      limits: limits, transport: transport, time: time,
      description: ServerDescription(
        name: "walletd/access", ledger: store.description, limits: limits.announced, startedAt: time.wallMicroseconds),
      schemaDigest: [1],
      authentication: Authentication(mode, grants: store.grants, ownUser: ownUser, sha256: Digests.sha256),
      log: { _ in })
    let queue = { () throws -> StreamQueue? in
      try store.makeStreamSource().map { source in
        StreamQueue(
          source: Confined(source), schedule: { work.add($0) }, deliver: { work.deliver($0) },
          fault: { preconditionFailure("\($0)") })
      }
    }
    guard let watch = try queue(), let verify = try queue() else { throw TestFailure("no streams") }
    server.attach(
      ServerQueues(
        ledger: Confined(store), reader: Confined(try store.makeReader()), limits: limits, time: time,
        scheduleLedger: { work.add($0) }, scheduleReads: { work.add($0) }, deliver: { work.deliver($0) },
        log: { _ in }, fault: { preconditionFailure("\($0)") }),
      streams: StreamQueues(watch: watch, verify: verify))
    return (store, server)
  }

  /// Closes the ledger and serves it anew.
  func restart() throws {
    try store.close()
    (transport, work) = (MemoryTransport(), Work())
    (store, server) = try Self.start(folder.path + "/data", .required, time, transport, work)
  }

  func newKey() -> String {
    keys += 1
    return "access-key-\(keys)"
  }

  /// Does what is to be done until nothing is left, but for streams that wait.
  func settle() {
    server.roundEnded()
    for _ in 0..<1000 where work.hasAny {
      work.runAll()
      for completions in work.takeDelivered() { server.deliver(completions) }
      for deliveries in work.takeStreamDeliveries() { server.deliver(deliveries) }
    }
  }

  func tick(milliseconds: Int64) {
    time.pass(milliseconds: milliseconds)
    server.tick()
    settle()
  }

  // MARK: Callers

  /// Connects and says HELLO.
  func connect(
    token: String? = nil, _ identity: PeerIdentity = .unknown, peer: String = "10.0.0.1"
  ) throws -> AccessClient {
    nextSlot += 1
    let socket = SocketID(slot: nextSlot, generation: 1)
    transport.open(socket)
    transport.setIdentity(identity, of: socket)
    server.accepted(socket, peer: peer)
    let client = AccessClient(socket, self)
    let hello = ProtobufWriter.message {
      $0.message(1, [1])
      $0.text(2, "shop/1.2")
      if let token { $0.message(3) { $0.text(1, token) } }
    }
    var output = FrameHeader.preface
    output.appendFrame(FrameHeader(type: .hello), payload: hello)
    try client.write(output)
    settle()
    try client.receive()
    return client
  }

  /// A user of the machine who may do everything.
  func operatorClient() throws -> AccessClient {
    try connect(token: nil, .unixUser(Self.ownUser), peer: "unix")
  }

  /// What a grant is made of beside the principal.
  struct Terms {
    var scopes: [String]
    var currencies: [String] = []
    var ownerPrefix = ""
    var maxAmount: Int64 = 0
    var expiresAt: Int64 = 0
    var certificate: String?
    var unixUser: Int64?
  }

  static func createToken(_ principal: String, _ terms: Terms, secret: [UInt8], key: String) -> [UInt8] {
    ProtobufWriter.message {
      $0.text(1, principal)
      $0.text(3, key)
      $0.text(4, "test")
      if let name = terms.certificate {
        $0.text(17, name)
      } else if let user = terms.unixUser {
        $0.integer(18, user)
      } else {
        $0.message(16, Digests.sha256(secret))
      }
      for scope in terms.scopes { $0.text(19, scope) }
      for currency in terms.currencies { $0.text(20, currency) }
      $0.text(21, terms.ownerPrefix)
      $0.integer(22, terms.maxAmount)
      $0.integer(23, terms.expiresAt)
    }
  }

  /// - Returns: The token and its id.
  func token(_ principal: String, _ terms: Terms) throws -> (text: String, id: Int64) {
    keys += 1
    let secret = (0..<32).map { UInt8(truncatingIfNeeded: keys &* 31 &+ $0) }
    let reply = try operatorClient().call(
      514, Self.createToken(principal, terms, secret: secret, key: newKey()))
    guard reply.status == 0 else { throw TestFailure("no token: \(reply.errorMessage)") }
    let id = try ProtobufMessage(ProtobufMessage(reply.payload).bytes(1)).integer(1)
    return (TokenText(id: id, secret: secret).text, id)
  }

  static func revokeToken(_ id: Int64, key: String) -> [UInt8] {
    ProtobufWriter.message {
      $0.integer(1, id)
      $0.text(3, key)
      $0.text(4, "test")
    }
  }

  func revoke(_ id: Int64) throws {
    let reply = try operatorClient().call(515, Self.revokeToken(id, key: newKey()))
    guard reply.status == 0 else { throw TestFailure("not revoked: \(reply.errorMessage)") }
  }

  /// A wallet with a balance.
  ///
  /// - Returns: Its id.
  @discardableResult
  func wallet(_ owner: String, _ currency: String = "USD", balance: Int64 = 1_000_000) throws -> Int64 {
    let client = try operatorClient()
    var open = Request(verb: .open)
    open.key = newKey()
    open.wallet = Address(owner: owner, currency: currency, name: "main")
    let opened = try client.call(256, open.encoded())
    let id = try ProtobufMessage(ProtobufMessage(opened.payload).bytes(1)).integer(3)
    var credit = Request(verb: .credit)
    credit.key = newKey()
    credit.wallet = Address(id: id)
    credit.amount = balance
    guard try client.call(261, credit.encoded()).status == 0 else { throw TestFailure("no balance") }
    return id
  }

  /// Audit rows, the oldest first.
  func denials() throws -> [DeniedRow] {
    let payload = ProtobufWriter.message {
      $0.integer(2, 1000)
      $0.integer(4, 1)
    }
    let reply = try operatorClient().call(275, payload)
    return try ProtobufMessage(reply.payload).all(1).map { try DeniedRow(ProtobufMessage($0)) }.filter {
      $0.reason == 2 || $0.reason == 3
    }
  }
}

/// A row of a call that was turned away.
struct DeniedRow {
  var verb: Int64
  var reason: Int64
  var rule: String
  var scope: String
  var omitted: Int64
  var walletID: Int64
  var actor: String
  var key: String
  var clientName: String
  var source: String

  init(_ message: ProtobufMessage) throws {
    verb = message.integer(2)
    let error = try ProtobufMessage(message.bytes(3))
    let detail = try ProtobufMessage(error.bytes(28))
    reason = error.integer(1)
    (scope, rule, omitted) = (detail.text(1), detail.text(2), detail.integer(4))
    walletID = message.integer(4)
    (actor, key, clientName, source) = (message.text(14), message.text(19), message.text(23), message.text(22))
  }
}

struct AccessReply {
  var status: UInt16
  var flags: UInt8
  var payload: [UInt8]

  /// Of an answer that is an error.
  var error: ProtobufMessage? { status == 0 ? nil : try? ProtobufMessage(payload) }
  var reason: Int64 { error?.integer(1) ?? 0 }
  var errorMessage: String { error?.text(2) ?? "" }
  /// Why it was denied.
  var rule: String { detail?.text(2) ?? "" }
  var scope: String { detail?.text(1) ?? "" }
  private var detail: ProtobufMessage? { try? error.map { try ProtobufMessage($0.bytes(28)) } }
}

/// A caller on a connection in memory.
final class AccessClient {
  private let socket: SocketID
  private let world: AccessWorld
  private let transport: MemoryTransport
  private var nextID: UInt32 = 1
  private(set) var principal = ""
  private(set) var scopes: [String] = []
  private(set) var replies: [UInt32: AccessReply] = [:]
  private(set) var events: [[UInt8]] = []
  /// Of a CONNECTION_ERROR.
  private(set) var refusal: AccessReply?

  init(_ socket: SocketID, _ world: AccessWorld) {
    self.socket = socket
    self.world = world
    transport = world.transport
  }

  var isClosed: Bool { transport.isClosed(socket) }

  func write(_ bytes: [UInt8]) throws {
    transport.arrive(bytes, on: socket)
    while transport.hasArrived(on: socket), !transport.isClosed(socket) {
      guard transport.isWatchedForReading(socket) else { throw TestFailure("the server doesn't read any more") }
      world.server.ready(socket, reading: true, writing: false)
    }
  }

  /// Sends a request, which is taken up with all others at `settle`.
  @discardableResult
  func send(_ method: UInt16, _ payload: [UInt8]) throws -> UInt32 {
    let id = nextID
    nextID += 1
    var output: [UInt8] = []
    output.appendFrame(FrameHeader(type: .request, code: method, requestID: id), payload: payload)
    try write(output)
    return id
  }

  func receive() throws {
    for frame in try Frames.all(transport.takeSent(socket)) {
      switch frame.header.type {
      case .helloAck:
        let ack = try ProtobufMessage(frame.payload)
        principal = ack.text(3)
        scopes = ack.all(4).map { String(decoding: $0, as: UTF8.self) }
      case .response:
        replies[frame.header.requestID] = AccessReply(
          status: frame.header.code, flags: frame.header.flags.rawValue, payload: frame.payload)
      case .event: events.append(frame.payload)
      case .connectionError:
        refusal = AccessReply(status: 16, flags: 0, payload: frame.payload)
      default: throw TestFailure("a frame of type \(frame.header.type)")
      }
    }
  }

  /// The answer to one request.
  func call(_ method: UInt16, _ payload: [UInt8]) throws -> AccessReply {
    let id = try send(method, payload)
    world.settle()
    try receive()
    guard let reply = replies[id] else {
      throw TestFailure("no answer; the connection said \(refusal?.errorMessage ?? "nothing")")
    }
    return reply
  }
}

private struct FixedRandom: RandomSource {
  func next() -> UInt64 { 42 }
}
