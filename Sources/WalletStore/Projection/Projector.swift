import WalletCore

/// Lets the projections follow the journal: keys, references, places of histories and totals here, wallets by
/// `WalletProjector`.
///
/// Two generations of rows: one fills while the other is written, in sorted, bounded steps inside the commits of those
/// who fill the first. Until an entry is on disk it is found here.
final class Projector {
  private let tables: ProjectionTables
  private let wallets: WalletProjector
  private let sizes: StoreSettings.Trailing
  private var filling: Generation
  private var writing: Generation
  private var isWriting = false
  private var gap: KeyGap

  // Where the writing of the older generation stands; what the open transaction has done of it can be taken back.
  private var progress = Progress()
  private var progressBefore: (Progress, Generation.Cursors)?
  private var extentBefore: Generation.Extent
  private var owed = 0.0
  private var owedPerRow = 0.0

  /// What a step writes at once.
  private var step: (keys: [RecentKeys.Entry], references: [Generation.Reference]) = ([], [])

  private struct Progress {
    var written = 0
    var others = 0
    var marks = 0
    var isFinished = false
  }

  init(
    tables: ProjectionTables, wallets: WalletProjector, sizes: StoreSettings.Trailing, seed: UInt64
  ) throws(StoreError) {
    precondition(sizes.generationRows > 0 && sizes.generationRows <= sizes.generationRowsMax)
    precondition(sizes.stepMin > 0 && sizes.stepMin <= sizes.stepMax)
    self.tables = tables
    self.wallets = wallets
    self.sizes = sizes
    filling = Generation(capacity: sizes.generationRowsMax, seed: seed)
    writing = Generation(capacity: sizes.generationRowsMax, seed: seed)
    extentBefore = filling.extent
    gap = try tables.gapAtEnd()
  }

  /// Rows of the journal that the projections don't show yet.
  var lag: Int { max(wallets.lag, lagOfOthers) }

  /// Of which something else than wallets isn't shown.
  var lagOfOthers: Int { filling.rowCount + (isWriting ? writing.rowCount : 0) }

  // MARK: What isn't on disk yet

  /// Where a key has its first result.
  func seq(of key: IdempotencyKey) throws(StoreError) -> Int64? {
    if let seq = filling.keys.seq(of: key) { return seq }
    if isWriting, let seq = writing.keys.seq(of: key) { return seq }
    guard case .uuid(let high, let low) = key else { return try tables.seq(of: key) }
    if gap.hasNone(high, low) { return nil }
    if let seq = try tables.seq(of: key) { return seq }
    if gap.missed() { gap = try tables.gap(around: high, low) }
    return nil
  }

  /// Brings near what `seq` will look at.
  func prefetch(_ lookUp: LookUp) {
    filling.keys.prefetch(lookUp)
    if isWriting { writing.keys.prefetch(lookUp) }
  }

  /// The first place from `version` on where the history of a wallet can be entered and that isn't on disk yet.
  func mark(of walletID: Int64, from version: Int64) -> Generation.Mark? {
    // Sorted by wallet and version in the older one; few in the other.
    if isWriting, let mark = writing.marks.first(where: { $0.walletID == walletID && $0.version >= version }) {
      return mark
    }
    return filling.marks.first { $0.walletID == walletID && $0.version >= version }
  }

  /// Places of a wallet's history that may not be on disk yet, by rising version: at most so many, evenly spread.
  func places(of walletID: Int64, countMax: Int) -> [HistoryPlace] {
    let older = isWriting ? writing.marks[...] : []
    let all = [older, filling.marks[...]].joined().lazy.filter { $0.walletID == walletID }
      .map { HistoryPlace(version: $0.version, seq: $0.seq) }
    let places = Array(all)
    let stride = (places.count + countMax - 1) / countMax
    if stride <= 1 { return places }
    return places.enumerated().compactMap { ($0.offset + 1).isMultiple(of: stride) ? $0.element : nil }
  }

  // MARK: A gather

  /// How much has been noted.
  struct Extent {
    fileprivate var generation: Generation.Extent
    fileprivate var walletChanges: Int
  }

  /// What is noted from here on can be taken back to this point.
  func begin() {
    extentBefore = filling.extent
    wallets.begin()
  }

  var extent: Extent { Extent(generation: filling.extent, walletChanges: wallets.changes) }

  func takeBack(to extent: Extent) {
    filling.shrink(to: extent.generation)
    wallets.takeBack(to: extent.walletChanges)
  }

  func note(_ row: borrowing TransactionRow) { filling.add(row) }

