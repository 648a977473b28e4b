import Testing
import WalletCore
import WalletSystem

@testable import WalletServer
@testable import WalletWire

@Suite("Rates and shares of one principal")
struct PrincipalTests {
  private static let exhausted = ErrorReason.resourceExhausted.status

  @Test("a bucket lets its burst pass at once, then as many as its rate, and says exactly when the next one may come")
  func bucket() {
    let limit = RateLimit(perSecond: 100, burst: 5)
    var bucket = RateBucket()
    let start: Int64 = 1_000_000
    for _ in 0..<5 {
      #expect(bucket.wait(for: 1, limit, now: start) == 0)
      bucket.take(1, limit, now: start)
    }
    #expect(bucket.wait(for: 1, limit, now: start) == 10_000)
    #expect(bucket.wait(for: 1, limit, now: start + 9_999) == 1)
    #expect(bucket.wait(for: 1, limit, now: start + 10_000) == 0)
    #expect(bucket.wait(for: 3, limit, now: start + 10_000) == 20_000)
    #expect(!bucket.isFull(now: start + 49_999) && bucket.isFull(now: start + 50_000))
    // More than the burst waits for a full bucket, and is paid for afterwards.
    #expect(bucket.wait(for: 50, limit, now: start + 49_999) == 1)
    bucket.take(50, limit, now: start + 50_000)
    #expect(bucket.wait(for: 1, limit, now: start + 50_000) == 460_000)
  }

  @Test("the slowest rate with the largest burst, and the largest batch, stay within an int64")
  func extremes() {
    let limit = RateLimit(perSecond: 1, burst: RateLimit.burstMax)
    var bucket = RateBucket()
    let now: Int64 = 100 * 365 * 86_400 * 1_000_000
    bucket.take(limit.burst, limit, now: now)
    bucket.take(Int64(BatchCommand.itemsMax), limit, now: now)
    #expect(bucket.wait(for: limit.burst, limit, now: now) == (limit.burst + Int64(BatchCommand.itemsMax)) * 1_000_000)
  }

  @Test("past its rate a principal is told when to come again, on whichever of its connections; then it may")
  func requestRate() {
    let fixture = ServerFixture { $0.requestRate = RateLimit(perSecond: 10, burst: 3) }
    let clients = [fixture.greeted(), fixture.greeted()]
    clients[0].send((1...3).flatMap { MemoryClient.balance(id: $0) })
    clients[1].send(MemoryClient.balance(id: 1))
    let refused = clients[1].frames()
    #expect(refused.map(\.header.code) == [Self.exhausted])
    #expect(refused.map(\.header.flags) == [.notExecuted] && refused.map(\.header.millis) == [100])
    fixture.settle()
    #expect(clients[0].frames().map(\.header.code) == [0, 0, 0])
    fixture.time.pass(milliseconds: 99)
    clients[1].send(MemoryClient.balance(id: 2))
    #expect(clients[1].frames().map(\.header.millis) == [1])
    fixture.time.pass(milliseconds: 1)
    clients[1].send(MemoryClient.balance(id: 3))
    fixture.settle()
    #expect(clients[1].frames().map(\.header.code) == [0])
  }

  @Test(
    "a batch counts with its items; one that is larger than the burst waits for all of it, and is paid for afterwards")
  func batchRate() {
    let fixture = ServerFixture { $0.requestRate = RateLimit(perSecond: 100, burst: 10) }
    let client = fixture.greeted()
    client.send(MemoryClient.batch(id: 1, count: 8) + MemoryClient.batch(id: 2, count: 4))
    let refused = client.frames()
    #expect(refused.map(\.header.requestID) == [2] && refused.map(\.header.millis) == [20])
    fixture.time.pass(milliseconds: 20)
    client.send(MemoryClient.batch(id: 3, count: 4) + MemoryClient.batch(id: 4, count: 50))
    // Nothing was left, so its items weren't counted; then they are.
    #expect(client.frames().map(\.header.millis) == [10])
    fixture.time.pass(milliseconds: 10)
    client.send(MemoryClient.batch(id: 4, count: 50))
    #expect(client.frames().map(\.header.millis) == [90])
    fixture.time.pass(milliseconds: 90)
    client.send(MemoryClient.batch(id: 5, count: 50) + MemoryClient.balance(id: 6))
    #expect(client.frames().map(\.header.millis) == [410])
    fixture.settle()
    #expect(client.frames().map(\.header.requestID) == [1, 3, 5])
  }

  @Test("bytes have a rate too")
  func byteRate() {
    let fixture = ServerFixture { $0.byteRate = RateLimit(perSecond: 1000, burst: 100) }
    let client = fixture.greeted()
    // 4 bytes each.
    client.send((1...26).flatMap { MemoryClient.balance(id: $0) })
    let refused = client.frames()
    #expect(refused.map(\.header.requestID) == [26] && refused.map(\.header.millis) == [4])
  }

