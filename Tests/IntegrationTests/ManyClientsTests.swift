import TestSupport
import Testing
import WalletClient

/// A server of its own for a test, with a client.
struct Service {
  let folder: ScratchFolder
  let server: ServerProcess
  let client: WalletClient

  init(arguments: [String] = []) throws {
    folder = try ScratchFolder("integration")
    server = try ServerProcess.serve(folder.path + "/data", arguments: arguments)
    client = WalletClient(host: "127.0.0.1", port: server.port)
  }

  var database: SQLiteFile { get throws { try SQLiteFile(folder.path + "/data/ledger.db") } }

  func newClient() -> WalletClient { WalletClient(host: "127.0.0.1", port: server.port) }
}

func dollars(_ owner: String) -> WalletReference { .owner(owner, currency: "USD", name: "main") }

@Suite("Many clients at once")
struct ManyClientsTests {
  private static let clientCount = 200
  private static let walletCount = 10
  private static let callsPerClient = 25

  /// What one client was told.
  private struct Tally: Sendable {
    var change: [Int64] = Array(repeating: 0, count: walletCount)
    var acknowledged = 0
    var refused = 0
  }

  @Test("200 clients on 10 wallets: no lost update, no negative balance, sums conserved, versions without a gap")
  func conservation() async throws {
    let service = try Service()
    for wallet in 0..<Self.walletCount {
      _ = try await service.client.openWallet(owner: "u\(wallet)", currency: "USD")
      _ = try await service.client.credit(dollars("u\(wallet)"), amount: 1000, MutationOptions(reason: "top-up"))
    }
    let tallies: [Tally] = try await withThrowingTaskGroup(of: Tally.self) { group in
      for index in 0..<Self.clientCount { group.addTask { try await Self.trade(service.newClient(), UInt64(index)) } }
      var tallies: [Tally] = []
      for try await tally in group { tallies.append(tally) }
      return tallies
    }
    let acknowledged = tallies.reduce(0) { $0 + $1.acknowledged }
    #expect(acknowledged > 0 && tallies.contains { $0.refused > 0 }, "the load must bring wallets to their limit")

    for wallet in 0..<Self.walletCount {
      let expected = 1000 + tallies.reduce(0) { $0 + $1.change[wallet] }
      let balance = try await service.client.balance(dollars("u\(wallet)"))
      #expect(balance.balance == expected)
      var last = (version: Int64(0), balance: Int64(0))
      for try await row in service.client.transactions(dollars("u\(wallet)"), oldestFirst: true) {
        #expect(row.walletVersion == last.version + 1 && row.balance == last.balance + row.amount && row.balance >= 0)
        last = (row.walletVersion, row.balance)
      }
      #expect(last.version == balance.version && last.balance == balance.balance)
    }
    #expect(try service.server.terminate() == .exited(0))
    let database = try service.database
    #expect(
      try database.value(
        "SELECT (SELECT sum(balance) FROM wallet_balances) + (SELECT sum(total) FROM counter_account_totals)") == "0")
    #expect(try database.value("SELECT count(*) FROM transactions") == "\(acknowledged + 2 * Self.walletCount)")
    let seqs = "SELECT seq FROM transactions UNION ALL SELECT seq FROM refusals"
    #expect(try database.value("SELECT count(*) = max(seq) AND min(seq) = 1 FROM (\(seqs))") == "1")
  }

  private static func trade(_ client: WalletClient, _ seed: UInt64) async throws -> Tally {
    defer { client.close() }
    var random = SeededGenerator(seed: seed)
    var tally = Tally()
    for _ in 0..<callsPerClient {
      let wallet = Int.random(in: 0..<walletCount, using: &random)
      let amount = Int64.random(in: 1...120, using: &random)
      let isDebit = Int.random(in: 0..<10, using: &random) < 8
      let options = MutationOptions(reason: "trade")
      do throws(WalletError) {
        let result: MutationResult
        if isDebit {
          result = try await client.debit(dollars("u\(wallet)"), amount: amount, options)
        } else {
          result = try await client.credit(dollars("u\(wallet)"), amount: amount / 4 + 1, options)
        }
        tally.change[wallet] += result.transaction.amount
        tally.acknowledged += 1
      } catch {
        guard case .rejected(let rejection) = error, rejection.reason == .insufficientFunds else { throw error }
        tally.refused += 1
      }
    }
    return tally
  }
}
