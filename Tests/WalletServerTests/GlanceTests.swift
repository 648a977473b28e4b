import Testing
import WalletCore

@testable import WalletServer
@testable import WalletWire

@Suite("Reads that memory answers")
struct GlanceTests {
  private let fixture = ServerFixture()

  private var ids: (MemoryClient) -> [UInt32] { { $0.frames().map(\.header.requestID).sorted() } }

  @Test("they are answered in their round, and no queue hears of them")
  func atOnce() {
    fixture.ledger.knowsWallet = true
    let clients = [fixture.greeted(), fixture.greeted()]
    for client in clients { client.send(MemoryClient.balance(id: 1) + MemoryClient.balance(id: 2)) }
    for client in clients { #expect(ids(client) == [1, 2]) }
    fixture.settle()
    #expect(fixture.ledger.gathers.isEmpty && fixture.ledger.glances == 2)
    #expect(fixture.server.queuedRequests == 0 && fixture.server.queuedBytes == 0 && fixture.server.outputBytes == 0)
  }

  @Test("past the requests in flight the rest of what has arrived goes on at once")
  func goesOn() {
    let fixture = ServerFixture { $0.requestsInFlightMax = 2 }
    fixture.ledger.knowsWallet = true
    let client = fixture.greeted()
    client.send((1...5).flatMap { MemoryClient.balance(id: $0) })
    #expect(ids(client) == [1, 2, 3, 4, 5] && fixture.ledger.glances == 3)
    #expect(fixture.transport.isWatchedForReading(client.id))
  }

  @Test("while the ledger is at work, or will be, they go behind what it has")
  func busy() {
    fixture.ledger.knowsWallet = true
    let clients = [fixture.greeted(), fixture.greeted()]
    clients[0].send(MemoryClient.batch(id: 1, count: 2))
    clients[1].send(MemoryClient.balance(id: 1))
    #expect(ids(clients[1]).isEmpty && fixture.ledger.glances == 0)
    fixture.settle()
    #expect(ids(clients[0]) == [1] && ids(clients[1]) == [1] && fixture.ledger.gathers.map(\.count) == [2])
    clients[1].send(MemoryClient.balance(id: 2))
    #expect(ids(clients[1]) == [2] && fixture.ledger.gathers.count == 1)
  }

  @Test("beside a mutation of the same round they are read after its commit")
  func mixedRound() {
    fixture.ledger.knowsWallet = true
    let client = fixture.greeted()
    client.send(MemoryClient.balance(id: 1) + MemoryClient.batch(id: 2, count: 1) + MemoryClient.balance(id: 3))
    #expect(ids(client).isEmpty && fixture.ledger.glances == 0)
    fixture.settle()
    #expect(ids(client) == [1, 2, 3] && fixture.ledger.gathers.map(\.count) == [3])
  }

  @Test("what memory doesn't have is asked of the ledger's queue, and what comes then goes behind it")
  func unknown() {
    let client = fixture.greeted()
    client.send(MemoryClient.balance(id: 1))
    fixture.ledger.knowsWallet = true
    client.send(MemoryClient.balance(id: 2))
    #expect(ids(client).isEmpty && fixture.ledger.glances == 1)
    fixture.settle()
    #expect(ids(client) == [1, 2] && fixture.ledger.gathers.map(\.count) == [2])
  }

  @Test("idle work that is due keeps them waiting, and load of them keeps it away")
  func idleWork() {
    fixture.ledger.knowsWallet = true
    let client = fixture.greeted()
    fixture.server.tick()
    client.send(MemoryClient.balance(id: 1))
    #expect(ids(client).isEmpty)
    fixture.settle()
    #expect(ids(client) == [1])
    client.send(MemoryClient.balance(id: 2))
    fixture.server.tick()
    client.send(MemoryClient.balance(id: 3))
    #expect(ids(client) == [2, 3])
  }

  @Test("one that is cancelled in its round is taken back")
  func cancelled() {
    fixture.ledger.knowsWallet = true
    let client = fixture.greeted()
    client.send(MemoryClient.balance(id: 1) + MemoryClient.frame(.cancel, id: 1))
    #expect(client.frames().map(\.header.code) == [ErrorReason.cancelled.status])
    fixture.settle()
    #expect(fixture.ledger.gathers.isEmpty && fixture.server.queuedRequests == 0)
  }

  @Test("a drain that waits for nothing else ends behind them")
  func drain() {
    fixture.ledger.knowsWallet = true
    let client = fixture.greeted()
    client.send(MemoryClient.balance(id: 1))
    var isFinished = false
    fixture.server.beginDrain { isFinished = true }
    fixture.time.pass(milliseconds: 300)
    client.hangUp()
    #expect(isFinished)
  }
}
