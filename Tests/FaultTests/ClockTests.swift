import Foundation
import TestSupport
import Testing

extension FaultTests {
  /// A wall clock that jumps is believed by nobody: no hold ends by it and no row gets its time.
  @Test("The wall clock jumps: mutations wait, reads go on, no hold ends, stored time never goes back")
  func clockJumps() throws {
    let recorder = try Recorder()
    let folder = try ScratchFolder("clock")
    let data = "\(folder.path)/data"
    let clock = try WrongClock("\(folder.path)/clock")
    let environment = recorder.environment(["CLOCK": clock.path])
    var generator = SeededGenerator(of: "clock jumps")
    var log = LoadLog()
    var jumps = 0

    func load(_ port: UInt16, isBelieved: Bool, _ comment: String) throws {
      let part = try Load(port: port, wallets: log.wallets, witness: witness, countMax: 50).run(seed: generator.next())
      #expect(part.problems.prefix(5).isEmpty && part.unanswered.count == 0, "\(comment)")
      #expect((isBelieved ? part.answered.count : part.unavailable.count) == 50, "\(comment)")
      log.merge(part)
    }

    let day: Int64 = 86_400
    var server = try ServerProcess.serve(data, environment: environment)
    log.merge(try Load.openWallets(8, server.port, &generator, witness))
    let client = try TestClient(port: server.port)
    let keys = (0..<3).map { _ in generator.uuid() }
    let open = TestRequest.open(owner: "holder", currency: "USD", key: keys[0])
    let wallet = try witness.carry([Attempt(key: keys[0], request: open, amount: 0)], client)[0].mutation()
      .transaction.walletID
    let prepared = [
      Attempt(key: keys[1], request: .credit(wallet, 500, key: keys[1]), amount: 500),
      Attempt(key: keys[2], request: .hold(wallet, 200, timeout: 3_600_000, key: keys[2]), amount: 0),
    ]
    #expect(try witness.carry(prepared, client).allSatisfy(\.isOK))
    for seconds in [3600, -3600, 30 * day, -30 * day, 70 * 365 * day] {
      clock.set(seconds: seconds)
      jumps += 1
      try load(server.port, isBelieved: false, "\(seconds) s away")
      // GetBalanceResponse.held
      #expect(try client.call(.balance(wallet)).message().integer(3) == 200, "\(seconds) s away")
      clock.set(seconds: 0)
      try load(server.port, isBelieved: true, "back from \(seconds) s away")
    }
    // What a time service corrects now and then is taken.
    for seconds: Int64 in [30, -20, 0] {
      clock.set(seconds: seconds)
      try load(server.port, isBelieved: true, "\(seconds) s away")
    }
    #expect(try server.terminate() == .exited(0))

    for seconds in [-3600, 2 * day] {
      clock.set(seconds: seconds)
      jumps += 1
      server = try ServerProcess.serve(data, environment: environment)
      try load(server.port, isBelieved: false, "started \(seconds) s away")
      #expect(try TestClient(port: server.port).calls(log.wallets.map { .balance($0) }).allSatisfy(\.isOK))
      clock.set(seconds: 0)
      try load(server.port, isBelieved: true, "back from \(seconds) s away")
      #expect(try server.terminate() == .exited(0))
    }
    // Whoever knows that it is right may say so.
    clock.set(seconds: 30 * day)
    server = try ServerProcess.serve(data, arguments: ["--accept-clock"], environment: environment)
    try load(server.port, isBelieved: true, "accepted")
    #expect(try Books(TestClient(port: server.port)).problems(log.answered, unknown: []).prefix(5).isEmpty)
    #expect(try server.terminate() == .exited(0))
    let problems = try LedgerFile.problems(data)
    #expect(problems == [])
    let checked = try witness.expectSound(data)
    FaultSize.report(
      "clock: \(jumps) jumps, \(log.answered.count) acknowledged, 0 lost, 0 twice, \(log.unavailable.count) refused while the "
        + "clock was wrong, reads went on, no hold ended; \(checked)")
  }
}

/// By how much the wall clock of a process is wrong, told through memory that it shares.
private struct WrongClock {
  let path: String

  init(_ path: String) throws {
    self.path = path
    guard FileManager.default.createFile(atPath: path, contents: Data(count: 8)) else {
      throw TestFailure("can't make \(path)")
    }
  }

  func set(seconds: Int64) {
    let bytes = unsafe withUnsafeBytes(of: (seconds * 1_000_000).littleEndian) { unsafe Data($0) }
    guard let file = FileHandle(forWritingAtPath: path) else { preconditionFailure("\(path) is gone") }
    file.write(bytes)
    try? file.close()
  }
}
