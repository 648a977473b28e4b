import TestSupport
import Testing
import WalletCore
import WalletSystem

@testable import WalletServer
@testable import WalletWire

@Suite("The server")
struct ServerTests {
  @Test("HELLO is answered, and a request behind it without waiting")
  func opening() {
    let fixture = ServerFixture()
    let client = fixture.connect()
    client.send(FrameHeader.preface + MemoryClient.hello + MemoryClient.balance(id: 5))
    fixture.settle()
    let frames = client.frames()
    #expect(frames.map(\.header.type) == [.helloAck, .response])
    #expect(frames[1].header.requestID == 5 && frames[1].header.code == 0)
  }

  @Test("one byte at a time is as good as all at once")
  func trickle() {
    let fixture = ServerFixture()
    let client = fixture.connect()
    for byte in FrameHeader.preface + MemoryClient.hello + MemoryClient.balance(id: 5) { client.send([byte]) }
    fixture.settle()
    #expect(client.frames().map(\.header.type) == [.helloAck, .response])
  }

  @Test("what gathers in a round, from all connections, reaches the ledger in one piece")
  func gather() {
    let fixture = ServerFixture()
    let clients = (0..<3).map { _ in fixture.greeted() }
    for client in clients { client.send(MemoryClient.balance(id: 1) + MemoryClient.balance(id: 2)) }
    fixture.settle()
    #expect(fixture.ledger.gathers.map(\.count) == [6])
    for client in clients { #expect(client.frames().count == 2) }
  }

  @Test("mutations with parameters reach the ledger with them, in the order in which they came")
  func parameters() {
    let fixture = ServerFixture()
    let client = fixture.greeted()
    client.send(MemoryClient.transfer(id: 1) + MemoryClient.release(id: 2))
    fixture.settle()
    let commands = fixture.ledger.gathers.joined().compactMap { request in
      if case .mutation(let command) = request { command } else { nil }
    }
    #expect(commands.map(\.verb) == [.transfer, .release] && commands.map(\.amount) == [7, 0])
    #expect(commands.map(\.wallet) == [.id(1, currency: ""), .none])
    #expect(commands.map(\.parameters) == [.transfer(to: .id(2, currency: "")), .release(holdID: 5)])
  }

  @Test("a transfer is answered with both rows, and its last one is the last place of the journal")
  func transfer() {
    let fixture = ServerFixture()
    var source = TransactionRow(
      seq: 20, kind: .transferOut, walletID: 1, version: 2, amount: -7, balance: 3, held: 0, overdraftLimit: 0,
      counterAccount: "",
      attribution: Attribution(
        key: .text("12345678"), audit: Command.Audit(reason: "r"),
        origin: Origin(actor: "local", source: "", clientName: "")), createdAt: 1)
    source.relatedSeq = 21
    var destination = source
    (destination.seq, destination.kind, destination.walletID, destination.amount) = (21, .transferIn, 2, 7)
    fixture.ledger.mutationOutcome = .transferred(
      source: source, destination: destination, currency: "USD", exponent: 2, replayed: true)
    let client = fixture.greeted()
    client.send(MemoryClient.transfer(id: 1))
    fixture.settle()
    let frames = client.frames()
    #expect(frames.map(\.header.code) == [0] && frames.map(\.header.flags) == [.replayed])
    // commit_seq: 21, replayed: true
    #expect(frames.first?.payload.suffix(4) == [0x18, 21, 0x20, 1])
    client.send(MemoryClient.frame(.request, code: Verb.ping.rawValue, id: 2))
    // commit_seq: 21
    #expect(client.frames().first?.payload.suffix(2) == [0x10, 21])
  }

  @Test("a batch counts with its items in a gather: thousands of batches don't get into one")
  func batchesInGather() {
    let fixture = ServerFixture { $0.gatherMax = 10 }
    let client = fixture.greeted()
    for (id, count) in zip(1...6 as ClosedRange<UInt32>, [3, 7, 1, 4, 25, 2]) {
      client.send(MemoryClient.batch(id: id, count: count))
    }
    fixture.settle()
    #expect(fixture.ledger.gathers.map(\.count) == [2, 2, 1, 1])
    #expect(client.frames().map(\.header.requestID) == [1, 2, 3, 4, 5, 6])
    #expect(fixture.server.queuedBytes == 0 && fixture.server.queuedRequests == 0)
  }

  @Test("small items count for what they take in memory: the queue's bytes bound them")
  func batchesInQueue() {
    let fixture = ServerFixture { $0.queuedBytesMax = 8_190 * 1024 }
    let clients = [fixture.greeted(), fixture.greeted()]
    clients[0].send(MemoryClient.batch(id: 1, count: 5_000))
    clients[1].send(MemoryClient.batch(id: 1, count: 5_000))
    #expect(clients[1].frames().map(\.header.code) == [ErrorReason.resourceExhausted.status])
    fixture.settle()
    clients[1].send(MemoryClient.batch(id: 2, count: 5_000))
    fixture.settle()
    #expect(clients[1].frames().map(\.header.code) == [0] && fixture.server.queuedBytes == 0)
  }

  @Test("a connection isn't read while replies to batches of 4 MiB and more are due")
  func batchReplies() {
    let fixture = ServerFixture()
    let client = fixture.greeted()
    client.send(MemoryClient.batch(id: 1, count: 8_190))
    #expect(fixture.transport.isWatchedForReading(client.id), "one may be cancelled")
    client.send(MemoryClient.batch(id: 2, count: 8_190))
    #expect(!fixture.transport.isWatchedForReading(client.id))
    client.send(MemoryClient.balance(id: 3))
    fixture.settle()
    client.send([])
    fixture.settle()
    #expect(client.frames().map(\.header.requestID) == [1, 2, 3] && fixture.server.queuedBytes == 0)
    client.send(MemoryClient.batch(id: 4, count: 8_190) + MemoryClient.frame(.cancel, id: 4))
    #expect(client.frames().map(\.header.code) == [ErrorReason.cancelled.status])
    client.send(MemoryClient.batch(id: 5, count: 8_190))
    #expect(fixture.transport.isWatchedForReading(client.id), "the cancelled one isn't due any more")
  }

  @Test("long replies to batches don't close a connection that reads slowly, where others as long would")
  func slowReader() {
    let fixture = ServerFixture()
    fixture.ledger.batchFailure = Failure(.unavailable, .message(String(repeating: "m", count: 480)))
    let client = fixture.greeted()
    fixture.transport.setRoom(0, client.id)
    client.send(MemoryClient.batch(id: 1, count: 8_190) + MemoryClient.batch(id: 2, count: 8_190))
    fixture.settle()
    #expect(fixture.server.outputBytes > 7 << 20 && !client.isClosed)
    fixture.transport.setRoom(.max, client.id)
    fixture.server.ready(client.id, reading: false, writing: true)
    #expect(client.frames().map(\.header.requestID) == [1, 2] && fixture.server.outputBytes == 0)
  }

  @Test("only a batch may have 4 MiB; another method is refused by its first eight bytes")
  func longRequests() {
    let fixture = ServerFixture()
    let clients = [fixture.greeted(), fixture.greeted()]
    let batch = MemoryClient.frame(.request, code: 272, id: 1, payload: Array(repeating: 0x7A, count: 2 << 20))
    clients[0].send(Array(batch.prefix(8)))
    #expect(!clients[0].isClosed)
    let debit = MemoryClient.frame(.request, code: 260, id: 1, payload: Array(repeating: 0x7A, count: 2 << 20))
    clients[1].send(Array(debit.prefix(8)))
    #expect(clients[1].isClosed && clients[1].frames().map(\.header.type) == [.connectionError])
  }

  @Test("past the requests in flight a connection isn't read, and goes on when an answer leaves")
  func backPressure() {
    let fixture = ServerFixture { $0.requestsInFlightMax = 2 }
    let client = fixture.greeted()
    client.send((1...5).flatMap { MemoryClient.balance(id: $0) })
    #expect(!fixture.transport.isWatchedForReading(client.id))
    fixture.settle()
    fixture.settle()
    fixture.settle()
    #expect(fixture.ledger.gathers.map(\.count) == [2, 2, 1])
    #expect(client.frames().map(\.header.requestID) == [1, 2, 3, 4, 5])
    #expect(fixture.transport.isWatchedForReading(client.id))
  }

  @Test("a full queue answers RESOURCE_EXHAUSTED with NOT_EXECUTED at once")
  func fullQueue() {
    let fixture = ServerFixture {
      $0.requestsInFlightMax = 3
      $0.queuedRequestsMax = 3
    }
    let clients = [fixture.greeted(), fixture.greeted()]
    clients[0].send((1...3).flatMap { MemoryClient.balance(id: $0) })
    clients[1].send(MemoryClient.balance(id: 1))
    let refused = clients[1].frames()
    #expect(refused.map(\.header.code) == [ErrorReason.resourceExhausted.status])
    #expect(refused[0].header.flags == .notExecuted && refused[0].header.millis > 0)
    fixture.settle()
    clients[1].send(MemoryClient.balance(id: 2))
    fixture.settle()
    #expect(clients[1].frames().map(\.header.code) == [0])
  }

  @Test("a deadline that passes in the queue: NOT_EXECUTED, and the ledger never hears of it")
  func deadline() {
    let fixture = ServerFixture()
    let client = fixture.greeted()
    client.send(MemoryClient.balance(id: 1, millis: 50) + MemoryClient.balance(id: 2, millis: 5000))
    fixture.time.pass(milliseconds: 51)
    fixture.settle()
    let answers = client.frames().sorted { $0.header.requestID < $1.header.requestID }
    #expect(answers.map(\.header.code) == [ErrorReason.deadlineExceeded.status, 0])
    #expect(answers[0].header.flags == .notExecuted && fixture.ledger.gathers.map(\.count) == [1])
  }

  @Test("a failure tells the place of its moment, 0 in an empty ledger; one of the queue the last that was told")
  func placesOfFailures() throws {
    let fixture = ServerFixture()
    let client = fixture.greeted()
    fixture.ledger.mutationOutcome = .failed(Failure(.walletNotFound), commitSeq: 0, replayed: false)
    client.send(
      MemoryClient.balance(id: 1) + MemoryClient.release(id: 2) + MemoryClient.balance(id: 3, millis: 50))
    fixture.time.pass(milliseconds: 51)
    fixture.settle()
    let answers = client.frames()
    #expect(answers.map(\.header.requestID) == [1, 2, 3])
    #expect(try answers[1...].map { try ProtobufMessage($0.payload).integer(3) } == [0, 9])
  }

  @Test("CANCEL before the ledger has it: CANCELLED with NOT_EXECUTED; afterwards the normal answer")
  func cancel() {
    let fixture = ServerFixture()
    let client = fixture.greeted()
    client.send(MemoryClient.balance(id: 1) + MemoryClient.frame(.cancel, id: 1))
    fixture.settle()
    let cancelled = client.frames()
    #expect(cancelled.map(\.header.code) == [ErrorReason.cancelled.status] && cancelled[0].header.flags == .notExecuted)
    #expect(fixture.ledger.gathers.isEmpty)
    client.send(MemoryClient.balance(id: 2))
    fixture.work.runAll()
    client.send(MemoryClient.frame(.cancel, id: 2))
    fixture.settle()
    #expect(client.frames().map(\.header.code) == [0])
  }

  @Test("what a closed connection had queued is dropped, and its place in the queue is free again")
  func dropped() {
    let fixture = ServerFixture()
    let client = fixture.greeted()
    client.send(MemoryClient.balance(id: 1) + MemoryClient.balance(id: 2))
    client.hangUp()
    fixture.settle()
    #expect(client.isClosed && fixture.ledger.gathers.isEmpty)
    #expect(fixture.server.queuedRequests == 0 && fixture.server.queuedBytes == 0)
  }

  @Test("GOAWAY: what is in flight is answered, what comes after is UNAVAILABLE, then connections close")
  func drain() {
    let fixture = ServerFixture()
    let client = fixture.greeted()
    client.send(MemoryClient.balance(id: 1))
    var isFinished = false
    fixture.server.beginDrain { isFinished = true }
    #expect(!fixture.transport.isListening)
    client.send(MemoryClient.balance(id: 2))
    fixture.settle()
    let answers = client.frames()
    #expect(answers.map(\.header.type) == [.goAway, .response, .response])
    #expect(answers[1].header.code == ErrorReason.unavailable.status && answers[1].header.flags == .notExecuted)
    #expect(answers[2].header.requestID == 1 && answers[2].header.code == 0)
    #expect(!isFinished)
    fixture.time.pass(milliseconds: 300)
    fixture.server.tick()
    #expect(isFinished && client.isClosed)
  }

  @Test("a frame split by back-pressure and drain still counts each request once")
  func answeredOnce() {
    let fixture = ServerFixture { $0.requestsInFlightMax = 1 }
    let client = fixture.greeted()
    client.send((1...20).flatMap { MemoryClient.balance(id: $0) })
    for _ in 0..<20 { fixture.settle() }
    #expect(client.frames().map(\.header.requestID) == Array(1...20))
    #expect(fixture.server.queuedRequests == 0)
  }
}

@Suite("Connections that misbehave")
struct MisbehaviourTests {
  @Test("no HELLO in time: told, and closed")
  func slowHello() {
    let fixture = ServerFixture()
    let client = fixture.connect()
    client.send(Array(FrameHeader.preface.prefix(4)))
    fixture.time.pass(milliseconds: 5001)
    fixture.server.tick()
    #expect(client.isClosed && client.frames().map(\.header.type) == [.connectionError])
  }

