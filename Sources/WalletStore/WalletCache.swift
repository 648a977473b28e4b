import WalletCore

/// Committed wallets in memory. Nothing undecided or uncommitted is ever in it.
struct WalletCache {
  private let countMax: Int
  private var byID: [Int64: Wallet] = [:]
  private var ids: [WalletName: Int64] = [:]

  init(countMax: Int) { self.countMax = countMax }

  func wallet(_ reference: WalletReference) -> Wallet? {
    switch reference {
    case .id(let id, _): byID[id]
    case .name(let name): ids[name].flatMap { byID[$0] }
    }
  }

  mutating func store(_ wallet: Wallet) {
    if byID.count >= countMax, byID[wallet.id] == nil {
      // Rows on disk are as true as these: emptying is only slow.
      byID.removeAll(keepingCapacity: true)
      ids.removeAll(keepingCapacity: true)
    }
    byID[wallet.id] = wallet
    ids[wallet.name] = wallet.id
  }
}
