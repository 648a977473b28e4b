import TestSupport
import Testing
import WalletClient

/// Every mutation through the Swift client, against a server.
@Suite("Every mutation over a real socket")
struct EveryVerbTests {
  private let service: Service
  private var client: WalletClient { service.client }
  private let why = MutationOptions(reason: "test")

  init() async throws {
    service = try Service()
    for (owner, amount) in [("u1", Int64(1_000)), ("u2", 1)] {
      _ = try await service.client.openWallet(owner: owner, currency: "USD")
      _ = try await service.client.credit(dollars(owner), amount: amount, why)
    }
  }

  /// The figures of a refusal for this reason.
  private func refused(
    _ reason: ErrorReason, _ call: () async throws(WalletError) -> MutationResult
  ) async -> RejectionDetail? {
    do throws(WalletError) {
      let result = try await call()
      Issue.record("\(reason) was done: \(result)")
      return nil
    } catch {
      guard case .rejected(let rejection) = error, rejection.reason == reason else {
        Issue.record("not \(reason): \(error)")
        return nil
      }
      return rejection.detail
    }
  }

  @Test("a transfer changes both wallets, once for a key")
  func transfers() async throws {
    let options = MutationOptions(reason: "gift", idempotencyKey: "transfer-1")
    for replayed in [false, true] {
      let result = try await client.transfer(from: dollars("u1"), to: dollars("u2"), amount: 300, options)
      #expect(result.replayed == replayed && result.source.balance == 700 && result.destination.balance == 301)
      #expect(result.source.transaction.kind == .transferOut && result.destination.kind == .transferIn)
      #expect(result.source.transaction.relatedTransactionID == result.destination.id)
      #expect(result.source.transaction.counterWalletID == result.destination.walletID)
    }
    #expect(try await client.balance(dollars("u2")).balance == 301)
  }

  @Test("a hold is captured in parts and released, and ends by itself")
  func holds() async throws {
    let hold = try await client.hold(dollars("u1"), amount: 600, timeout: .seconds(60), why)
    #expect(hold.held == 600 && hold.available == 400 && hold.transaction.holdID == hold.transaction.id)
    let part = try await client.capture(holdID: hold.transaction.holdID, amount: 200, why)
    #expect(part.balance == 800 && part.held == 400 && part.available == 400)
    let exceeded = await refused(.holdAmountExceeded) { () async throws(WalletError) in
      try await client.capture(holdID: hold.transaction.holdID, amount: 401, why)
    }
    guard case .hold(let figures)? = exceeded else {
      Issue.record("\(String(describing: exceeded))")
      return
    }
    #expect(figures.holdID == hold.transaction.holdID && figures.remaining == 400 && figures.atMicros > 0)
    #expect(try await client.release(holdID: hold.transaction.holdID, why).available == 800)

    let short = try await client.hold(dollars("u1"), amount: 800, timeout: .milliseconds(1), why)
    try await Task.sleep(for: .milliseconds(20))
    let balance = try await client.balance(dollars("u1"))
    #expect(balance.expiryPending && balance.held == 0 && balance.available == 800)
    #expect(try await client.wallet(dollars("u1")).expiryPending)
    _ = await refused(.holdExpired) { () async throws(WalletError) in
      try await client.capture(holdID: short.transaction.holdID, why)
    }
  }

  @Test("refunds of a debit never exceed it")
  func refunds() async throws {
    let debit = try await client.debit(dollars("u1"), amount: 400, why).transaction.id
    #expect(try await client.refund(transactionID: debit, amount: 100, why).balance == 700)
    let exceeded = await refused(.refundExceedsOriginal) { () async throws(WalletError) in
      try await client.refund(transactionID: debit, amount: 301, why)
    }
    #expect(exceeded == .refundExceeds(original: 400, refunded: 100, remaining: 300))
    let rest = try await client.refund(transactionID: debit, why)
    #expect(rest.balance == 1_000 && rest.transaction.relatedTransactionID == debit)
    #expect(rest.transaction.counterAccount == "refunds")
  }

  @Test("a frozen wallet says why, limits hold, and a wallet that is empty can be closed")
  func control() async throws {
    let wallet = dollars("u2")
    _ = try await client.freeze(wallet, scope: .debit, MutationOptions(reason: "fraud.check"))
    let frozen = await refused(.walletFrozen) { () async throws(WalletError) in
      try await client.debit(wallet, amount: 1, why)
    }
    guard case .walletFrozen(let freeze)? = frozen else {
      Issue.record("\(String(describing: frozen))")
      return
    }
    #expect(freeze.scope == .debit && freeze.reason == "fraud.check" && freeze.untilMicros == 0)
    _ = try await client.unfreeze(wallet, scope: .all, why)

    var limits = WalletLimits()
    limits.overdraftLimit = 50
    limits.maxBalance = 5
    limits.day.count = 1
    #expect(try await client.setLimits(wallet, to: limits, why).available == 51)
    let full = await refused(.maxBalanceExceeded) { () async throws(WalletError) in
      try await client.credit(wallet, amount: 5, why)
    }
    #expect(full == .maxBalanceExceeded(limit: 5, balance: 1, remaining: 4))
    _ = try await client.setLimits(wallet, to: WalletLimits(), why)
    let filled = await refused(.walletNotEmpty) { () async throws(WalletError) in
      try await client.closeWallet(wallet, why)
    }
    #expect(filled == .walletNotEmpty(balance: 1, openHolds: 0))
    _ = try await client.debit(wallet, amount: 1, why)
    _ = try await client.closeWallet(wallet, why)
    #expect(try await client.wallet(wallet).status == .closed)
  }

