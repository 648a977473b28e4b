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
  private var undo: Undo?

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

  /// Of a batch of all or nothing its first item's.
  func prior(_ key: IdempotencyKey) -> Prior? { resultIndex[key].map { results[$0].prior } }

  func total(_ account: CounterTotals.Account) -> Int64? { totals[account] }

  /// - Parameter before: The wallet that the change was decided on; `nil` when it was opened.
  mutating func change(_ wallet: Wallet, from before: Wallet?) {
    // The first change of a wallet in a gather knows the version that is stored; the later ones keep it.
    let storedVersion = wallets[wallet.id].map(\.storedVersion) ?? before?.version
    undo?.wallets.append((wallet.id, wallets[wallet.id]))
    wallets[wallet.id] = ChangedWallet(wallet: wallet, storedVersion: storedVersion)
    if before == nil { ids[wallet.name] = wallet.id }
  }

  mutating func record(_ key: IdempotencyKey, _ prior: Prior) {
    resultIndex[key] = results.count
    // The batch's key is spent with its first item's.
    if case .item(let batch, 0) = key { resultIndex[batch] = results.count }
    results.append((key, prior))
  }

  mutating func setTotal(_ account: CounterTotals.Account, _ total: Int64) {
    undo?.totals.append((account, totals[account]))
    totals[account] = total
  }
}

/// A batch of all or nothing is decided in the overlay like all else. What it replaces is kept until it is through, since
/// a copy of the overlay for each batch would make a gather of many batches take time by the square.
extension Overlay {
  private struct Undo {
    var head: JournalHead
    var nextWalletID: Int64
    var resultCount: Int
    /// What stood there before each change, in the order of the changes.
    var wallets: [(id: Int64, before: ChangedWallet?)] = []
    var totals: [(account: CounterTotals.Account, before: Int64?)] = []
  }

  /// From here on everything can be undone, until `keep`.
  mutating func mark() {
    precondition(undo == nil, "a batch within a batch")
    undo = Undo(head: head, nextWalletID: nextWalletID, resultCount: results.count)
  }

  /// What was recorded since the mark stays.
  ///
  /// - Returns: The rows since then, which are still to be appended.
  mutating func keep() -> [Prior] {
    guard let undo else { preconditionFailure("nothing was marked") }
    self.undo = nil
    return results[undo.resultCount...].map(\.prior)
  }

  /// Everything is as it was at the mark.
  mutating func undoToMark() {
    guard let undo else { preconditionFailure("nothing was marked") }
    self.undo = nil
    head = undo.head
    nextWalletID = undo.nextWalletID
    for (key, _) in results[undo.resultCount...] {
      resultIndex[key] = nil
      if case .item(let batch, 0) = key { resultIndex[batch] = nil }
    }
    results.removeSubrange(undo.resultCount...)
    for (account, before) in undo.totals.reversed() { totals[account] = before }
    for (id, before) in undo.wallets.reversed() {
      if before == nil, let opened = wallets[id], opened.storedVersion == nil { ids[opened.wallet.name] = nil }
      wallets[id] = before
    }
  }
}
