import Testing
import WalletCore

@Suite("The memory budget")
struct MemoryBudgetTests {
  @Test("it is a sum that can be read, the largest part first")
  func text() {
    let budget = MemoryBudget([
      MemoryBudget.Part("queues", bytes: 3 << 20), MemoryBudget.Part("cache", bytes: (5 << 20) + 1),
      MemoryBudget.Part("pages", bytes: 20 << 30),
    ])
    #expect(budget.bytes == 20 << 30 + 8 << 20 + 1)
    #expect(budget.description == "21 GiB: pages 20 GiB, cache 6 MiB, queues 3 MiB")
  }
}
