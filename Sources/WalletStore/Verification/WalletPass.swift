import WalletCore

/// A pass over the journal for a range of wallets, and then their rows in other tables. The first pass looks at everything
/// else of each row, too.
///
/// Tables that don't trail are compared in snapshots whose last row was folded: commits that come in between are folded
/// first, so nothing is compared with what it was before.
final class WalletPass: VerifyStage {
  private enum Phase {
    case journal
    case wallets(next: Int64)
    case strangers
    case holds
    case refunds
    case folded
  }

  private let run: VerifyRun
  private let fold: WalletFold
  private let isFirst: Bool
  private let wallets: WalletComparison
  private let holds: HoldComparison
  private var phase = Phase.journal
  /// Up to there rows are folded.
  private var position: Int64 = 0
  /// Of the wallets that were opened up to there.
  private var highestWalletID: Int64 = 0

  init(_ run: VerifyRun, _ range: WalletFold.Range, isFirst: Bool) throws(StoreError) {
    self.run = run
    self.isFirst = isFirst
    fold = WalletFold(
      range, tables: run.tables, totals: run.totals, head: run.head.seq, watermark: run.walletWatermark,
      findings: run.findings)
    do throws(SQLiteError) {
      wallets = try WalletComparison(run.database, fold, findings: run.findings)
      holds = try HoldComparison(run.database, fold, isFirst: isFirst, findings: run.findings)
    } catch {
      throw .sqlite(error)
    }
  }

  var name: String {
    if case .journal = phase, isFirst { return "journal" }
    return "wallets"
  }

  var done: Int64 {
    switch phase {
    case .journal: position
    case .wallets(let next): next - 1
    default: total
    }
  }

  var total: Int64 {
    if case .journal = phase { return run.head.seq }
    return run.rows.highestWalletID
  }

  func step() throws(StoreError) -> VerifyStep {
    if case .journal = phase {
      try run.database.inSnapshot { () throws(StoreError) in try read(through: run.head.seq) }
      if position >= run.head.seq { endJournal() }
      return .more
    }
    if position - run.head.seq > run.sizes.catchUpRowsMax {
      return .abandoned("rows come faster than they can be verified; try again when the ledger has less to do")
    }
    return try run.database.inSnapshot { () throws(StoreError) in
      let head = try run.scan.head()
      // A snapshot is held for some pages at most; what is left is folded in the next one.
      for _ in 0..<run.sizes.catchUpPages where position < head { try read(through: head) }
      return position < head ? .more : try compare()
    }
  }

  // MARK: The journal

  /// A page of rows.
  private func read(through head: Int64) throws(StoreError) {
    let end = min(head, position + Int64(run.sizes.pageRows))
    try run.scan.rows(after: position, through: end) { entry throws(StoreError) in
      if isFirst, entry.seq <= run.head.seq { try run.check(entry) }
      if case .transaction(let row) = entry {
        if row.kind == .open { highestWalletID = RowCheck.highest(highestWalletID, row.walletID) }
        try fold.fold(row)
      }
      position = max(position, entry.seq)
    }
    position = end
    while fold.entryCount > run.sizes.entriesMax, let range = fold.leaveHalf(at: position) {
      run.leave(range)
    }
  }

  private func endJournal() {
    if isFirst { run.endRows() }
    phase = .wallets(next: fold.range.first)
  }

  // MARK: Other tables

  private func compare() throws(StoreError) -> VerifyStep {
    let countMax = run.sizes.comparedPerStep
    switch phase {
    case .journal: preconditionFailure("tables were compared before the journal was read")
    case .wallets(let next):
      let end = min(fold.range.first + Int64(fold.states.count), next + Int64(countMax))
      if next < end { try wallets.compare(next..<end) }
      phase = next < end ? .wallets(next: end) : .strangers
    case .strangers:
      if isFirst { try wallets.findStrangers(above: highestWalletID, countMax: run.sizes.findingsToldMax) }
      phase = .holds
    case .holds: if try holds.compareHolds(countMax: countMax) { phase = .refunds }
    case .refunds:
      if try holds.compareRefunds(countMax: countMax) {
        holds.beginLookingUp()
        phase = .folded
      }
    case .folded: if try holds.lookUp(countMax: countMax) { return .finished(next: try following()) }
    }
    return .more
  }

  private func following() throws(StoreError) -> [any VerifyStage] {
    try run.nextRange().map { range throws(StoreError) in [try WalletPass(run, range, isFirst: false)] } ?? []
  }

  func skip(_ error: StoreError) -> VerifyStep {
    if case .journal = phase {
      let first = position + 1
      position = min(run.head.seq, position + run.sizes.unreadableRows)
      if isFirst {
        run.findings.add("row", seq: first, expected: "rows \(first) to \(position)", found: error.words)
        run.chain.skip(to: position)
      }
      if position >= run.head.seq { endJournal() }
      return .more
    }
    run.findings.add("\(name)", expected: "tables that can be read", found: error.words)
    do throws(StoreError) {
      return .finished(next: try following())
    } catch {
      return .abandoned(error.words)
    }
  }
}
