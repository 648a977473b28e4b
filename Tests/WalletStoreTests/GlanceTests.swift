import Testing
import WalletCore

@testable import WalletStore

@Suite("What a glance at memory tells")
struct GlanceTests {
  private let ledger: LedgerFixture

  init() throws {
    ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"), ledger.command(.openWallet, "u2"))
    _ = try ledger.perform(ledger.command(.credit, "u1", 500), ledger.command(.credit, "u2", 70))
  }

  private static let first = LedgerRequest.balance(.id(1, currency: "USD"))
  private static let second = LedgerRequest.balance(.name(LedgerFixture.name("u2")))

  private func glance(_ requests: LedgerRequest...) -> [[Int64]]? { ledger.store.glance(requests)?.map(Self.figures) }

  private static func figures(_ outcome: LedgerOutcome) -> [Int64] {
    guard case .wallet(let wallet, let commitSeq) = outcome else { return [] }
    return [wallet.id, wallet.balance, wallet.version, commitSeq]
  }

  private func performed(_ requests: LedgerRequest...) throws -> [[Int64]] {
    let reading = LedgerClock.Reading(wall: ledger.wall, monotonic: 0)
    return try ledger.store.perform(requests, reading: reading) { _ in true }.map(Self.figures)
  }

  @Test("what is committed, as a gather would")
  func committed() throws {
    #expect(glance(Self.first, Self.second) == [[1, 500, 2, 4], [2, 70, 2, 4]])
    #expect(try performed(Self.first, Self.second) == glance(Self.first, Self.second))
    _ = try ledger.perform(ledger.command(.debit, "u1", 20))
    #expect(glance(Self.first) == [[1, 480, 3, 5]])
  }

  @Test("nothing of a batch that was taken back")
  func takenBack() throws {
    let commands = [ledger.command(.debit, "u1", 20), ledger.command(.debit, "u2", 71)]
    _ = try ledger.perform(LedgerFixture.atomic(ledger.newKey(), commands))
    #expect(glance(Self.first, Self.second) == [[1, 500, 2, 5], [2, 70, 2, 5]])
  }

  @Test("nothing where a file is needed, until somebody has looked")
  func notInMemory() throws {
    try ledger.restart()
    #expect(glance(Self.first) == nil)
    _ = try performed(Self.first)
    #expect(glance(Self.first) == [[1, 500, 2, 4]] && glance(Self.first, Self.second) == nil)
    _ = try performed(Self.second)
    #expect(glance(Self.first, Self.second)?.count == 2)
  }

  @Test(
    "nothing of what isn't a wallet's balance, or fails",
    arguments: [
      .info, .balance(.id(1, currency: "EUR")), .balance(.id(99, currency: "")),
      .wallets(owner: "u1", page: PageRequest(rowsMax: 1, cursor: "")),
      .history(.id(1, currency: ""), page: PageRequest(rowsMax: 1, cursor: ""), oldestFirst: false),
    ] as [LedgerRequest])
  func other(_ request: LedgerRequest) { #expect(glance(Self.first, request) == nil) }
}
