import Synchronization
import Testing
import WalletCore

@testable import WalletServer
@testable import WalletWire

/// What is counted of calls and connections, and which of them are told for the log.
@Suite("Measuring")
struct MeasuringTests {
  private final class Records: Sendable {
    private let records = Mutex<[CallRecord]>([])
    var all: [CallRecord] { records.withLock { $0 } }
    func add(_ record: CallRecord) { records.withLock { $0.append(record) } }
  }

  private let records = Records()

  private func calls(slowMicroseconds: Int64 = 250_000, severityMin: CallRecord.Severity = .info) -> CallLogging {
    CallLogging(slowMicroseconds: slowMicroseconds, severityMin: severityMin, write: { [records] in records.add($0) })
  }

  /// A Debit of 1 from wallet 1 with the correlation id "trace-1".
  private func debit(id: UInt32) -> [UInt8] {
    let payload: [UInt8] =
      [0x0A, 2, 8, 1, 0x10, 1, 0x1A, 8] + Array("12345678".utf8) + [0x22, 1, 0x72, 0x32, 7] + Array("trace-1".utf8)
    return MemoryClient.frame(.request, code: Verb.debit.rawValue, id: id, payload: payload)
  }

  @Test("a reply is counted by verb, code and time")
  func replies() throws {
    let fixture = ServerFixture()
    let client = fixture.greeted()
    client.send(MemoryClient.balance(id: 1) + MemoryClient.frame(.request, code: 1, id: 2))
    fixture.time.pass(microseconds: 700)
    fixture.settle()
    fixture.ledger.mutationOutcome = .failed(Failure(.insufficientFunds), commitSeq: 9, replayed: false)
    client.send(debit(id: 3) + MemoryClient.frame(.request, code: 999, id: 4))
    fixture.time.pass(milliseconds: 20_000)
    fixture.settle()
    let measured = fixture.server.measure()
    #expect(
      measured.answers == [
        ServerMeasurements.Answers(verb: "Ping", code: "OK", count: 1),
        ServerMeasurements.Answers(verb: "GetBalance", code: "OK", count: 1),
        ServerMeasurements.Answers(verb: "Debit", code: "DEADLINE_EXCEEDED", count: 1),
        ServerMeasurements.Answers(verb: "unknown", code: "UNIMPLEMENTED", count: 1),
      ])
    let balance = try #require(measured.durations.first { $0.verb == "GetBalance" }?.1)
    #expect(balance.sum == 700)
    #expect(balance.counts[try #require(balance.bounds.firstIndex(of: 1_000))] == 1)
    let debits = try #require(measured.durations.first { $0.verb == "Debit" }?.1)
    #expect(debits.counts.last == 1)
    #expect(measured.queuedRequests == 0 && measured.connections == 1)
    #expect(measured.bytesIn > 0 && measured.bytesOut > 0)
  }

  @Test("every verb is counted as itself")
  func verbs() {
    var counters = ServerCounters()
    for verb in Verb.allCases { counters.answered(verb.rawValue, code: ServerCounters.ok, after: 1) }
    var measured = ServerMeasurements()
    counters.fill(&measured)
    #expect(measured.answers.map(\.verb) == Verb.allCases.map(\.methodName))
    #expect(measured.answers.allSatisfy { $0.count == 1 })
  }

  @Test("connections are told by why they ended")
  func endings() {
    let fixture = ServerFixture { $0.helloTimeoutMilliseconds = 1000 }
    fixture.greeted().hangUp()
    let wrong = fixture.connect()
    wrong.send([1, 2, 3, 4, 5, 6, 7, 8])
    _ = fixture.connect()
    fixture.time.pass(milliseconds: 2000)
    fixture.server.tick()
    fixture.server.tick()
    let ended = Dictionary(uniqueKeysWithValues: fixture.server.measure().connectionsEnded)
    #expect(ended[.peer] == 1 && ended[.protocolError] == 1 && ended[.overdue] == 1, "\(ended)")
    #expect(ended.values.reduce(0, +) == 3)
    #expect(fixture.server.measure().connectionsAccepted == 3)
  }

  @Test("a failed call is told with its wallet and its correlation id, one that succeeded in time isn't")
  func failed() {
    let fixture = ServerFixture(calls: calls())
    let client = fixture.greeted()
    fixture.ledger.mutationOutcome = .failed(Failure(.insufficientFunds), commitSeq: 9, replayed: false)
    client.send(MemoryClient.balance(id: 1) + debit(id: 2))
    fixture.time.pass(milliseconds: 3)
    fixture.settle()
    #expect(records.all.count == 1)
    let record = records.all[0]
    #expect(record.verb == "Debit" && record.failure?.reason == .insufficientFunds && record.severity == .info)
    #expect(record.wallet == .id(1, currency: "") && record.correlationID == "trace-1")
    #expect(record.principal == "local" && record.peer == "10.0.0.1" && record.microseconds == 3000)
  }

  @Test("a slow call is told, lists among them")
  func slow() {
    let fixture = ServerFixture(calls: calls())
    let client = fixture.greeted()
    client.send(MemoryClient.balance(id: 1) + MemoryClient.list(id: 2))
    fixture.time.pass(milliseconds: 300)
    fixture.settleAll()
    #expect(Set(records.all.map(\.verb)) == ["GetBalance", "ListTransactions"])
    #expect(records.all.allSatisfy { $0.failure == nil && $0.severity == .warning && $0.microseconds == 300_000 })
    #expect(records.all.first { $0.verb == "GetBalance" }?.wallet == .id(1, currency: ""))
  }

  @Test("what no queue has seen is told too, and so is a connection that is refused")
  func early() {
    let fixture = ServerFixture(calls: calls())
    fixture.greeted().send(MemoryClient.frame(.request, code: 999, id: 1))
    fixture.connect().send([1, 2, 3, 4, 5, 6, 7, 8])
    #expect(records.all.map(\.verb) == ["method 999", ""])
    #expect(records.all.map { $0.failure?.reason } == [.unimplemented, .invalidFrame])
  }

  @Test("below the least severity nothing is told")
  func severity() {
    let fixture = ServerFixture(calls: calls(severityMin: .warning))
    let client = fixture.greeted()
    fixture.ledger.mutationOutcome = .failed(Failure(.insufficientFunds), commitSeq: 9, replayed: false)
    client.send(debit(id: 1))
    fixture.settle()
    fixture.ledger.mutationOutcome = .failed(Failure(.unavailable), commitSeq: 9, replayed: false)
    client.send(debit(id: 2))
    fixture.settle()
    #expect(records.all.map { $0.failure?.reason } == [.unavailable])
  }

  @Test("a second has room for so many records; the next one says how many had none")
  func bounded() {
    let fixture = ServerFixture(calls: calls())
    let client = fixture.greeted()
    fixture.ledger.mutationOutcome = .failed(Failure(.insufficientFunds), commitSeq: 9, replayed: false)
    for id in 1...200 {
      client.send(debit(id: UInt32(id)))
      fixture.settle()
    }
    #expect(records.all.count == 50)
    fixture.time.pass(milliseconds: 1000)
    client.send(debit(id: 201))
    fixture.settle()
    #expect(records.all.count == 51)
    #expect(records.all.last?.leftOut == 150)
  }

  @Test("the end of a verification is on the board")
  func verified() {
    let fixture = ServerFixture()
    #expect(fixture.server.operations.notices.verify == nil)
    fixture.server.operations.verified(VerifyStatus(at: 1, seq: 2, findings: 0))
    #expect(fixture.server.operations.notices.verify?.seq == 2)
  }
}
