import Glibc
import Testing

@testable import WalletBenchKit

/// A load at a fixed rate, with a clock and answers that the test gives.
struct RunPhaseTests {
  private let time = GivenTime()
  private let book = WalletBook(count: 10)

  private func phase(_ settings: BenchSettings) -> RunPhase {
    let source = OperationSource(settings, book: book, time: time, startedAt: 1)
    return RunPhase(
      settings, book: book, source: source, batcher: Batcher(size: settings.batchSize, batches: BatchPool()),
      probes: Probes(serverProcess: nil, time: time), ackLog: nil, display: Silence())
  }

  private func paced(rate: Int) -> RunPhase {
    var settings = BenchSettings(inFlight: 10, seconds: 1, warmUpSeconds: 0, wallets: 10, seed: 1)
    settings.rate = rate
    return phase(settings)
  }

  private func operations(_ phase: RunPhase, _ now: Int64) -> [Operation] {
    var operations: [Operation] = []
    while case .operation(let operation) = phase.next(now) { operations.append(operation) }
    return operations
  }

  private func answer(_ operations: [Operation], _ phase: RunPhase, _ now: Int64) throws {
    for operation in operations {
      try phase.succeeded(operation, Reply(), isReplay: false, now)
      phase.completed(operation, now)
    }
  }

  @Test func latencyCountsFromTheTimeAtWhichAnOperationWasDue() throws {
    let phase = paced(rate: 10)
    let first = operations(phase, 1_000_000)
    #expect(first.map(\.sentAt) == [1_000_000])
    // The generator sleeps for half a second; five are due then, and the oldest one has waited for 400 ms.
    let late = operations(phase, 1_500_000)
    #expect(late.map(\.sentAt) == [1_100_000, 1_200_000, 1_300_000, 1_400_000, 1_500_000])
    try answer(first + late, phase, 1_600_000)
    #expect(phase.tally.total == 6)
    #expect(abs(phase.tally.latency.max - 600_000) < 1000)
    #expect(abs(phase.tally.latency.p50 - 300_000) < 1000)
    #expect(phase.behind.lateMicrosMax == 400_000)
  }

  /// In rounds, of which some begin far too late.
  @Test func aRateIsKept() throws {
    let phase = paced(rate: 25_000)
    var pacing = Pacing(roundAt: 1_000_000)
    var sent: [Operation] = []
    var rounds = 0
    var isPrompt = true
    loop: while true {
      rounds += 1
      let late: Int64 = rounds % 50 == 0 ? 7_000 : Int64(rounds % 7) * 10
      let now = (pacing.isDueAfterRest ? pacing.restUntil : pacing.nextDue ?? pacing.roundAt) + late
      let found = operations(phase, now)
      isPrompt = isPrompt && found.allSatisfy { now - $0.sentAt <= Pacing.quantum + late + 40 }
      try answer(found, phase, now)
      sent += found
      switch phase.next(now) {
      case .operation: Issue.record("an operation was left")
      case .notBefore(let due): pacing = Pacing(roundAt: now, nextDue: due)
      case .nothing: break loop
      }
    }
    try phase.round(phase.measuredTo)
    #expect(sent.count + phase.behind.atEnd == 25_000)
    #expect(phase.behind.atEnd <= 200)
    let start = try #require(sent.first).sentAt
    let isKept = sent.indices.allSatisfy { sent[$0].sentAt == start + Int64($0) * 40 }
    #expect(isKept && isPrompt)
    #expect(rounds < 5_000)
  }

  @Test func aRoundWaitsOnlyForWhatComesAfterTheRest() {
    #expect(Pacing(roundAt: 1000, nextDue: 1000 + Pacing.quantum).isDueAfterRest)
    #expect(!Pacing(roundAt: 1000, nextDue: 1001 + Pacing.quantum).isDueAfterRest)
    #expect(!Pacing(roundAt: 1000, nextDue: nil).isDueAfterRest)
  }

  @Test func whatWasNeverSentCountsWithTheTimeThatItHadWaited() throws {
    let phase = paced(rate: 10)
    let first = operations(phase, 1_000_000)
    try phase.round(1_000_000)
    // The first answer comes at the end, when nine more had been due.
    try answer(first, phase, 1_999_999)
    guard case .nothing = phase.next(2_000_000) else {
      Issue.record("an operation after the end")
      return
    }
    try phase.round(2_000_000)
    #expect(phase.behind.atEnd == 9)
    #expect(phase.tally.total == 1)
    #expect(abs(phase.tally.latency.max - 1_000_000) < 2000)
    #expect(abs(phase.tally.latency.p50 - 500_000) < 2000)
  }

  @Test func answersAfterTheEndCountAtAFixedRate() throws {
    let phase = paced(rate: 10)
    let first = operations(phase, 1_000_000)
    try answer(first, phase, 5_000_000)
    #expect(phase.tally.total == 0)
    #expect(abs(phase.tally.latency.max - 4_000_000) < 5000)
  }

  @Test func theTimerIsSetToWhatIsDueNext() {
    let phase = paced(rate: 4)
    #expect(operations(phase, 100).count == 1)
    for (now, due) in [(Int64(100), Int64(250_100)), (250_099, 250_100)] {
      guard case .notBefore(let time) = phase.next(now) else {
        Issue.record("something is due at \(now)")
        return
      }
      #expect(time == due)
    }
    // Nothing is due between the last one and the end, which the loop must still wake for.
    #expect(operations(phase, 999_999).count == 3)
    guard case .notBefore(1_000_100) = phase.next(999_999) else {
      Issue.record("the end isn't waited for")
      return
    }
  }