  func note(_ row: borrowing RefusalRow) { filling.add(row) }

  func note(_ row: borrowing AdministrationRow) { filling.add(row) }

  /// - Parameter slot: Of a wallet that was as on disk before.
  func noteChanged(_ id: Int64, slot: Int) { wallets.noteChanged(id, slot: slot) }

  /// Writes as much as is owed into the open transaction, right before its commit.
  func writeShare(totals: CounterTotals, head: Int64) throws(StoreError) {
    try wallets.writeShare(newest: head)
    guard isWriting else { return }
    if filling.rowCount >= sizes.generationRowsMax {
      try write(.max, totals, head)
    } else if owed >= Double(sizes.stepMin) {
      try write(min(Int(owed), sizes.stepMax), totals, head)
    }
  }

  /// Writes some entries, owed or not, in a transaction of its own: few, while somebody may come who would wait for them.
  func writeIdleShare(isLast: Bool, totals: CounterTotals, head: Int64) throws(StoreError) {
    let countMax = isLast ? sizes.stepMax : sizes.stepMin * 2
    if lagOfOthers == 0 { return try wallets.writeIdleShare(countMax: countMax) }
    if !isWriting { closeGeneration() }
    try write(countMax, totals, head)
  }

  /// The transaction is committed.
  ///
  /// - Parameter head: The last row of the journal now.
  /// - Returns: Whether it has written the totals too, as the last of a generation.
  func settle(head: Int64) -> Bool {
    wallets.settle(head: head)
    progressBefore = nil
    tables.settle()
    owed += Double(filling.rowCount - extentBefore.rowCountAtBegin) * owedPerRow
    filling.settle()
    extentBefore = filling.extent
    let isFinished = progress.isFinished
    if isFinished {
      writing.removeAll()
      isWriting = false
      progress = Progress()
      owed = 0
    }
    if !isWriting, filling.rowCount >= sizes.generationRows { closeGeneration() }
    return isFinished
  }

  /// The transaction doesn't come about.
  func takeBack() {
    filling.shrink(to: extentBefore)
    if let (progress, cursors) = progressBefore {
      self.progress = progress
      writing.cursors = cursors
    }
    progressBefore = nil
    tables.takeBack()
    wallets.takeBack()
  }

  // MARK: Writing

  private func closeGeneration() {
    guard filling.rowCount > 0 else { return }
    swap(&filling, &writing)
    writing.freeze()
    isWriting = true
    owed = 0
    owedPerRow = Double(writing.workCount) / Double(sizes.generationRows) * StoreSettings.Trailing.haste
    extentBefore = filling.extent
  }

  private func write(_ count: Int, _ totals: CounterTotals, _ head: Int64) throws(StoreError) {
    if progressBefore == nil { progressBefore = (progress, writing.cursors) }
    var left = count
    left -= try writeKeys(left)
    while left > 0 {
      let count = try writeReferences()
      if count == 0 { break }
      left -= count
    }
    while left > 0, progress.others < writing.keys.others.count {
      left -= 1
      let (key, seq) = writing.keys.others[progress.others]
      try tables.write(key, seq: seq)
      progress.others += 1
    }
    while left > 0, progress.marks < writing.marks.count {
      left -= 1
      try tables.write(writing.marks[progress.marks])
      progress.marks += 1
    }
    owed -= Double(count - max(0, left))
    if left > 0 {
      // One that hasn't changed says what it said, at its own seq.
      let (ofWallets, ofAccounts) = totals.unwritten
      for (currency, value) in ofWallets { try tables.writeWallets(currency, value, seq: head) }
      for (account, value) in ofAccounts { try tables.write(account, value, seq: head) }
      try tables.setWatermark(writing.lastSeq)
      progress.isFinished = true
    }
  }

  /// - Returns: How many there were, up to `countMax`.
  private func writeKeys(_ countMax: Int) throws(StoreError) -> Int {
    step.keys.removeAll(keepingCapacity: true)
    while step.keys.count < countMax, let entry = writing.sortedKeys.next() { step.keys.append(entry) }
    for entry in step.keys { gap.wrote(entry.high, entry.low) }
    try tables.write(step.keys[...])
    return step.keys.count
  }

  /// One piece of the run.
  ///
  /// - Returns: How many there were; 0 when there are no more.
  private func writeReferences() throws(StoreError) -> Int {
    step.references.removeAll(keepingCapacity: true)
    while step.references.count < ReferenceIndex.entriesMax, let reference = writing.references.next() {
      step.references.append(reference)
    }
    try tables.write(step.references[...], run: writing.firstSeq)
    return step.references.count
  }
}
