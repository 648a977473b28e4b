import Foundation
import TestSupport
import Testing

/// Projections trail the journal: a kill may come while they are written, and while a start brings them up to it.
extension FaultTests {
  @Test("kill -9 while projections are written, again and again", .timeLimit(.minutes(2)))
  func killInFlush() throws {
    var generator = SeededGenerator(of: "kill -9 in a flush")
    let folder = try ScratchFolder("flush")
    let data = "\(folder.path)/data"
    // Small enough that several are written in each round, in steps of a few entries.
    let arguments = ["--generation-rows", "160", "--max-gather", "64", "--cache-wallets", "7"]
    var log = LoadLog()
    var wallets: [Int64] = []
    var halfWritten = 0
    var recovered = 0
    let rounds = 6
    for round in 0...rounds {
      let server = try ServerProcess.serve(data, arguments: arguments)
      recovered += server.lines.count { $0.contains(" rows of projections in ") }
      let client = try TestClient(port: server.port)
      let books = try Books(client)
      #expect(books.problems(log.answered, unknown: log.unanswered).prefix(5).isEmpty, "round \(round)")
      let resolved = try Repeats.resolve(log.unanswered, client, books: books, witness)
      #expect(resolved.problems.prefix(5).isEmpty, "round \(round)")
      log.answered += resolved.answered
      log.unanswered = []
      // Keys of every age: in memory, half written, and long on disk.
      let again = round == rounds ? log.answered : Array(log.answered.shuffled(using: &generator).prefix(400))
      #expect(try Repeats.problems(again, client, witness).prefix(5).isEmpty, "round \(round)")
      if round == rounds {
        #expect(try server.terminate() == .exited(0))
        break
      }
      if wallets.isEmpty {
        log.merge(try Load.openWallets(40, server.port, &generator, witness))
        wallets = log.wallets
      }
      let load = Load(port: server.port, wallets: wallets, witness: witness)
      let seeds = (0..<4).map { _ in generator.next() }
      let running = Threads.start(seeds.count) { try load.run(seed: seeds[$0]) }
      load.waitForAnswers(Int.random(in: 350...800, using: &generator))
      server.kill()
      for part in try running.wait() { log.merge(part) }
      #expect(log.problems.prefix(5).isEmpty, "round \(round)")
      if try LedgerFile.projections(data).isHalfWritten { halfWritten += 1 }
    }
    #expect(try LedgerFile.problems(data) == [])
    let checked = try witness.expectSound(data)
    FaultSize.report(
      "kill -9 in a flush: \(rounds) rounds, \(halfWritten) with a generation half written, \(recovered) recoveries, "
        + "\(log.answered.count) mutations; \(checked)")
    #expect(halfWritten > 0 && recovered > 0)
  }

  @Test("kill -9 while a start recovers, again and again", .timeLimit(.minutes(2)))
  func killInRecovery() throws {
    var generator = SeededGenerator(of: "kill -9 in a recovery")
    let folder = try ScratchFolder("recovery")
    let data = "\(folder.path)/data"
    let credits = try fillTail(data, &generator)
    let before = try LedgerFile.projections(data)
    #expect(before.head == Int64(credits.count) + 20 && before.watermark < before.head - 4_000)

    // Commits of a few rows: there are many moments between two of them.
    let arguments = ["--generation-rows", "64"]
    var interrupted = 0
    var watermark = before.watermark
    for round in 0..<60 where interrupted < 4 {
      let server = try ServerProcess.launch(data, arguments: arguments)
      // On a busy machine it takes longer to get that far.
      Threads.sleep(milliseconds: Int.random(in: 30...(300 + 40 * round), using: &generator))
      server.kill()
      let projections = try LedgerFile.projections(data)
      #expect(projections.head == before.head && projections.watermark >= watermark)
      let hasMoved = projections.watermark > watermark
      watermark = projections.watermark
      // This start was quicker than its kill: the next one has nothing to recover, and must not say that it did.
      if projections.watermark == projections.head { break }
      if hasMoved { interrupted += 1 }
    }
    let server = try ServerProcess.serve(data, arguments: arguments)
    let told = server.lines.compactMap { line in
      line.split(separator: " ").count > 2 && line.contains("recovered") ? Int64(line.split(separator: " ")[2]) : nil
    }
    #expect(told == (watermark < before.head ? [before.head - watermark] : []), "\(server.lines)")
    let client = try TestClient(port: server.port)
    for reply in try witness.carry(credits, client) where !reply.isOK || !reply.isReplayed {
      Issue.record("a credit isn't replayed: \(reply.header)")
    }
    #expect(try server.terminate() == .exited(0))
    #expect(try LedgerFile.problems(data) == [])
    let checked = try witness.expectSound(data)
    FaultSize.report(
      "kill -9 in a recovery: \(interrupted) kills in the middle of \(before.head - before.watermark) rows; \(checked)")
    #expect(interrupted > 0)
  }

  /// Wallets with many rows that no projection shows yet, left behind by a kill.
  private func fillTail(_ data: String, _ generator: inout SeededGenerator) throws -> [Attempt] {
    let server = try ServerProcess.serve(data)
    let wallets = try Load.openWallets(20, server.port, &generator, witness).wallets
    let client = try TestClient(port: server.port)
    let credits = (0..<8_000).map { _ in
      let (key, wallet) = (generator.uuid(), wallets[Int.random(in: 0..<20, using: &generator)])
      return Attempt(key: key, request: .credit(wallet, 3, key: key), amount: 3)
    }
    let start = Witness.now
    for credit in credits { witness.noteUnanswered(credit, sentAt: start) }
    // All at once: a pause would let the projections follow.
    let starts = stride(from: 0, to: credits.count, by: 4_000)
    try client.send(starts.map { start in .batch(credits[start..<start + 4_000].map(\.request)) })
    for _ in starts {
      guard case .reply(let reply) = try client.receive(), reply.isOK else { throw TestFailure("a batch failed") }
    }
    server.kill()
    return credits
  }
}
