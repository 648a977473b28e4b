import WalletCore

/// What a gather has decided and not yet committed. It is dropped whole when the commit doesn't come about.
struct Overlay {
  struct ChangedWallet {
    var wallet: Wallet
    /// The version that the stored row has; `nil` for a wallet opened in this gather.
    var storedVersion: Int64?
  }

  private(set) var wallets: [Int64: ChangedWallet] = [:]
  private var ids: [WalletName: Int64] = [:]
  private(set) var keys: [IdempotencyKey: Prior] = [:]
  private(set) var totals: [CounterTotals.Account: Int64] = [:]
  var head: JournalHead
  var nextWalletID: Int64

  init(head: JournalHead, nextWalletID: Int64) {
    self.head = head
    self.nextWalletID = nextWalletID
  }

  func wallet(_ reference: WalletReference) -> Wallet? {
    switch reference {
    case .id(let id, _): wallets[id]?.wallet
    case .name(let name): ids[name].flatMap { wallets[$0]?.wallet }
    }
  }

  func prior(_ key: IdempotencyKey) -> Prior? { keys[key] }

  func total(_ account: CounterTotals.Account) -> Int64? { totals[account] }

  /// - Parameter before: The wallet that the change was decided on; `nil` when it was opened.
  mutating func change(_ wallet: Wallet, from before: Wallet?) {
    if wallets[wallet.id] != nil {
      wallets[wallet.id]?.wallet = wallet
    } else {
      wallets[wallet.id] = ChangedWallet(wallet: wallet, storedVersion: before?.version)
      ids[wallet.name] = wallet.id
    }
  }

  mutating func record(_ key: IdempotencyKey, _ prior: Prior) { keys[key] = prior }

  mutating func setTotal(_ account: CounterTotals.Account, _ total: Int64) { totals[account] = total }
}
