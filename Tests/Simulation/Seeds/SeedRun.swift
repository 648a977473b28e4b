package import HistoryChecker
internal import TestSupport

/// One seed from its beginning to its end.
package enum SeedRun {
  /// What came of it.
  package struct Report: Sendable {
    package var seed: UInt64
    package var steps: Int
    package var requests: Int
    package var replies: Int
    package var gathers: Int
    package var rows: Int64
    package var kills: Int
    package var powerCuts: Int
    package var restarts: Int
    package var breaks: Int
    package var diskFailures: Int
    package var rollbacks: Int
    /// Gathers that a crash has taken back, before anybody was told.
    package var gathersLost: Int
    /// Requests whose clients never learnt what became of them.
    package var unanswered: Int
    package var replays: Int
    package var simulatedMicroseconds: Int64
    /// How often each code was answered.
    package var codes: [String: Int]
    /// Of all that happened, in hexadecimal.
    package var digest: String
    package var history: History
  }

  /// - Parameters:
  ///   - flaw: What is wrong with this server on purpose.
  ///   - tell: Takes a line for each thing that happens.
  /// - Throws: What the server did that it may not, with the seed and the step.
  package static func run(seed: UInt64, flaw: Flaw? = nil, tell: ((String) -> Void)? = nil) throws -> Report {
    // Connections to a disk are closed before it goes.
    let disks = Simulator.Disks()
    defer { withExtendedLifetime(disks) {} }
    return try run(seed, disks, flaw, tell)
  }

  private static func run(
    _ seed: UInt64, _ disks: Simulator.Disks, _ flaw: Flaw?, _ tell: ((String) -> Void)?
  ) throws -> Report {
    let simulator = try Simulator(seed: seed, disks, flaw, tell: tell)
    try simulator.run()
    let figures = simulator.figures
    return Report(
      seed: seed, steps: figures.steps, requests: figures.sent, replies: figures.replies, gathers: figures.gathers,
      rows: simulator.reference.seq, kills: figures.kills, powerCuts: figures.powerCuts, restarts: figures.restarts,
      breaks: figures.breaks, diskFailures: figures.diskFailures, rollbacks: figures.rollbacks,
      gathersLost: figures.gathersLost, unanswered: figures.unanswered, replays: simulator.judge.replays,
      simulatedMicroseconds: simulator.time.monotonicMicroseconds - Simulator.monotonicBeginning,
      codes: Dictionary(uniqueKeysWithValues: simulator.codes.map { ("\($0.key)", $0.value) }),
      digest: simulator.trace.summary, history: simulator.recorder.history)
  }
}