  @Test("a HELLO beyond its limit is refused by its first bytes, whatever requests may have")
  func longHello() {
    let fixture = ServerFixture()
    let limit = ServerLimits().helloFrameBytesMax
    for frameBytes in [limit, limit + 1] {
      let payload = [UInt8](repeating: 0x7A, count: frameBytes - FrameHeader.byteCount)
      let client = fixture.connect()
      client.send(FrameHeader.preface + MemoryClient.frame(.hello, payload: payload).prefix(8))
      #expect(client.isClosed == (frameBytes > limit))
      #expect(client.frames().map(\.header.type) == (frameBytes > limit ? [.connectionError] : []))
    }
  }

  @Test("of too many that haven't said HELLO the oldest goes, per address and in all")
  func greetingLimits() {
    let fixture = ServerFixture {
      $0.greetingConnectionsOfOneAddressMax = 2
      $0.greetingConnectionsMax = 3
    }
    let first = (0..<3).map { _ in fixture.connect(peer: "10.0.0.1") }
    #expect(first.map(\.isClosed) == [true, false, false])
    let others = (0..<2).map { fixture.connect(peer: "10.0.1.\($0)") }
    #expect(first.map(\.isClosed) == [true, true, false] && others.allSatisfy { !$0.isClosed })
  }

