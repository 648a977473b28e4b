import ArgumentParser
import Foundation
import HistoryChecker
import Simulation

/// Runs seeds of the simulation. `make simulate` calls it.
@main
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Runs walletd in a simulated machine, against a reference of its contract.",
    discussion: """
      Each seed is a world: clients, a network that splits, delays and breaks, a disk that fails, a process that dies, and
      time. The same seed brings the same steps. What a server may not do ends the run with exit code 1, and is told with
      the seed that shows it again.
      """)

  @Option(help: "The one seed to run.")
  var seed: UInt64?

  @Option(help: "Run random seeds for so many minutes.")
  var minutes: Double = 2

  @Option(help: "Run so many random seeds instead.")
  var seeds: Int?

  @Flag(help: "Tell each thing that happens.")
  var verbose = false

  @Option(help: "Write the history of the last seed to a file, as JSON lines.")
  var history: String?

  func validate() throws {
    guard minutes > 0, minutes <= 10_000 else { throw ValidationError("--minutes must be above 0 and at most 10000") }
    if let seeds, seeds < 1 { throw ValidationError("--seeds must be at least 1") }
  }

  func run() throws {
    let began = Date.now
    var sum = Sum()
    do {
      if let seed {
        try run(seed, &sum)
      } else {
        while seeds.map({ sum.count < $0 }) ?? (Date.now.timeIntervalSince(began) < minutes * 60) {
          try run(UInt64.random(in: 0..<1_000_000_000), &sum)
        }
      }
    } catch {
      print("\(error)")
      print(sum.line(seconds: Date.now.timeIntervalSince(began)))
      throw ExitCode(1)
    }
    print(sum.line(seconds: Date.now.timeIntervalSince(began)))
  }

  private func run(_ seed: UInt64, _ sum: inout Sum) throws {
    var tell: ((String) -> Void)?
    if verbose { tell = { print($0) } }
    let report = try SeedRun.run(seed: seed, tell: tell)
    sum.add(report)
    if let history { try HistoryFile.write(report.history, to: history) }
    if self.seed != nil {
      print("seed \(seed): digest \(report.digest)")
      print(
        "  \(report.steps) steps, \(report.gathers) gathers, \(report.rollbacks) of them rolled back and "
          + "\(report.gathersLost) lost by crashes; \(report.requests) requests, \(report.unanswered) never answered, "
          + "\(report.replays) replays; \(report.history.calls.count) calls in the history")
      print("  " + report.codes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    }
  }
}

/// What all seeds came to.
struct Sum {
  private(set) var count = 0
  private var requests = 0
  private var rows: Int64 = 0
  private var kills = 0
  private var powerCuts = 0
  private var restarts = 0
  private var breaks = 0
  private var diskFailures = 0
  private var calls = 0
  private var microseconds: Int64 = 0

  mutating func add(_ report: SeedRun.Report) {
    count += 1
    requests += report.requests
    rows += report.rows
    kills += report.kills
    powerCuts += report.powerCuts
    restarts += report.restarts
    breaks += report.breaks
    diskFailures += report.diskFailures + report.rollbacks
    calls += report.history.calls.count
    microseconds += report.simulatedMicroseconds
  }

  func line(seconds: Double) -> String {
    "simulate: \(count) seeds in \(Int(seconds)) s, \(Int(Double(count) * 60 / max(seconds, 0.001))) a minute; "
      + "\(microseconds / 3_600_000_000) simulated hours, \(requests) requests, \(rows) rows, \(kills) kills, "
      + "\(powerCuts) power cuts, \(restarts) restarts, \(breaks) broken connections, \(diskFailures) disk failures; "
      + "\(calls) calls in histories, all strictly serialisable"
  }
}
