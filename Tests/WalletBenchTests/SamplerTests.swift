import Glibc
import Testing

@testable import WalletBenchKit

struct SamplerTests {
  /// Counts by rank, against the exact weights: each within six standard deviations.
  @Test(arguments: [0.5, 0.99, 1, 1.5, 3], [1, 2, 10, 1000])
  func zipfHasItsWeights(exponent: Double, count: Int) {
    let sampler = ZipfSampler(count: count, exponent: exponent)
    var random = SplitMix64(seed: 7)
    let draws = 200_000
    var counts = [Int](repeating: 0, count: count + 1)
    for _ in 0..<draws { counts[sampler.rank(&random)] += 1 }
    let weights = (1...count).map { pow(Double($0), -exponent) }
    let sum = weights.reduce(0, +)
    for rank in 1...count {
      let share = weights[rank - 1] / sum
      let expected = share * Double(draws)
      let deviation = (expected * (1 - share)).squareRoot()
      #expect(
        abs(Double(counts[rank]) - expected) <= 6 * deviation + 1, "rank \(rank): \(counts[rank]), expected \(expected)"
      )
    }
  }

  @Test func zipfOverManyRanksStaysInRange() {
    let sampler = ZipfSampler(count: 10_000_000, exponent: 0.99)
    var random = SplitMix64(seed: 7)
    let ranks = (0..<100_000).map { _ in sampler.rank(&random) }
    #expect(ranks.allSatisfy { (1...10_000_000).contains($0) })
    #expect(ranks.contains { $0 > 5_000_000 })
    // The harmonic number of 10^7 with the exponent 0.99 is about 17.55.
    #expect(abs(ranks.count { $0 == 1 } - 5_700) < 450)
  }

  @Test(arguments: [1, 2, 3, 10, 97, 1000, 100_000])
  func eachRankHasAWalletOfItsOwn(count: Int) {
    let sampler = WalletSampler(.zipf(exponent: 1), count: count)
    #expect(Set((1...count).map(sampler.wallet(rank:))) == Set(0..<count))
  }

  @Test func uniformAndHot() {
    var random = SplitMix64(seed: 1)
    let uniform = WalletSampler(.uniform, count: 10)
    var counts = [Int](repeating: 0, count: 10)
    for _ in 0..<100_000 { counts[uniform.next(&random)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 600 })
    let hot = WalletSampler(.hot, count: 10)
    #expect(Set((0..<1000).map { _ in hot.next(&random) }).count == 1)
  }

  @Test func distributionsAsText() {
    for text in ["uniform", "zipf:0.99", "zipf:1.2", "hot"] { #expect(Distribution(text)?.text == text) }
    #expect(Distribution("zipf") == .zipf(exponent: 0.99))
    for text in ["", "zipf:", "zipf:0", "zipf:-1", "zipf:11", "zipf:nan", "zipf:x", "Hot"] {
      #expect(Distribution(text) == nil, "\(text)")
    }
  }
}

struct ScheduleTests {
  /// The n-th operation of a rate is due at n / rate: none is lost to rounding, also after days.
  @Test(arguments: [1, 3, 7, 1000, 30_000, 999_983, 10_000_000])
  func dueTimesDontDrift(rate: Int) {
    let schedule = Schedule(rate: rate, start: 1000)
    #expect(schedule.due(0) == 1000)
    #expect(schedule.due(rate) == 1_001_000)
    #expect(schedule.due(rate * 86_400) == 86_400_001_000)
    for number in 0..<2000 {
      #expect(schedule.due(number) <= schedule.due(number + 1))
      #expect(schedule.due(number) == 1000 + Int64(number * 1_000_000 / rate))
    }
    #expect(schedule.dueBefore(1_001_000) == rate)
  }

  @Test func nothingIsTakenBeforeItsTimeAndEverythingAfterwards() {
    var schedule = Schedule(rate: 4, start: 0)
    #expect(schedule.take(0) == 0)
    #expect(schedule.take(249_999) == nil)
    #expect(schedule.nextDue == 250_000)
    // A generator that slept until 1 s finds three that were due, each at its own time.
    #expect(schedule.behind(1_000_000) == 3)
    #expect(schedule.take(1_000_000) == 250_000)
    #expect(schedule.take(1_000_000) == 500_000)
    #expect(schedule.take(1_000_000) == 750_000)
    #expect(schedule.take(1_000_000) == 1_000_000)
    #expect(schedule.take(1_000_000) == nil)
    #expect(schedule.behind(1_000_000) == 0)
  }

  @Test func dueBeforeCountsWhatIsDue() {
    for rate in [1, 7, 1013] {
      let schedule = Schedule(rate: rate, start: 5)
      for now in stride(from: Int64(0), to: 3_000_000, by: 77_777) {
        let counted = (0..<4 * rate).count { schedule.due($0) < now }
        #expect(schedule.dueBefore(now) == counted)
      }
    }
  }
}
