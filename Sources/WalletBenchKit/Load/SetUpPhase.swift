/// Gives each of some wallets what it needs before the load. Anything but success ends the run.
final class SetUpPhase: Phase {
  enum Step {
    case open
    case credit(Int64)
    /// Opens it with this balance, where that is one request.
    case set(Int64)
  }

  let depth: Int
  let insists = true
  private let step: Step
  private let title: String
  private let wallets: [Int]
  private let book: WalletBook
  private let batcher: Batcher
  private let display: any Display
  private var source: OperationSource
  private var asked = 0
  private var done = 0

  init(
    _ step: Step, title: String, wallets: [Int], depth: Int, book: WalletBook, source: OperationSource,
    batcher: Batcher, display: any Display
  ) {
    self.step = step
    self.title = title
    self.wallets = wallets
    self.depth = depth
    self.book = book
    self.batcher = batcher
    self.source = source
    self.display = display
  }

  /// The source as this phase leaves it.
  var sourceAfter: OperationSource { source }

  func next(_ now: Int64) -> Next {
    guard asked < wallets.count else { return .nothing }
    return .operation(batcher.next(&source, now, itemsMax: wallets.count - asked) { source in single(&source, now) })
  }

  private func single(_ source: inout OperationSource, _ now: Int64) -> Operation {
    defer { asked += 1 }
    switch step {
    case .open: return source.opening(wallets[asked], now)
    case .credit(let amount): return source.credit(wallets[asked], amount, now)
    case .set(let amount): return source.opening(wallets[asked], funds: amount, now)
    }
  }

  func succeeded(_ operation: Operation, _ reply: Reply, isReplay: Bool, _ now: Int64) throws(BenchFailure) {
    switch step {
    case .open:
      // The results of a batch don't tell ids; they are looked up afterwards.
      guard reply.walletID > 0 || batcher.size > 1 else { throw .malformed(operation) }
      book.opened(operation.wallet, id: reply.walletID)
    case .set(let amount): book.opened(operation.wallet, id: Int64(operation.wallet), balance: amount)
    case .credit: book.posted(operation.wallet, change: operation.change)
    }
    done += 1
  }

  func refused(_ operation: Operation, _ refusal: Refusal, _ now: Int64) throws(BenchFailure) {
    if refusal.reason == .unimplemented, batcher.size > 1 {
      throw .refused("\(title): the server takes no Batch; --batch 1 sends single requests")
    }
    throw .refused("\(title): the server refuses \(operation.kind.verb): \(refusal.name): \(refusal.message)")
  }

  func gaveUp(_ operation: Operation) throws(BenchFailure) {
    throw .refused("\(title): the server wouldn't do \(operation.kind.verb), however often it was asked")
  }

  func tick(_ now: Int64) {
    if display.isLive { display.live("\(title): \(Figures.grouped(done)) of \(Figures.grouped(wallets.count))") }
  }
}
