import TestSupport
import Testing
import WalletClient

/// Defects that other wallets and ledgers had with holds, refunds, transfers and restarts, over a real socket.
@Suite("Defects that peers had with holds, refunds and transfers")
struct PeersHoldDefectsTests {
  private static let purchase = MutationOptions(reason: "purchase")

  private func expectRefusal(
    _ reason: ErrorReason, _ call: () async throws(WalletError) -> MutationResult
  ) async throws(WalletError) {
    do throws(WalletError) {
      let result = try await call()
      Issue.record("done as transaction \(result.transaction.id), where \(reason) was due")
    } catch {
      guard case .rejected(let rejection) = error else { throw error }
      #expect(rejection.reason == reason)
    }
  }

  @Test("credits of a wallet that transfers pay into at the same time aren't lost (Blnk 238)")
  func lockedSourceOnly() async throws {
    let service = try await Race.opened(10_000)
    for owner in ["u2", "u3"] { _ = try await service.client.openWallet(owner: owner, currency: "USD") }
    let results = await Race.run(60, service) { client throws(WalletError) in
      // Into u2 from both sides, and out of it again.
      _ = try await client.transfer(from: dollars("u1"), to: dollars("u2"), amount: 11, Self.purchase)
      let credited = try await client.credit(dollars("u2"), amount: 7, MutationOptions(reason: "top-up"))
      _ = try await client.transfer(from: dollars("u2"), to: dollars("u3"), amount: 5, Self.purchase)
      return credited
    }
    #expect(results.allSatisfy { $0.isDone })
    let (first, second, third) = (
      try await service.client.balance(dollars("u1")), try await service.client.balance(dollars("u2")),
      try await service.client.balance(dollars("u3"))
    )
    #expect(first.balance == 10_000 - 60 * 11 && second.balance == 60 * (11 + 7 - 5) && third.balance == 60 * 5)
    #expect(first.version == 2 + 60 && second.version == 1 + 180 && third.version == 1 + 60)
  }

  @Test("a version is never read early and written late: under load they have no gap and no double (Blnk 239)")
  func versionsUnderLoad() async throws {
    let service = try await Race.opened(10_000)
    let results = await Race.run(80, service) { client throws(WalletError) in
      let seen = try await client.balance(dollars("u1")).version
      var options = Self.purchase
      options.expectedVersion = seen
      return try await client.debit(dollars("u1"), amount: 1, options)
    }
    let done = results.filter { $0.isDone }
    #expect(!done.isEmpty && results.allSatisfy { $0.isDone || $0.refusal == .versionConflict })
    #expect(Set(done.compactMap { try? $0.get().transaction.walletVersion }).count == done.count)
    var last: Int64 = 0
    for try await row in service.client.transactions(dollars("u1"), oldestFirst: true) {
      #expect(row.walletVersion == last + 1)
      last = row.walletVersion
    }
    #expect(last == 2 + Int64(done.count))
    #expect(try await service.client.balance(dollars("u1")).balance == 10_000 - Int64(done.count))
  }

  @Test("refunds of one debit, many at once, never exceed it together (Blnk 152)")
  func manyRefunds() async throws {
    let service = try await Race.opened(1000)
    let debit = try await service.client.debit(dollars("u1"), amount: 100, Self.purchase).transaction.id
    let results = await Race.run(20, service) { client throws(WalletError) in
      try await client.refund(transactionID: debit, amount: 40, MutationOptions(reason: "returned"))
    }
    #expect(results.filter { $0.isDone }.count == 2)
    #expect(results.allSatisfy { $0.isDone || $0.refusal == .refundExceedsOriginal })
    #expect(try await service.client.balance(dollars("u1")).balance == 980)
  }

  @Test("a repeated refund is the first one again, and one that is refused moves no money (Blnk 374)")
  func repeatedRefund() async throws {
    let service = try await Race.opened(1000)
    let debit = try await service.client.debit(dollars("u1"), amount: 100, Self.purchase).transaction.id
    let options = MutationOptions(reason: "returned", idempotencyKey: "refund-000001")
    let results = await Race.run(20, service) { client throws(WalletError) in
      try await client.refund(transactionID: debit, options)
    }
    let done = try results.map { try $0.get() }
    #expect(done.filter { !$0.replayed }.count == 1 && Set(done.map(\.transaction.id)).count == 1)
    try await expectRefusal(.refundExceedsOriginal) { () throws(WalletError) in
      try await service.client.refund(transactionID: debit, amount: 1, MutationOptions(reason: "again"))
    }
    let balance = try await service.client.balance(dollars("u1"))
    #expect(balance.balance == 1000 && balance.version == 4)
  }

