/// Makes the wallets that the load needs, or finds them.
struct SetUp<Wire: WireProtocol> {
  let settings: BenchSettings
  let engine: Engine<Wire>
  let book: WalletBook
  let batcher: Batcher
  let display: any Display

  /// - Returns: The source as the set-up leaves it.
  mutating func run(_ source: OperationSource) throws(BenchFailure) -> OperationSource {
    var source = source
    let all = Array(0..<settings.wallets)
    switch settings.protocol {
    case .resp:
      try step(.set(settings.fundsPerWallet), "setting \(count(all))", all, &source)
    case .wrp:
      let missing = settings.ownerPrefix == nil ? all : try lookUp()
      if missing.isEmpty { return source }
      try step(.open, "opening \(count(missing))", missing, &source)
      // The results of a batch don't tell the wallets' ids.
      if batcher.size > 1, try !lookUp().isEmpty {
        throw .refused("the server doesn't find wallets that it has opened")
      }
      let amount = settings.fundsPerWallet / Int64(settings.creditsPerWallet)
      for number in 1...settings.creditsPerWallet {
        let suffix = settings.creditsPerWallet > 1 ? ", \(number) of \(settings.creditsPerWallet)" : ""
        try step(.credit(amount), "crediting \(count(missing))\(suffix)", missing, &source)
      }
    }
    return source
  }

  private func step(
    _ step: SetUpPhase.Step, _ title: String, _ wallets: [Int], _ source: inout OperationSource
  ) throws(BenchFailure) {
    let begunAt = engine.time.monotonicMicroseconds
    let phase = SetUpPhase(
      step, title: title, wallets: wallets, depth: settings.pipelineDepth, book: book, source: source,
      batcher: batcher, display: display)
    try engine.run(phase)
    source = phase.sourceAfter
    display.line("\(title): \(Figures.seconds(engine.time.monotonicMicroseconds - begunAt))")
  }

  /// - Returns: The wallets that aren't there.
  private func lookUp() throws(BenchFailure) -> [Int] {
    let begunAt = engine.time.monotonicMicroseconds
    let phase = LookUpPhase(depth: settings.pipelineDepth, book: book, display: display)
    try engine.run(phase)
    let found = book.count - phase.missing.count
    let seconds = Figures.seconds(engine.time.monotonicMicroseconds - begunAt)
    display.line("found \(Figures.grouped(found)) of \(Figures.grouped(book.count)) wallets: \(seconds)")
    return phase.missing
  }

  private func count(_ wallets: [Int]) -> String { "\(Figures.grouped(wallets.count)) wallets" }
}
