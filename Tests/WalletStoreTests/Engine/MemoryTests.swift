import TestSupport
import Testing
import WalletCore

@testable import WalletStore

@Suite("What the store holds")
struct MemoryTests {
  private func part(_ name: String, _ settings: StoreSettings, gatherMax: Int = 4096) throws -> Int {
    let parts = settings.memory(gatherMax: gatherMax)
    #expect(Set(parts.map(\.name)).count == parts.count && parts.allSatisfy { $0.bytes > 0 })
    return try #require(parts.first { $0.name == name }).bytes
  }

  @Test("each setting has its share of the budget")
  func shares() throws {
    var settings = StoreSettings()
    let cache = try part("wallet cache", settings)
    settings.cachedWalletsMax += 1_000
    #expect(try part("wallet cache", settings) >= cache + 1_000 * WalletCache.bytesPerWallet)
    let keys = try part("keys and other entries to be written", settings)
    settings.trailing.generationRowsMax *= 2
    #expect(try part("keys and other entries to be written", settings) > keys * 3 / 2)
    let places = try part("places of keys", settings)
    settings.keyFencesMax *= 2
    settings.keyFiltersMax *= 2
    #expect(try part("places of keys", settings) == 2 * places)
    #expect(try part("rows of a gather", settings, gatherMax: 65_536) > 5 * part("rows of a gather", settings))
    #expect(try part("page caches of SQLite", settings) == (176 << 20) + (64 << 10))
    let verification = try part("a verification", settings)
    settings.verifying.walletsMax += 1_000
    #expect(try part("a verification", settings) >= verification + 1_000 * MemoryLayout<WalletState>.stride)
  }

  @Test("the cache holds its bound and what is pinned, and what is pinned ends with the generations")
  func bound() throws {
    var generator = SeededGenerator(of: "the cache's bound")
    var settings = LedgerFixture.settings
    settings.cachedWalletsMax = 10
    settings.trailing = StoreSettings.Trailing(generationRows: 100)
    let ledger = try LedgerFixture(settings)
    let gatherMax = 40
    let pinnedMax = 2 * (settings.trailing.generationRowsMax + gatherMax)
    let expectBound = {
      let cache = ledger.store.cache
      #expect(cache.count <= 10 + cache.pinnedCount && cache.pinnedCount <= pinnedMax)
      #expect(ledger.store.projector.lagOfOthers <= pinnedMax)
      #expect(ledger.store.projector.lag <= 2 * (settings.trailing.walletRowsMax + gatherMax))
    }
    for start in stride(from: 0, to: 400, by: gatherMax) {
      _ = try ledger.perform(
        LedgerFixture.itemByItem((start..<start + gatherMax).map { ledger.command(.openWallet, "u\($0)") }))
      expectBound()
    }
    for _ in 0..<100 {
      let commands = (0..<gatherMax).map { _ in
        ledger.command(.credit, "u\(Int.random(in: 0..<400, using: &generator))", 1)
      }
      _ = try ledger.perform(LedgerFixture.itemByItem(commands))
      expectBound()
      for _ in 0..<5 { _ = try ledger.wallet("u\(Int.random(in: 0..<400, using: &generator))") }
      expectBound()
    }
    try ledger.writeTrailing()
    #expect(ledger.store.cache.count <= 10 && ledger.store.cache.pinnedCount == 0)
  }
}
