package import WalletSystem
import WalletWire

/// A whole run: set-up, load, check.
package enum Bench {
  /// Runs it; what goes wrong once the load has begun stands in the result.
  package static func run(
    _ settings: BenchSettings, _ outputs: BenchOutputs = BenchOutputs(), access: BenchAccess = BenchAccess(),
    time: any TimeSource, display: any Display
  ) throws(BenchFailure) -> BenchResult {
    let startedAt = time.wallMicroseconds
    let runID = String(startedAt, radix: 36) + "-" + String(settings.seed & 0xFFFFF, radix: 36)
    let files = try RunFiles(outputs)
    switch settings.protocol {
    case .wrp:
      let owners = "bench-\(settings.ownerPrefix ?? runID)-"
      let encoder = RequestEncoder(ownerPrefix: owners, batchMode: settings.batchMode)
      let wire = WRP(server: settings.server, encoder: encoder, token: access.token)
      return try run(Engine(wire, settings, access, time: time), settings, outputs, files, runID, startedAt, display)
    case .resp:
      let wire = RESP(server: settings.server)
      return try run(Engine(wire, settings, access, time: time), settings, outputs, files, runID, startedAt, display)
    }
  }

  private static func run<Wire: WireProtocol>(
    _ engine: Engine<Wire>, _ settings: BenchSettings, _ outputs: BenchOutputs, _ files: RunFiles, _ runID: String,
    _ startedAt: Int64, _ display: any Display
  ) throws(BenchFailure) -> BenchResult {
    for warning in warnings(engine.peer) { display.line("warning: \(warning)") }
    let book = WalletBook(count: settings.wallets)
    let batcher = Batcher(size: settings.batchSize, batches: engine.batches)
    var setUp = SetUp(settings: settings, engine: engine, book: book, batcher: batcher, display: display)
    let source = try setUp.run(OperationSource(settings, book: book, time: engine.time, startedAt: startedAt))

    var result = BenchResult(settings, runID: runID, serverName: engine.peer.name, serverBuildMode: engine.peer.build)
    let probes = Probes(serverProcess: outputs.cpuOf, time: engine.time)
    let load = RunPhase(
      settings, book: book, source: source, batcher: batcher, probes: probes, ackLog: files.ackLog, display: display)
    let lostBefore = engine.connectionsLost
    let repeatedBefore = engine.repeated
    do throws(BenchFailure) {
      try engine.run(load)
      try load.finish(engine.time.monotonicMicroseconds)
      result.take(load, probes)
      result.connectionsLost = engine.connectionsLost - lostBefore
      result.repeated = engine.repeated - repeatedBefore
      if settings.checks {
        let check = CheckPhase(
          depth: settings.pipelineDepth, comparesVersions: Wire.hasVersions, book: book, display: display)
        try engine.run(check)
        result.check = check.outcome
      }
    } catch {
      load.abandon(engine.time.monotonicMicroseconds)
      result.take(load, probes)
      result.connectionsLost = engine.connectionsLost - lostBefore
      result.unresolved = engine.unresolved
      result.failure = error.message
    }
    files.write(load.tally, result, display)
    return result
  }

  private static func warnings(_ peer: Peer) -> [String] {
    var warnings: [String] = []
    let advice = "its figures say nothing. Build with: swift build -c release"
    if BuildMode.ofThisProgram == "debug" { warnings.append("walletbench is a debug build: \(advice)") }
    if peer.build == "debug" { warnings.append("\(peer.name) is a debug build: \(advice)") }
    return warnings
  }
}
