import WalletCore

/// Makes holds, freezes, limits and refunds what rows say of them, as the rules did when they wrote the rows.
final class ControlsRedo {
  private let book: ControlsBook
  private let journal: JournalTables

  init(_ book: ControlsBook, _ journal: JournalTables) {
    self.book = book
    self.journal = journal
  }

  func writePending() throws(StoreError) { try book.writePending() }

  func settle() { book.settle() }

  func follow(_ row: TransactionRow) throws(StoreError) {
    switch row.kind {
    case .open, .credit, .transferIn, .close: break
    case .debit, .transferOut: try use(-row.amount, row)
    case .hold: try hold(row)
    case .capture: try capture(row)
    case .release: try end(row, .released)
    case .expire: try end(row, .expired)
    case .refund: try book.set(refunded: try book.refunded(of: row.relatedSeq) + row.amount, of: row.relatedSeq)
    case .freeze, .unfreeze, .setLimits: try control(row)
    }
  }

  private func change(
    _ row: TransactionRow, _ body: (inout WalletControls) throws(StoreError) -> Void
  ) throws(StoreError) {
    var controls = try book.controls(of: row.walletID)
    try body(&controls)
    try book.set(controls, of: row.walletID)
  }

  private func use(_ amount: Int64, _ row: TransactionRow) throws(StoreError) {
    guard try book.hasControls(row.walletID), try book.controls(of: row.walletID).limits.hasWindows else { return }
    try change(row) { $0.usage.use(amount, at: row.createdAt) }
  }

  // MARK: Holds

  private func hold(_ row: TransactionRow) throws(StoreError) {
    guard let detail = HoldDetail(encoded: row.detail) else { throw Self.unreadable(row) }
    let hold = Hold(
      id: row.seq, walletID: row.walletID, amount: row.heldChange, remaining: row.heldChange,
      createdAt: row.createdAt, endsAt: detail.endsAt)
    try change(row) { controls in
      if controls.limits.hasWindows { controls.usage.use(row.heldChange, at: row.createdAt) }
      controls.add(hold)
    }
    try book.set(hold)
  }

  private func capture(_ row: TransactionRow) throws(StoreError) {
    guard let detail = CaptureDetail(encoded: row.detail) else { throw Self.unreadable(row) }
    var hold = try openHold(of: row)
    hold.captured -= row.amount
    hold.remaining += row.amount
    if detail.isFinal || hold.remaining == 0 { return try end(hold, row, .captured) }
    try change(row) { $0.replace(hold) }
    try book.set(hold)
  }

  private func end(_ row: TransactionRow, _ state: Hold.State) throws(StoreError) {
    try end(try openHold(of: row), row, state)
  }

  private func end(_ hold: Hold, _ row: TransactionRow, _ state: Hold.State) throws(StoreError) {
    var ended = hold
    ended.remaining = 0
    ended.state = state
    ended.endedAt = row.createdAt
    try change(row) { controls in
      controls.usage.giveBack(
        hold.remaining, count: hold.captured == 0 ? 1 : 0, usedAt: hold.createdAt, at: row.createdAt)
      controls.replace(ended)
    }
    try book.set(ended)
  }

  private func openHold(of row: TransactionRow) throws(StoreError) -> Hold {
    guard let hold = try book.hold(row.holdID), hold.state == .open, hold.walletID == row.walletID else {
      throw .inconsistent("row \(row.seq) is of hold \(row.holdID), which isn't an open one of its wallet")
    }
    return hold
  }

  // MARK: Freezes and limits

  private func control(_ row: TransactionRow) throws(StoreError) {
    let parameters = Command.Parameters(encoded: row.detail)
    try change(row) { controls throws(StoreError) in
      switch parameters {
      case .freeze(let scope, let until):
        controls.freeze(
          Freeze(scope: scope, reason: row.attribution.audit.reason, since: row.createdAt, until: until))
      case .unfreeze(let scope): controls.unfreeze(scope)
      case .limits(let limits):
        if !limits.hasWindows {
          controls.usage = LimitUsage()
        } else if !controls.limits.hasWindows {
          controls.usage = try usage(before: row)
        }
        controls.limits = limits
      default: throw Self.unreadable(row)
      }
    }
  }

  private func usage(before row: TransactionRow) throws(StoreError) -> LimitUsage {
    try limitUsage(
      at: row.createdAt, from: row.previousSeq,
      transaction: { seq throws(StoreError) in try journal.transaction(seq) },
      hold: { id throws(StoreError) in try book.hold(id) })
  }

  private static func unreadable(_ row: TransactionRow) -> StoreError {
    .inconsistent("row \(row.seq) is a \(row.kind) whose details can't be read")
  }
}
