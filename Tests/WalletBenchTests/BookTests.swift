import Testing

@testable import WalletBenchKit

struct WalletBookTests {
  @Test func acknowledgedRowsAddUp() {
    let book = WalletBook(count: 2)
    book.opened(0, id: 11)
    book.opened(1, id: 12)
    book.posted(0, change: 100)
    book.posted(0, change: -30)
    #expect(book.difference(0, balance: 70, version: 3) == nil)
    #expect(book.difference(1, balance: 0, version: 1) == nil)
  }

  @Test(arguments: [(Int64(69), Int64(3)), (70, 2), (70, 4)])
  func balanceAndVersionBothCount(balance: Int64, version: Int64) {
    let book = WalletBook(count: 1)
    book.opened(0, id: 11)
    book.posted(0, change: 100)
    book.posted(0, change: -30)
    let difference = book.difference(0, balance: balance, version: version)
    #expect(
      difference
        == Difference(
          walletID: 11, expectedBalance: 70, foundBalance: balance, expectedVersion: 3, foundVersion: version))
  }

  @Test func uncertaintyFailsTheCheck() {
    #expect(CheckOutcome(uncertain: 0).passed)
    #expect(!CheckOutcome(uncertain: 1).passed)
  }
}

struct BenchSettingsTests {
  @Test func defaultsAreValid() { #expect(BenchSettings().violation == nil) }

  @Test func violationsNameTheFlagAndTheRule() {
    #expect(BenchSettings(connections: 0).violation == "--connections must be 1 to 10000, not 0")
    #expect(BenchSettings(warmUpSeconds: -1).violation == "--warm-up must be 0 to 3600, not -1")
    #expect(
      BenchSettings(connections: 10_000, inFlight: 101).violation
        == "--connections times --in-flight must be at most 1000000, not 1010000")
  }
}
