import WalletWire

/// Opens the wallets, or gives each of them one credit. Anything but success ends the run.
final class SetUpPhase: Phase {
  enum Step {
    case open
    case credit(Int64)
  }

  let depth: Int
  let insists = true
  private let step: Step
  private let title: String
  private let book: WalletBook
  private let display: any Display
  private var source: OperationSource
  private var asked = 0
  private(set) var done = 0

  init(
    _ step: Step, title: String, depth: Int, book: WalletBook, source: OperationSource, display: any Display
  ) {
    self.step = step
    self.title = title
    self.depth = depth
    self.book = book
    self.source = source
    self.display = display
  }

  /// The source as this phase leaves it.
  var sourceAfter: OperationSource { source }

  func next(_ now: Int64) -> Operation? {
    guard asked < book.count else { return nil }
    defer { asked += 1 }
    switch step {
    case .open: return source.opening(asked)
    case .credit(let amount): return source.credit(asked, amount)
    }
  }

  func succeeded(
    _ operation: Operation, _ header: FrameHeader, _ bytes: Span<UInt8>, _ payload: Range<Int>, _ now: Int64
  ) throws(BenchFailure) {
    guard let reply = ReplyReader.reply(to: operation.kind, bytes, payload) else { throw .malformed(operation) }
    if operation.kind == .open {
      guard reply.walletID > 0 else { throw .malformed(operation) }
      book.opened(operation.wallet, id: reply.walletID)
    } else {
      book.posted(operation.wallet, change: operation.change)
    }
    done += 1
  }

  func refused(_ operation: Operation, _ refusal: Refusal, _ now: Int64) throws(BenchFailure) {
    throw .refused("\(title): the server refuses \(operation.kind.verb): \(refusal.name): \(refusal.message)")
  }

  func gaveUp(_ operation: Operation) throws(BenchFailure) {
    throw .refused("\(title): the server wouldn't do \(operation.kind.verb), however often it was asked")
  }

  func tick(_ now: Int64) {
    if display.isLive { display.live("\(title): \(Figures.grouped(done)) of \(Figures.grouped(book.count))") }
  }
}
