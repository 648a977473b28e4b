import Testing
import WalletCore

@testable import WalletStore

@Suite("Freezes, limits and closing")
struct ControlTests {
  @Test("a frozen side takes nothing, the other one goes on", arguments: FreezeScope.allCases)
  func scopes(_ scope: FreezeScope) throws {
    let ledger = try LedgerFixture.with(["u1": 500, "u2": 500])
    let hold = try #require(try ledger.one(ledger.hold("u1", 50)).row)
    let debit = try #require(try ledger.one(ledger.command(.debit, "u1", 50)).row)
    #expect(try ledger.one(ledger.freeze("u1", scope)).row?.kind == .freeze)
    try ledger.restart()
    let outgoing = [
      ledger.command(.debit, "u1", 1), ledger.hold("u1", 1), ledger.transfer("u1", "u2", 1),
      ledger.capture(hold.seq, 1),
    ]
    let incoming = [ledger.command(.credit, "u1", 1), ledger.transfer("u2", "u1", 1), ledger.refund(debit.seq, 1)]
    for (commands, side) in [(outgoing, FreezeScope.debit), (incoming, .credit)] {
      for command in commands {
        let reason = try ledger.one(command).reason
        #expect(reason == (scope.covers(side) ? .walletFrozen : nil), "\(command.verb)")
      }
    }
    // What was reserved may always be given back.
    #expect(try ledger.one(ledger.release(hold.seq)).row != nil)
    #expect(try ledger.one(ledger.special(.unfreeze, "u1", 0, .unfreeze(.all))).row?.kind == .unfreeze)
    #expect(try ledger.one(ledger.command(.debit, "u1", 1)).row != nil)
    #expect(try ledger.one(ledger.command(.credit, "u1", 1)).row != nil && ledger.sumOfAll() == 0)
  }

  @Test("a freeze has no effect from its end on, and says since when and why")
  func end() throws {
    let ledger = try LedgerFixture.with(["u1": 500])
    let until = ledger.wall + 1_000
    _ = try ledger.one(ledger.freeze("u1", .debit, until: until))
    let outcome = try ledger.one(ledger.command(.debit, "u1", 1))
    let freeze = Freeze(scope: .debit, reason: "test", since: ledger.wall, until: until)
    #expect(outcome.failure == Failure(.walletFrozen, .frozen(walletID: 1, freeze)))
    ledger.wall = until - 1
    #expect(try ledger.one(ledger.command(.debit, "u1", 1)).reason == .walletFrozen)
    ledger.wall = until
    #expect(try ledger.one(ledger.command(.debit, "u1", 1)).row != nil)
  }

