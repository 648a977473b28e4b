import Testing
import WalletCore
import WalletWire

@testable import WalletServer

@Suite("Explanations beside other reads")
struct ExplainTests {
  @Test("lists are answered between the slices of an explanation, and two explanations take turns")
  func fairness() {
    let fixture = ServerFixture()
    fixture.ledger.explanationSlices = 2
    let client = fixture.greeted()
    client.send(MemoryClient.explain(id: 1) + MemoryClient.list(id: 2) + MemoryClient.explain(id: 3))
    client.send(MemoryClient.list(id: 4))
    fixture.settle()
    #expect(fixture.ledger.readings == ["slice", "list", "slice", "list", "slice", "slice", "slice", "slice"])
    let frames = client.frames()
    #expect(frames.map(\.header.requestID) == [2, 4, 1, 3] && frames.allSatisfy { $0.header.code == 0 })
    #expect(fixture.server.queuedRequests == 0 && fixture.server.queuedBytes == 0 && fixture.server.explanations == 0)
  }

  @Test("the deadline is looked at between the slices")
  func deadline() {
    let fixture = ServerFixture()
    fixture.ledger.explanationSlices = 5
    fixture.ledger.beforeReading = { fixture.time.pass(milliseconds: 40) }
    let client = fixture.greeted()
    client.send(MemoryClient.explain(id: 1, millis: 100))
    fixture.settle()
    #expect(fixture.ledger.readings.count == 3)
    #expect(client.frames().map(\.header.code) == [ErrorReason.deadlineExceeded.status])
    #expect(fixture.server.explanations == 0 && fixture.server.queuedRequests == 0)
  }

  @Test("there are only so many at a time, and those of a closed connection are forgotten")
  func bound() {
    let fixture = ServerFixture { $0.explanationsMax = 2 }
    let (gone, client) = (fixture.greeted(), fixture.greeted())
    gone.send(MemoryClient.explain(id: 1) + MemoryClient.explain(id: 2))
    client.send(MemoryClient.explain(id: 3))
    #expect(client.frames().map(\.header.code) == [ErrorReason.resourceExhausted.status])
    gone.hangUp()
    #expect(fixture.server.explanations == 0)
    client.send(MemoryClient.explain(id: 4))
    fixture.settle()
    #expect(client.frames().map(\.header.code) == [0] && fixture.server.explanations == 0)
    client.send(MemoryClient.explain(id: 5) + MemoryClient.frame(.cancel, id: 5))
    #expect(client.frames().map(\.header.code) == [ErrorReason.cancelled.status])
    #expect(fixture.server.explanations == 0 && fixture.server.queuedRequests == 0)
  }
}
