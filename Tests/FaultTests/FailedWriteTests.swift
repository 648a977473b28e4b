import TestSupport
import Testing

extension FaultTests {
  /// A failed sync leaves it open what is on the disk, and a second sync may lie about the first one's pages. So the
  /// server says nothing and ends; the log as the next start finds it is what counts.
  @Test(
    "A commit that fails is answered to nobody",
    arguments: [(fault: "SYNC_FAILS", says: "disk I/O error"), (fault: "LOG_FULL", says: "database or disk is full")])
  func failedCommit(fault: String, says: String) throws {
    let folder = try ScratchFolder("failed")
    let data = "\(folder.path)/data"
    let recorder = try Recorder()
    let server = try ServerProcess.serve(
      data, environment: recorder.environment(["RECORD": recorder.recordPath, fault: "1"]))
    var generator = SeededGenerator(seed: 2)
    var log = try Load.openWallets(8, server.port, &generator, witness)
    let load = Load(port: server.port, wallets: log.wallets, witness: witness)
    let seeds = (0..<4).map { _ in generator.next() }
    let running = Threads.start(seeds.count) { try load.run(seed: seeds[$0]) }
    load.waitForAnswers(100)
    try recorder.turnOn()
    let ending = try server.waitUntilEnded()
    for part in try running.wait() { log.merge(part) }

    #expect(ending == .exited(74))
    #expect(server.lines.last?.contains(says) == true)
    #expect(server.lines.last?.contains("repeating them with the same keys after a restart") == true)
    #expect(log.problems.isEmpty)
    #expect(!log.unanswered.isEmpty)
    // No sync that succeeded covers the gather that failed: an answer to one of it would be a problem here.
    let order = SyncOrder(try RecorderLog(recorder.recordPath), of: log)
    #expect(order.problems.prefix(5).isEmpty)
    let (applied, checked) = try expectAllSettled(log, data)
    FaultSize.report(
      "\(fault): \(log.answered.count) acknowledged, 0 lost, 0 twice, \(log.unanswered.count) unanswered "
        + "of which \(applied) were there; \(checked)")
  }

  /// After a restart: what was answered is there, and what wasn't is there once when it is asked for again.
  ///
  /// - Returns: How many of the unanswered had been applied, and how much of a history was checked.
  @discardableResult
  func expectAllSettled(
    _ log: LoadLog, _ data: String, _ arguments: [String] = []
  ) throws -> (applied: Int, checked: String) {
    let server = try ServerProcess.serve(data, arguments: arguments)
    let client = try TestClient(port: server.port)
    let books = try Books(client)
    #expect(books.problems(log.answered, unknown: log.unanswered).prefix(5).isEmpty)
    let resolved = try Repeats.resolve(log.unanswered, client, books: books, witness)
    #expect(resolved.problems.prefix(5).isEmpty)
    let answered = log.answered + resolved.answered
    #expect(try Repeats.problems(answered, client, witness).prefix(5).isEmpty)
    #expect(try Books(client).problems(answered, unknown: []).prefix(5).isEmpty)
    #expect(try server.terminate() == .exited(0))
    let problems = try LedgerFile.problems(data)
    #expect(problems == [])
    return (resolved.applied, try witness.expectSound(data))
  }
}
