import WalletCore

/// Folds the rows of a range of wallets, and sees to it that each follows from the one before. Figures are added up here
/// by themselves: the rules that wrote the rows have no part in it.
final class WalletFold {
  /// The wallets of a pass over the journal.
  struct Range {
    var first: Int64
    /// Behind the last one.
    var end: Int64
    /// Up to there an earlier pass has told what it found, and counted amounts.
    var silentThrough: Int64 = 0

    func contains(_ id: Int64) -> Bool { first <= id && id < end }
  }

  struct OpenHold {
    var walletID: Int64
    var amount: Int64
    var captured: Int64 = 0
    var remaining: Int64
    var createdAt: Int64
    var endsAt: Int64
  }

  struct Refunded {
    var walletID: Int64
    /// Of the debit or capture.
    var amount: Int64
    var refunded: Int64 = 0
  }

  /// What is wrong with a row that the fold hasn't got a wallet near.
  private static let jumpMax = 1000

  let tables: VerifyTables
  private let findings: Findings
  private let totals: TotalsCheck
  private let head: Int64
  private let watermark: Int64

  private(set) var range: Range
  private(set) var states: [WalletState] = []
  var holds: [Int64: OpenHold] = [:]
  var refunds: [Int64: Refunded] = [:]
  private(set) var calendar = CalendarMemo()
  private var transferOut: (seq: Int64, currency: UInt16) = (0, 0)

  /// - Parameters:
  ///   - head: Up to there amounts are added up; rows behind it are folded to compare tables that have them already.
  ///   - watermark: Up to there the table of wallets must show everything.
  init(
    _ range: Range, tables: VerifyTables, totals: TotalsCheck, head: Int64, watermark: Int64, findings: Findings
  ) {
    self.range = range
    self.tables = tables
    self.totals = totals
    self.head = head
    self.watermark = watermark
    self.findings = findings
  }

  func state(of id: Int64) -> WalletState? {
    guard range.contains(id), id - range.first < Int64(states.count) else { return nil }
    return states[Int(id - range.first)]
  }

  /// Open holds and refunded rows that are kept.
  var entryCount: Int { holds.count + refunds.count }

  /// Leaves the upper half of the wallets to another pass.
  ///
  /// - Parameter seq: Up to there everything was folded.
  /// - Returns: Its range; `nil` when there is but one wallet.
  func leaveHalf(at seq: Int64) -> Range? {
    guard states.count > 1 else { return nil }
    let end = range.first + Int64(states.count / 2)
    let rest = Range(first: end, end: range.end, silentThrough: max(seq, range.silentThrough))
    states.removeLast(states.count - states.count / 2)
    holds = holds.filter { $0.value.walletID < end }
    refunds = refunds.filter { $0.value.walletID < end }
    range.end = end
    return rest
  }

  func tell(
    _ what: String, _ row: borrowing TransactionRow, expected: @autoclosure () -> String,
    found: @autoclosure () -> String
  ) {
    if row.seq <= range.silentThrough { return }
    findings.add(what, walletID: row.walletID, seq: row.seq, expected: expected(), found: found())
  }

  private func expect(_ what: String, _ row: borrowing TransactionRow, _ expected: Int64, _ found: Int64) {
    if expected != found { tell(what, row, expected: "\(expected)", found: "\(found)") }
  }

  func fold(_ row: TransactionRow) throws(StoreError) {
    calendar.move(to: row.createdAt)
    guard range.contains(row.walletID), let index = place(of: row.walletID) else { return }
    var state = states[index]
    let balanceBefore = Int128(state.balance)
    try follow(&state, row)
    switch row.kind {
    case .open: try open(&state, row)
    case .debit: state.use(negated(row.amount), at: row.createdAt, calendar)
    case .transferOut:
      state.use(negated(row.amount), at: row.createdAt, calendar)
      transferOut = (row.seq, state.currency)
    case .transferIn:
      if transferOut.seq != 0, transferOut.seq == row.relatedSeq, transferOut.currency != state.currency {
        tell(
          "transfer.currency", row, expected: "\(tables.currency(transferOut.currency))",
          found: "\(tables.currency(state.currency))")
      }
    case .hold: hold(&state, row)
    case .capture, .release, .expire: try reduceHold(&state, row)
    case .refund: try refund(row)
    case .freeze, .unfreeze, .setLimits: control(&state, row)
    case .close:
      if row.balance != 0 || row.held != 0 {
        tell("wallet.close", row, expected: "an empty wallet", found: "balance \(row.balance), held \(row.held)")
      }
      state.isClosed = true
    case .credit: break
    }
    state.lastMark = WalletState.lastMark(at: row.createdAt, by: row.attribution.origin.actor)
    states[index] = state
    if row.seq <= head, row.seq > range.silentThrough {
      totals.add(row, change: Int128(row.balance) - balanceBefore, currency: state.currency)
    }
  }

  /// `nil` for a number that no wallet is near: that it was never opened is told already.
  private func place(of id: Int64) -> Int? {
    let index = id - range.first
    if index < Int64(states.count) { return Int(index) }
    guard index - Int64(states.count) < Int64(Self.jumpMax) else { return nil }
    while Int64(states.count) <= index { states.append(WalletState()) }
    return Int(index)
  }

  /// What each row must have of the one before. The row is believed from here on: one edit is told once.
  private func follow(_ state: inout WalletState, _ row: TransactionRow) throws(StoreError) {
    if state.version == 0, row.kind != .open {
      tell("wallet.open", row, expected: "a row that opens the wallet", found: "\(row.kind)")
    }
    if state.isClosed { tell("wallet.closed", row, expected: "nothing after its closing", found: "\(row.kind)") }
    expect("wallet.version", row, state.version &+ 1, row.version)
    expect("wallet.previous_seq", row, state.lastSeq, row.previousSeq)
    expect("wallet.balance", row, state.balance &+ row.amount, row.balance)
    expect("wallet.held", row, state.held &+ row.heldChange, row.held)
    if row.kind != .setLimits { expect("wallet.overdraft_limit", row, state.overdraft, row.overdraftLimit) }
    state.version = row.version
    state.balance = row.balance
    state.held = row.held
    state.overdraft = row.overdraftLimit
    state.lastSeq = row.seq
    if row.seq <= watermark { state.settledSeq = row.seq }
  }

  private func open(_ state: inout WalletState, _ row: TransactionRow) throws(StoreError) {
    guard let detail = OpenDetail(encoded: row.detail) else {
      return tell("detail", row, expected: "a wallet's name", found: Hexadecimal.text(row.detail))
    }
    state.openSeq = row.seq
    state.openMark = WalletState.openMark(
      detail.name, exponent: detail.exponent, createdAt: row.createdAt, createdBy: row.attribution.origin.actor)
    state.currency = try tables.number(of: detail.name.currency)
    let exponent = tables.exponent(state.currency)
    if exponent != detail.exponent {
      tell(
        "currency", row, expected: "\(detail.name.currency) with the exponent \(detail.exponent)",
        found: exponent.map { "\($0)" } ?? "no such currency")
    }
  }

  func negated(_ amount: Int64) -> Int64 { amount == .min ? .max : -amount }
}
