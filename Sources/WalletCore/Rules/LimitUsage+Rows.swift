/// What rows say of limits: the same that the rules count as they go.
extension LimitUsage {
  /// - Parameter hold: The row's, as it is now.
  public mutating func count(_ row: borrowing TransactionRow, hold: Hold?) {
    switch row.kind {
    case .debit, .transferOut: use(-row.amount, at: row.createdAt)
    case .hold: use(row.heldChange, at: row.createdAt)
    case .capture, .release, .expire:
      guard let hold else { return }
      // Of a capture what it took stays used.
      let unused = -row.heldChange + row.amount
      let ends = row.kind != .capture || hold.state == .captured && hold.endedAt == row.createdAt
      if ends {
        giveBack(unused, count: hold.captured == 0 ? 1 : 0, usedAt: hold.createdAt, at: row.createdAt)
      }
    default: break
    }
  }
}

extension TransactionKind {
  public var countsForLimits: Bool {
    switch self {
    case .debit, .transferOut, .hold, .capture, .release, .expire: true
    default: false
    }
  }
}
