import TestSupport
import Testing
import WalletCore
import WalletSystem

@testable import WalletServer
@testable import WalletWire

@Suite("Streams of the server")
struct StreamTests {
  private typealias Frames = [(header: FrameHeader, payload: [UInt8])]

  private func events(_ frames: Frames) throws -> [ToldEvent] {
    try frames.filter { $0.header.type == .event }.map { frame in
      let message = try ProtobufMessage(frame.payload)
      let row = try ProtobufMessage(message.bytes(1))
      return ToldEvent(requestID: frame.header.requestID, row: row.integer(1), token: message.text(6))
    }
  }

  /// Reason and resume token of the response that ends a stream before its time.
  private func end(_ frames: Frames) throws -> (reason: ErrorReason?, token: String, message: String) {
    let responses = frames.filter { $0.header.type == .response }
    #expect(responses.count == 1)
    let error = try ProtobufMessage(responses.first?.payload ?? [])
    return (
      ErrorReason(rawValue: UInt8(error.integer(1))), try ProtobufMessage(error.bytes(37)).text(1), error.text(2)
    )
  }

  /// A mutation of somebody else's: from here on so many rows are committed.
  private func commit(_ fixture: ServerFixture, upTo seq: Int64, by client: MemoryClient, id: UInt32) {
    fixture.streams.committed = seq
    fixture.ledger.mutationOutcome = .failed(Failure(.insufficientFunds), commitSeq: seq, replayed: false)
    client.send(MemoryClient.release(id: id))
    fixture.settleAll()
  }

  @Test("events come under the request's number, LAST on the last one, and one empty response ends it")
  func verification() throws {
    let fixture = ServerFixture()
    fixture.streams.verification = [
      .more([.progress(stage: "journal", done: 1, total: 2)]), .more([]),
      .finished([
        .finding(VerifyFinding(what: "digest", seq: 7, expected: "a", found: "b")),
        .report(VerifyReport(head: JournalHead(seq: 9, digest: []))),
      ]),
    ]
    let client = fixture.greeted()
    client.send(MemoryClient.verify(id: 7))
    fixture.settleAll()
    let frames = client.frames()
    #expect(frames.map(\.header.type) == [.event, .event, .event, .response])
    #expect(frames.map(\.header.flags) == [[], [], .last, []])
    #expect(frames.allSatisfy { $0.header.requestID == 7 && $0.header.code == 0 })
    #expect(frames.last?.payload.isEmpty == true)
    #expect(fixture.server.streams.isEmpty && fixture.server.streams.grantedBytes == 0)
    client.send(MemoryClient.balance(id: 7))
    fixture.settleAll()
    #expect(client.frames().map(\.header.type) == [.response], "the number is free again")
  }

  @Test("a watch begins with a token, has what is there, and is woken by each commit")
  func watch() throws {
    let fixture = ServerFixture()
    let (watcher, other) = (fixture.greeted(), fixture.greeted())
    fixture.streams.committed = 3
    watcher.send(MemoryClient.watch(id: 1, after: 1))
    fixture.settleAll()
    #expect(try events(watcher.frames()).map(\.row) == [0, 2, 3])
    fixture.settleAll()
    #expect(watcher.frames().isEmpty)
    commit(fixture, upTo: 12, by: other, id: 1)
    let told = try events(watcher.frames())
    #expect(told.map(\.row) == Array(4...12) && told.last?.token == "t12")
    // A read commits nothing.
    let count = fixture.streams.streams[0].rooms.count
    other.send(MemoryClient.balance(id: 2))
    fixture.settleAll()
    #expect(fixture.streams.streams[0].rooms.count == count)
  }

  @Test("what is committed while a step is under way isn't missed")
  func commitDuringStep() throws {
    let fixture = ServerFixture()
    let (watcher, other) = (fixture.greeted(), fixture.greeted())
    watcher.send(MemoryClient.watch(id: 1))
    // The step has seen an empty journal, and its answer isn't here yet.
    fixture.work.runAll()
    commit(fixture, upTo: 20, by: other, id: 1)
    #expect(try events(watcher.frames()).map(\.row) == [0] + Array(1...20))
  }

  @Test("nothing is read that the client doesn't take: output is bounded, and all of it comes in order")
  func room() throws {
    let fixture = ServerFixture()
    let watcher = fixture.greeted()
    fixture.streams.committed = 20_000
    fixture.transport.setRoom(0, watcher.id)
    watcher.send(MemoryClient.watch(id: 1, after: 0))
    fixture.settleAll()
    let limits = fixture.server.limits
    // The figures of a step are estimates.
    let outputMax = limits.connectionStreamBytesMax + limits.streamStepBytesMax
    #expect((limits.connectionStreamBytesMax / 2...outputMax).contains(fixture.server.outputBytes))
    var generator = SeededGenerator(of: "a reader at any speed")
    var told: [Int64] = []
    var bytes: [UInt8] = []
    while told.last != 20_000 {
      fixture.transport.setRoom(Int.random(in: 1...300_000, using: &generator), watcher.id)
      fixture.server.ready(watcher.id, reading: false, writing: true)
      fixture.server.roundEnded()
      fixture.settleAll()
      #expect(fixture.server.outputBytes <= outputMax)
      bytes += fixture.transport.takeSent(watcher.id)
      var start = 0
      while let slice = try FrameParser.frame(in: bytes.span, from: start, frameBytesMax: 1 << 20) {
        told.append(try ProtobufMessage(ProtobufMessage(bytes[slice.payload]).bytes(1)).integer(1))
        start = slice.end
      }
      bytes.removeFirst(start)
    }
    #expect(told == Array(0...20_000))
  }

