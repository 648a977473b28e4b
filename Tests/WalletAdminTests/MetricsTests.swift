import Foundation
import Testing
import WalletCore
import WalletServer
import WalletSystem

@testable import WalletAdmin

@Suite("Metrics")
struct MetricsTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
  private static let writes = ProcessInfo.processInfo.environment["WALLETD_GENERATE"] != nil

  @Test("the table in docs/OPERATING.md is the list of metrics")
  func table() throws {
    let path = Self.root.appending(path: "docs/OPERATING.md")
    let text = try String(contentsOf: path, encoding: .utf8)
    let head = "| metric | type | labels | what it is |\n| --- | --- | --- | --- |\n"
    let start = try #require(text.range(of: head)).upperBound
    let end = try #require(text.range(of: "\n\n", range: start..<text.endIndex)).lowerBound
    let rows = MetricCatalogue.all.map { metric in
      "| `\(metric.name)` | \(metric.kind.rawValue) | \(metric.labels.joined(separator: ", ")) | \(metric.help) |"
    }
    let expected = text[..<start] + rows.joined(separator: "\n") + text[end...]
    if Self.writes { return try String(expected).write(to: path, atomically: true, encoding: .utf8) }
    #expect(text == expected, "docs/OPERATING.md is stale: run make generate")
  }

  @Test("no two metrics have one name, and counters end as counters do")
  func names() {
    #expect(Set(MetricCatalogue.all.map(\.name)).count == MetricCatalogue.all.count)
    for metric in MetricCatalogue.all { #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter)) }
  }

  @Test("alert rules name only metrics that are there")
  func alerts() throws {
    let text = try String(contentsOf: Self.root.appending(path: "docs/alerts.yml"), encoding: .utf8)
    var known = Set(MetricCatalogue.all.map(\.name))
    for metric in MetricCatalogue.all where metric.kind == .histogram {
      known.formUnion(["_bucket", "_sum", "_count"].map { metric.name + $0 })
    }
    let named = text.matches(of: /walletd_[a-z_]+/).map { String($0.output) }
    #expect(!named.isEmpty)
    for name in named { #expect(known.contains(name), "\(name)") }
  }

  @Test("a histogram's ranges are sums, and seconds are exact")
  func histogram() {
    var histogram = Histogram([50, 1_000, 2_500_000])
    for value: Int64 in [0, 50, 51, 1_000, 2_500_001] { histogram.add(value) }
    let counted = histogram
    let metric = Metric(.histogram, "walletd_x_seconds", "A \\ and\na line", labels: ["verb"]) { _ in
      [Metric.Sample(labels: ["a\"b\\c"], value: .histogram(counted, .microseconds))]
    }
    #expect(
      PrometheusText.page([metric], Self.status) == #"""
        # HELP walletd_x_seconds A \\ and\na line
        # TYPE walletd_x_seconds histogram
        walletd_x_seconds_bucket{verb="a\"b\\c",le="0.00005"} 2
        walletd_x_seconds_bucket{verb="a\"b\\c",le="0.001"} 4
        walletd_x_seconds_bucket{verb="a\"b\\c",le="2.5"} 4
        walletd_x_seconds_bucket{verb="a\"b\\c",le="+Inf"} 5
        walletd_x_seconds_sum{verb="a\"b\\c"} 2.501102
        walletd_x_seconds_count{verb="a\"b\\c"} 5

        """#)
  }

  @Test(
    "seconds of microseconds",
    arguments: [(0, "0"), (1, "0.000001"), (1_000_000, "1"), (-1_500_000, "-1.5"), (Int64.max, "9223372036854.775807")])
  func seconds(microseconds: Int64, text: String) { #expect(PrometheusText.seconds(microseconds) == text) }

  @Test("what isn't known has no sample, and readiness follows the ledger and the drain")
  func readiness() {
    var status = Self.status
    #expect(!PrometheusText.page(MetricCatalogue.all, status).contains("walletd_last_backup"))
    #expect(status.notReadyBecause == nil)
    status.ledger.unavailableBecause = "the disk is full"
    #expect(status.notReadyBecause == "the disk is full")
    #expect(PrometheusText.page(MetricCatalogue.all, status).contains("\nwalletd_mutations_available 0\n"))
    status.server.isDraining = true
    #expect(status.notReadyBecause == "the server is shutting down")
  }

  @Test("backups and verifications are told once there are any")
  func notices() {
    let board = OperationsBoard()
    board.verified(VerifyStatus(at: 2_000_000, seq: 9, findings: 3))
    var status = Self.status
    status.notices = board.notices
    status.notices.backup = BackupStatus(at: 1_500_000, seq: 7, bytes: 4096)
    status.notices.backupsFailed = 1
    let page = PrometheusText.page(MetricCatalogue.all, status)
    for line in [
      "walletd_last_backup_timestamp_seconds 1.5", "walletd_last_backup_seq 7", "walletd_last_backup_bytes 4096",
      "walletd_backup_failures_total 1", "walletd_last_verify_timestamp_seconds 2", "walletd_last_verify_findings 3",
    ] {
      #expect(page.contains("\n\(line)\n"))
    }
  }

  private static var status: AdminStatus {
    AdminStatus(
      server: ServerMeasurements(), ledger: LedgerMeasurements(), notices: OperationsBoard().notices,
      process: ProcessUsage(), now: 0)
  }
}
