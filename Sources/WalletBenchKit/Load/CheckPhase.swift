/// Reads every wallet back and compares it with the book.
final class CheckPhase: Phase {
  let depth: Int
  let insists = true
  private let comparesVersions: Bool
  private let book: WalletBook
  private let display: any Display
  private var asked = 0
  private var done = 0
  private(set) var outcome: CheckOutcome

  init(depth: Int, comparesVersions: Bool, book: WalletBook, display: any Display) {
    self.depth = depth
    self.comparesVersions = comparesVersions
    self.book = book
    self.display = display
    outcome = CheckOutcome(uncertain: book.uncertain.count)
  }

  func next(_ now: Int64) -> Next {
    while asked < book.count, book.uncertain.contains(asked) { asked += 1 }
    guard asked < book.count else { return .nothing }
    defer { asked += 1 }
    return .operation(Operation(kind: .balance, wallet: asked, walletID: book.id(asked)))
  }

  func succeeded(_ operation: Operation, _ reply: Reply, isReplay: Bool, _ now: Int64) throws(BenchFailure) {
    guard reply.walletID == operation.walletID else { throw .malformed(operation) }
    outcome.wallets += 1
    done += 1
    let version = comparesVersions ? reply.version : nil
    if let difference = book.difference(operation.wallet, balance: reply.balance, version: version) {
      outcome.add(difference)
    }
  }

  func refused(_ operation: Operation, _ refusal: Refusal, _ now: Int64) throws(BenchFailure) {
    // A wallet that can't be read isn't as it must be.
    outcome.unreadable += 1
    if outcome.firstRefusal.isEmpty {
      outcome.firstRefusal = "wallet \(operation.walletID): \(refusal.name): \(refusal.message)"
    }
  }

  func gaveUp(_ operation: Operation) throws(BenchFailure) { outcome.unreadable += 1 }

  func tick(_ now: Int64) {
    if display.isLive { display.live("checking: \(Figures.grouped(done)) of \(Figures.grouped(book.count)) wallets") }
  }
}

/// What the check found.
package struct CheckOutcome: Codable, Equatable, Sendable {
  package static let differencesShown = 10

  /// Wallets that were read.
  package var wallets = 0
  /// Wallets whose balance or version isn't what the acknowledged operations make it.
  package var different = 0
  package var unreadable = 0
  /// Wallets with an operation whose outcome never became known; they aren't compared.
  package var uncertain: Int
  package var firstDifferences: [Difference] = []
  package var firstRefusal = ""

  package init(uncertain: Int = 0) { self.uncertain = uncertain }

  package var passed: Bool { different == 0 && unreadable == 0 && uncertain == 0 }

  mutating func add(_ difference: Difference) {
    different += 1
    if firstDifferences.count < Self.differencesShown { firstDifferences.append(difference) }
  }
}
