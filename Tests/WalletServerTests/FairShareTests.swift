import TestSupport
import Testing
import WalletCore
import WalletSystem

@testable import WalletServer

@Suite("Fair shares of a gather")
struct FairShareTests {
  private static func ticket(_ slot: UInt32, _ id: UInt32, weight: Int = 1) -> Ticket {
    Ticket(
      socket: SocketID(slot: slot, generation: 1), requestID: id, verb: .debit, deadline: .max, receivedAt: 0,
      byteCount: 1,
      weight: weight)
  }

  private static func gather(_ tickets: [Ticket]) -> Gather<DeferredRead> {
    var gather = Gather<DeferredRead>()
    for ticket in tickets { gather.append(ticket, .nothing) }
    return gather
  }

  @Test("one request behind a thousand of another connection is in the next gather")
  func oneBehindMany() {
    var pending = Self.gather((1...1000).map { Self.ticket(1, $0) } + [Self.ticket(2, 1), Self.ticket(3, 1)])
    var table: [Int] = []
    let first = pending.takeFairly(weightMax: 9, &table)
    #expect(first.tickets.map(\.socket.slot) == [1, 1, 1, 2, 3, 1, 1, 1, 1])
    #expect(first.tickets.filter { $0.socket.slot == 1 }.map(\.requestID) == [1, 2, 3, 4, 5, 6, 7])
    #expect(pending.count == 993 && pending.requests.count == 993 && pending.tickets[0].requestID == 8)
    #expect(table.allSatisfy { $0 == 0 })
  }

  @Test("nothing overtakes within a connection, nothing is lost, and the oldest is always taken: any queue, emptied")
  func anyQueue() {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<300 {
      let count = Int.random(in: 1...60, using: &random)
      let tickets = (1...UInt32(count)).map { id in
        Self.ticket(
          .random(in: 1...5, using: &random), id, weight: Int.random(in: 0..<8, using: &random) == 0 ? 25 : 1)
      }
      var pending = Self.gather(tickets)
      let dropped = UInt32.random(in: 1...5, using: &random)
      if Bool.random(using: &random) { _ = pending.empty { $0.socket.slot == dropped } }
      let expected = pending.tickets.filter { !$0.isEmpty }
      var table: [Int] = []
      var taken: [Ticket] = []
      while pending.tickets.contains(where: { !$0.isEmpty }) {
        let oldest = pending.tickets.first { !$0.isEmpty }
        let gather = pending.takeFairly(weightMax: 10, &table)
        #expect(gather.tickets.contains { $0.requestID == oldest?.requestID })
        #expect(gather.weight <= 10 || gather.count == 1)
        #expect(gather.requests.count == gather.count && pending.requests.count == pending.count)
        taken += gather.tickets
      }
      for slot in 1...5 as ClosedRange<UInt32> {
        let of = { (tickets: [Ticket]) in tickets.filter { $0.socket.slot == slot }.map(\.requestID) }
        #expect(of(taken) == of(expected))
      }
    }
  }
}
