import WalletSystem

/// What is measured beside the answers, from the beginning to the end of the measured time.
final class Probes {
  private let serverProcess: Int32?
  private let meter: HiccupMeter
  private var ownAtStart: Int64?
  private var serverAtStart: Int64?
  private var hasEnded = false
  /// Processor time, microseconds.
  private(set) var ownCPU: Int64 = 0
  /// `nil` when it isn't asked for, or the process isn't there.
  private(set) var serverCPU: Int64?

  private(set) var hiccups = HiccupRecord()

  init(serverProcess: Int32?, time: any TimeSource) {
    self.serverProcess = serverProcess
    meter = HiccupMeter(time: time)
  }

  /// The first call counts.
  func begin() {
    guard ownAtStart == nil else { return }
    meter.start()
    ownAtStart = ProcessorTime.own()
    serverAtStart = serverProcess.flatMap(ProcessorTime.of)
  }

  /// - Returns: Whether this is the first call.
  func end() -> Bool {
    guard !hasEnded, let ownAtStart else { return false }
    hasEnded = true
    hiccups = meter.stop()
    ownCPU = ProcessorTime.own() - ownAtStart
    if let serverProcess, let serverAtStart, let now = ProcessorTime.of(serverProcess) {
      serverCPU = now - serverAtStart
    }
    return true
  }
}
