import Foundation
import TestSupport
import Testing

extension FaultTests {
  /// The capacity is made small by a disk that takes long to sync and by small gathers, so that it is the server that has too
  /// much to do, and not the machine: then the share doesn't hang on who else uses it.
  @Test("Twice as much as it can do: it goes on doing nearly as much, turns the rest away, and grows no larger")
  func overload() throws {
    let recorder = try Recorder()
    let folder = try ScratchFolder("overload")
    let data = "\(folder.path)/data"
    let server = try ServerProcess.serve(
      data, arguments: ["--max-gather", "8", "--max-in-flight", "128", "--max-queued", "128", "--linger", "0"],
      environment: recorder.environment(["SYNC_DELAY": "5000"]))
    var generator = SeededGenerator(of: "overload")
    let wallets = try Load.openWallets(32, server.port, &generator, witness).wallets
    let seconds = FaultSize.count("OVERLOAD_SECONDS", usual: 4, long: 20)
    let calls = Crowd(port: server.port, wallets: wallets, witness: witness)

    // Somebody else may take the machine for a while.
    var best = (share: 0.0, peak: 0.0, goodput: 0.0, refused: 0, late: 0)
    var growth = 0
    for _ in 0..<3 where best.share < 0.8 {
      let peak = try calls.run(connections: 4, seconds: seconds, .inFlight(16), seed: generator.next())
      let before = server.residentBytes
      let crowd = try calls.run(
        connections: 16, seconds: seconds, .perSecond(2 * peak.perSecond / 16), seed: generator.next())
      growth = server.residentBytes - before
      let share = crowd.perSecond / peak.perSecond
      if share > best.share { best = (share, peak.perSecond, crowd.perSecond, crowd.refused, crowd.late) }
      #expect(Double(crowd.sent) / crowd.seconds > 1.5 * peak.perSecond, "the crowd is no crowd")
    }
    #expect(best.refused + best.late > 0, "nothing was turned away: it can do more than was asked")
    #expect(best.share >= 0.8, "\(best)")
    #expect(growth < 32 << 20, "it has grown by \(growth) bytes")
    #expect(try server.terminate() == .exited(0))
    let checked = try witness.expectSound(data)
    FaultSize.report(
      "overload at twice the capacity: peak \(Int(best.peak))/s, goodput \(Int(best.goodput))/s = "
        + "\(Int(100 * best.share)) %, \(best.refused) refused, \(best.late) too late, memory grew by \(growth >> 10) KiB; \(checked)"
    )
  }
}

/// Many clients that debit and credit, each as fast as it is told to, whatever is answered.
private struct Crowd: Sendable {
  enum Pace {
    /// As many at a time.
    case inFlight(Int)
    /// As many a second, whatever is still open; a client doesn't let more than 100 be open.
    case perSecond(Double)
  }

  struct Result: Sendable {
    var seconds = 0.0
    var sent = 0
    var done = 0
    /// RESOURCE_EXHAUSTED.
    var refused = 0
    var late = 0

    var perSecond: Double { Double(done) / seconds }
  }

  var port: UInt16
  var wallets: [Int64]
  var witness: Witness

  func run(connections: Int, seconds: Int, _ pace: Pace, seed: UInt64) throws -> Result {
    let results = try Threads.run(connections) { number in
      try self.one(SeededGenerator(seed: seed &+ UInt64(number)), seconds: Double(seconds), pace)
    }
    var sum = Result()
    for result in results {
      sum.sent += result.sent
      sum.done += result.done
      sum.refused += result.refused
      sum.late += result.late
      sum.seconds = max(sum.seconds, result.seconds)
    }
    return sum
  }

  private func one(_ seeded: SeededGenerator, seconds: Double, _ pace: Pace) throws -> Result {
    var generator = seeded
    let client = try TestClient(port: port)
    var result = Result()
    var unanswered: [UInt32: (attempt: Attempt, start: Int64)] = [:]
    let number = witness.newClient()
    defer {
      for sent in unanswered.values { witness.noteUnanswered(sent.attempt, sentAt: sent.start, by: number) }
    }
    let begun = Date.now
    while true {
      let passed = Date.now.timeIntervalSince(begun)
      if passed >= seconds {
        result.seconds = passed
        return result
      }
      let open = result.sent - result.done - result.refused - result.late
      let due: Int
      switch pace {
      case .inFlight(let count): due = count - open
      case .perSecond(let rate): due = min(Int(rate * passed) - result.sent, 100 - open)
      }
      if due > 0 {
        let attempts = (0..<due).map { _ in
          let (wallet, key) = (wallets[Int.random(in: 0..<wallets.count, using: &generator)], generator.uuid())
          var request = TestRequest.credit(wallet, 1, key: key)
          request.deadline = 1000
          return Attempt(key: key, request: request, amount: 1)
        }
        let start = Witness.now
        for (id, attempt) in zip(try client.send(attempts.map(\.request)), attempts) {
          unanswered[id] = (attempt, start)
        }
        result.sent += due
      }
      _ = try client.hasInput(withinMilliseconds: 5)
      for reply in try client.receiveWhatIsThere() {
        guard let sent = unanswered.removeValue(forKey: reply.header.requestID) else {
          throw TestFailure("a reply to request \(reply.header.requestID), which isn't open")
        }
        try witness.note(reply, to: sent.attempt, sentAt: sent.start, by: number)
        if reply.isOK {
          result.done += 1
          continue
        }
        switch try reply.error().reason {
        case TestError.resourceExhausted: result.refused += 1
        case TestError.deadlineExceeded: result.late += 1
        default: throw TestFailure("overload is answered with \(reply.header)")
        }
      }
    }
  }
}
