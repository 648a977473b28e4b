/// A wallet's rows, added up from the newest to the oldest and each compared with the one before it: what the wallet must
/// be by its rows alone.
///
/// Rows are given one by one, as `nextSeq` asks for them. What doesn't fit is told by name and ends nothing but what can't
/// go on: somebody has to read of it.
public struct HistoryFold: Sendable {
  /// How much is read and kept.
  public struct Bounds: Sendable {
    /// Rows that are added up at most; what came before the first of them is the opening balance.
    public var rowsMax = LedgerLimits.explainedRowsMax
    /// Sums that are told apart; beyond them rows of a kind are added up whatever their reason.
    public var sumsMax = LedgerLimits.explainedSumsMax

    public init() {}
  }

  public struct Sum: Equatable, Sendable {
    public var kind: TransactionKind
    /// Empty: of all reasons that have no sum of their own.
    public var reason: Text
    public var count: Int64
    public var amount: Int64
    public var heldChange: Int64
  }

  private struct Group: Hashable {
    var kind: TransactionKind
    var reason: Text
  }

  private struct Total {
    var count: Int64 = 0
    // Single amounts are int64, and their sums needn't be.
    var amount: Int128 = 0
    var heldChange: Int128 = 0
  }

  /// Before the first row that was added up.
  public struct Opening: Equatable, Sendable {
    public var balance: Int64 = 0
    /// 0: the wallet's beginning.
    public var version: Int64 = 0
    /// When the first row that was added up was stored; 0 when none was.
    public var at: Int64 = 0

    public init(balance: Int64 = 0, version: Int64 = 0, at: Int64 = 0) {
      self.balance = balance
      self.version = version
      self.at = at
    }
  }

  private let wallet: Wallet
  private let from: Int64
  private let lastChangesMax: Int
  private let bounds: Bounds

  /// The row that is wanted next; 0: it is done.
  public private(set) var nextSeq: Int64
  private var newer: TransactionRow?
  private var isSumming = true
  private var totals: [Group: Total] = [:]

  public private(set) var opening = Opening()
  /// Rows that were added up.
  public private(set) var rowsSummed: Int64 = 0
  /// The newest rows, newest first, by their seqs.
  public private(set) var lastChanges: [Int64] = []
  /// The newest row that was read; 0: none was.
  public private(set) var newestSeq: Int64 = 0
  /// The first thing that doesn't fit; `nil`: everything does.
  public private(set) var difference: String?
  /// The newest row whose link in the chain isn't right.
  public private(set) var brokenLink: String?

  /// - Parameters:
  ///   - wallet: As it is stored: with what its due holds reserve.
  ///   - from: Rows stored before it are the opening balance, microseconds; 0: none are.
  ///   - lastChangesMax: How many of the newest rows are wanted by themselves.
  public init(of wallet: Wallet, from: Int64, lastChangesMax: Int, bounds: Bounds = Bounds()) {
    self.wallet = wallet
    self.from = from
    self.lastChangesMax = lastChangesMax
    self.bounds = bounds
    nextSeq = wallet.lastSeq
  }

  /// What open holds reserve must be what the wallet holds.
  public mutating func compareHolds(_ holds: [Hold]) {
    let reserved = holds.reduce(Int128(0)) { $0 + Int128($1.remaining) }
    if reserved != Int128(wallet.held) { note("open holds reserve \(reserved), and the wallet holds \(wallet.held)") }
  }

  /// - Parameter brokenLink: What is wrong with the row's link in the chain; `nil`: nothing.
  public mutating func take(_ row: TransactionRow, brokenLink: String?) {
    if let brokenLink, self.brokenLink == nil { self.brokenLink = "transaction \(row.seq): \(brokenLink)" }
    guard row.walletID == wallet.id else {
      return end("transaction \(row.seq) is of wallet \(row.walletID)")
    }
    compare(with: row)
    newestSeq = max(newestSeq, row.seq)
    if isSumming { sum(row) }
    if lastChanges.count < lastChangesMax { lastChanges.append(row.seq) }
    newer = row
    guard row.previousSeq != 0 else {
      compareBeginning(row)
      nextSeq = 0
      return
    }
    guard row.previousSeq < row.seq else {
      return end("transaction \(row.seq) names \(row.previousSeq) as the one before it")
    }
    nextSeq = isSumming || lastChanges.count < lastChangesMax ? row.previousSeq : 0
  }

