import Testing

@testable import WalletBenchKit

struct WalletBookTests {
  @Test func acknowledgedRowsAddUp() {
    let book = WalletBook(count: 2)
    book.opened(0, id: 11)
    book.opened(1, id: 12)
    book.posted(0, change: 100)
    book.posted(0, change: -30)
    #expect(book.difference(0, balance: 70, version: 3) == nil)
    #expect(book.difference(1, balance: 0, version: 1) == nil)
  }

  @Test(arguments: [(Int64(69), Int64(3)), (70, 2), (70, 4)])
  func balanceAndVersionBothCount(balance: Int64, version: Int64) {
    let book = WalletBook(count: 1)
    book.opened(0, id: 11)
    book.posted(0, change: 100)
    book.posted(0, change: -30)
    let difference = book.difference(0, balance: balance, version: version)
    #expect(
      difference
        == Difference(
          walletID: 11, expectedBalance: 70, foundBalance: balance, expectedVersion: 3, foundVersion: version))
  }

  @Test func uncertaintyFailsTheCheck() {
    #expect(CheckOutcome(uncertain: 0).passed)
    #expect(!CheckOutcome(uncertain: 1).passed)
  }
}

struct BenchSettingsTests {
  @Test func defaultsAreValid() { #expect(BenchSettings().violation == nil) }

  @Test func violationsNameTheFlagAndTheRule() {
    #expect(BenchSettings(connections: 0).violation == "--connections must be 1 to 10000, not 0")
    #expect(BenchSettings(warmUpSeconds: -1).violation == "--warm-up must be 0 to 3600, not -1")
    #expect(
      BenchSettings(connections: 10_000, inFlight: 101).violation
        == "--connections times --in-flight must be at most 1000000, not 1010000")
  }

  private func violation(_ change: (inout BenchSettings) -> Void) -> String? {
    var settings = BenchSettings()
    change(&settings)
    return settings.violation
  }

  @Test func combinationsThatCantBeHad() {
    for workload in [Workload.list, .mixed] {
      let found = violation {
        $0.protocol = .resp
        $0.workload = workload
      }
      #expect(found == "--protocol resp has only the workloads debit, credit and balance")
    }
    for change: (inout BenchSettings) -> Void in [
      { $0.batch = 2 }, { $0.ownerPrefix = "a" }, { $0.fill = 1 }, { $0.keys = .random },
    ] {
      let found = violation {
        $0.protocol = .resp
        change(&$0)
      }
      #expect(found?.contains("--protocol wrp") == true)
      #expect(violation(change) == nil)
    }
    let batchedReads = violation {
      $0.batch = 2
      $0.workload = .balance
    }
    for change: (inout BenchSettings) -> Void in [
      { $0.rate = 10 }, { $0.batch = 2 }, { $0.fill = 1 }, { $0.protocol = .resp },
    ] {
      #expect(
        violation {
          $0.workload = .holdCapture
          change(&$0)
        } != nil)
    }
    #expect(violation { $0.workload = .holdCapture } == nil)
    #expect(batchedReads == "--batch takes only the workloads debit and credit")
    let fillAtARate = violation {
      $0.fill = 10
      $0.rate = 10
    }
    #expect(fillAtARate == "--fill goes as fast as it can: it takes no --rate")
    let brokenRate = violation {
      $0.batch = 3
      $0.rate = 10
    }
    #expect(brokenRate == "--rate must be a multiple of --batch: it counts items")
    #expect(violation { $0.batchMode = .atomic } == "--batch-mode needs --batch")
    #expect(violation { $0.batch = 8190 } == "--batch must be 1 to 8189, not 8190")
    for prefix in ["", "a b", "é", String(repeating: "a", count: 41)] {
      #expect(violation { $0.ownerPrefix = prefix } == "--owner-prefix must be 1 to 40 characters of A-Z a-z 0-9 . _ -")
    }
  }

  @Test func theAckLogNeedsKeys() {
    var outputs = BenchOutputs()
    outputs.ackLog = "a"
    var settings = BenchSettings()
    #expect(outputs.violation(settings) == nil)
    settings.workload = .balance
    #expect(outputs.violation(settings) != nil)
    settings.workload = .holdCapture
    #expect(outputs.violation(settings) != nil)
    settings.workload = .debit
    settings.batch = 2
    #expect(outputs.violation(settings) == nil)
    settings.batchMode = .atomic
    #expect(outputs.violation(settings) != nil)
    settings = BenchSettings()
    settings.protocol = .resp
    #expect(outputs.violation(settings) != nil)
  }

  /// However the load is spread, no wallet runs dry and no sum leaves 64 bits.
  @Test func fundsLastAndAddUp() {
    for wallets in [1, 1000, 10_000_000] {
      for seconds in [1, 86_400] {
        for distribution in [Distribution.uniform, .zipf(exponent: 1), .hot] {
          var settings = BenchSettings(seconds: seconds, wallets: wallets)
          settings.distribution = distribution
          let (sum, overflows) = settings.fundsPerWallet.multipliedReportingOverflow(by: Int64(wallets))
          #expect(!overflows && sum > 0)
          if distribution == .hot, wallets < 10_000_000 {
            #expect(settings.fundsPerWallet >= Int64(seconds + 1) * 100_000_000)
          }
        }
      }
    }
  }
}
