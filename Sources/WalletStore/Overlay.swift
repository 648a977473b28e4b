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
  /// The first results of this gather, in the order in which they came: time-ordered keys enter their index in order.
  private(set) var results: [(key: IdempotencyKey, prior: Prior)] = []
  private var resultIndex: [IdempotencyKey: Int] = [:]
  private(set) var totals: [CounterTotals.Account: Int64] = [:]
  var head: JournalHead
  var nextWalletID: Int64

  /// - Parameter count: Of the commands that it will hold.
  init(head: JournalHead, nextWalletID: Int64, count: Int) {
    self.head = head
    self.nextWalletID = nextWalletID
    wallets.reserveCapacity(count)
    results.reserveCapacity(count)
    resultIndex.reserveCapacity(count)
  }

  func wallet(_ id: Int64) -> Wallet? { wallets[id]?.wallet }

  /// By name only what this gather has opened: of other wallets the committed ones know the names.
  func wallet(_ reference: WalletReference) -> Wallet? {
    switch reference {
    case .id(let id, _): wallets[id]?.wallet
    case .name(let name): ids[name].flatMap { wallets[$0]?.wallet }
    }
  }

  func prior(_ key: IdempotencyKey) -> Prior? { resultIndex[key].map { results[$0].prior } }

  func total(_ account: CounterTotals.Account) -> Int64? { totals[account] }

  /// - Parameter before: The wallet that the change was decided on; `nil` when it was opened.
  mutating func change(_ wallet: Wallet, from before: Wallet?) {
    // The first change of a wallet in a gather knows the version that is stored; the later ones keep it.
    let storedVersion = wallets[wallet.id].map(\.storedVersion) ?? before?.version
    wallets[wallet.id] = ChangedWallet(wallet: wallet, storedVersion: storedVersion)
    if before == nil { ids[wallet.name] = wallet.id }
  }

  mutating func record(_ key: IdempotencyKey, _ prior: Prior) {
    resultIndex[key] = results.count
    results.append((key, prior))
  }

  mutating func setTotal(_ account: CounterTotals.Account, _ total: Int64) { totals[account] = total }
}
