import Testing
import WalletCore
import WalletSystem

@testable import WalletServer
@testable import WalletWire

@Suite("Connections that would hurt the others")
struct AbuseTests {
  private static func ping(_ id: UInt32) -> [UInt8] {
    MemoryClient.frame(.ping, id: id, payload: [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test("a flood of PINGs: as many as the rate are answered, then the connection isn't read, then it is closed")
  func pings() {
    let fixture = ServerFixture {
      $0.spareFrameRate = RateLimit(perSecond: 100, burst: 20)
      $0.floodsMax = 3
    }
    let client = fixture.greeted()
    client.send((1...500).flatMap { Self.ping(UInt32($0)) })
    // The preface was one too.
    #expect(client.frames().count == 19)
    #expect(!fixture.transport.isWatchedForReading(client.id) && !client.isClosed)
    fixture.server.tick()
    #expect(client.frames().isEmpty, "its time hasn't come")
    var answered: [Int] = []
    while !client.isClosed, answered.count < 10 {
      fixture.time.pass(milliseconds: 100)
      fixture.server.tick()
      answered.append(client.frames().count)
    }
    // Ten each time, and at last one less with the reason.
    #expect(answered == [10, 10, 10])
    #expect(client.isClosed)
  }

  @Test("whoever floods now and then goes on")
  func calmAgain() {
    let fixture = ServerFixture {
      $0.spareFrameRate = RateLimit(perSecond: 100, burst: 20)
      $0.floodsMax = 1
    }
    let client = fixture.greeted()
    for round in 0..<5 {
      client.send((1...21).flatMap { Self.ping(UInt32(round * 100 + $0)) })
      fixture.time.pass(milliseconds: 1_000)
      fixture.server.tick()
    }
    #expect(!client.isClosed && client.frames().count == 105)
    #expect(fixture.transport.isWatchedForReading(client.id))
  }

  @Test("requests that are turned away, and CANCELs of requests in flight, hold back too, but never close")
  func turnedAway() {
    let fixture = ServerFixture {
      $0.requestRate = RateLimit(perSecond: 1, burst: 1)
      $0.spareFrameRate = RateLimit(perSecond: 100, burst: 20)
      $0.floodsMax = 1
    }
    let client = fixture.greeted()
    client.send((1...100).flatMap { MemoryClient.balance(id: $0) })
    #expect(!fixture.transport.isWatchedForReading(client.id))
    for _ in 0..<20 {
      fixture.time.pass(milliseconds: 100)
      fixture.server.tick()
    }
    fixture.settle()
    #expect(!client.isClosed && client.frames().count == 100)
  }

  @Test("small requests with long replies go on when their replies have left, be it that nothing more arrives")
  func goesOn() {
    let fixture = ServerFixture()
    let client = fixture.greeted()
    fixture.transport.setRoom(0, client.id)
    client.send((1...60).flatMap { MemoryClient.frame(.request, code: 2, id: $0) })
    #expect(!fixture.transport.isWatchedForReading(client.id))
    #expect(fixture.server.outputBytes < fixture.server.limits.connectionOutputPauseBytes + 100_000)
    var count = 0
    fixture.transport.setRoom(.max, client.id)
    for _ in 0..<60 where count < 60 {
      #expect(fixture.transport.isWatchedForWriting(client.id))
      fixture.server.ready(client.id, reading: false, writing: true)
      count += client.frames().count
    }
    #expect(count == 60 && !fixture.transport.isWatchedForWriting(client.id))
  }

  @Test(
    "batches that never arrive whole take no more than their bound together, however many connections have begun one")
  func halfBatches() {
    let fixture = ServerFixture {
      $0.inputBytesMax = 32 << 20
      $0.batchRequestBytesMax = 4 << 20
    }
    let bound = fixture.server.limits.inputBytesMax
    let healthy = fixture.greeted()
    let half = Array(
      MemoryClient.frame(.request, code: Verb.batch.rawValue, id: 1, payload: Array(repeating: 0x7A, count: 4 << 20))
        .prefix(3 << 20))
    let greedy = (0..<20).map { _ in fixture.greeted() }
    for client in greedy {
      client.send(half)
      #expect(fixture.server.inputBytes <= bound)
    }
    let closed = greedy.filter(\.isClosed)
    #expect(!closed.isEmpty && closed.count < greedy.count)
    #expect(closed[0].frames().map(\.header.type) == [.connectionError])
    healthy.send(MemoryClient.balance(id: 1))
    fixture.settle()
    #expect(healthy.frames().map(\.header.code) == [0])
    for client in greedy { client.hangUp() }
    fixture.time.pass(milliseconds: 3_000)
    fixture.server.tick()
    #expect(fixture.server.inputBytes <= 4096)
  }

  @Test("a silent connection gives back the memory that it needed once")
  func idleMemory() {
    let fixture = ServerFixture()
    let client = fixture.greeted()
    client.send(MemoryClient.frame(.request, code: 260, id: 1, payload: Array(repeating: 0x7A, count: 100_000)))
    #expect(fixture.server.inputBytes >= 100_000)
    fixture.time.pass(milliseconds: 1_000)
    fixture.server.tick()
    #expect(fixture.server.inputBytes >= 100_000)
    fixture.time.pass(milliseconds: 1_001)
    fixture.server.tick()
    #expect(fixture.server.inputBytes == 0)
  }

  @Test("a full server puts out who hasn't said HELLO before it refuses a newcomer")
  func fullOfStrangers() {
    let fixture = ServerFixture {
      $0.connectionsMax = 4
      $0.greetingConnectionsMax = 4
      $0.greetingConnectionsOfOneAddressMax = 4
    }
    let clients = [fixture.greeted(), fixture.greeted()]
    let strangers = [fixture.connect(), fixture.connect()]
    let newcomer = fixture.greeted()
    #expect(strangers.map(\.isClosed) == [true, false] && !newcomer.isClosed)
    #expect(clients.allSatisfy { !$0.isClosed })
  }

  @Test("whoever is put out goes at once, though nothing can be written to him")
  func evictedAtOnce() {
    let fixture = ServerFixture {
      $0.greetingConnectionsMax = 2
      $0.greetingConnectionsOfOneAddressMax = 2
    }
    let strangers = (0..<10).map { index in
      let client = fixture.connect(peer: "10.0.0.\(index)")
      fixture.transport.setRoom(0, client.id)
      return client
    }
    #expect(strangers.count { !$0.isClosed } == 2 && fixture.server.greeting.count == 2)
    #expect(fixture.server.outputBytes == 0 && fixture.server.strangers.connections == 2)
  }

  @Test("before HELLO a connection has 16 KiB of output at most, and frames of 4 KiB")
  func beforeHello() {
    let fixture = ServerFixture { $0.greetingOutputBytesMax = 16 }
    let client = fixture.connect()
    fixture.transport.setRoom(0, client.id)
    client.send(FrameHeader.preface + MemoryClient.balance(id: 1))
    #expect(client.isClosed, "the reason is longer")

    let other = ServerFixture().connect()
    other.send(FrameHeader.preface + MemoryClient.frame(.hello, payload: Array(repeating: 0, count: 4096)).prefix(8))
    #expect(other.isClosed && other.frames().map(\.header.type) == [.connectionError])
  }

  @Test("output of all together beyond its bound: who holds most goes, not who happens to be served")
  func outputOfAll() {
    let fixture = ServerFixture {
      $0.outputBytesMax = 9 << 20
      $0.connectionOutputPauseBytes = 3 << 20
    }
    let greedy = (0..<4).map { _ in fixture.greeted() }
    for client in greedy {
      fixture.transport.setRoom(0, client.id)
      client.send((1...1000).flatMap { MemoryClient.frame(.request, code: 2, id: UInt32($0)) })
    }
    let healthy = fixture.greeted()
    fixture.transport.setRoom(0, healthy.id)
    healthy.send(MemoryClient.balance(id: 1))
    fixture.settle()
    #expect(greedy.count(where: \.isClosed) == 2 && !healthy.isClosed)
    #expect(fixture.server.outputBytes <= 9 << 20)
  }

  @Test("a frame that nobody could finish, since its connection wasn't read, has its time once it is read again")
  func frameWhileHeldBack() {
    let fixture = ServerFixture { $0.outputStallMilliseconds = 100_000 }
    let client = fixture.greeted()
    fixture.transport.setRoom(0, client.id)
    let half = Array(MemoryClient.balance(id: 99).prefix(10))
    client.send((1...5).flatMap { MemoryClient.list(id: $0) } + half)
    fixture.ledger.beforeReading = {}
    fixture.server.write(fixture.server.connections[client.id]!) { $0 += [UInt8](repeating: 0, count: 300_000) }
    fixture.server.flush(fixture.server.connections[client.id]!)
    #expect(!fixture.transport.isWatchedForReading(client.id))
    fixture.time.pass(milliseconds: 20_000)
    fixture.server.tick()
    #expect(!client.isClosed)
    fixture.transport.setRoom(.max, client.id)
    fixture.server.ready(client.id, reading: false, writing: true)
    fixture.time.pass(milliseconds: 9_000)
    fixture.server.tick()
    #expect(!client.isClosed && fixture.transport.isWatchedForReading(client.id))
    fixture.time.pass(milliseconds: 1_001)
    fixture.server.tick()
    #expect(client.isClosed)
  }

  @Test("places of dropped requests are empty, and those of others stay where they were")
  func droppedPlaces() {
    let fixture = ServerFixture()
    let clients = (0..<3).map { _ in fixture.greeted() }
    for client in clients { client.send(MemoryClient.release(id: 1) + MemoryClient.transfer(id: 2)) }
    clients[1].send(MemoryClient.frame(.cancel, id: 1))
    clients[0].hangUp()
    fixture.settle()
    let verbs = fixture.ledger.gathers.joined().compactMap { request in
      if case .mutation(let command) = request { command.verb } else { nil }
    }
    #expect(verbs == [.transfer, .release, .transfer])
    #expect(clients[1].frames().map(\.header.requestID) == [1, 2] && clients[2].frames().count == 2)
    #expect(fixture.server.queuedRequests == 0 && fixture.server.queuedBytes == 0)
  }
}
