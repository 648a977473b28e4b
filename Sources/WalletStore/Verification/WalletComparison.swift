import WalletCore

/// Compares the rows of `wallets` and `wallet_controls` with what was folded, in a snapshot whose last row was folded.
final class WalletComparison {
  private let fold: WalletFold
  private let findings: Findings
  private let selectWallets: Statement
  private let selectControls: Statement
  private let selectStrangers: Statement

  init(_ database: Database, _ fold: WalletFold, findings: Findings) throws(SQLiteError) {
    self.fold = fold
    self.findings = findings
    let interval = "WHERE wallet_id >= ?1 AND wallet_id < ?2 ORDER BY wallet_id"
    selectWallets = try WalletTable.query(database, interval)
    selectControls = try ControlsTable.controlsQuery(database, interval)
    selectStrangers = try database.prepare(
      """
      SELECT 'wallets', wallet_id FROM wallets WHERE wallet_id < ?1 OR wallet_id > ?2
      UNION ALL SELECT 'wallet_controls', wallet_id FROM wallet_controls WHERE wallet_id < ?1 OR wallet_id > ?2
      LIMIT ?3
      """)
  }

  private func tell(_ what: String, _ id: Int64, seq: Int64 = 0, _ expected: String, _ found: String) {
    if expected != found { findings.add(what, walletID: id, seq: seq, expected: expected, found: found) }
  }

  /// - Parameter ids: Within the range of the fold.
  func compare(_ ids: Range<Int64>) throws(StoreError) {
    try compareWallets(ids)
    try compareControls(ids)
  }

  /// Rows of wallets that nobody has opened, in tables whose last wallets are those of the fold.
  func findStrangers(above highest: Int64, countMax: Int) throws(StoreError) {
    selectStrangers.bind(1, 1)
    selectStrangers.bind(2, highest)
    selectStrangers.bind(3, Int64(countMax))
    defer { selectStrangers.reset() }
    while try selectStrangers.stepped() {
      findings.add(
        selectStrangers.text(0).string, walletID: selectStrangers.integer(1), expected: "no such row",
        found: "wallet \(selectStrangers.integer(1))")
    }
  }

  // MARK: Wallets

  private func compareWallets(_ ids: Range<Int64>) throws(StoreError) {
    selectWallets.bind(1, ids.lowerBound)
    selectWallets.bind(2, ids.upperBound)
    defer { selectWallets.reset() }
    var next = ids.lowerBound
    while try selectWallets.stepped() {
      let id = selectWallets.integer(0)
      tellMissing(next..<id)
      next = id + 1
      guard let state = fold.state(of: id), state.version > 0 else {
        tell("wallets", id, "no such row", "wallet \(id)")
        continue
      }
      do {
        try compare(try WalletTable.row(selectWallets), state)
      } catch {
        guard case .inconsistent(let why) = error else { throw error }
        tell("wallets", id, "a row that can be read", why)
      }
    }
    tellMissing(next..<ids.upperBound)
  }

  private func tellMissing(_ ids: Range<Int64>) {
    for id in ids {
      if let state = fold.state(of: id), state.version > 0 { tell("wallets", id, "a row", "none") }
    }
  }

  private func compare(_ wallet: Wallet, _ state: WalletState) throws(StoreError) {
    let openMark = WalletState.openMark(
      wallet.name, exponent: wallet.exponent, createdAt: wallet.createdAt, createdBy: wallet.createdBy)
    if openMark != state.openMark { try tellOpening(wallet, state) }
    let id = wallet.id
    if wallet.lastSeq == state.lastSeq {
      let status: Wallet.Status = state.isClosed ? .closed : .open
      tellFigures(
        wallet, version: state.version, balance: state.balance, held: state.held, overdraft: state.overdraft, status)
      if WalletState.lastMark(at: wallet.updatedAt, by: wallet.updatedBy) != state.lastMark {
        let row = try fold.tables.transaction(state.lastSeq)
        tell("wallets.updated", id, seq: state.lastSeq, Self.last(row), "\(wallet.updatedAt) by \(wallet.updatedBy)")
      }
      return
    }
    // It trails: it must be the wallet as one of its rows left it, and not older than it may be.
    let allowed = state.settledSeq...max(state.settledSeq, state.lastSeq)
    let row = allowed.contains(wallet.lastSeq) ? try fold.tables.transaction(wallet.lastSeq) : nil
    guard let row, row.walletID == id else {
      return tell(
        "wallets.last_seq", id, seq: wallet.lastSeq, "a row of the wallet from \(allowed.lowerBound) on",
        "\(wallet.lastSeq)")
    }
    tellFigures(
      wallet, version: row.version, balance: row.balance, held: row.held, overdraft: row.overdraftLimit,
      row.kind == .close ? .closed : .open)
    tell("wallets.updated", id, seq: row.seq, Self.last(row), "\(wallet.updatedAt) by \(wallet.updatedBy)")
  }