  @Test("a watcher that takes nothing is told to resume, and the other one notices nothing")
  func slow() throws {
    let fixture = ServerFixture { $0.streamStallMilliseconds = 5_000 }
    let (slow, quick, other) = (fixture.greeted(), fixture.greeted(), fixture.greeted())
    fixture.transport.setRoom(100, slow.id)
    for client in [slow, quick] { client.send(MemoryClient.watch(id: 1)) }
    fixture.settleAll()
    commit(fixture, upTo: 5_000, by: other, id: 1)
    #expect(try events(quick.frames()).last?.row == 5_000)
    for round in 1...6 as ClosedRange<Int64> {
      fixture.time.pass(milliseconds: 1_000)
      fixture.server.tick()
      commit(fixture, upTo: 5_000 + round, by: other, id: 1)
      #expect(try events(quick.frames()).map(\.row) == [5_000 + round])
    }
    #expect(fixture.server.streams.count(of: .watch) == 1 && !slow.isClosed)
    fixture.transport.setRoom(.max, slow.id)
    fixture.server.ready(slow.id, reading: false, writing: true)
    let frames = slow.frames()
    let told = try events(frames)
    let (reason, token, _) = try end(frames)
    #expect(reason == .resourceExhausted && frames.last?.header.type == .response)
    #expect(told.map(\.row) == Array(0...(told.last?.row ?? 0)) && told.count > 100)
    #expect(token == told.last?.token)
    // The same connection may take it up again.
    slow.send(MemoryClient.watch(id: 1, after: 9))
    fixture.settleAll()
    #expect(try events(slow.frames()).last?.row == 5_006)
  }

  @Test("CANCEL ends a stream wherever it is; what its queue still brings is dropped")
  func cancel() throws {
    let fixture = ServerFixture()
    let client = fixture.greeted()
    let cancel = MemoryClient.frame(.cancel, id: 1)
    // Before its queue has heard of it.
    client.send(MemoryClient.watch(id: 1) + cancel)
    fixture.settleAll()
    #expect(try end(client.frames()).reason == .cancelled && fixture.streams.streams.isEmpty)
    // While it works.
    fixture.streams.committed = 3
    client.send(MemoryClient.watch(id: 1, after: 0))
    fixture.work.runAll()
    client.send(cancel)
    #expect(try end(client.frames()).reason == .cancelled)
    client.send(MemoryClient.watch(id: 1, after: 2))
    fixture.settleAll()
    #expect(try events(client.frames()).map(\.row) == [0, 3], "the first one's rows are not the second one's")
    // While it waits.
    client.send(cancel)
    fixture.settleAll()
    #expect(try end(client.frames()).reason == .cancelled)
    #expect(fixture.streams.streams.map(\.isCancelled) == [true, true])
    #expect(fixture.server.streams.isEmpty && fixture.server.streams.noneWaits)
    #expect(fixture.server.streams.grantedBytes == 0)
  }

  @Test("a connection that goes takes its streams along, without a word")
  func hangUp() throws {
    let fixture = ServerFixture()
    let (gone, other) = (fixture.greeted(), fixture.greeted())
    gone.send(MemoryClient.watch(id: 1) + MemoryClient.watch(id: 2))
    fixture.work.runAll()
    gone.send(MemoryClient.watch(id: 3))
    gone.hangUp()
    fixture.settleAll()
    #expect(fixture.streams.streams.map(\.isCancelled) == [true, true])
    #expect(fixture.server.streams.isEmpty && fixture.server.streams.grantedBytes == 0)
    commit(fixture, upTo: 4, by: other, id: 1)
    #expect(gone.frames().isEmpty)
  }

