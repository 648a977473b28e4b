import WalletCore

/// Reads what wallets there are by the names of their owners, and takes what they hold into the book.
final class LookUpPhase: Phase {
  let depth: Int
  let insists = true
  /// Wallets that aren't there.
  private(set) var missing: [Int] = []
  private let book: WalletBook
  private let display: any Display
  private var asked = 0
  private var done = 0

  init(depth: Int, book: WalletBook, display: any Display) {
    self.depth = depth
    self.book = book
    self.display = display
  }

  func next(_ now: Int64) -> Next {
    guard asked < book.count else { return .nothing }
    defer { asked += 1 }
    return .operation(Operation(kind: .lookUp, wallet: asked))
  }

  func succeeded(_ operation: Operation, _ reply: Reply, isReplay: Bool, _ now: Int64) throws(BenchFailure) {
    guard reply.walletID > 0 else { throw .malformed(operation) }
    book.opened(operation.wallet, id: reply.walletID, balance: reply.balance, version: reply.version)
    done += 1
  }

  func refused(_ operation: Operation, _ refusal: Refusal, _ now: Int64) throws(BenchFailure) {
    guard refusal.reason == .walletNotFound else {
      throw .refused("the server refuses \(operation.kind.verb): \(refusal.name): \(refusal.message)")
    }
    missing.append(operation.wallet)
    done += 1
  }

  func gaveUp(_ operation: Operation) throws(BenchFailure) {
    throw .refused("the server wouldn't do \(operation.kind.verb), however often it was asked")
  }

  func tick(_ now: Int64) {
    if display.isLive { display.live("looking up: \(Figures.grouped(done)) of \(Figures.grouped(book.count)) wallets") }
  }
}