  private func tellFigures(
    _ wallet: Wallet, version: Int64, balance: Int64, held: Int64, overdraft: Int64, _ status: Wallet.Status
  ) {
    for (name, expected, found) in [
      ("version", version, wallet.version), ("balance", balance, wallet.balance), ("held", held, wallet.held),
      ("overdraft_limit", overdraft, wallet.overdraftLimit),
    ] where expected != found {
      tell("wallets.\(name)", wallet.id, seq: wallet.lastSeq, "\(expected)", "\(found)")
    }
    if status != wallet.status { tell("wallets.status", wallet.id, "\(status)", "\(wallet.status)") }
  }

  private func tellOpening(_ wallet: Wallet, _ state: WalletState) throws(StoreError) {
    let row = try fold.tables.transaction(state.openSeq)
    let detail = row.flatMap { OpenDetail(encoded: $0.detail) }
    let found = Self.opening(wallet.name, wallet.exponent, wallet.createdAt, wallet.createdBy)
    let expected =
      row.flatMap { row in
        detail.map { Self.opening($0.name, $0.exponent, row.createdAt, row.attribution.origin.actor) }
      } ?? "what the row that opens it says"
    tell("wallets.name", wallet.id, seq: state.openSeq, expected, found)
  }

  private static func opening(_ name: WalletName, _ exponent: UInt8, _ at: Int64, _ by: Text) -> String {
    "\(name.owner), \(name.currency) with the exponent \(exponent), \"\(name.name)\", opened \(at) by \(by)"
  }

  private static func last(_ row: TransactionRow?) -> String {
    row.map { "\($0.createdAt) by \($0.attribution.origin.actor)" } ?? "what the wallet's last row says"
  }

  // MARK: Controls

  private func compareControls(_ ids: Range<Int64>) throws(StoreError) {
    selectControls.bind(1, ids.lowerBound)
    selectControls.bind(2, ids.upperBound)
    defer { selectControls.reset() }
    var next = ids.lowerBound
    while try selectControls.stepped() {
      let id = selectControls.integer(0)
      tellMissingControls(next..<id)
      next = id + 1
      guard let state = fold.state(of: id), state.hasControls else {
        tell("wallet_controls", id, "no such row", "a row")
        continue
      }
      do {
        let (controls, openHolds) = try ControlsTable.controls(selectControls)
        try compare(controls, openHolds: openHolds, id, state)
      } catch {
        guard case .inconsistent(let why) = error else { throw error }
        tell("wallet_controls", id, "a row that can be read", why)
      }
    }
    tellMissingControls(next..<ids.upperBound)
  }

  private func tellMissingControls(_ ids: Range<Int64>) {
    for id in ids {
      if let state = fold.state(of: id), state.hasControls { tell("wallet_controls", id, "a row", "none") }
    }
  }

  private func compare(
    _ controls: WalletControls, openHolds: Int64, _ id: Int64, _ state: WalletState
  ) throws(StoreError) {
    tell("wallet_controls.open_holds", id, "\(state.openHolds)", "\(openHolds)")
    let debit = try freeze(in: state.debitFreezeSeq)
    if debit != controls.debitFreeze {
      tell("wallet_controls.debit_freeze", id, seq: state.debitFreezeSeq, words(debit), words(controls.debitFreeze))
    }
    let credit = try freeze(in: state.creditFreezeSeq)
    if credit != controls.creditFreeze {
      tell("wallet_controls.credit_freeze", id, seq: state.creditFreezeSeq, words(credit), words(controls.creditFreeze))
    }
    let limits = try limits(in: state.limitsSeq)
    if limits != controls.limits {
      tell("wallet_controls.limits", id, seq: state.limitsSeq, "\(limits)", "\(controls.limits)")
    }
    let expected = state.used(fold.calendar)
    for (window, begin) in [
      (CalendarWindow.day, fold.calendar.day.lowerBound), (.week, fold.calendar.week.lowerBound),
      (.month, fold.calendar.month.lowerBound),
    ] {
      let stored = controls.usage[window]
      // What was used of a window that is over counts no more, whatever stands there.
      let found = stored.start == begin ? WalletState.Used(amount: stored.amount, count: stored.count) : .init()
      if let used = expected[window], used != found {
        tell(
          "wallet_controls.\(window)_used", id, "\(used.amount) in \(used.count)", "\(found.amount) in \(found.count)")
      }
    }
  }

  private func freeze(in seq: Int64) throws(StoreError) -> Freeze? {
    guard seq != 0, let row = try fold.tables.transaction(seq),
      case .freeze(let scope, let until) = Command.Parameters(encoded: row.detail)
    else { return nil }
    return Freeze(scope: scope, reason: row.attribution.audit.reason, since: row.createdAt, until: until)
  }

  private func limits(in seq: Int64) throws(StoreError) -> WalletLimits {
    guard seq != 0, let row = try fold.tables.transaction(seq),
      case .limits(let limits) = Command.Parameters(encoded: row.detail)
    else { return WalletLimits() }
    return limits
  }

  private func words(_ freeze: Freeze?) -> String {
    freeze.map { "\($0.scope), \($0.reason), since \($0.since), until \($0.until)" } ?? "none"
  }
}