  @Test("a hold that was refused can't be captured (Blnk 182)")
  func rejectedHold() async throws {
    let service = try await Race.opened(100)
    var place: Int64 = 0
    do throws(WalletError) {
      _ = try await service.client.hold(dollars("u1"), amount: 101, timeout: .seconds(60), Self.purchase)
      Issue.record("a hold beyond the balance passed")
    } catch {
      guard case .rejected(let rejection) = error, rejection.reason == .insufficientFunds else { throw error }
      place = rejection.commitSeq
    }
    let refused = place
    try await expectRefusal(.holdNotFound) { () throws(WalletError) in
      try await service.client.capture(holdID: refused, amount: 1, Self.purchase)
    }
    let balance = try await service.client.balance(dollars("u1"))
    #expect(balance.balance == 100 && balance.held == 0)
  }

  @Test("a hold is released once, however many ask for it at once (Blnk 41)")
  func releasedTwice() async throws {
    let service = try await Race.opened(100)
    let kept = try await service.client.hold(dollars("u1"), amount: 30, timeout: .seconds(60), Self.purchase)
    let hold = try await service.client.hold(dollars("u1"), amount: 50, timeout: .seconds(60), Self.purchase)
    let id = hold.transaction.id
    let results = await Race.run(20, service) { client throws(WalletError) in
      try await client.release(holdID: id, MutationOptions(reason: "order.cancelled"))
    }
    #expect(results.filter { $0.isDone }.count == 1)
    #expect(results.allSatisfy { $0.isDone || $0.refusal == .holdReleased })
    let balance = try await service.client.balance(dollars("u1"))
    #expect(balance.held == 30 && balance.available == 70 && kept.held == 30)
  }

  @Test("a release gives back to the wallet of its hold and to no other (Formance wallets PR 46)")
  func releasedElsewhere() async throws {
    let service = try await Race.opened(100)
    _ = try await service.client.openWallet(owner: "u2", currency: "USD")
    _ = try await service.client.credit(dollars("u2"), amount: 100, MutationOptions(reason: "top-up"))
    let first = try await service.client.hold(dollars("u1"), amount: 60, timeout: .seconds(60), Self.purchase)
    let second = try await service.client.hold(dollars("u2"), amount: 70, timeout: .seconds(60), Self.purchase)
    let released = try await service.client.release(
      holdID: second.transaction.id, MutationOptions(reason: "order.cancelled"))
    #expect(released.transaction.walletID == second.transaction.walletID && released.available == 100)
    let (one, two) = (
      try await service.client.balance(dollars("u1")), try await service.client.balance(dollars("u2"))
    )
    #expect(one.held == 60 && one.available == 40 && one.walletID == first.transaction.walletID)
    #expect(two.held == 0 && two.available == 100)
  }

  @Test("replayed openings double no balance, before and after the server was killed (open-bank-oss PR 947)")
  func replayedCutOver() async throws {
    let service = try Service()
    let data = service.folder.path + "/data"
    let owners = (0..<50).map { "user-\($0)" }
    func cutOver(_ client: WalletClient) async throws {
      for (index, owner) in owners.enumerated() {
        _ = try await client.openWallet(
          owner: owner, currency: "USD", MutationOptions(reason: "cut.over", idempotencyKey: "open-\(owner)"))
        var options = MutationOptions(reason: "cut.over", idempotencyKey: "balance-\(owner)")
        options.counterAccount = "opening"
        _ = try await client.credit(dollars(owner), amount: Int64(100 + index), options)
      }
    }
    try await cutOver(service.client)
    try await cutOver(service.client)
    service.server.kill()
    let again = try ServerProcess.serve(data)
    let client = WalletClient(host: "127.0.0.1", port: again.port)
    defer { client.close() }
    try await cutOver(client)
    for (index, owner) in owners.enumerated() {
      let balance = try await client.balance(dollars(owner))
      #expect(balance.balance == Int64(100 + index) && balance.version == 2)
    }
    #expect(try again.terminate() == .exited(0))
    #expect(try LedgerFile.problems(data) == [])
  }
}
