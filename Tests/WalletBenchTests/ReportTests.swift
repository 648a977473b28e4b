import Testing

@testable import WalletBenchKit

struct ReportTests {
  private func tally() -> Tally {
    var tally = Tally()
    for value in 1...10_000 {
      tally.count(.debit)
      tally.record(microseconds: Int64(value))
    }
    return tally
  }

  /// Lines of value, percentile, count and 1 / (1 - percentile), which plotters of .hgrm files read.
  @Test func hgrmParsesBack() throws {
    let lines = tally().percentileDistribution.split(separator: "\n")
    #expect(lines[0].split(separator: " ") == ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"])
    let rows = lines.dropFirst().filter { !$0.hasPrefix("#") }.map {
      $0.split(separator: " ").compactMap { Double($0) }
    }
    #expect(rows.count > 20)
    #expect(rows.dropLast().allSatisfy { $0.count == 4 })
    var last = [0.0, 0, 0]
    for row in rows {
      #expect(row[0] >= last[0] && row[1] >= last[1] && row[2] >= last[2])
      // Milliseconds; the value at a share of 1 to 10,000 microseconds is that share of 10 ms.
      #expect(abs(row[0] - row[2] / 1000) <= 0.01)
      #expect(row[2] / 10_000 >= row[1] - 1e-9)
      last = row
    }
    #expect(last[1] == 1 && last[2] == 10_000)
    #expect(lines.contains { $0.hasPrefix("#[Max") && $0.hasSuffix("Total count    =        10000]") })
    #expect(lines.contains { $0.hasPrefix("#[Mean    =        5.0") })
  }

  @Test func thePlotShowsEachPointAtItsPlace() throws {
    let svg = LatencyPlot.svg(
      [
        LatencyPlot.Point(percentile: 0, microseconds: 0), LatencyPlot.Point(percentile: 90, microseconds: 5_000),
        LatencyPlot.Point(percentile: 99, microseconds: 10_000),
        LatencyPlot.Point(percentile: 100, microseconds: 10_000),
      ], title: "a < b & c")
    #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
    #expect(svg.hasSuffix("</svg>\n"))
    #expect(svg.contains("a &lt; b &amp; c"))
    // 90 % halfway between 0 and 99 %, and half of the highest latency halfway up.
    #expect(svg.contains("points=\"80.0,420.0 505.0,235.0 930.0,50.0 930.0,50.0\""))
    for label in ["0 %", "90 %", "99 %"] { #expect(svg.contains(">\(label)<")) }
    #expect(!svg.contains("99.9"))
    #expect(!svg.contains("href"))
  }

  @Test func aPlotOfNothingIsStillAFile() {
    #expect(LatencyPlot.svg([], title: "").hasSuffix("</svg>\n"))
    #expect(LatencyPlot.svg(Tally().plotPoints, title: "").hasSuffix("</svg>\n"))
  }

  @Test func decadesAreLogarithmic() {
    for (percentile, decade) in [(0.0, 0.0), (90, 1), (99, 2), (99.99, 4)] {
      #expect(abs(LatencyPlot.decade(percentile) - decade) < 1e-9)
    }
  }
}
