import TestSupport
import Testing

extension FaultTests {
  @Test("Little disk: mutations wait, reads go on", .enabled(if: MountedFolder.unavailableBecause == nil))
  func littleDisk() throws {
    let disk = try MountedFolder(megabytes: 32)
    let data = "\(disk.path)/data"
    let server = try ServerProcess.serve(data, arguments: ["--min-free", "\(4 << 20)"])
    var generator = SeededGenerator(seed: 4)
    var log = try Load.openWallets(8, server.port, &generator, witness)
    let wallets = log.wallets
    let load = Load(port: server.port, wallets: wallets, witness: witness, countMax: 50)
    let client = try TestClient(port: server.port)
    // Once below the limit, and once with nothing left at all.
    for rest in [3 << 20, 0] {
      log.merge(try load.run(seed: generator.next()))
      try disk.fill(leaving: rest)
      let refused = try load.run(seed: generator.next())
      #expect(refused.unavailable.count == 50)
      #expect(refused.answered.isEmpty && refused.unanswered.isEmpty)
      #expect(refused.problems.isEmpty)
      log.merge(refused)
      #expect(try client.calls(wallets.map { .balance($0) }).allSatisfy(\.isOK))
      #expect(try Books(client).problems(log.answered, unknown: []).isEmpty)
      disk.release()
    }
    log.merge(try load.run(seed: generator.next()))
    #expect(log.problems.isEmpty)
    #expect(log.answered.count == 8 + 150)
    #expect(try server.terminate() == .exited(0))
    let (_, checked) = try expectAllSettled(log, data, ["--min-free", "0"])
    FaultSize.report(
      "little disk: \(log.answered.count) acknowledged, 0 lost, 0 twice, \(log.unavailable.count) refused while it was full, "
        + "reads went on; \(checked)")
  }

  /// Without its margin the server meets the full disk in a commit, of which it then can't say what became.
  @Test(
    "Full disk without a margin: nothing acknowledged is lost", .enabled(if: MountedFolder.unavailableBecause == nil))
  func fullDisk() throws {
    let disk = try MountedFolder(megabytes: 32)
    let data = "\(disk.path)/data"
    let server = try ServerProcess.serve(data, arguments: ["--min-free", "0"])
    var generator = SeededGenerator(seed: 5)
    var log = try Load.openWallets(8, server.port, &generator, witness)
    let load = Load(port: server.port, wallets: log.wallets, witness: witness)
    try disk.fill(leaving: 256 << 10)
    let seeds = (0..<2).map { _ in generator.next() }
    let running = Threads.start(seeds.count) { try load.run(seed: seeds[$0]) }
    let ending = try server.waitUntilEnded()
    for part in try running.wait() { log.merge(part) }
    #expect(ending == .exited(74))
    #expect(server.lines.last?.contains("full") == true)
    #expect(log.problems.isEmpty)
    disk.release()
    let (applied, checked) = try expectAllSettled(log, data, ["--min-free", "0"])
    FaultSize.report(
      "full disk in a commit: \(log.answered.count) acknowledged, 0 lost, 0 twice, \(log.unanswered.count) unanswered of which "
        + "\(applied) were there; \(checked)")
  }

  @Test("Where nothing can be mounted, the tests that need it say that they are skipped")
  func mounts() {
    let reason = MountedFolder.unavailableBecause.map { "are skipped: \($0)" } ?? "run"
    print("tests of full and read-only disks \(reason)")
  }
}
