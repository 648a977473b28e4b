import WalletCore

/// Lets the rows of `wallets` follow the journal, further behind than all else: one `UPDATE` stands for all that a wallet went
/// through meanwhile, and costs more than a row of the journal.
///
/// Two sets of changed wallets: one fills while the other is written, in sorted, bounded steps inside the commits of those who
/// fill the first. Until a wallet is written it is pinned in the cache.
final class WalletProjector {
  /// An `UPDATE` takes longer than so many entries of others: its steps are smaller.
  private static let entriesPerWallet = 4

  /// A wallet that was as on disk before its set.
  private struct Changed: Comparable {
    var id: Int64
    /// Its place in the cache.
    var slot: Int

    static func < (left: Changed, right: Changed) -> Bool { left.id < right.id }
  }

  /// What a changed wallet takes beside its place in the cache.
  static let bytesPerWallet = MemoryLayout<Changed>.stride

  private let table: WalletTable
  private let watermark: Watermark
  private let cache: WalletCache
  private let sizes: StoreSettings.Trailing
  private var filling: SortedRuns<Changed>
  private var writing: SortedRuns<Changed>
  private var isWriting = false
  /// The last row of the journal that the table surely shows.
  private var shownThrough: Int64
  /// The last row of those whose wallets are being written.
  private var closedThrough: Int64
  private var head: Int64

  // What the open transaction has done can be taken back.
  private var progress = Progress()
  private var progressBefore: (Progress, SortedRuns<Changed>.Heads)?
  private var countBefore = 0

  private struct Progress {
    /// Wallets of the older set that were looked at.
    var taken = 0
    var isFinished = false
    /// Places in the cache whose rows the open transaction has written.
    var wrote: [Int] = []
  }

  /// - Parameter head: The last row of the journal; the table shows everything.
  init(_ table: WalletTable, _ watermark: Watermark, _ cache: WalletCache, _ sizes: StoreSettings.Trailing, head: Int64)
  {
    self.table = table
    self.watermark = watermark
    self.cache = cache
    self.sizes = sizes
    self.head = head
    shownThrough = head
    closedThrough = head
    filling = SortedRuns(capacity: sizes.generationRowsMax)
    writing = SortedRuns(capacity: sizes.generationRowsMax)
  }

  /// Rows of the journal that the table doesn't show yet.
  var lag: Int { Int(head - shownThrough) }

  // MARK: A gather

  /// How many wallets have changed: what is noted from here on can be taken back to this point.
  var changes: Int { filling.count }

  func begin() { countBefore = filling.count }

  func takeBack(to changes: Int) { filling.shrink(to: changes) }

  /// - Parameter slot: Of a wallet that was as on disk before.
  func noteChanged(_ id: Int64, slot: Int) { filling.append(Changed(id: id, slot: slot)) }

  /// Writes as many as are due into the open transaction, right before its commit.
  ///
  /// - Parameter newest: The last row of the journal then.
  func writeShare(newest: Int64) throws(StoreError) {
    guard isWriting else { return }
    let rows = newest - closedThrough
    if filling.count >= sizes.generationRowsMax || rows >= Int64(sizes.walletRowsMax) { return try write(.max) }
    let filled = max(
      Double(rows) / Double(sizes.walletRows), Double(filling.count) / Double(sizes.generationRows))
    let due = Int(min(1, StoreSettings.Trailing.haste * filled) * Double(writing.count)) - progress.taken
    if due * Self.entriesPerWallet >= sizes.stepMin || filled * StoreSettings.Trailing.haste >= 1 {
      try write(min(max(1, due), sizes.stepMax))
    }
  }

  /// Writes some, due or not.
  func writeIdleShare(countMax: Int) throws(StoreError) {
    if !isWriting, lag > 0 { close() }
    if isWriting { try write(countMax) }
  }

  /// The transaction is committed.
  ///
  /// - Parameter head: The last row of the journal now.
  func settle(head: Int64) {
    for slot in progress.wrote { cache.wrote(slot) }
    progress.wrote.removeAll(keepingCapacity: true)
    progressBefore = nil
    filling.settle()
    self.head = head
    if progress.isFinished {
      writing.removeAll()
      isWriting = false
      progress = Progress()
      shownThrough = closedThrough
    }
    if !isWriting, filling.count >= sizes.generationRows || lag >= sizes.walletRows { close() }
    countBefore = filling.count
  }

  /// The transaction doesn't come about.
  func takeBack() {
    filling.shrink(to: countBefore)
    if let (progress, heads) = progressBefore {
      self.progress = progress
      writing.heads = heads
    }
    progressBefore = nil
  }

  // MARK: Writing

  private func close() {
    swap(&filling, &writing)
    writing.beginTaking()
    isWriting = true
    closedThrough = head
    countBefore = filling.count
  }

  private func write(_ count: Int) throws(StoreError) {
    if progressBefore == nil { progressBefore = (progress, writing.heads) }
    var left = count
    while left > 0 {
      guard let changed = writing.next() else {
        try watermark.move(to: closedThrough)
        progress.isFinished = true
        return
      }
      left -= 1
      progress.taken += 1
      guard let (figures, storedVersion) = cache.unwritten(changed.slot) else { continue }
      try table.update(changed.id, to: figures, over: storedVersion)
      progress.wrote.append(changed.slot)
    }
  }
}