  @Test("limits over a day count debits, transfers and holds, and start anew at midnight")
  func windows() throws {
    let ledger = try LedgerFixture.with(["u1": 1_000, "u2": 0])
    _ = try ledger.one(ledger.setLimits("u1") { $0.day = WindowLimit(amount: 100, count: 4) })
    #expect(try ledger.one(ledger.command(.debit, "u1", 40)).row != nil)
    #expect(try ledger.one(ledger.transfer("u1", "u2", 30)).row != nil)
    let hold = try #require(try ledger.one(ledger.hold("u1", 20)).row)
    let midnight = CalendarWindow.day.bounds(of: ledger.wall).upperBound
    let refused = try ledger.one(ledger.command(.debit, "u1", 11))
    #expect(
      refused.failure == Failure(.limitExceeded, .limit(.dayAmount, limit: 100, used: 90, windowEnd: midnight)))
    // A capture never fails for limits, and what it doesn't take is given back.
    #expect(try ledger.one(ledger.capture(hold.seq, 5, isFinal: true)).row != nil)
    #expect(try ledger.one(ledger.command(.debit, "u1", 26)).reason == .limitExceeded)
    #expect(try ledger.one(ledger.command(.debit, "u1", 5)).row != nil)
    #expect(
      try ledger.one(ledger.command(.debit, "u1", 1)).failure
        == Failure(.limitExceeded, .limit(.dayCount, limit: 4, used: 4, windowEnd: midnight)))
    try ledger.crash()
    #expect(try ledger.one(ledger.command(.debit, "u1", 1)).reason == .limitExceeded)
    ledger.wall = midnight
    #expect(try ledger.one(ledger.command(.debit, "u1", 100)).row != nil)
  }

  @Test("a released hold gives its use back, its count too")
  func givenBack() throws {
    let ledger = try LedgerFixture.with(["u1": 1_000])
    _ = try ledger.one(ledger.setLimits("u1") { $0.month = WindowLimit(amount: 100, count: 1) })
    let hold = try #require(try ledger.one(ledger.hold("u1", 100)).row)
    #expect(try ledger.one(ledger.command(.debit, "u1", 1)).reason == .limitExceeded)
    _ = try ledger.one(ledger.release(hold.seq))
    #expect(try ledger.one(ledger.command(.debit, "u1", 100)).row != nil)
  }

  @Test("limits that are set later count what was used before in the same window")
  func usedBefore() throws {
    let ledger = try LedgerFixture.with(["u1": 1_000, "u2": 0])
    ledger.wall += 40 * LedgerFixture.day
    _ = try ledger.one(ledger.command(.debit, "u1", 500))
    ledger.wall += 40 * LedgerFixture.day
    _ = try ledger.one(ledger.command(.debit, "u1", 30))
    _ = try ledger.one(ledger.transfer("u1", "u2", 20))
    let hold = try #require(try ledger.one(ledger.hold("u1", 40)).row)
    _ = try ledger.one(ledger.capture(hold.seq, 10, isFinal: true))
    let released = try #require(try ledger.one(ledger.hold("u1", 99)).row)
    _ = try ledger.one(ledger.release(released.seq))
    _ = try ledger.one(ledger.setLimits("u1") { $0.month = WindowLimit(amount: 100) })
    let outcome = try ledger.one(ledger.command(.debit, "u1", 41))
    guard case .limit(.monthAmount, limit: 100, used: 60, _) = outcome.failure?.detail else {
      throw TestFailure("another outcome")
    }
    #expect(try ledger.one(ledger.command(.debit, "u1", 40)).row != nil)
  }

  @Test("maximum of one transaction, maximum balance, overdraft")
  func figures() throws {
    let ledger = try LedgerFixture.with(["u1": 500])
    let debit = try #require(try ledger.one(ledger.command(.debit, "u1", 100)).row)
    _ = try ledger.one(
      ledger.setLimits("u1") {
        $0.amountMax = 50
        $0.balanceMax = 450
        $0.overdraft = 100
      })
    #expect(
      try ledger.one(ledger.command(.debit, "u1", 51)).failure
        == Failure(.limitExceeded, .limit(.transactionAmount, limit: 50, used: 0, windowEnd: 0)))
    #expect(
      try ledger.one(ledger.command(.credit, "u1", 51)).failure
        == Failure(.maxBalanceExceeded, .balanceMax(450, balance: 400)))
    // A refund may pass the maximum.
    #expect(try ledger.one(ledger.refund(debit.seq)).row?.balance == 500)
    for _ in 0..<12 { #expect(try ledger.one(ledger.command(.debit, "u1", 50)).row != nil) }
    let wallet = try #require(try ledger.wallet("u1"))
    #expect(wallet.balance == -100 && wallet.available == 0 && wallet.overdraftLimit == 100)
    #expect(try ledger.one(ledger.command(.debit, "u1", 1)).reason == .insufficientFunds)
    // Room that is used can't be taken away.
    #expect(try ledger.one(ledger.setLimits("u1") { $0.overdraft = 99 }).reason == .insufficientFunds)
    _ = try ledger.one(ledger.command(.credit, "u1", 100))
    #expect(try ledger.one(ledger.setLimits("u1") { _ in }).row?.overdraftLimit == 0 && ledger.sumOfAll() == 0)
  }

  @Test("a wallet is closed when it is empty, and never opened again")
  func close() throws {
    let ledger = try LedgerFixture.with(["u1": 100])
    let close = { ledger.special(.closeWallet, "u1", 0, .none) }
    #expect(try ledger.one(close()).failure == Failure(.walletNotEmpty, .notEmpty(balance: 100, openHolds: 0)))
    let hold = try #require(try ledger.one(ledger.hold("u1", 100)).row)
    #expect(try ledger.one(close()).failure == Failure(.walletNotEmpty, .notEmpty(balance: 100, openHolds: 1)))
    _ = try ledger.one(ledger.capture(hold.seq))
    #expect(try ledger.one(close()).row?.kind == .close)
    try ledger.restart()
    #expect(try ledger.wallet("u1")?.status == .closed)
    #expect(try ledger.one(ledger.command(.credit, "u1", 1)).reason == .walletClosed)
    #expect(try ledger.one(close()).reason == .walletClosed)
    #expect(try ledger.one(ledger.command(.openWallet, "u1")).reason == .walletExists)
  }
}
