import HistoryChecker
import TestSupport
import Testing
import WalletClient

extension FaultTests {
  /// What a caller of the client library was told of one mutation.
  private enum Told: Sendable {
    case done(seq: Int64, balance: Int64)
    case refused
    case notExecuted
    case unknown
  }

  /// The client library against a real server, with a network between them that delays, slices to single bytes, resets, cuts
  /// and swallows: whatever the client says is true, and it always says something in time.
  @Test("A bad network: what the client says is true, nothing is done twice, no call hangs")
  func badNetwork() async throws {
    let folder = try ScratchFolder("network")
    let data = "\(folder.path)/data"
    let server = try ServerProcess.serve(data)
    var generator = SeededGenerator(of: "bad network")
    let opened = try Load.openWallets(8, server.port, &generator, witness)
    let proxy = try FaultyProxy(to: server.port, seed: generator.next())
    let calls = FaultSize.count("NETWORK_CALLS", usual: 40, long: 400)
    var options = WalletClientOptions()
    options.timeout = .seconds(8)
    options.silenceMax = .milliseconds(300)
    options.connectTimeout = .seconds(1)
    options.attemptsMax = 30

    let wallets = opened.wallets
    let (port, witness) = (proxy.port, self.witness)
    var attempts: [(attempt: Attempt, told: Told)] = []
    var longest = 0.0
    try await withThrowingTaskGroup(of: (told: [(Attempt, Told)], longest: Double).self) { group in
      for _ in 0..<8 {
        let (seed, options) = (generator.next(), options)
        group.addTask { try await Self.trade(port, wallets, witness, calls, options, SeededGenerator(seed: seed)) }
      }
      for try await part in group {
        attempts += part.told.map { (attempt: $0.0, told: $0.1) }
        longest = max(longest, part.longest)
      }
    }
    try proxy.close()

    let client = try TestClient(port: server.port)
    let books = try Books(client)
    #expect(
      books.problems(opened.answered, unknown: attempts.map(\.attempt)).prefix(5).isEmpty)
    var (done, refused, not, unknown) = (0, 0, 0, [Attempt]())
    for (attempt, told) in attempts {
      let row = books.row(attempt.key)
      switch told {
      case .done(let seq, let balance):
        done += 1
        #expect(row?.id == seq && row?.balance == balance && row?.amount == attempt.amount, "\(attempt.key)")
      case .refused:
        refused += 1
        #expect(row == nil, "\(attempt.key)")
      case .notExecuted:
        not += 1
        #expect(row == nil, "\(attempt.key)")
      case .unknown: unknown.append(attempt)
      }
    }
    // An unknown one is settled by asking again with its key.
    let replies = try witness.carry(unknown, client)
    let applied = zip(unknown, replies).count { books.row($0.key) != nil && $1.isReplayed }
    #expect(applied == unknown.count { books.row($0.key) != nil })
    #expect(
      try Books(client).problems(opened.answered, unknown: attempts.map(\.attempt)).prefix(5).isEmpty)
    // A call's time, and what a machine that is busy adds.
    #expect(longest < 8 + 20, "a call took \(longest) s")
    #expect(try server.terminate() == .exited(0))
    let problems = try LedgerFile.problems(data)
    #expect(problems == [])
    let checked = try witness.expectSound(data)
    let ways = proxy.counts.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", ")
    FaultSize.report(
      "bad network: \(attempts.count) calls, \(done) acknowledged (and \(refused) refused), 0 lost, 0 twice, \(not) not executed, "
        + "\(unknown.count) unknown of which \(applied) were there, the longest took \(Int(longest * 1000)) ms; connections: \(ways); \(checked)"
    )
    #expect(done > attempts.count / 4 && proxy.counts.count == FaultyProxy.Way.allCases.count)
  }

  private static func trade(
    _ port: UInt16, _ wallets: [Int64], _ witness: Witness, _ calls: Int, _ options: WalletClientOptions,
    _ seeded: SeededGenerator
  ) async throws -> (told: [(Attempt, Told)], longest: Double) {
    var generator = seeded
    let client = WalletClient(host: "127.0.0.1", port: port, options: options)
    defer { client.close() }
    let clock = ContinuousClock()
    var told: [(Attempt, Told)] = []
    var longest = 0.0
    let number = witness.newClient()
    for _ in 0..<calls {
      let wallet = wallets[Int.random(in: 0..<wallets.count, using: &generator)]
      let amount = Int64.random(in: 1...500, using: &generator)
      let isCredit = Int.random(in: 0..<5, using: &generator) < 3
      let key = generator.uuid()
      let attempt = Attempt(
        key: key, request: isCredit ? .credit(wallet, amount, key: key) : .debit(wallet, amount, key: key),
        amount: isCredit ? amount : -amount)
      // As the bare client would send it, so that this one can ask again with the same key.
      let mutation = MutationOptions(reason: isCredit ? "test.credit" : "test.debit", idempotencyKey: key)
      let begun = clock.now
      var call = attempt.call(sentAt: Witness.now, by: number)
      told.append((attempt, try await tell(client, .id(wallet), amount, isCredit, mutation, &call)))
      witness.note(call)
      let took = (clock.now - begun).components
      longest = max(longest, Double(took.seconds) + Double(took.attoseconds) / 1e18)
    }
    return (told, longest)
  }

  private static func tell(
    _ client: WalletClient, _ wallet: WalletReference, _ amount: Int64, _ isCredit: Bool, _ options: MutationOptions,
    _ call: inout History.Call
  ) async throws -> Told {
    do throws(WalletError) {
      let result =
        isCredit
        ? try await client.credit(wallet, amount: amount, options)
        : try await client.debit(wallet, amount: amount, options)
      (call.end, call.outcome, call.isReplayed) = (Witness.now, .done, result.replayed)
      (call.seq, call.commitSeq) = (result.transaction.id, result.commitSeq)
      (call.wallet, call.version, call.balance) = (result.transaction.walletID, result.version, result.balance)
      return .done(seq: result.commitSeq, balance: result.balance)
    } catch {
      switch error {
      case .rejected(let rejection):
        guard rejection.isRemembered else { throw TestFailure("\(rejection)") }
        (call.end, call.outcome, call.isReplayed) = (Witness.now, .refused, rejection.replayed)
        (call.seq, call.commitSeq) = (rejection.commitSeq, rejection.commitSeq)
        return .refused
      case .notExecuted:
        (call.end, call.outcome) = (Witness.now, .failed)
        return .notExecuted
      case .outcomeUnknown: return .unknown
      }
    }
  }
}
