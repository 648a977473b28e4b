import WalletCore

/// What a command is decided on.
extension LedgerStore {
  func facts(for command: borrowing Command, _ slot: Int?, prior: Prior?) throws(StoreError) -> Facts {
    let wallet = slot.map { cache.account(at: $0) }
    let given = command.currency
    let currency = given.isEmpty ? wallet?.currency ?? Text() : given
    let account = command.effectiveCounterAccount
    let standing = account.isEmpty ? nil : totals.standing(account, currency)
    return Facts(
      prior: prior, wallet: wallet, exponent: try currencies.exponent(of: currency),
      counterAccountTotal: standing?.counterAccount, walletsTotal: standing?.wallets ?? 0, nextSeq: newest.seq + 1,
      nextWalletID: nextWalletID)
  }

  func slot(of command: borrowing Command) throws(StoreError) -> Int? {
    let id = command.storage.walletID
    if id != 0, let slot = cache.slot(of: id) {
      counted.cacheLookups += 1
      return slot
    }
    return try slot(of: command.wallet)
  }

  /// The place of a wallet in the cache, into which it is fetched when it isn't there.
  func slot(of reference: WalletReference) throws(StoreError) -> Int? {
    counted.cacheLookups += 1
    if let slot = cache.slot(of: reference) { return slot }
    counted.cacheMisses += 1
    guard let wallet = try wallets.wallet(reference) else { return nil }
    guard wallet.name.currency.byteCount <= LedgerLimits.currencyBytesMax else {
      throw .inconsistent("wallet \(wallet.id) has a currency of \(wallet.name.currency.byteCount) bytes")
    }
    return cache.add(wallet, hasControls: try book.hasControls(wallet.id))
  }

  /// The first result of a key; of a batch of all or nothing its first item's.
  func prior(_ key: IdempotencyKey) throws(StoreError) -> Prior? {
    guard let seq = try projector.seq(of: key) else { return nil }
    let prior = try prior(at: seq)
    guard prior.key?.indexed == key else {
      throw .inconsistent("the key \(key.text) leads to journal row \(seq), which has another one")
    }
    return prior
  }

  /// What a row of the journal says as the first result of a key.
  func prior(at seq: Int64) throws(StoreError) -> Prior {
    if let row = try journal.transaction(seq) {
      guard let slot = try slot(of: .id(row.walletID, currency: Text())) else {
        throw .inconsistent("transaction \(seq) is of wallet \(row.walletID), which is missing")
      }
      let wallet = cache.account(at: slot)
      return .transaction(row, currency: wallet.currency, exponent: wallet.exponent)
    }
    if let row = try journal.refusal(seq) { return .refusal(row) }
    if let row = try journal.administration(seq) { return .administration(row) }
    throw .inconsistent("the key of journal row \(seq) is known, the row is missing")
  }
}

extension Prior {
  fileprivate var key: IdempotencyKey? {
    switch self {
    case .transaction(let row, _, _): row.key
    case .refusal(let row): row.key
    case .administration(let row): row.key
    }
  }
}
