package import WalletSystem

/// A whole run: set-up, load, check.
package enum Bench {
  /// Runs it; what goes wrong once the load has begun stands in the result.
  package static func run(
    _ settings: BenchSettings, time: any TimeSource, display: any Display
  ) throws(BenchFailure) -> BenchResult {
    let startedAt = time.wallMicroseconds
    let runID = String(startedAt, radix: 36) + "-" + String(settings.seed & 0xFFFFF, radix: 36)
    let engine = try Engine(settings, runID: runID, time: time)
    let book = WalletBook(count: settings.wallets)
    let source = try setUp(engine, book, settings, startedAt, time, display)

    var result = BenchResult(settings, runID: runID, serverName: engine.serverName)
    let load = RunPhase(settings, book: book, source: source, display: display)
    let lostBefore = engine.connectionsLost
    let repeatedBefore = engine.repeated
    do throws(BenchFailure) {
      try engine.run(load)
      let check = CheckPhase(depth: settings.pipelineDepth, book: book, display: display)
      result.take(load)
      result.connectionsLost = engine.connectionsLost - lostBefore
      result.repeated = engine.repeated - repeatedBefore
      try engine.run(check)
      result.check = check.outcome
    } catch {
      result.take(load)
      result.connectionsLost = engine.connectionsLost - lostBefore
      result.unresolved = engine.unresolved
      result.failure = error.message
    }
    return result
  }

  private static func setUp(
    _ engine: Engine, _ book: WalletBook, _ settings: BenchSettings, _ startedAt: Int64, _ time: any TimeSource,
    _ display: any Display
  ) throws(BenchFailure) -> OperationSource {
    var source = OperationSource(settings, book: book, time: time, startedAt: startedAt)
    let wallets = Figures.grouped(settings.wallets)
    var steps: [(SetUpPhase.Step, String)] = [(.open, "opening \(wallets) wallets")]
    for number in 1...settings.creditsPerWallet {
      let amount = settings.fundsPerWallet / Int64(settings.creditsPerWallet)
      let suffix = settings.creditsPerWallet > 1 ? ", \(number) of \(settings.creditsPerWallet)" : ""
      steps.append((.credit(amount), "crediting \(wallets) wallets\(suffix)"))
    }
    for (step, title) in steps {
      let begunAt = time.monotonicMicroseconds
      let phase = SetUpPhase(
        step, title: title, depth: settings.pipelineDepth, book: book, source: source, display: display)
      try engine.run(phase)
      source = phase.sourceAfter
      display.line("\(title): \(Figures.seconds(time.monotonicMicroseconds - begunAt))")
    }
    return source
  }
}
