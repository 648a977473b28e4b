package import WalletCore

/// What can be said without a file.
extension LedgerStore {
  package func glance(_ requests: [LedgerRequest]) -> [LedgerOutcome]? {
    prefetch(requests)
    var outcomes: [LedgerOutcome] = []
    outcomes.reserveCapacity(requests.count)
    for index in requests.indices {
      let reference: WalletReference
      var constraints = Constraints()
      switch requests[index] {
      case .balance(let wallet): reference = wallet
      case .guarded(.balance(let wallet), _, let origin):
        (reference, constraints) = (wallet, origin.access.constraints)
      default: return nil
      }
      guard let slot = cache.slot(of: reference) else { return nil }
      // Its holds may lie in a file.
      if cache.hasControls(at: slot) { return nil }
      let wallet = cache.wallet(at: slot)
      guard reference.currency.isEmpty || reference.currency == wallet.name.currency else { return nil }
      // Who is denied gets a row, which takes a commit.
      guard constraints.isEmpty || constraints.admits(owner: wallet.name.owner, currency: wallet.name.currency) else {
        return nil
      }
      outcomes.append(.wallet(wallet, commitSeq: head.seq))
    }
    return outcomes
  }

  /// Asked for all at once, wallets that lie far away arrive side by side.
  private func prefetch(_ requests: [LedgerRequest]) {
    if requests.count == 1 { return }
    for index in requests.indices {
      if case .balance(.id(let id, _)) = requests[index] { cache.prefetchPlace(id) }
    }
    for index in requests.indices {
      if case .balance(.id(let id, _)) = requests[index] { cache.prefetchWallet(id) }
    }
  }
}
