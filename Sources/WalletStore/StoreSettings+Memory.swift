package import WalletCore

extension StoreSettings {
  /// What the store can hold.
  ///
  /// - Parameter gatherMax: Requests that share a commit; a batch counts as many as it has items, and a long one is a
  ///   gather alone.
  package func memory(gatherMax: Int) -> [MemoryBudget.Part] {
    let gatherRows = max(gatherMax, BatchCommand.itemsMax)
    // Two generations, each longer than its bound by what the last gather brought.
    let trailingRows = 2 * (trailing.generationRowsMax + gatherRows)
    return [
      MemoryBudget.Part("wallet cache", bytes: WalletCache.bytesMax(wallets: cachedWalletsMax + trailingRows)),
      MemoryBudget.Part(
        "keys and other entries to be written",
        bytes: trailingRows * (Generation.bytesPerRow + WalletProjector.bytesPerWallet)),
      MemoryBudget.Part(
        "places of keys",
        bytes: keyFencesMax * KeyFences.bytesPerFence + keyFiltersMax * KeyFilters.bytesPerFilter),
      MemoryBudget.Part(
        "rows of a gather",
        bytes: gatherRows * (MemoryLayout<TransactionRow>.stride + MemoryLayout<LedgerOutcome>.stride)),
      MemoryBudget.Part("rows on their way into the journal", bytes: TableImage.bytesMax),
      MemoryBudget.Part(
        "page caches of SQLite",
        // Lists and watches have a reader each, and so has the source of verifications, beside each of those.
        bytes: (Pragmas.writerCacheKiB + Pragmas.historyCacheKiB + 3 * Pragmas.readerCacheKiB
          + Pragmas.checkpointerCacheKiB) << 10),
      MemoryBudget.Part("holds, freezes and limits", bytes: ControlsBook.bytesMax),
      MemoryBudget.Part("origins", bytes: 5 * OriginTable.bytesMax),
      MemoryBudget.Part(
        "currencies of watched wallets", bytes: 2 * watchLimits.currenciesMax * JournalPages.bytesPerCurrency),
      // Kept once as they are decided and once as they are published.
      MemoryBudget.Part(
        "tokens", bytes: 2 * (LedgerLimits.grantsMax + LedgerLimits.revokedGrantsMax) * Grants.bytesPerGrant),
      MemoryBudget.Part("a verification", bytes: verifying.bytesMax),
      // It is verified like a ledger, by connections of its own.
      MemoryBudget.Part(
        "a backup", bytes: verifying.bytesMax + (3 * Pragmas.readerCacheKiB) << 10),
      MemoryBudget.Part("totals of counter-accounts", bytes: CounterTotals.bytesMax + TrialBalances.bytesMax),
    ]
  }
}

extension StoreSettings.Verifying {
  /// What a verification takes beside its reader's cache: an array or a dictionary that grows may have as much again.
  var bytesMax: Int {
    walletsMax * MemoryLayout<WalletState>.stride
      + entriesMax * (MemoryLayout<WalletFold.OpenHold>.stride + MemoryLayout<Int64>.stride)
      + Register.allCases.count * bucketCount * MemoryLayout<UInt64>.stride
  }
}

extension Generation {
  /// What a row takes that has everything: a key with its place in the table of keys, a reference, and its share of the marks.
  static let bytesPerRow =
    2 * MemoryLayout<RecentKeys.Entry>.stride + 4 * MemoryLayout<UInt32>.stride + MemoryLayout<Reference>.stride
    + MemoryLayout<Mark>.stride
}
