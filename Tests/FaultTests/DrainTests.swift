import TestSupport
import Testing

extension FaultTests {
  @Test("SIGTERM under load leaves no request without an answer")
  func drainUnderLoad() throws {
    let folder = try ScratchFolder("drain")
    let data = "\(folder.path)/data"
    let server = try ServerProcess.serve(data)
    var generator = SeededGenerator(seed: 3)
    var log = try Load.openWallets(8, server.port, &generator, witness)
    let load = Load(port: server.port, wallets: log.wallets, witness: witness, countAfterGoAway: 5)
    let seeds = (0..<4).map { _ in generator.next() }
    let running = Threads.start(seeds.count) { try load.run(seed: seeds[$0]) }
    load.waitForAnswers(100)
    let ending = try server.terminate()
    for part in try running.wait() {
      #expect(part.sawGoAway)
      // At least those that were sent after GOAWAY.
      #expect(part.unavailable.count >= 5)
      log.merge(part)
    }
    #expect(ending == .exited(0))
    #expect(log.problems.isEmpty)
    #expect(log.unanswered.count == 0)
    #expect(log.answered.count >= 100)
    #expect(server.lines.contains("walletd: draining"))
    #expect(server.lines.last?.hasPrefix("walletd: stopped at seq \(log.answered.count), digest ") == true)

    // What was refused for want of time was promised to have had no effect.
    let restarted = try ServerProcess.serve(data)
    let books = try Books(try TestClient(port: restarted.port))
    #expect(log.unavailable.allSatisfy { books.row($0.key) == nil })
    restarted.kill()
    let (_, checked) = try expectAllSettled(log, data)
    FaultSize.report(
      "SIGTERM under load: \(log.answered.count) answered, \(log.unavailable.count) UNAVAILABLE, 0 unanswered; \(checked)"
    )
  }

  @Test("A second SIGTERM ends at once")
  func secondSignal() throws {
    let folder = try ScratchFolder("drain")
    let server = try ServerProcess.serve("\(folder.path)/data", arguments: ["--drain-timeout", "60000"])
    // A connection that stays keeps the drain waiting for its linger only; both signals come well within it.
    let client = try TestClient(port: server.port)
    server.signal(15)
    while !server.lines.contains("walletd: draining") { Threads.sleep(milliseconds: 1) }
    #expect(try server.terminate() == .exited(0))
    #expect(server.lines.last == "walletd: ended at once by a second signal")
    guard case .goAway = try client.receive() else {
      Issue.record("no GOAWAY")
      return
    }
  }

  @Test("SIGTERM is heeded from the moment that the server says that it listens")
  func signalAtOnce() throws {
    let folder = try ScratchFolder("drain")
    for _ in 0..<10 {
      let server = try ServerProcess.serve("\(folder.path)/data")
      server.signal(15)
      #expect(try server.waitUntilEnded(timeoutSeconds: 5) == .exited(0))
    }
  }
}
