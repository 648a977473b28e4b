extension TransactionFilter {
  /// Whether a row is one of those that are asked for.
  public func matches(_ row: borrowing TransactionRow) -> Bool {
    guard row.createdAt >= from, before == 0 || row.createdAt < before else { return false }
    guard kinds.isEmpty || kinds.contains(row.kind) else { return false }
    let audit = row.attribution.audit
    guard reason.isEmpty || audit.reason == reason, reference.isEmpty || audit.reference == reference,
      actor.isEmpty || row.attribution.origin.actor == actor
    else { return false }
    let amount = row.amountMoved
    return amount >= amountMin.magnitude && (amountMax == 0 || amount <= amountMax.magnitude)
  }
}

extension TransactionRow {
  /// What it is about, without a sign: the change of the balance, or what a hold reserves; minor units.
  var amountMoved: UInt64 { amount == 0 && kind == .hold ? heldChange.magnitude : amount.magnitude }
}

extension RefusalFilter {
  /// Whether a refusal is one of those that are asked for.
  ///
  /// - Parameter found: The wallet that `wallet` leads to now, if it leads to one. Refusals of before it was opened have
  ///   its address, as it was given, and no wallet.
  public func matches(_ row: borrowing RefusalRow, found: Wallet?) -> Bool {
    guard row.createdAt >= from, before == 0 || row.createdAt < before else { return false }
    guard reasons.isEmpty || reasons.contains(row.reason) else { return false }
    guard actor.isEmpty || row.attribution.origin.actor == actor else { return false }
    guard owner.isEmpty || row.address.name?.owner == owner else { return false }
    guard let wallet else { return true }
    if row.walletID != 0 { return row.walletID == found?.id }
    switch row.address {
    case .id(let id, _):
      if case .id(id, _) = wallet { return true }
      return id == found?.id
    case .name(let name): return name == wallet.name || name == found?.name
    }
  }
}
