import TestSupport
import Testing
import WalletClient

/// Defects that other wallets and ledgers had, each shown not to be there, over a real socket.
@Suite("Defects that peers had")
struct PeersDefectsTests {
  @Test("two concurrent withdrawals of all the money: one passes (laravel-wallet 124, 484)")
  func concurrentWithdrawals() async throws {
    let service = try await Race.opened(100)
    let results = await Race.run(20, service) { client throws(WalletError) in
      try await client.debit(dollars("u1"), amount: 100, MutationOptions(reason: "withdrawal"))
    }
    #expect(results.filter { (try? $0.get()) != nil }.count == 1)
    #expect(try await service.client.balance(dollars("u1")).balance == 0)
  }

  @Test("a purchase decided on a stale balance is refused by its version (laravel-wallet 328, Blnk 239)")
  func staleBalance() async throws {
    let service = try await Race.opened(1000)
    let seen = try await service.client.balance(dollars("u1")).version
    let results = await Race.run(20, service) { client throws(WalletError) in
      var options = MutationOptions(reason: "purchase")
      options.expectedVersion = seen
      return try await client.debit(dollars("u1"), amount: 10, options)
    }
    #expect(results.filter { (try? $0.get()) != nil }.count == 1)
    for case .failure(let error) in results {
      guard case .rejected(let rejection) = error else {
        Issue.record("neither done nor refused: \(error)")
        continue
      }
      #expect(rejection.reason == .versionConflict)
    }
    #expect(try await service.client.balance(dollars("u1")).balance == 990)
  }

  @Test("credits and debits under load lose none of each other (Blnk 238)")
  func lostCredit() async throws {
    let service = try await Race.opened(1000)
    let results = await Race.run(60, service) { client throws(WalletError) in
      _ = try await client.credit(dollars("u1"), amount: 7, MutationOptions(reason: "credit"))
      return try await client.debit(dollars("u1"), amount: 5, MutationOptions(reason: "debit"))
    }
    #expect(results.allSatisfy { (try? $0.get()) != nil })
    let balance = try await service.client.balance(dollars("u1"))
    #expect(balance.balance == 1000 + 60 * 2 && balance.version == 2 + 120)
  }

  @Test("the same payment credited twenty times at once counts once (lago-api 3618)")
  func sameCredit() async throws {
    let service = try await Race.opened(1)
    let results = await Race.run(20, service) { client throws(WalletError) in
      try await client.credit(
        dollars("u1"), amount: 500, MutationOptions(reason: "top-up", idempotencyKey: "payment-intent-1"))
    }
    let done = try results.map { try $0.get() }
    #expect(done.filter { !$0.replayed }.count == 1 && Set(done.map(\.transaction.id)).count == 1)
    #expect(try await service.client.balance(dollars("u1")).balance == 501)
  }

  @Test("a key used again with another payload is refused, and the payload isn't ignored (midaz-sdk-golang 236)")
  func otherPayload() async throws {
    let service = try await Race.opened(100)
    let options = MutationOptions(reason: "purchase", idempotencyKey: "order-000001")
    _ = try await service.client.debit(dollars("u1"), amount: 10, options)
    await #expect {
      _ = try await service.client.debit(dollars("u1"), amount: 90, options)
    } throws: { error in
      guard case .rejected(let rejection)? = error as? WalletError else { return false }
      return rejection.detail == .idempotencyMismatch(field: "amount")
    }
    #expect(try await service.client.balance(dollars("u1")).balance == 90)
  }

  @Test("the shortfall is a figure of its own (formancehq/ledger 1646), and a balance has its exponent (Blnk 323)")
  func typedFigures() async throws {
    let service = try await Race.opened(100)
    await #expect {
      _ = try await service.client.debit(dollars("u1"), amount: 130, MutationOptions(reason: "purchase"))
    } throws: { error in
      guard case .rejected(let rejection)? = error as? WalletError,
        case .insufficientFunds(let figures) = rejection.detail
      else { return false }
      return figures.shortfall == 30 && figures.available == 100 && figures.requested == 130 && figures.version == 2
    }
    let balance = try await service.client.balance(dollars("u1"))
    #expect(balance.exponent == 2 && balance.currency == "USD")
  }

  @Test("a repeated refusal is the same refusal, and moves nothing the second time (Blnk 374)")
  func repeatedRefusal() async throws {
    let service = try await Race.opened(100)
    let options = MutationOptions(reason: "purchase", idempotencyKey: "order-000002")
    var messages: [String] = []
    for attempt in 0..<2 {
      do throws(WalletError) {
        _ = try await service.client.debit(dollars("u1"), amount: 101, options)
        Issue.record("a debit beyond the balance passed")
      } catch {
        guard case .rejected(let rejection) = error else { throw error }
        #expect(rejection.replayed == (attempt == 1))
        messages.append(rejection.message)
      }
      _ = try await service.client.credit(dollars("u1"), amount: 50, MutationOptions(reason: "top-up"))
    }
    #expect(messages.count == 2 && messages[0] == messages[1], "the figures are those of the first time")
    #expect(try await service.client.balance(dollars("u1")).balance == 200)
  }
}
