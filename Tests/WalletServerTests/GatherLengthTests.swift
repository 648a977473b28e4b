import Testing
import WalletCore

@testable import WalletServer

@Suite("How many requests a gather takes while more wait")
struct GatherLengthTests {
  private let connections = 6
  private let each: UInt32 = 1000

  /// What the gathers are, once one knows what they take.
  private func gathers(microseconds: Int64, commit: Int64 = 0, gatherMax: Int = 4096) -> [Int] {
    let fixture = ServerFixture { $0.gatherMax = gatherMax }
    let clients = (0..<connections).map { _ in fixture.greeted() }
    let ledger = fixture.ledger
    for round in 0..<2 {
      let first = ledger.gathers.count
      ledger.whilePerforming = { requests in
        ledger.lastCommitMicroseconds = commit
        fixture.time.pass(microseconds: commit + microseconds * Int64(requests.count))
      }
      for client in clients { client.send((1...each).flatMap { MemoryClient.transfer(id: $0) }) }
      fixture.settle()
      for client in clients { #expect(client.frames().count == Int(each)) }
      if round == 1 { return ledger.gathers[first...].map(\.count) }
    }
    return []
  }

  @Test("as many as are worked off in 8 ms, 1,024 in any case, and never more than the settings allow")
  func bound() {
    #expect(gathers(microseconds: 1) == [4096, 1904])
    #expect(gathers(microseconds: 4) == [2000, 2000, 2000])
    #expect(gathers(microseconds: 20) == [1024, 1024, 1024, 1024, 1024, 880])
    #expect(gathers(microseconds: 4, gatherMax: 1500) == [1500, 1500, 1500, 1500])
    #expect(gathers(microseconds: 20, gatherMax: 900) == [900, 900, 900, 900, 900, 900, 600])
  }

  @Test("the time of its commit doesn't count: a slow disk is shared by many, one that stood still changes nothing")
  func commits() {
    for commit in [5_000, 1_800_000] as [Int64] {
      #expect(gathers(microseconds: 1, commit: commit) == [4096, 1904])
      #expect(gathers(microseconds: 4, commit: commit) == [2000, 2000, 2000])
    }
  }

  @Test("before anything was measured it is what the settings allow")
  func unknown() {
    #expect(GatherLength.weightMax(UsualGather(), most: 77) == 77)
    var usual = UsualGather()
    usual.note(weight: 64, microseconds: 0)
    #expect(GatherLength.weightMax(usual, most: 4096) == 4096)
  }
}