  @Test("nobody gets a fresh burst by coming anew, and nothing is kept of those who are long gone")
  func reconnecting() {
    let fixture = ServerFixture { $0.requestRate = RateLimit(perSecond: 10, burst: 1) }
    let first = fixture.greeted()
    first.send(MemoryClient.balance(id: 1))
    first.hangUp()
    fixture.server.tick()
    let second = fixture.greeted()
    second.send(MemoryClient.balance(id: 1))
    #expect(second.frames().map(\.header.code) == [Self.exhausted])
    second.hangUp()
    fixture.settle()
    fixture.time.pass(milliseconds: 100)
    fixture.server.tick()
    #expect(fixture.server.principals.isEmpty)
  }

  @Test("the connections of one principal have a bound of their own, which is told")
  func connections() {
    let fixture = ServerFixture {
      $0.connectionsMax = 8
      $0.greetingConnectionsMax = 4
      $0.greetingConnectionsOfOneAddressMax = 4
      $0.principalPercent = 50
    }
    let clients = (0..<4).map { _ in fixture.greeted() }
    let fifth = fixture.connect()
    fifth.send(FrameHeader.preface + MemoryClient.hello)
    #expect(fifth.isClosed && fifth.frames().map(\.header.type) == [.connectionError])
    #expect(clients.allSatisfy { !$0.isClosed })
    clients[0].hangUp()
    #expect(!fixture.greeted().isClosed)
  }

  @Test("one principal fills no more than its share of the queue, and gives it back however its requests end")
  func queue() {
    let fixture = ServerFixture {
      $0.requestsInFlightMax = 20
      $0.queuedRequestsMax = 20
      $0.principalPercent = 50
    }
    let client = fixture.greeted()
    client.send((1...11).flatMap { MemoryClient.balance(id: $0) })
    #expect(client.frames().map(\.header.requestID) == [11])
    client.send((1...4).flatMap { MemoryClient.frame(.cancel, id: $0) })
    #expect(client.frames().map(\.header.code) == Array(repeating: ErrorReason.cancelled.status, count: 4))
    client.send(MemoryClient.explain(id: 12) + MemoryClient.batch(id: 13, count: 2))
    let principal = fixture.server.principals["local"]
    #expect(principal?.queuedRequests == 8 && principal?.explanations == 1)
    client.hangUp()
    #expect(principal?.queuedRequests == 0 && principal?.queuedBytes == 0 && principal?.explanations == 0)
    fixture.settleAll()
    #expect(fixture.server.queuedRequests == 0 && fixture.server.explanations == 0)

    let next = fixture.greeted()
    next.send((1...10).flatMap { MemoryClient.balance(id: $0) })
    fixture.work.runAll()
    next.hangUp()
    // Its answers find nobody.
    fixture.settle()
    let current = fixture.server.principals["local"]
    #expect(current?.queuedRequests == 0 && fixture.server.queuedRequests == 0)
  }

  @Test("what one principal doesn't read is bounded: its connection that holds most is put out, and no other's")
  func output() {
    let fixture = ServerFixture {
      $0.responseBytesMax = 100_000
      $0.connectionOutputPauseBytes = 200_000
      $0.connectionOutputBytesMax = 4 << 20
      $0.outputBytesMax = 16 << 20
      $0.principalPercent = 50
    }
    let clients = (0..<50).map { _ in fixture.greeted() }
    for client in clients { fixture.transport.setRoom(0, client.id) }
    for (index, client) in clients.enumerated() {
      // The first one holds a little less than the others.
      client.send((1...(index == 0 ? 5 : 100)).flatMap { MemoryClient.frame(.request, code: 2, id: UInt32($0)) })
    }
    let bound = fixture.server.principalLimits.outputBytesMax
    #expect(bound == 8 << 20 && fixture.server.outputBytes <= bound)
    #expect(clients.contains { $0.isClosed } && !clients[0].isClosed)
    #expect(fixture.server.principals["local"]?.outputBytes == fixture.server.outputBytes)
    let healthy = fixture.greeted()
    healthy.send(MemoryClient.balance(id: 1))
    fixture.settle()
    #expect(healthy.frames().map(\.header.code) == [0])
  }

  @Test("watches of one principal have a bound of their own")
  func watches() {
    let fixture = ServerFixture {
      $0.watchesMax = 4
      $0.principalPercent = 50
    }
    let client = fixture.greeted()
    // from_now: true
    let watch = { (id: UInt32) in
      MemoryClient.frame(.request, code: Verb.watchTransactions.rawValue, id: id, payload: [0x18, 1])
    }
    client.send(watch(1) + watch(2) + watch(3))
    #expect(client.frames().filter { $0.header.type == .response }.map(\.header.requestID) == [3])
    #expect(fixture.server.principals["local"]?.watches == 2)
    client.send(MemoryClient.frame(.cancel, id: 1))
    #expect(fixture.server.principals["local"]?.watches == 1)
    client.hangUp()
    fixture.settleAll()
    #expect(fixture.server.streams.isEmpty)
  }
}
