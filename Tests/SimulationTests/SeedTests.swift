import Foundation
import HistoryChecker
import Simulation
import Testing

/// The simulation itself: that it repeats, that it meets what it is there for, and that a few seeds find nothing.
@Suite("Simulated machines")
struct SeedTests {
  @Test("a seed brings the same steps each time")
  func repeats() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    print("simulation, twice: seed \(seed)")
    let first = try SeedRun.run(seed: seed)
    let second = try SeedRun.run(seed: seed)
    #expect(first.digest == second.digest, "seed \(seed)")
    #expect(first.history == second.history, "seed \(seed)")
    let other = try SeedRun.run(seed: seed + 1)
    #expect(other.digest != first.digest)
  }

  @Test("every answer of every seed is the reference's, and every history one of a ledger")
  func seeds() throws {
    var reports: [SeedRun.Report] = []
    let first = UInt64.random(in: 0..<1_000_000)
    print("simulation: seeds from \(first)")
    for seed in first..<first + 12 { reports.append(try SeedRun.run(seed: seed)) }
    let sum = { (figure: KeyPath<SeedRun.Report, Int>) in reports.reduce(0) { $0 + $1[keyPath: figure] } }
    print(
      "simulation: \(reports.count) seeds, \(sum(\.requests)) requests, \(sum(\.replies)) replies, \(sum(\.kills)) kills, "
        + "\(sum(\.powerCuts)) power cuts, \(sum(\.gathersLost)) gathers lost by them, \(sum(\.rollbacks)) rolled back, "
        + "\(sum(\.breaks)) broken connections")
    // What breaks in it is met.
    for figure in [\SeedRun.Report.kills, \.powerCuts, \.restarts, \.breaks, \.unanswered, \.replays] {
      #expect(sum(figure) > 0, "seeds from \(first)")
    }
  }

  @Test("what is wrong with a server or a disk is found", arguments: Flaw.allCases)
  func finds(_ flaw: Flaw) throws {
    let first = UInt64.random(in: 0..<1_000_000)
    print("simulation of \(flaw): seeds from \(first)")
    var found: String?
    for seed in first..<first + 30 where found == nil {
      do { _ = try SeedRun.run(seed: seed, flaw: flaw) } catch { found = "\(error)" }
    }
    let text = try #require(found, "\(flaw) isn't found by seeds from \(first)")
    #expect(text.contains("make simulate SEED="))
  }
}
