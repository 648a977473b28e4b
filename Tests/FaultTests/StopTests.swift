import Glibc
import TestSupport
import Testing

extension FaultTests {
  /// A process that stands still, as one does whose machine is moved or swaps: both clocks go on without it.
  @Test("Stopped for ten seconds under load: everything is answered, what came too late says so, nothing is lost")
  func stopped() throws {
    let seconds = FaultSize.count("STOP_SECONDS", usual: 10, long: 10)
    let folder = try ScratchFolder("stop")
    let data = "\(folder.path)/data"
    let server = try ServerProcess.serve(data, arguments: ["--default-deadline", "120000"])
    var generator = SeededGenerator(of: "SIGSTOP")
    var log = try Load.openWallets(8, server.port, &generator, witness)
    let (wallets, port) = (log.wallets, server.port)
    let load = Load(port: port, wallets: wallets, witness: witness, countMax: 3_000)
    let seeds = (0..<4).map { _ in generator.next() }
    let running = Threads.start(seeds.count) { try load.run(seed: seeds[$0]) }
    let hurriedSeed = generator.next()
    let hurried = Threads.start(1) { [witness] _ in try Self.hurry(port, wallets, witness, seed: hurriedSeed) }
    load.waitForAnswers(200)
    server.signal(SIGSTOP)
    Threads.sleep(milliseconds: seconds * 1000)
    server.signal(SIGCONT)
    for part in try running.wait() { log.merge(part) }
    let (inTime, late) = try hurried.wait()[0]

    #expect(log.problems.prefix(5).isEmpty)
    #expect(log.unanswered.count == 0 && log.unavailable.count == 0)
    #expect(log.answered.count == 8 + 4 * 3_000)
    log.answered += inTime
    let books = try Books(try TestClient(port: port))
    #expect(late.allSatisfy { books.row($0.key) == nil })
    server.kill()
    let (_, checked) = try expectAllSettled(log, data)
    FaultSize.report(
      "SIGSTOP for \(seconds) s: \(log.answered.count) acknowledged, 0 lost, 0 twice, 0 unanswered, "
        + "\(late.count) too late and not executed; \(checked)")
  }

  /// A client whose requests have little time, and that goes on for as long as the server stands still and a bit longer.
  private static func hurry(
    _ port: UInt16, _ wallets: [Int64], _ witness: Witness, seed: UInt64
  ) throws -> (inTime: [(attempt: Attempt, answer: Answer)], late: [Attempt]) {
    var generator = SeededGenerator(seed: seed)
    let client = try TestClient(port: port, timeoutSeconds: 60)
    var inTime: [(attempt: Attempt, answer: Answer)] = []
    var late: [Attempt] = []
    for _ in 0..<60 {
      let attempts = (0..<20).map { _ in
        let key = generator.uuid()
        var request = TestRequest.credit(wallets[0], 1, key: key)
        request.deadline = 1000
        return Attempt(key: key, request: request, amount: 1)
      }
      for (attempt, reply) in zip(attempts, try witness.carry(attempts, client)) {
        if reply.isOK {
          inTime.append((attempt, .posted(try reply.mutation())))
        } else {
          guard reply.isNotExecuted, try reply.error().reason == TestError.deadlineExceeded else {
            throw TestFailure("an answer that isn't about the deadline: \(reply.header)")
          }
          late.append(attempt)
        }
      }
      Threads.sleep(milliseconds: 10)
    }
    return (inTime, late)
  }

  /// The test of another test's tool, without which a crash behind the last answer would be seen by nobody.
  @Test("a server that ended by itself and wasn't asked for is an issue of its test")
  func endedByItself() throws {
    let folder = try ScratchFolder("ended")
    let server = try ServerProcess.serve(folder.path)
    server.signal(SIGUSR2)
    for _ in 0..<2000 where server.residentBytes > 0 { usleep(5000) }
    withKnownIssue {
      server.kill()
    } matching: { issue in
      issue.comments.contains { $0.rawValue.contains("walletd ended by itself, .signalled(\(SIGUSR2))") }
    }
    #expect(server.poll() == .signalled(SIGUSR2))
    let other = try ServerProcess.serve(folder.path)
    other.signal(SIGTERM)
    for _ in 0..<2000 where other.residentBytes > 0 { usleep(5000) }
    other.kill()
    #expect(other.poll() == .exited(0))
  }
}