  @Test("a frame that never gets whole, and a connection that is silent, are put out")
  func slow() {
    let fixture = ServerFixture()
    let half = fixture.greeted()
    half.send(Array(MemoryClient.balance(id: 1).prefix(10)))
    fixture.time.pass(milliseconds: 9_000)
    half.send([0])
    fixture.server.tick()
    #expect(!half.isClosed)
    fixture.time.pass(milliseconds: 1_001)
    fixture.server.tick()
    #expect(half.isClosed, "a byte now and then doesn't buy time")

    let idle = fixture.greeted()
    fixture.time.pass(milliseconds: 300_001)
    fixture.server.tick()
    #expect(idle.isClosed)
  }

  @Test("a peer that doesn't read stops being read, and is closed when its answers don't move")
  func neverReads() {
    let fixture = ServerFixture { $0.connectionOutputPauseBytes = 200 }
    let client = fixture.greeted()
    fixture.transport.setRoom(0, client.id)
    client.send((1...20).flatMap { MemoryClient.balance(id: $0) })
    fixture.settle()
    #expect(!fixture.transport.isWatchedForReading(client.id) && !client.isClosed)
    fixture.time.pass(milliseconds: 10_001)
    fixture.server.tick()
    #expect(client.isClosed && fixture.server.outputBytes == 0)
  }

