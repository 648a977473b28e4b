import Testing
import WalletCore

@testable import WalletServer
@testable import WalletWire

@Suite("Gathers that don't leave the loop")
struct InPlaceTests {
  private var ids: (MemoryClient) -> [UInt32] { { $0.frames().map(\.header.requestID).sorted() } }

  private func fixture(inPlaceMax: Int = 4, _ change: (inout ServerLimits) -> Void = { _ in }) -> ServerFixture {
    ServerFixture {
      $0.inPlaceMax = inPlaceMax
      change(&$0)
    }
  }

  @Test("a small one is carried out and answered in its round, and no queue hears of it")
  func atOnce() {
    let fixture = fixture()
    let clients = [fixture.greeted(), fixture.greeted()]
    for client in clients { client.send(MemoryClient.transfer(id: 1) + MemoryClient.balance(id: 2)) }
    for client in clients { #expect(ids(client) == [1, 2]) }
    #expect(!fixture.work.hasAny && fixture.ledger.gathers.map(\.count) == [2, 2])
    #expect(fixture.ledger.upkeeps == 2)
    #expect(fixture.server.queuedRequests == 0 && fixture.server.queuedBytes == 0 && fixture.server.outputBytes == 0)
  }

  @Test("one beyond the bound is handed on, an item of a batch counting as one; 0 hands everything on")
  func bounds() {
    for (inPlaceMax, count, isInPlace) in [(4, 4, true), (4, 5, false), (1, 1, true), (0, 1, false)] {
      let fixture = fixture(inPlaceMax: inPlaceMax)
      let client = fixture.greeted()
      client.send((1...UInt32(count)).flatMap { MemoryClient.transfer(id: $0) })
      #expect(ids(client).count == (isInPlace ? count : 0))
      fixture.settle()
      client.send(MemoryClient.batch(id: 9, count: count))
      #expect(ids(client).contains(9) == isInPlace)
      fixture.settle()
      #expect(fixture.ledger.gathers.map(\.count) == [count, 1])
    }
  }

  @Test("one that would be more than a commit may have is handed on")
  func gatherMax() {
    let fixture = fixture { $0.gatherMax = 2 }
    let client = fixture.greeted()
    client.send((1...3).flatMap { MemoryClient.transfer(id: $0) })
    #expect(ids(client).isEmpty)
    fixture.settle()
    #expect(ids(client) == [1, 2, 3] && fixture.ledger.gathers.map(\.count) == [2, 1])
  }

  @Test("while the ledger is at work, or will be, they go behind what it has")
  func busy() {
    let fixture = fixture()
    let clients = [fixture.greeted(), fixture.greeted()]
    clients[0].send((1...5).flatMap { MemoryClient.transfer(id: $0) })
    clients[1].send(MemoryClient.transfer(id: 1))
    #expect(ids(clients[1]).isEmpty && fixture.ledger.gathers.isEmpty)
    fixture.settle()
    #expect(ids(clients[1]) == [1] && fixture.ledger.gathers.map(\.count) == [6])
    clients[1].send(MemoryClient.transfer(id: 2))
    #expect(ids(clients[1]) == [2] && !fixture.work.hasAny)
  }

  @Test("answers that are on their way aren't overtaken")
  func order() {
    let fixture = fixture()
    let client = fixture.greeted()
    client.send((1...5).flatMap { MemoryClient.transfer(id: $0) })
    fixture.work.runAll()
    client.send(MemoryClient.transfer(id: 6))
    #expect(ids(client).isEmpty && fixture.work.hasPending)
    fixture.settle()
    #expect(client.frames().map(\.header.requestID) == [1, 2, 3, 4, 5, 6])
    client.send(MemoryClient.transfer(id: 7))
    #expect(ids(client) == [7])
  }

  @Test("what an answer lets go on goes the same way, in its order")
  func goesOn() {
    let fixture = fixture { $0.requestsInFlightMax = 2 }
    let client = fixture.greeted()
    client.send((1...5).flatMap { MemoryClient.transfer(id: $0) })
    #expect(client.frames().map(\.header.requestID) == [1, 2, 3, 4, 5])
    #expect(fixture.ledger.gathers.map(\.count) == [2, 2, 1] && !fixture.work.hasAny)
  }

  @Test("where commits have become slow they are handed on, and kept again once commits are quick")
  func slowDisk() {
    let fixture = fixture()
    let client = fixture.greeted()
    fixture.ledger.beforePerforming = { fixture.time.pass(microseconds: 9 * InPlace.waitMicrosecondsMax) }
    client.send(MemoryClient.transfer(id: 1))
    #expect(ids(client) == [1])
    client.send(MemoryClient.transfer(id: 2))
    #expect(ids(client).isEmpty && fixture.work.hasPending)
    fixture.ledger.beforePerforming = { fixture.time.pass(microseconds: 100) }
    var handedOn = 0
    for id in UInt32(3)...40 {
      client.send(MemoryClient.transfer(id: id))
      if fixture.work.hasPending { handedOn += 1 }
      fixture.settle()
    }
    #expect(handedOn > 0 && handedOn < 10)
    #expect(fixture.ledger.gathers.joined().count == 40)
  }

  @Test("gathers that are long because they are large are kept: that's no slow disk")
  func manyAtOnce() {
    let fixture = fixture(inPlaceMax: 100)
    let client = fixture.greeted()
    for (count, microseconds, isKept) in [(100, 3_400, true), (100, 3_600, false)] {
      fixture.ledger.beforePerforming = { fixture.time.pass(microseconds: Int64(microseconds)) }
      for round in 0..<60 {
        client.send((1...UInt32(count)).flatMap { MemoryClient.transfer(id: $0) })
        // It takes some gathers until one knows them.
        if round > 50 { #expect(fixture.work.hasPending != isKept, "\(count) in \(microseconds) µs") }
        fixture.settle()
        _ = ids(client)
      }
    }
  }

  @Test("one whose time is over when its round ends isn't carried out")
  func deadlines() {
    let fixture = fixture()
    let client = fixture.greeted()
    fixture.transport.arrive(MemoryClient.transfer(id: 1, millis: 20) + MemoryClient.transfer(id: 2), on: client.id)
    fixture.server.ready(client.id, reading: true, writing: false)
    fixture.time.pass(milliseconds: 25)
    fixture.server.roundEnded()
    let frames = client.frames()
    #expect(frames.map(\.header.requestID) == [2, 1] && frames.map { $0.header.code == 0 } == [true, false])
    #expect(fixture.ledger.gathers.map(\.count) == [1])
  }

  @Test("what must not meet a gather waits for its end, and comes before the next one")
  func betweenGathers() {
    let fixture = fixture()
    let client = fixture.greeted()
    let (queues, ledger) = (fixture.queues, fixture.ledger)
    let looks = Looks(ledger)
    ledger.beforePerforming = {
      ledger.beforePerforming = {}
      #expect(queues.loopIsInLedger)
      queues.betweenGathers { looks.look() }
    }
    client.send(MemoryClient.transfer(id: 1))
    #expect(ids(client) == [1] && !queues.loopIsInLedger)
    #expect(looks.gathers.isEmpty && fixture.work.hasPending)
    client.send(MemoryClient.transfer(id: 2))
    #expect(ids(client).isEmpty)
    fixture.settle()
    #expect(ids(client) == [2] && looks.gathers == [1])
    queues.betweenGathers { looks.look() }
    fixture.settle()
    #expect(looks.gathers == [1, 2])
    client.send(MemoryClient.transfer(id: 3))
    #expect(ids(client) == [3])
  }

  /// How many gathers there were when somebody looked.
  ///
  /// `@unchecked Sendable`: one thread runs the test.
  private final class Looks: @unchecked Sendable {
    private let ledger: ScriptedLedger
    private(set) var gathers: [Int] = []

    init(_ ledger: ScriptedLedger) { self.ledger = ledger }

    func look() { gathers.append(ledger.gathers.count) }
  }

  @Test("whoever only looks between gathers keeps no work from idle time")
  func looksAreNoLoad() {
    let fixture = fixture()
    for _ in 0..<3 {
      fixture.queues.betweenGathers {}
      fixture.settle()
      fixture.server.tick()
      fixture.settle()
    }
    #expect(fixture.ledger.upkeeps == 3)
  }

  @Test("watches hear of what was committed so")
  func watches() {
    let fixture = fixture()
    fixture.streams.committed = 1
    let (watcher, client) = (fixture.greeted(), fixture.greeted())
    watcher.send(MemoryClient.watch(id: 1, after: 0))
    fixture.settleAll()
    #expect(!watcher.frames().isEmpty)
    fixture.streams.committed = 12
    fixture.ledger.mutationOutcome = .failed(Failure(.insufficientFunds), commitSeq: 12, replayed: false)
    client.send(MemoryClient.release(id: 1))
    #expect(ids(client) == [1])
    fixture.settleAll()
    #expect(watcher.frames().count == 11)
  }
}
