import WalletCore

/// Holds, refunds, freezes and limits of the wallets that are folded.
extension WalletFold {
  func hold(_ state: inout WalletState, _ row: TransactionRow) {
    state.use(row.heldChange, at: row.createdAt, calendar)
    if row.holdID != row.seq { tell("hold.id", row, expected: "\(row.seq)", found: "\(row.holdID)") }
    guard let detail = HoldDetail(encoded: row.detail), row.createdAt &+ detail.timeout == detail.endsAt else {
      return tell("detail", row, expected: "a hold's timeout and end", found: Hexadecimal.text(row.detail))
    }
    holds[row.seq] = OpenHold(
      walletID: row.walletID, amount: row.heldChange, remaining: row.heldChange, createdAt: row.createdAt,
      endsAt: detail.endsAt)
    state.openHolds += 1
  }

  /// A capture, a release or an expiry against its hold.
  func reduceHold(_ state: inout WalletState, _ row: TransactionRow) throws(StoreError) {
    guard var hold = holds[row.holdID], hold.walletID == row.walletID else {
      return tell("hold", row, expected: "an open hold of the wallet", found: "hold \(row.holdID)")
    }
    let freed = negated(row.heldChange)
    let taken = negated(row.amount)
    if freed > hold.remaining || taken > freed {
      tell(
        "hold.remaining", row, expected: "at most \(hold.remaining)", found: "\(freed) freed, \(taken) captured")
    }
    let isAll = freed >= hold.remaining
    if !isAllowed(row, hold, freed: freed, taken: taken, isAll: isAll) {
      tell("detail", row, expected: "what the row says of the hold", found: Hexadecimal.text(row.detail))
    }
    let isUnused = hold.captured == 0 && taken == 0
    hold.captured &+= taken
    hold.remaining &-= freed
    if !isAll && row.kind == .capture {
      holds[row.holdID] = hold
      return
    }
    state.giveBack(freed &- taken, count: isUnused ? 1 : 0, madeAt: hold.createdAt, calendar)
    state.openHolds -= 1
    holds[row.holdID] = nil
    let ended: Hold.State =
      switch row.kind {
      case .release: .released
      case .expire: .expired
      default: .captured
      }
    // It never changes again.
    try compare(hold, id: row.holdID, ended, at: row)
  }

  private func isAllowed(
    _ row: TransactionRow, _ hold: OpenHold, freed: Int64, taken: Int64, isAll: Bool
  ) -> Bool {
    switch row.kind {
    case .capture:
      guard let detail = CaptureDetail(encoded: row.detail) else { return false }
      let ends = detail.isFinal || detail.requested == 0
      return (detail.requested == 0 ? taken == hold.remaining : taken == detail.requested)
        && (ends ? isAll : freed == taken)
    case .expire:
      guard let detail = ExpireDetail(encoded: row.detail) else { return false }
      return detail.endsAt == hold.endsAt && row.createdAt >= hold.endsAt && isAll
    default: return row.detail.isEmpty && isAll
    }
  }

  private func compare(
    _ hold: OpenHold, id: Int64, _ ended: Hold.State, at row: TransactionRow
  ) throws(StoreError) {
    let expected = Hold(
      id: id, walletID: hold.walletID, amount: hold.amount, captured: hold.captured, remaining: 0,
      createdAt: hold.createdAt, endsAt: hold.endsAt, state: ended, endedAt: row.createdAt)
    let stored = try tables.hold(id)
    if stored != expected {
      tell("holds", row, expected: expected.words, found: stored?.words ?? "no such row")
    }
  }

  func refund(_ row: TransactionRow) throws(StoreError) {
    var entry: Refunded
    if let known = refunds[row.relatedSeq] {
      entry = known
    } else {
      let original = row.relatedSeq < row.seq ? try tables.transaction(row.relatedSeq) : nil
      guard let original, original.kind == .debit || original.kind == .capture else {
        return tell("refund", row, expected: "a debit or capture before it", found: "row \(row.relatedSeq)")
      }
      entry = Refunded(walletID: original.walletID, amount: negated(original.amount))
    }
    entry.refunded &+= row.amount
    if entry.walletID != row.walletID || entry.refunded > entry.amount {
      tell(
        "refund", row, expected: "at most \(entry.amount) to wallet \(entry.walletID)",
        found: "\(entry.refunded) to wallet \(row.walletID)")
    }
    guard let detail = RefundDetail(encoded: row.detail), detail.requested == 0 || detail.requested == row.amount else {
      tell("detail", row, expected: "the refund that was asked for", found: Hexadecimal.text(row.detail))
      refunds[row.relatedSeq] = entry
      return
    }
    refunds[row.relatedSeq] = entry
  }

  /// Freezes and limits: the state names the rows that they stand in.
  func control(_ state: inout WalletState, _ row: TransactionRow) {
    switch (row.kind, Command.Parameters(encoded: row.detail)) {
    case (.freeze, .freeze(let scope, _)):
      if scope.covers(.debit) { state.debitFreezeSeq = row.seq }
      if scope.covers(.credit) { state.creditFreezeSeq = row.seq }
    case (.unfreeze, .unfreeze(let scope)):
      if scope.covers(.debit) { state.debitFreezeSeq = 0 }
      if scope.covers(.credit) { state.creditFreezeSeq = 0 }
    case (.setLimits, .limits(let limits)) where limits.overdraft == row.overdraftLimit:
      state.limitsSeq = row.seq
      state.hasLimits = limits != WalletLimits()
      state.hasWindows = limits.hasWindows
    default:
      tell("detail", row, expected: "the parameters of a row of kind \(row.kind)", found: Hexadecimal.text(row.detail))
    }
  }
}

extension Hold {
  /// What a finding says of it.
  var words: String {
    "wallet \(walletID), amount \(amount), captured \(captured), remaining \(remaining), made \(createdAt), "
      + "ends \(endsAt), \(state), ended \(endedAt)"
  }
}