  /// The row that was wanted can't be had.
  public mutating func end(_ why: String) {
    note(why)
    // What lies before the oldest row that could be read is the opening balance.
    if isSumming, let newer {
      opening = Opening(
        balance: Int64(clamping: Int128(newer.balance) - Int128(newer.amount)), version: newer.version - 1,
        at: opening.at)
    }
    isSumming = false
    nextSeq = 0
  }

  private mutating func note(_ what: String) { if difference == nil { difference = what } }

  // MARK: Sums

  private mutating func sum(_ row: TransactionRow) {
    if row.createdAt < from || rowsSummed >= bounds.rowsMax {
      opening = Opening(balance: row.balance, version: row.version, at: opening.at)
      isSumming = false
      return
    }
    rowsSummed += 1
    opening.at = row.createdAt
    var group = Group(kind: row.kind, reason: row.attribution.audit.reason)
    if totals.count >= bounds.sumsMax, totals[group] == nil { group.reason = Text() }
    totals[group, default: Total()].count += 1
    totals[group, default: Total()].amount += Int128(row.amount)
    totals[group, default: Total()].heldChange += Int128(row.heldChange)
  }

  /// By kind and reason, the largest amounts first.
  public var sums: [Sum] {
    totals.map { group, total in
      Sum(
        kind: group.kind, reason: group.reason, count: total.count, amount: Int64(clamping: total.amount),
        heldChange: Int64(clamping: total.heldChange))
    }.sorted { left, right in
      if left.amount.magnitude != right.amount.magnitude { return left.amount.magnitude > right.amount.magnitude }
      if left.count != right.count { return left.count > right.count }
      if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
      return left.reason.string < right.reason.string
    }
  }

  // MARK: Comparing

  /// Each row with the one before it, and the newest with the wallet.
  private mutating func compare(with row: TransactionRow) {
    guard let newer else { return compareWallet(with: row) }
    let name = "transaction \(newer.seq)"
    if newer.version != row.version + 1 {
      note("\(name) makes version \(newer.version), and \(row.seq) before it version \(row.version)")
    }
    if Int128(newer.balance) != Int128(row.balance) + Int128(newer.amount) {
      note(
        "\(name) changes the balance by \(newer.amount) to \(newer.balance), and before it, after \(row.seq), "
          + "it was \(row.balance)")
    }
    if Int128(newer.held) != Int128(row.held) + Int128(newer.heldChange) {
      note(
        "\(name) changes what is held by \(newer.heldChange) to \(newer.held), and before it, after \(row.seq), "
          + "it was \(row.held)")
    }
    if newer.kind != .setLimits, newer.overdraftLimit != row.overdraftLimit {
      note(
        "\(name) sets no limits, and has an overdraft limit of \(newer.overdraftLimit) where \(row.seq) before it "
          + "has \(row.overdraftLimit)")
    }
    if newer.createdAt < row.createdAt { note("\(name) was stored before \(row.seq), which comes before it") }
  }

  private mutating func compareWallet(with row: TransactionRow) {
    for (name, figure, ofRow) in [
      ("version", wallet.version, row.version), ("balance", wallet.balance, row.balance),
      ("held amount", wallet.held, row.held), ("overdraft limit", wallet.overdraftLimit, row.overdraftLimit),
    ] where figure != ofRow {
      note("the wallet has the \(name) \(figure), and its last transaction, \(row.seq), has \(ofRow)")
    }
  }

  private mutating func compareBeginning(_ row: TransactionRow) {
    if row.version != 1 || row.kind != .open {
      note("transaction \(row.seq) is the wallet's first and opens nothing: a \(row.kind) to version \(row.version)")
    }
    if row.balance != row.amount || row.held != row.heldChange || row.amount != 0 || row.heldChange != 0 {
      note("transaction \(row.seq) is the wallet's first, and a wallet begins with nothing")
    }
  }

  /// Everything was read: the sum of all amounts against the wallet's balance.
  public mutating func finish() {
    let sum = totals.values.reduce(Int128(opening.balance)) { $0 + $1.amount }
    if sum != Int128(wallet.balance) { note("the rows sum to \(sum), and the wallet's balance is \(wallet.balance)") }
  }
}
