import Foundation
import TestSupport
import Testing
import WalletClient

/// Dry runs through the Swift client and walletctl, against a server.
@Suite("Dry runs over a real socket")
struct DryRunTests {
  private let service: Service
  private var client: WalletClient { service.client }
  private let tried: MutationOptions

  init() async throws {
    service = try Service()
    var options = MutationOptions(reason: "test", idempotencyKey: "dry-run-1")
    options.dryRun = true
    tried = options
    for (owner, amount) in [("u1", Int64(1_000)), ("u2", 1)] {
      _ = try await service.client.openWallet(owner: owner, currency: "USD")
      _ = try await service.client.credit(dollars(owner), amount: amount, MutationOptions(reason: "test"))
    }
  }

  @Test("each call says what it would do, and the server's head stays where it is")
  func calls() async throws {
    let (one, two) = (dollars("u1"), dollars("u2"))
    let head = try await client.serverInfo().head
    var results = [
      try await client.openWallet(owner: "u3", currency: "USD", tried),
      try await client.debit(one, amount: 300, tried), try await client.credit(one, amount: 300, tried),
      try await client.hold(one, amount: 300, timeout: .seconds(60), tried),
      try await client.freeze(one, scope: .all, tried), try await client.unfreeze(one, scope: .all, tried),
      try await client.setLimits(one, to: WalletLimits(), tried),
    ]
    #expect(results.map(\.balance) == [0, 700, 1_300, 1_000, 1_000, 1_000, 1_000])
    #expect(results[0].transaction.walletID == 0 && results[3].available == 700)
    let transfer = try await client.transfer(from: one, to: two, amount: 300, tried)
    #expect(transfer.isDryRun && transfer.destination.balance == 301 && transfer.destination.id == 0)
    results.append(transfer.source)
    #expect(results.allSatisfy { $0.isDryRun && !$0.replayed && $0.commitSeq == head.seq })
    #expect(results.allSatisfy { $0.transaction.id == 0 && $0.transaction.digest.isEmpty })
    let currency = try await client.registerCurrency("ESIM-MB", exponent: 0, tried)
    let account = try await client.addCounterAccount("promotions", tried)
    #expect(currency.isDryRun && currency.row.id == 0 && currency.row.digest.isEmpty && currency.commitSeq == head.seq)
    #expect(account.isDryRun && account.row.subject == "promotions")
    await #expect(throws: WalletError.self) { try await client.closeWallet(one, tried) }
    #expect(try await client.serverInfo().head == head)
    var real = tried
    real.dryRun = false
    let done = try await client.debit(one, amount: 300, real)
    #expect(!done.isDryRun && done.transaction.id == head.seq + 1)
    let again = try await client.debit(one, amount: 300, tried)
    #expect(again.replayed && !again.isDryRun && again.transaction == done.transaction)
  }

  @Test("a batch is tried as a whole, an item of it can't be")
  func batches() async throws {
    var options = BatchOptions()
    options.dryRun = true
    let plain = MutationOptions(reason: "test")
    let items: [BatchItem] = [
      .debit(dollars("u1"), amount: 600, plain), .transfer(from: dollars("u1"), to: dollars("u2"), amount: 400, plain),
    ]
    for mode in [BatchMode.itemByItem(), .allOrNothing(key: "dry-batch-1")] {
      let result = try await client.batch(items, mode: mode, options)
      #expect(result.isDryRun && result.commitSeq == 4)
      let done = result.items.compactMap { if case .done(let done) = $0 { done } else { nil } }
      #expect(done.map(\.balance) == [400, 0] && done.allSatisfy { $0.transactionID == 0 })
    }
    await #expect(throws: WalletError.self) { try await client.batch([.debit(dollars("u1"), amount: 1, tried)]) }
    #expect(try await client.serverInfo().head.seq == 4)
  }

  @Test("walletctl says first that nothing was changed")
  func program() throws {
    let server = ["--server", "127.0.0.1:\(service.server.port)"]
    let wallet = ["--owner", "u1", "--currency", "USD", "--reason", "test", "--dry-run"] + server
    let debit = try walletctl(["debit", "--amount", "3.00"] + wallet)
    #expect(debit.status == 0, "\(debit)")
    let lines = debit.output.split(separator: "\n")
    #expect(lines.first == "dry run: nothing was changed")
    #expect(lines.dropFirst().first == "would follow: debited 3.00 USD: wallet 1")
    #expect(debit.output.contains("7.00 USD") && !debit.output.contains("transaction"))
    let refused = try walletctl(["debit", "--amount", "30.00"] + wallet)
    #expect(refused.status == 1 && refused.output.isEmpty)
    #expect(
      refused.errors.hasPrefix("dry run: nothing was changed\nwalletctl: would be refused: INSUFFICIENT_FUNDS: "))
    #expect(refused.errors.contains("its key is as new") && !refused.errors.contains("is kept"))
    let open = try walletctl(["open", "--owner", "u9", "--currency", "USD", "--dry-run"] + server)
    #expect(open.output.contains("would follow: opened: a new wallet"), "\(open)")
    let transfer = try walletctl(["transfer", "--amount", "1.00", "--to-owner", "u2"] + wallet)
    #expect(
      transfer.output.hasPrefix("dry run: nothing was changed\nwould follow: transferred 1.00 USD"), "\(transfer)")
    let currency = try walletctl(["currency", "add", "ESIM-MB", "--exponent", "0", "--dry-run"] + server)
    #expect(
      currency.output.hasPrefix("dry run: nothing was changed\nwould follow: registered currency ESIM-MB"),
      "\(currency)")
    let json = try walletctl(["freeze", "--json"] + wallet)
    #expect(json.output.contains(#""dryRun":true"#))
    let call = try walletctl(
      ["call", "Credit", #"{"wallet":{"id":"1"},"amount":"5","reason":"x","dryRun":true}"#] + server)
    #expect(call.output.contains(#""balance":"1005""#) && call.output.contains(#""dryRun":true"#), "\(call)")

    let folder = try ScratchFolder("dry-batch")
    let path = "\(folder.path)/items.jsonl"
    try #"{"credit":{"wallet":{"id":"1"},"amount":"1000","reason":"top-up"}}"#.write(
      toFile: path, atomically: true, encoding: .utf8)
    let batch = try walletctl(["batch", path, "--dry-run"] + server)
    #expect(batch.status == 0 && batch.output.hasPrefix("dry run: nothing was changed\n"), "\(batch)")
    #expect(batch.output.contains("would be done"))
    #expect(try service.database.value("SELECT max(seq) FROM transactions") == "4")
  }
}