  @Test("leaving, streams end with the token to go on from, after what is under way")
  func drain() throws {
    let fixture = ServerFixture()
    let clients = [fixture.greeted(), fixture.greeted()]
    fixture.streams.committed = 2
    clients[0].send(MemoryClient.watch(id: 1, after: 0))
    fixture.settleAll()
    clients[1].send(MemoryClient.watch(id: 1, after: 1))
    fixture.work.runAll()
    var isFinished = false
    fixture.server.beginDrain { isFinished = true }
    let waiting = clients[0].frames()
    #expect(waiting.map(\.header.type) == [.event, .event, .event, .goAway, .response])
    #expect(try end(waiting) == (.unavailable, "t2", "the server is shutting down: resume with the token"))
    #expect(clients[1].frames().map(\.header.type) == [.goAway])
    fixture.settleAll()
    let working = clients[1].frames()
    #expect(working.map(\.header.type) == [.event, .event, .response])
    #expect(try end(working).token == "t2")
    clients[0].send(MemoryClient.watch(id: 2))
    #expect(try end(clients[0].frames()).reason == .unavailable)
    fixture.time.pass(milliseconds: fixture.server.limits.drainLingerMilliseconds)
    fixture.server.tick()
    #expect(isFinished)
  }

  @Test("there is a bound for a connection's streams, for watches, and one verification at a time")
  func bounds() throws {
    let fixture = ServerFixture {
      $0.connectionStreamsMax = 3
      $0.watchesMax = 4
    }
    let clients = [fixture.greeted(), fixture.greeted()]
    for id in 1...3 as ClosedRange<UInt32> { clients[0].send(MemoryClient.watch(id: id)) }
    fixture.settleAll()
    #expect(clients[0].frames().map(\.header.type) == [.event, .event, .event])
    clients[0].send(MemoryClient.watch(id: 4))
    var refused = try end(clients[0].frames())
    #expect(refused.reason == .resourceExhausted && refused.message.contains("3 streams"))
    clients[1].send(MemoryClient.watch(id: 1) + MemoryClient.watch(id: 2))
    refused = try end(clients[1].frames())
    #expect(refused.reason == .resourceExhausted && refused.message.contains("4 watches"))
    fixture.settleAll()
    _ = clients[1].frames()
    fixture.streams.verification = [.waiting([])]
    clients[1].send(MemoryClient.verify(id: 3) + MemoryClient.verify(id: 4))
    fixture.settleAll()
    refused = try end(clients[1].frames())
    #expect(refused.reason == .resourceExhausted && refused.message.contains("verification"))
    clients[0].send(MemoryClient.frame(.cancel, id: 2) + MemoryClient.watch(id: 9))
    fixture.settleAll()
    #expect(clients[0].frames().map(\.header.type) == [.response, .event], "a place is free again")
  }

  @Test("a connection that may have one request in flight has no stream: it couldn't be cancelled")
  func oneInFlight() throws {
    let fixture = ServerFixture { $0.requestsInFlightMax = 1 }
    let client = fixture.greeted()
    client.send(MemoryClient.watch(id: 1))
    #expect(try end(client.frames()).reason == .resourceExhausted)
  }

  @Test("neither its deadline nor its silence ends a watch; it says now and then that it lives")
  func signsOfLife() throws {
    let fixture = ServerFixture()
    let client = fixture.greeted()
    fixture.streams.committed = 5
    client.send(MemoryClient.watch(id: 1, after: 4, millis: 10))
    fixture.settleAll()
    _ = client.frames()
    for _ in 1...40 {
      fixture.time.pass(milliseconds: 10_000)
      fixture.server.tick()
      fixture.settleAll()
    }
    let told = try events(client.frames())
    #expect(told.count == 20 && told.allSatisfy { $0.row == 0 && $0.token == "t5" })
    #expect(!client.isClosed)
  }

  @Test("a stream that can't be opened says why, and nothing else")
  func refusedByLedger() throws {
    let fixture = ServerFixture()
    fixture.streams.openFailure = Failure(.resumeInvalid, .message("another epoch"))
    let client = fixture.greeted()
    client.send(MemoryClient.watch(id: 1))
    fixture.settleAll()
    #expect(try end(client.frames()) == (.resumeInvalid, "", "another epoch"))
    #expect(fixture.server.streams.isEmpty)
    let bare = ServerFixture(hasStreams: false).greeted()
    bare.send(MemoryClient.watch(id: 1))
    #expect(try end(bare.frames()).reason == .unimplemented)
  }

  @Test("streams leave the larger half of all output to replies")
  func outputOfAll() throws {
    let fixture = ServerFixture { $0.outputBytesMax = 10 << 20 }
    fixture.streams.committed = 10_000
    let clients = (0..<40).map { _ in fixture.greeted() }
    for client in clients {
      fixture.transport.setRoom(0, client.id)
      client.send(MemoryClient.watch(id: 1, after: 0))
    }
    fixture.settleAll()
    #expect(fixture.server.outputBytes <= (5 << 20) + fixture.server.limits.streamStepBytesMax)
    #expect(clients.allSatisfy { !$0.isClosed })
    // Whoever waits for the room of all gets it when it is there.
    for client in clients {
      fixture.transport.setRoom(.max, client.id)
      fixture.server.ready(client.id, reading: false, writing: true)
    }
    fixture.settleAll()
    fixture.server.tick()
    fixture.settleAll()
    for client in clients { #expect(try events(client.frames()).last?.row == 10_000) }
  }
}
