import TestSupport
import Testing

extension FaultTests {
  /// What was acknowledged survives the death of the process at any moment, and what wasn't can be found out.
  @Test("kill -9 under load, again and again", .timeLimit(.minutes(60)))
  func killUnderLoad() throws {
    let rounds = FaultSize.count("KILL_ROUNDS", usual: 20, long: 200)
    var generator = SeededGenerator(of: "kill -9 under load")
    let folder = try ScratchFolder("kill")
    let data = "\(folder.path)/data"
    var answered: [(attempt: Attempt, answer: Answer)] = []
    var unknown: [Attempt] = []
    var figures = (unknown: 0, applied: 0, repeated: 0)
    var wallets: [Int64] = []

    for round in 0...rounds {
      if round.isMultiple(of: 4) { try killAtStart(data, afterMilliseconds: Int.random(in: 0...40, using: &generator)) }
      let server = try ServerProcess.serve(data)
      let client = try TestClient(port: server.port)
      let books = try Books(client)
      #expect(books.problems(answered, unknown: unknown).prefix(5).isEmpty, "round \(round)")

      let resolved = try Repeats.resolve(unknown, client, books: books, witness)
      #expect(resolved.problems.prefix(5).isEmpty, "round \(round)")
      figures.unknown += unknown.count
      figures.applied += resolved.applied
      answered += resolved.answered
      unknown = []
      let again = round == rounds ? answered : Array(answered.suffix(500))
      #expect(try Repeats.problems(again, client, witness).prefix(5).isEmpty, "round \(round)")
      figures.repeated += again.count

      if round == rounds {
        #expect(try Books(client).problems(answered, unknown: []).prefix(5).isEmpty)
        #expect(try server.terminate() == .exited(0))
        break
      }
      if wallets.isEmpty {
        let log = try Load.openWallets(20, server.port, &generator, witness)
        answered += log.answered
        wallets = log.wallets
        try #require(wallets.count == 20)
      }
      let load = Load(port: server.port, wallets: wallets, witness: witness, isMixed: true)
      let seeds = (0..<4).map { _ in generator.next() }
      let running = Threads.start(seeds.count) { try load.run(seed: seeds[$0]) }
      // At any moment, the first ones included, when not much is at work yet.
      load.waitForAnswers(Int.random(in: 0...250, using: &generator))
      Threads.sleep(milliseconds: Int.random(in: 0...30, using: &generator))
      server.kill()
      #expect(server.poll() == .signalled(9))
      for log in try running.wait() {
        #expect(log.problems.prefix(5).isEmpty, "round \(round)")
        answered += log.answered
        unknown += log.unanswered
      }
    }
    let problems = try LedgerFile.problems(data)
    #expect(problems == [])
    let checked = try witness.expectSound(data)
    let refused = answered.count { if case .refused = $0.answer { true } else { false } }
    FaultSize.report(
      "kill -9: \(rounds) rounds, \(answered.count) acknowledged (\(refused) of them refusals), 0 lost, 0 twice, "
        + "\(figures.unknown) unanswered of which \(figures.applied) were there, "
        + "\(figures.repeated) repeats answered as at first; \(checked)")
    #expect(figures.unknown > 0)
    #expect(answered.count > 50 * rounds)
  }

  /// Making the ledger, and opening it, may be cut short too.
  private func killAtStart(_ data: String, afterMilliseconds delay: Int) throws {
    let server = try ServerProcess.launch(data)
    Threads.sleep(milliseconds: delay)
    server.kill()
  }
}
