import Synchronization
import Testing

@testable import WalletClient
@testable import walletctl

@Suite(.timeLimit(.minutes(1))) struct ApplyRunnerTests {
  /// A server in memory that loses and refuses as a test says; time passes when somebody sleeps.
  final class World: Sendable {
    struct State {
      var done: [String: [String]] = [:]
      var attempts: [String: Int] = [:]
      var elapsed = Duration.zero
      var busy: Set<String> = []
      var overlapped = false
      var earlierUnknown: [String: [Bool]] = [:]
    }
    let state = Mutex(State())
    let start = ContinuousClock.now
    let answer: @Sendable (ApplyMutation, _ attempt: Int) -> WalletError?

    init(_ answer: @escaping @Sendable (ApplyMutation, Int) -> WalletError?) { self.answer = answer }

    var backend: ApplyBackend {
      ApplyBackend(
        execute: { mutation throws(WalletError) in
          guard case .owner(let owner, _, _) = mutation.wallet else { return false }
          let reference = mutation.options.reference
          let attempt = self.state.withLock { state in
            if !state.busy.insert(owner).inserted { state.overlapped = true }
            state.attempts[reference, default: 0] += 1
            state.earlierUnknown[reference, default: []].append(mutation.options.earlierOutcomeUnknown)
            return state.attempts[reference] ?? 0
          }
          await Task.yield()
          let error = self.answer(mutation, attempt)
          self.state.withLock { state in
            state.busy.remove(owner)
            if error == nil { state.done[owner, default: []].append(reference) }
          }
          if let error { throw error }
          return false
        },
        exponent: { _ throws(WalletError) in 0 },
        now: { self.start + self.state.withLock { $0.elapsed } },
        sleep: { pause in
          self.state.withLock { $0.elapsed += pause }
          await Task.yield()
        })
    }
  }

  static func file(_ rows: [String]) throws -> ApplyFile {
    try ApplyFile(Array((["verb,owner,currency,amount,reason,reference"] + rows).joined(separator: "\n").utf8))
  }

  static let notExecuted = WalletError.notExecuted(key: "k", cause: .unreachable("down"))
  static let unknown = WalletError.outcomeUnknown(key: "k", cause: .connectionLost("gone"))

  static func rejected(_ reason: ErrorReason) -> WalletError {
    .rejected(
      Rejection(
        reason: reason, code: reason.name, detail: .none, message: "no", status: reason.status, replayed: false,
        commitSeq: 0, key: nil, retryAfterMillis: 0))
  }

  @Test func oneWalletsRowsAreDoneInOrderWhateverIsTriedAgain() async throws {
    let rows = (0..<2_000).map { "credit,o\($0 % 7),USD,1.00,x,\($0)" }
    let world = World { mutation, attempt in
      let number = Int(mutation.options.reference) ?? 0
      return attempt <= number % 4 ? (number % 3 == 0 ? Self.unknown : Self.notExecuted) : nil
    }
    let file = try Self.file(rows)
    let runner = ApplyRunner(file, parallelWallets: 100, giveUpAfter: .seconds(10_000), backend: world.backend)
    let outcomes = await runner.run()
    #expect(outcomes.allSatisfy { $0 == .applied })
    world.state.withLock { state in
      #expect(!state.overlapped)
      for owner in 0..<7 {
        let expected = (0..<2_000).filter { $0 % 7 == owner }.map(String.init)
        #expect(state.done["o\(owner)"] == expected)
      }
    }
  }

  @Test func refusedRowsDoNotStopTheOthers() async throws {
    let file = try Self.file([
      "open,a,USD,,,1", "debit,a,USD,5.00,x,2", "credit,a,USD,5.001,x,3", "steal,a,USD,5,x,4", "credit,a,USD,5,x,5",
      "credit,a,JPY,5.5,x,6", "debit,a,USD,-1,x,7", "debit,a,USD,1,,8", "open,a,USD,1,,9",
    ])
    let world = World { mutation, _ in mutation.verb == .debit ? Self.rejected(.insufficientFunds) : nil }
    let outcomes = await ApplyRunner(file, parallelWallets: 4, giveUpAfter: .seconds(1), backend: world.backend).run()
    let report = ApplyReport(file, outcomes)
    #expect(report.json.text == #"{"applied":2,"replayed":0,"refused":{"INSUFFICIENT_FUNDS":1,"INVALID_ARGUMENT":6}}"#)
    #expect(report.stop == nil)
  }

  @Test func anUnknownRowThatIsRefusedForTheMomentStaysUnknown() async throws {
    let file = try Self.file(["credit,a,USD,1,x,1", "credit,a,USD,1,x,2"])
    let world = World { _, attempt in attempt == 1 ? Self.unknown : Self.notExecuted }
    let outcomes = await ApplyRunner(file, parallelWallets: 4, giveUpAfter: .seconds(5), backend: world.backend).run()
    let report = ApplyReport(file, outcomes)
    #expect(report.stop?.line == 2)
    guard case .outcomeUnknown? = report.stop?.error else {
      Issue.record("\(String(describing: report.stop))")
      return
    }
    #expect(outcomes[1] == nil)
    world.state.withLock { state in
      #expect(state.earlierUnknown["1"]?.first == false)
      #expect(state.earlierUnknown["1"]?.dropFirst().allSatisfy { $0 } == true)
      #expect(state.attempts["2"] == nil)
    }
  }

  @Test func aServerThatIsGoneStopsTheRunWithTheFirstLine() async throws {
    let file = try Self.file((0..<50).map { "credit,o\($0),USD,1,x,\($0)" })
    let world = World { mutation, _ in (Int(mutation.options.reference) ?? 0) < 10 ? nil : Self.notExecuted }
    let outcomes = await ApplyRunner(file, parallelWallets: 5, giveUpAfter: .seconds(5), backend: world.backend).run()
    let report = ApplyReport(file, outcomes)
    #expect(report.applied == 10)
    #expect(report.stop?.line == 12)
    #expect(report.stop?.error == Self.notExecuted)
  }
}
