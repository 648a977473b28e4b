import Testing

@testable import WalletBenchKit

struct BenchResultTests {
  private func result() -> BenchResult {
    var tally = Tally()
    for value in 1...1000 {
      tally.count(value % 4 == 0 ? .debit : .balance)
      tally.record(microseconds: Int64(value))
    }
    tally.add(refusal: "INSUFFICIENT_FUNDS")
    var result = BenchResult(BenchSettings(seconds: 2, seed: 42), runID: "r", serverName: "walletd/0")
    result.take(tally, seconds: 2)
    result.check = CheckOutcome()
    return result
  }

  @Test func percentilesAreThoseOfTheValues() {
    let latency = result().latencyMicros
    #expect(latency.p50 == 500)
    #expect(latency.p90 == 900)
    #expect(latency.p99 == 990)
    #expect(latency.p999 == 999)
    #expect(latency.p9999 == 1000)
    #expect(latency.max == 1000)
    #expect(latency.mean == 500.5)
    #expect(Tally().latency == Latency())
  }

  @Test func jsonIsOneObjectWithEverySetting() throws {
    let json = try result().json()
    #expect(!json.contains("\n"))
    for part in [
      #""operations":{"debit":250,"getBalance":750}"#, #""operations_per_second":500,"#,
      #""refusals":{"INSUFFICIENT_FUNDS":1}"#,
      #""latency_micros":{"max":1000,"mean":500.5,"p50":500,"p90":900,"p99":990,"p999":999,"p9999":1000}"#,
      #""seed":42"#,
      #""settings":{"batch_mode":"items","checks":true,"connections":64,"distribution":"uniform","in_flight":1,"#,
      #""keys":"uuidv7","protocol":"wrp","seconds":2,"#, #""server":"127.0.0.1:7431""#,
      #""workload":"debit""#,
      #""check":{"different":0,"#, #""build_mode":"#, #""warm_up_seconds":1"#, #""passed":true"#,
    ] {
      #expect(json.contains(part), "\(part) in \(json)")
    }
  }

  @Test func onlyACheckThatFoundNothingPasses() {
    var result = result()
    #expect(result.passed)
    result.foreignReplays = 1
    #expect(!result.passed)
    result.foreignReplays = 0
    result.check = nil
    #expect(!result.passed)
    #expect(result.table.contains("NOT MADE"))
  }

  @Test func withoutACheckOnlyAFailureFails() {
    var result = result()
    result.check = nil
    result.settings.checks = false
    #expect(result.passed)
    #expect(result.table.contains("not asked for"))
    result.failure = "gone"
    #expect(!result.passed)
    #expect(result.table.contains("NOT MADE: gone"))
  }

  @Test func whatWasMeasuredBesideIsShown() throws {
    var result = result()
    let none = #""stalls":{"machine":[],"machine_total":0,"measured_from_micros":0,"server":[],"server_total":0}"#
    #expect(try result.json().contains(none))
    #expect(try !result.json().contains("behind"))
    result.stalls = Stalls(
      silences: [1_500_000..<1_538_000], hiccups: [1_500_000..<1_530_000], measuredFrom: 1_000_000)
    result.serverCpuMicrosPerOperation = 1.256
    result.behind = Behind()
    result.behind?.atEnd = 1234
    #expect(result.table.contains("38.000 ms at 0.500 s"))
    #expect(result.table.contains("1.26 us/op"))
    #expect(result.table.contains("1,234 due operations were never sent"))
    let json = try result.json()
    for part in [
      #""server_cpu_micros_per_operation":1.256"#, #""behind":{"at_end":1234,"late_micros_max":0,"most":0}"#,
      #""hiccup_micros":{"max":0,"p99":0,"p999":0}"#, #""machine":[{"at_micros":500000,"length_micros":38000}]"#,
      #""measured_seconds":2"#, #""server_build_mode":"""#,
    ] {
      #expect(json.contains(part), "\(part) in \(json)")
    }
  }

  @Test func differencesAreShown() {
    var result = result()
    var check = CheckOutcome()
    check.different = 1
    check.firstDifferences = [
      Difference(walletID: 3, expectedBalance: 5, foundBalance: 6, expectedVersion: 2, foundVersion: 2)
    ]
    result.check = check
    #expect(!result.passed)
    #expect(result.table.contains("FAILED: 1 wallets differ"))
    #expect(result.table.hasSuffix("wallet 3: balance 6, expected 5; version 2, expected 2"))
  }
}
