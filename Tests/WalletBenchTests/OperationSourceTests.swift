import Testing
import WalletSystem

@testable import WalletBenchKit

struct OperationSourceTests {
  private struct FixedTime: TimeSource {
    let wallMicroseconds: Int64 = 1_790_000_000_000_000
    let monotonicMicroseconds: Int64 = 0
  }

  private func operations(seed: UInt64, startedAt: Int64, _ workload: Workload = .mixed) -> [Operation] {
    let settings = BenchSettings(workload: workload, wallets: 10, seed: seed)
    var source = OperationSource(settings, book: WalletBook(count: 10), time: FixedTime(), startedAt: startedAt)
    return (0..<10_000).map { _ in source.drawn(0) }
  }

  @Test func theSeedDecidesWhatIsDrawnAndTheTimeOnlyTheKeys() {
    let first = operations(seed: 1, startedAt: 5)
    let later = operations(seed: 1, startedAt: 6)
    #expect(first == operations(seed: 1, startedAt: 5))
    #expect(first.map(\.kind) == later.map(\.kind))
    #expect(first.map(\.wallet) == later.map(\.wallet))
    #expect(first.map(\.amount) == later.map(\.amount))
    #expect(zip(first, later).allSatisfy { !$0.kind.isMutation || $0.key != $1.key })
    #expect(first.map(\.wallet) != operations(seed: 2, startedAt: 5).map(\.wallet))
  }

  @Test func mixedHasItsShares() {
    let kinds = operations(seed: 3, startedAt: 5).map(\.kind)
    for (kind, percent) in [(Operation.Kind.balance, 50), (.debit, 30), (.credit, 10), (.list, 10)] {
      let share = kinds.count { $0 == kind } / 100
      #expect(abs(share - percent) <= 2, "\(kind): \(share) %")
    }
  }

  @Test func amountsAndWalletsStayInRange() {
    let drawn = operations(seed: 4, startedAt: 5, .debit)
    #expect(drawn.allSatisfy { BenchSettings.amounts.contains($0.amount) && (0..<10).contains($0.wallet) })
    #expect(Set(drawn.map(\.amount)).count == 100)
    #expect(Set(drawn.map(\.wallet)).count == 10)
  }

  @Test func referencesRiseAndKeysHaveTheirKind() {
    for kind in KeyKind.allCases {
      var settings = BenchSettings(wallets: 10, seed: 1)
      settings.keys = kind
      var source = OperationSource(settings, book: WalletBook(count: 10), time: FixedTime(), startedAt: 5)
      let drawn = (0..<1000).map { source.drawn(Int64($0) * 1000) }
      #expect(drawn.map(\.reference) == Array(5..<1005))
      #expect(Set(drawn.map(\.key.low)).count == 1000)
      #expect(drawn.allSatisfy { $0.key.high >> 12 & 15 == (kind == .uuidv7 ? 7 : 4) && $0.key.low >> 62 == 2 })
      let times = drawn.map { $0.key.high >> 16 }
      // One millisecond later each, and the version 7 says so.
      #expect((times == Array(1_790_000_000_000..<1_790_000_001_000)) == (kind == .uuidv7))
    }
  }
}