  @Test("output beyond its bound closes the connection, and nobody else's")
  func outputBound() {
    let fixture = ServerFixture {
      $0.connectionOutputPauseBytes = 100_000
      $0.responseBytesMax = 100_000
      $0.connectionOutputBytesMax = 200_000
    }
    let greedy = fixture.greeted()
    let healthy = fixture.greeted()
    fixture.transport.setRoom(0, greedy.id)
    for round in 0..<100 where !greedy.isClosed {
      // GetSchema amplifies: a small question with a long answer.
      greedy.send((1...10).flatMap { MemoryClient.frame(.request, code: 2, id: UInt32(round * 10 + $0)) })
    }
    #expect(greedy.isClosed || !fixture.transport.isWatchedForReading(greedy.id))
    #expect(fixture.server.outputBytes <= 200_000)
    healthy.send(MemoryClient.balance(id: 1))
    fixture.settle()
    #expect(healthy.frames().map(\.header.code) == [0])
  }

  @Test("more connections than there may be: told, and closed")
  func connectionsMax() {
    let fixture = ServerFixture {
      $0.greetingConnectionsMax = 2
      $0.greetingConnectionsOfOneAddressMax = 2
      $0.connectionsMax = 2
    }
    let clients = [fixture.greeted(), fixture.greeted()]
    let third = fixture.connect()
    #expect(third.isClosed && third.frames().map(\.header.type) == [.connectionError])
    #expect(clients.allSatisfy { !$0.isClosed })
  }

  @Test("the same request id twice in flight can't be told apart, so the connection closes")
  func duplicateID() {
    let fixture = ServerFixture()
    let client = fixture.greeted()
    client.send(MemoryClient.balance(id: 1) + MemoryClient.balance(id: 1))
    #expect(client.isClosed && client.frames().map(\.header.type) == [.connectionError])
    fixture.settle()
    #expect(fixture.server.queuedRequests == 0)
  }
}
