/// What a run measures and writes beside its result.
package struct BenchOutputs: Equatable, Sendable {
  /// A process whose processor time is measured.
  package var cpuOf: Int32?
  /// Paths of files: percentiles as HdrHistogram has them, a plot of them, and the acknowledged mutations.
  package var hgrm: String?
  package var svg: String?
  package var ackLog: String?

  package init() {}
}

/// The files of a run, which are made at its start.
struct RunFiles {
  let ackLog: AckLog?
  private let hgrm: OutputFile?
  private let svg: OutputFile?

  init(_ outputs: BenchOutputs) throws(BenchFailure) {
    hgrm = if let path = outputs.hgrm { try OutputFile(path: path) } else { nil }
    svg = if let path = outputs.svg { try OutputFile(path: path) } else { nil }
    ackLog = if let path = outputs.ackLog { try AckLog(path: path) } else { nil }
  }

  /// A file that can't be written doesn't cost the result.
  func write(_ tally: Tally, _ result: BenchResult, _ display: any Display) {
    do throws(BenchFailure) {
      try hgrm?.write(Array(tally.percentileDistribution.utf8))
      let title = "\(result.serverName), \(result.settings.workload.rawValue): "
      let rate = "\(Figures.grouped(Int(result.operationsPerSecond)))/s"
      try svg?.write(Array(LatencyPlot.svg(tally.plotPoints, title: title + rate).utf8))
    } catch {
      display.line("warning: \(error.message)")
    }
  }
}
