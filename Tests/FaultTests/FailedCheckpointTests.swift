import Foundation
import TestSupport
import Testing

/// Moving the log into the database file may fail, for want of space: the log still has everything.
extension FaultTests {
  @Test("A checkpoint that fails between commits loses nothing")
  func failedCheckpoint() throws {
    let recorder = try Recorder()
    let folder = try ScratchFolder("checkpoint")
    let data = "\(folder.path)/data"
    // Small gathers, so that the log soon has the pages that make a checkpoint due.
    let server = try ServerProcess.serve(
      data, arguments: ["--max-gather", "4"], environment: recorder.environment(["DATABASE_FULL": "1"]))
    var generator = SeededGenerator(seed: 6)
    var log = try Load.openWallets(8, server.port, &generator, witness)
    try recorder.turnOn()
    let load = Load(port: server.port, wallets: log.wallets, witness: witness, countMax: 600)
    let seeds = (0..<4).map { _ in generator.next() }
    for part in try Threads.run(seeds.count, { try load.run(seed: seeds[$0]) }) { log.merge(part) }
    #expect(log.problems.isEmpty)
    #expect(server.poll() == nil && log.unanswered.count == 0, "\(server.lines)")
    #expect(server.lines.filter { $0.contains("a checkpoint failed") }.count == 1, "\(server.lines)")
    server.kill()
    try expectAllSettled(log, data)
  }

  /// What was moved before a failed sync may be lost, and a later sync that succeeds says nothing about it.
  @Test("After a failed sync of the database file the log stays for the next start")
  func failedSyncOfDatabase() throws {
    let recorder = try Recorder()
    let folder = try ScratchFolder("checkpoint")
    let data = "\(folder.path)/data"
    let server = try ServerProcess.serve(
      data, arguments: ["--max-gather", "4"], environment: recorder.environment(["DATABASE_SYNC_FAILS": "1"]))
    var generator = SeededGenerator(seed: 8)
    var log = try Load.openWallets(8, server.port, &generator, witness)
    try recorder.turnOn()
    let load = Load(port: server.port, wallets: log.wallets, witness: witness, countMax: 600)
    for isFailing in [true, false] {
      let seeds = (0..<4).map { _ in generator.next() }
      for part in try Threads.run(seeds.count, { try load.run(seed: seeds[$0]) }) { log.merge(part) }
      if isFailing { try recorder.turnOff() }
    }
    #expect(log.problems.isEmpty && log.unanswered.count == 0)
    #expect(server.lines.filter { $0.contains("checkpoint") }.count == 1, "\(server.lines)")
    #expect(server.lines.contains { $0.contains("a checkpoint's sync failed") }, "\(server.lines)")
    #expect(try server.terminate() == .exited(74))
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(data)/ledger.db-wal")
    #expect(attributes[.size] as? Int ?? 0 > 1500 * 4096)
    try expectAllSettled(log, data)
  }

  @Test("A checkpoint that fails at the end is told, and loses nothing")
  func failedLastCheckpoint() throws {
    let recorder = try Recorder()
    let folder = try ScratchFolder("checkpoint")
    let data = "\(folder.path)/data"
    let server = try ServerProcess.serve(data, environment: recorder.environment(["DATABASE_FULL": "1"]))
    var generator = SeededGenerator(seed: 7)
    var log = try Load.openWallets(8, server.port, &generator, witness)
    log.merge(
      try Load(port: server.port, wallets: log.wallets, witness: witness, countMax: 100).run(seed: generator.next()))
    try recorder.turnOn()
    #expect(try server.terminate() == .exited(74))
    #expect(server.lines.last?.contains("closing: SQLite 13") == true, "\(server.lines)")
    try expectAllSettled(log, data)
  }
}