  @Test("an explanation has what the wallet's rows come to, and walletctl reads it aloud")
  func explanation() async throws {
    let wallet = dollars("u1")
    _ = try await client.debit(wallet, amount: 450, MutationOptions(reason: "esim.purchase"))
    var held = MutationOptions(reason: "esim.order")
    held.reference = "order-7"
    let hold = try await client.hold(wallet, amount: 300, timeout: .seconds(900), held)
    var limits = WalletLimits()
    (limits.overdraftLimit, limits.day.amount) = (50, 900)
    _ = try await client.setLimits(wallet, to: limits, why)
    _ = try await client.freeze(wallet, scope: .debit, MutationOptions(reason: "account.stolen"))
    let explanation = try await client.explainBalance(wallet, lastChanges: 2)
    #expect(explanation.isEqual && explanation.difference == "" && explanation.rowsRecomputed == 6)
    #expect(explanation.chainVerifiedTo == explanation.commitSeq && explanation.openingVersion == 0)
    #expect(explanation.sums.prefix(2).map(\.amount) == [1_000, -450] && explanation.sums[1].reason == "esim.purchase")
    #expect(explanation.holds.map(\.id) == [hold.transaction.id] && explanation.holds[0].reference == "order-7")
    #expect(explanation.freezes.map(\.scope) == [.debit] && explanation.frozenAmount == 300)
    #expect(explanation.limits == limits && explanation.lastChanges.map(\.kind) == [.freeze, .setLimits])
    #expect(explanation.limitUses.map(\.kind) == [.dayAmount] && explanation.limitUses[0].used == 750)

    let server = ["--owner", "u1", "--currency", "USD", "--server", "127.0.0.1:\(service.server.port)"]
    let text = try walletctl(["explain", "--last", "1"] + server)
    #expect(text.status == 0, "\(text)")
    // However wide its columns are.
    let told = text.output.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    for line in [
      #"Wallet 1 of u1, USD "main", open"#, "opening balance 0.00 USD 20", "credit test 1 x +10.00 USD",
      "debit esim.purchase 1 x -4.50 USD", "balance 5.50 USD", "reserved by 1 hold 3.00 USD", "esim.order order-7",
      "available 0.00 USD 3.00 USD if it were not frozen", "(account.stolen): nothing can be spent",
      "limit: day amount 9.00 USD: 7.50 USD used, 1.50 USD left until 20",
      "recomputed from 6 rows: equal; chain verified to transaction \(explanation.commitSeq)",
    ] {
      #expect(told.contains(line), "\(line)\n\(text.output)")
    }
    let json = try walletctl(["explain", "--json"] + server)
    #expect(json.output.contains(#""rowsRecomputed":"6""#) && json.output.contains(#""equal":true"#))
    let from = try walletctl(["explain", "--from", "2099-01-01T00:00:00Z"] + server)
    #expect(from.output.contains("opening balance") && from.output.contains("after 6 changes"), "\(from)")
    #expect(try walletctl(["explain", "--last", "101"] + server).status == 2)
    #expect(try walletctl(["explain", "--wallet", "99", "--server", server[5]]).errors.contains("WALLET_NOT_FOUND"))
  }

  @Test("a batch of all of them")
  func batch() async throws {
    let (one, two) = (dollars("u1"), dollars("u2"))
    let hold = try await client.hold(one, amount: 100, timeout: .seconds(60), why).transaction.holdID
    let debit = try await client.debit(one, amount: 100, why).transaction.id
    let items: [BatchItem] = [
      .transfer(from: one, to: two, amount: 100, why), .hold(one, amount: 100, timeout: .seconds(60), why),
      .capture(holdID: hold, amount: 50, why), .release(holdID: hold, why),
      .refund(transactionID: debit, amount: 50, why), .freeze(one, scope: .all, why),
      .unfreeze(one, scope: .all, why), .setLimits(one, to: WalletLimits(), why),
      .openWallet(owner: "u3", currency: "USD"), .closeWallet(dollars("u3"), why),
    ]
    for replayed in [false, true] {
      let result = try await client.batch(items, mode: .allOrNothing(key: "batch-0001"))
      let balances = result.items.map { item in
        if case .done(let done) = item { done.balance } else { Int64(-1) }
      }
      #expect(balances == [800, 800, 750, 750, 800, 800, 800, 800, 0, 0] && result.replayed == replayed)
    }
    #expect(try await client.balance(two).balance == 101)
  }
}
