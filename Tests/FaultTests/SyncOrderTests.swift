import TestSupport
import Testing

extension FaultTests {
  /// Enough of them that a piece of the log is moved into the database meanwhile.
  @Test("Every answer leaves after the sync of its commit")
  func answersFollowTheirSync() throws {
    let (order, checked) = try recordLoad(window: 16, count: 600, arguments: ["--max-gather", "4"])
    #expect(order.problems.prefix(5).isEmpty)
    #expect(order.answers >= 2400)
    // The first one is at the start, behind the making of the tables.
    #expect(order.restarts >= 1 && order.pages > 1000)
    FaultSize.report(
      "sync order: \(order.answers) answers, \(order.syncs) syncs of \(order.pages) pages of the log, \(order.restarts) new beginnings of it, "
        + "each answer after its own sync; \(checked)")
  }

  /// The test above must be able to fail: with SQLite's other settings, let in behind the server's back, it does.
  @Test("The order of syncs is caught broken", arguments: ["OFF", "NORMAL"])
  func lowerSettingsAreCaught(synchronous: String) throws {
    let (order, _) = try recordLoad(["SYNCHRONOUS": synchronous])
    #expect(order.answers >= 400)
    #expect(order.problems.count > order.answers / 2)
    FaultSize.report(
      "sync order with \(synchronous): \(order.problems.count) of \(order.answers) answers too early, as they must")
  }

  @Test("A server whose pragma isn't taken doesn't start", arguments: ["OFF", "NORMAL"])
  func lowerSettingsAreReadBack(synchronous: String) throws {
    let folder = try ScratchFolder("pragma")
    let recorder = try Recorder()
    let (ending, lines) = try ServerProcess.runToEnd(
      "\(folder.path)/data", environment: recorder.environment(["PRAGMA": synchronous]))
    #expect(ending == .exited(65))
    #expect(lines.count == 1)
    #expect(lines.last?.contains("for synchronous, where 2 is needed") == true)
  }

  private func recordLoad(
    _ variables: [String: String] = [:], window: Int = 6, count: Int = 120, arguments: [String] = []
  ) throws -> (order: SyncOrder, checked: String) {
    let folder = try ScratchFolder("sync")
    let recorder = try Recorder()
    let server = try ServerProcess.serve(
      "\(folder.path)/data", arguments: arguments,
      environment: recorder.environment(variables.merging(["RECORD": recorder.recordPath]) { $1 }))
    var generator = SeededGenerator(seed: 1)
    var log = try Load.openWallets(8, server.port, &generator, witness)
    let load = Load(port: server.port, wallets: log.wallets, witness: witness, window: window, countMax: count)
    let seeds = (0..<4).map { _ in generator.next() }
    for part in try Threads.run(seeds.count, { try load.run(seed: seeds[$0]) }) { log.merge(part) }
    #expect(log.problems.isEmpty)
    #expect(log.unanswered.count == 0)
    #expect(try server.terminate() == .exited(0))
    let checked = try witness.expectSound("\(folder.path)/data")
    return (SyncOrder(try RecorderLog(recorder.recordPath), of: log), checked)
  }
}