  @Test func latenciesAreKnownBySecondToo() throws {
    var settings = BenchSettings(inFlight: 10, seconds: 3, warmUpSeconds: 0, wallets: 10, seed: 1)
    settings.rate = 2
    let phase = phase(settings)
    try answer(operations(phase, 1_000_000), phase, 1_004_000)
    try answer(operations(phase, 1_500_000), phase, 1_502_000)
    // Nothing is answered in the second second. Four are due by 3.0 s; the last answers come after the end.
    try answer(operations(phase, 3_000_000), phase, 3_001_000)
    try answer(operations(phase, 3_500_000), phase, 4_700_000)
    let seconds = phase.seconds.all
    #expect(seconds.map(\.count) == [2, 0, 4])
    #expect(seconds[0].p99 == 4000 && seconds[0].max == 4000 && (2000...2020).contains(seconds[0].p50))
    #expect(seconds[1] == LatencySeconds.Second())
    // Due at 2.0, 2.5, 3.0 and 3.5 s; buckets are a hundredth wide.
    #expect((1_195_000...1_200_000).contains(seconds[2].max) && (501_000...505_000).contains(seconds[2].p50))
  }

  @Test func theWorstSecondStandsInTheTable() throws {
    var result = BenchResult(BenchSettings(wallets: 10, seed: 1), runID: "1", serverName: "walletd/test")
    #expect(!result.table.contains("by second"))
    result.latencyMicrosBySecond = [3000, 9000, 4000].map { LatencySeconds.Second(count: 1, p999: $0) }
    let line = result.table.split(separator: "\n").first { $0.hasPrefix("by second") }
    #expect(line == "by second   p99.9 4.000 ms in the median one, 9.000 ms in the worst of 3")
    #expect(try result.json().contains(#""latency_micros_by_second":[{"count":1,"max":0,"p50":0,"p99":0,"p999":3000}"#))
  }

  @Test func aFillMakesExactlyWhatWasAskedFor() throws {
    var settings = BenchSettings(wallets: 10, seed: 1)
    settings.fill = 10
    settings.batch = 4
    let pool = BatchPool()
    let source = OperationSource(settings, book: book, time: time, startedAt: 1)
    let phase = RunPhase(
      settings, book: book, source: source, batcher: Batcher(size: 4, batches: pool),
      probes: Probes(serverProcess: nil, time: time), ackLog: nil, display: Silence())
    let batches = operations(phase, 0)
    #expect(batches.map { pool.items($0).count } == [4, 4, 2])
    for batch in batches { try answer(pool.items(batch), phase, 500_000) }
    try phase.finish(500_000)
    #expect(phase.tally.total == 10)
    #expect(phase.measuredSeconds == 0.5)
  }
}

struct StallTests {
  @Test func onlyLongSilencesAreStalls() {
    var watch = StallWatch()
    watch.began(1000)
    #expect(watch.answered(21_000) == nil)
    #expect(watch.answered(41_001) == 21_000..<41_001)
    watch.began(90_000)
    #expect(watch.answered(91_000) == nil)
    // The generator was busy itself until 150 ms: only what comes after it is the server's silence.
    watch.wasAway(since: 92_000, until: 150_000)
    #expect(watch.answered(160_000) == nil)
    watch.wasAway(since: 160_000, until: 161_000)
    #expect(watch.answered(185_000) == 160_000..<185_000)
  }

  @Test func stallsOfTheMachineAreListedApart() {
    let stalls = Stalls(
      silences: [1_000_000..<1_100_000, 2_000_000..<2_030_000, 3_000_000..<3_040_000],
      hiccups: [1_010_000..<1_030_000, 1_040_000..<1_060_000, 1_990_000..<2_015_000], measuredFrom: 500_000)
    #expect(
      stalls.server == [
        Stalls.Stall(atMicros: 500_000, lengthMicros: 100_000), Stalls.Stall(atMicros: 2_500_000, lengthMicros: 40_000),
      ])
    #expect(stalls.machine == [Stalls.Stall(atMicros: 1_500_000, lengthMicros: 30_000)])
    let many = Stalls(
      silences: (0..<150).map { Int64($0) * 100_000..<Int64($0) * 100_000 + 30_000 }, hiccups: [], measuredFrom: 0)
    #expect(many.server.count == Stalls.listedMax && many.serverTotal == 150)
  }

  @Test func hiccupsAreHowLateItWoke() {
    var record = HiccupRecord()
    for index in 0..<999 { record.woke(due: Int64(index) * 1000, Int64(index) * 1000 + 60) }
    record.woke(due: 2_000_000, 2_030_000)
    let hiccups = record.hiccups
    #expect(hiccups.p99 == 60 && hiccups.p999 == 60)
    #expect(abs(hiccups.max - 30_000) < 30)
    #expect(record.listed == [2_000_000..<2_030_000])
  }
}

struct ProcessorTimeTests {
  @Test func theNameMayHoldAnything() {
    let line = "7 (a) b (c)) S 1 7 7 0 -1 4194560 100 0 0 0 123 45 6 7 20 0 3 0 99 1 2"
    #expect(ProcessorTime.ticks(line) == 168)
    #expect(ProcessorTime.ticks("7 (a) S 1") == nil)
    #expect(ProcessorTime.ticks("") == nil)
  }

  @Test func aProcessThatIsThere() throws {
    let before = try #require(ProcessorTime.of(getpid()))
    let own = ProcessorTime.own()
    var sum = 0
    for number in 0..<20_000_000 { sum &+= number &* sum }
    #expect(sum != 1)
    #expect(ProcessorTime.own() > own)
    #expect(try #require(ProcessorTime.of(getpid())) >= before)
    // Beyond the largest id that Linux gives.
    #expect(ProcessorTime.of(.max) == nil)
  }
}
