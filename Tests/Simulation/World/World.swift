import Foundation
import ServerSimulation
import TestSupport
import WalletCore
import WalletServer
import WalletStore
import WalletSystem
import WalletWire

/// The real server, from the bytes of its connections to the files of its store, on one thread and by a clock that stands
/// still until it is moved; and beside it the reference, which foretells each answer.
final class World: Checked {
  /// How the store is cut.
  struct Shape: Sendable {
    var generationRows: Int
    var cachedWallets: Int
    /// Commands of a round.
    var roundMax: Int
  }

  static let beginning: Int64 = 1_700_000_000_000_000
  static let requestsInFlightMax = 700
  static let queuedRequestsMax = 1500

  let seed: UInt64
  let shape: Shape
  let reference = ReferenceLedger()
  var clock: ReferenceClock
  let time: ManualTime
  private(set) var path: String
  let vfs: String? = nil
  private(set) var store: LedgerStore
  private(set) var server: Server
  private(set) var transport = MemoryTransport()
  private(set) var work = Work()
  private(set) var clients: [SimulatedClient] = []
  private var nextSlot: UInt32 = 0
  /// Pages that a list has announced.
  var announced: [Read] = []
  private(set) var codes: [Code: Int] = [:]
  private(set) var replies = 0

  init(seed: UInt64, _ shape: Shape) throws {
    self.seed = seed
    self.shape = shape
    time = ManualTime(wall: Self.beginning, monotonic: 5_000_000)
    clock = ReferenceClock(lastStored: 0, wall: time.wallMicroseconds, monotonic: time.monotonicMicroseconds)
    path = Self.newPath()
    (store, server) = try Self.start(path, shape, time, transport, work)
    for number in 0..<5 { connect(number) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  private static func newPath() -> String { NSTemporaryDirectory() + "walletd-model-\(UUID().uuidString)" }

  private static func start(
    _ path: String, _ shape: Shape, _ time: ManualTime, _ transport: MemoryTransport, _ work: Work,
    acceptsClock: Bool = false
  ) throws -> (LedgerStore, Server) {
    var settings = StoreSettings()
    settings.acceptsClock = acceptsClock
    settings.freeBytesMin = 0
    settings.cachedWalletsMax = shape.cachedWallets
    settings.trailing = StoreSettings.Trailing(generationRows: shape.generationRows)
    let store = try LedgerStore.open(
      DataFolder(path: path, files: SystemFiles()), settings: settings, time: time, random: SeededRandom(),
      inBackground: { work in work() })
    var limits = ServerLimits()
    limits.requestsInFlightMax = requestsInFlightMax
    limits.queuedRequestsMax = queuedRequestsMax
    let description = ServerDescription(
      name: "walletd/model", ledger: store.description, limits: limits.announced, startedAt: time.wallMicroseconds)
    let server = Server(
      limits: limits, transport: transport, time: time, description: description, schemaDigest: [1, 2, 3],
      log: { _ in })
    server.attach(
      ServerQueues(
        ledger: Confined(store), reader: Confined(try store.makeReader()), limits: limits, time: time,
        scheduleLedger: { work.add($0) }, scheduleReads: { work.add($0) }, deliver: { work.deliver($0) },
        log: { _ in }, fault: { preconditionFailure("\($0)") }))
    return (store, server)
  }

  // MARK: Connections

  private func connect(_ number: Int) {
    nextSlot += 1
    let socket = SocketID(slot: nextSlot, generation: 1)
    let caller = Caller(source: "10.0.0.\(1 + number % 3)", client: ["shop/1.2", "", "back-office"][number % 3])
    transport.open(socket)
    server.accepted(socket, peer: caller.source)
    let client = SimulatedClient(socket: socket, caller: caller)
    if number < clients.count { clients[number] = client } else { clients.append(client) }
  }

  /// Sends what a client has written. All that is sent before `settle` gathers.
  func send(_ client: SimulatedClient) throws {
    transport.arrive(client.output, on: client.socket)
    client.output = []
    // One read takes no more than 64 KiB.
    while transport.hasArrived(on: client.socket), !transport.isClosed(client.socket) {
      guard transport.isWatchedForReading(client.socket) else {
        throw failure("the server doesn't read any more")
      }
      server.ready(client.socket, reading: true, writing: false)
    }
  }

  func hangUp(_ client: SimulatedClient) {
    transport.end(client.socket)
    server.ready(client.socket, reading: true, writing: false)
    _ = transport.takeSent(client.socket)
    client.awaited = [:]
  }

  // MARK: A round

  /// Has the requests that were sent carried out, and compares the answers.
  ///
  /// - Parameters:
  ///   - delay: Microseconds between the sending and the gather.
  ///   - loses: The commit is made, and nobody is told.
  func settle(delay: Int64, readTime: Int64, loses: Bool = false) throws {
    server.roundEnded()
    time.pass(microseconds: delay)
    work.runAll()
    let delivered = work.takeDelivered()
    if loses {
      for client in clients { client.awaited = [:] }
      return
    }
    for completions in delivered { server.deliver(completions) }
    for number in clients.indices {
      try receive(clients[number], readTime)
      if transport.isClosed(clients[number].socket) { connect(number) }
    }
  }

  private func receive(_ client: SimulatedClient, _ readTime: Int64) throws {
    for frame in try Frames.all(transport.takeSent(client.socket)) {
      switch frame.header.type {
      case .helloAck, .goAway: continue
      case .connectionError:
        let reply = try ComparableReply(frame.payload, as: .errorAtDoor)
        try expect(reply.bytes.starts(with: [8, 1]), "another connection error: \(dump(frame.payload))")
        codes[.invalidFrame, default: 0] += 1
        client.awaited = [:]
      case .response:
        guard let awaited = client.awaited.removeValue(forKey: frame.header.requestID) else {
          throw failure("a second answer to request \(frame.header.requestID)")
        }
        try compare(frame.header, frame.payload, awaited, readTime)
      default: throw failure("a frame of type \(frame.header.type)")
      }
    }
    try expect(client.awaited.isEmpty, "\(client.awaited.count) requests weren't answered")
  }

  private func compare(
    _ header: FrameHeader, _ payload: [UInt8], _ awaited: SimulatedClient.Awaited, _ readTime: Int64
  ) throws {
    var (expected, next): (ExpectedReply, Read?)
    var asked: Read?
    switch awaited {
    case .reply(let reply): (expected, next) = (reply, nil)
    case .read(let read):
      (expected, next) = reference.answer(read, now: readTime)
      asked = read
    }
    replies += 1
    let check = ReplyCheck(world: self)
    if case .info? = asked { return try check.compareInfo(payload, seq: reference.seq) }
    let found = try check.compare(header, payload, expected, asked: asked.map { "\($0)" } ?? "a mutation")
    for code in expected.codes { codes[code, default: 0] += 1 }
    try expect(found.cursor.isEmpty == (next == nil), "a cursor: \(!found.cursor.isEmpty), to come: \(next != nil)")
    if let page = next?.goingOn(at: String(decoding: found.cursor, as: UTF8.self)) { announced.append(page) }
  }

  // MARK: Ends and beginnings

  /// Leaves in order, as on SIGTERM, and starts again.
  ///
  /// - Parameter acceptsClock: As with `--accept-clock`.
  func restart(acceptsClock: Bool = false) throws {
    server.beginDrain {}
    for client in clients {
      var request = Request(verb: .credit)
      request.key = "while-draining"
      request.amount = 1
      request.wallet = Address(id: 1)
      client.write(261, request.encoded(), .reply(.atDoor(Failure(code: .unavailable))))
      try send(client)
    }
    try settle(delay: 0, readTime: 0)
    try store.close()
    try start(acceptsClock: acceptsClock)
  }

  /// What was acknowledged is in the files, whatever of the rest isn't.
  func kill() throws {
    let copy = Self.newPath()
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    for name in ["ledger.db", "ledger.db-wal"] where FileManager.default.fileExists(atPath: "\(path)/\(name)") {
      try FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: "\(copy)/\(name)")
    }
    let old = path
    path = copy
    try start()
    try FileManager.default.removeItem(atPath: old)
  }

  private func start(acceptsClock: Bool = false) throws {
    transport = MemoryTransport()
    work = Work()
    (store, server) = try Self.start(path, shape, time, transport, work, acceptsClock: acceptsClock)
    clock = ReferenceClock(
      lastStored: clock.lastStored, wall: time.wallMicroseconds, monotonic: time.monotonicMicroseconds,
      isAccepted: acceptsClock)
    let count = clients.count
    clients = []
    for number in 0..<count { connect(number) }
    try expect(store.head.seq == reference.seq, "\(store.head.seq) rows after a start, not \(reference.seq)")
  }

  /// Closes for good, so that the files can be looked at.
  func end() throws { try store.close() }

  // MARK: Failures

  func failure(_ comment: String) -> TestFailure {
    TestFailure(
      "seed \(seed), after \(replies) replies, at seq \(reference.seq): \(comment)\n"
        + "WALLETD_SEED=\(seed) swift test --filter ModelTests replays it")
  }
}

private struct SeededRandom: RandomSource {
  func next() -> UInt64 { 42 }
}
