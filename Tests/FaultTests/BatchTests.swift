import TestSupport
import Testing

extension FaultTests {
  /// A batch is in one commit: whenever the process dies, all of it is there or nothing.
  @Test("kill -9 in the middle of batches: each is whole or not there at all", .timeLimit(.minutes(2)))
  func killInBatches() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    print("kill -9 in batches: seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let folder = try ScratchFolder("kill-batch")
    let data = "\(folder.path)/data"
    let count = 250
    var batches: [(key: String, isRefused: Bool)] = []
    var isAnswered: [String: Bool] = [:]

    let rounds = 8
    for round in 0...rounds {
      let server = try ServerProcess.serve(data)
      let client = try TestClient(port: server.port, timeoutSeconds: 5)
      // What was answered is there; what wasn't is there whole, or is done now.
      for (key, isRefused) in round == rounds ? batches : batches.suffix(6) {
        let reply = try client.call(Self.batch(key, count, isRefused: isRefused))
        #expect(reply.isReplayed || isAnswered[key] != true, "round \(round), \(key)")
        let results = isRefused ? [] : try reply.results()
        #expect(isRefused ? try reply.error().reason == TestError.batchAborted : results.count == count)
        #expect(zip(results, results.dropFirst()).allSatisfy { $1.transactionID == $0.transactionID + 1 })
        isAnswered[key] = true
      }
      if round == rounds {
        #expect(try server.terminate() == .exited(0))
        break
      }
      if round == 0 { _ = try client.call(.open(owner: "batch-owner", currency: "USD", key: "open-wallet-1")) }
      let new = (0..<6).map { (key: "batch-\(round)-\($0)-\(seed)", isRefused: $0 % 3 == 2) }
      batches += new
      try client.send(new.map { Self.batch($0.key, count, isRefused: $0.isRefused) })
      Threads.sleep(milliseconds: Int.random(in: 0...60, using: &generator))
      server.kill()
      // They are carried out in order, so answers come in order.
      var answers = 0
      while case .reply(let reply)? = try? client.receive() {
        #expect(reply.isOK != new[answers].isRefused)
        isAnswered[new[answers].key] = true
        answers += 1
      }
    }
    #expect(try LedgerFile.problems(data) == [])
    let file = try SQLiteFile("\(data)/ledger.db")
    let carriedOut = batches.count { !$0.isRefused }
    #expect(try file.value("SELECT count(*) FROM transactions") == "\(1 + carriedOut * count)")
    #expect(try file.value("SELECT count(*) FROM refusals") == "\(batches.count - carriedOut)")
    #expect(try file.value("SELECT balance FROM wallets") == "\(carriedOut * count)")
  }

  /// Credits of 1; the last item of one that is to be refused asks for more than there ever is.
  private static func batch(_ key: String, _ count: Int, isRefused: Bool) -> TestRequest {
    var items = Array(repeating: TestRequest.credit(1, 1, key: ""), count: count)
    if isRefused { items[count - 1] = .debit(1, .max, key: "") }
    return .batch(items, atomicKey: key)
  }
}
