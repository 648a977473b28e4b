import WalletCore

/// Compares the rows of `holds` and `refunds` with what was folded, in snapshots whose last row was folded. Holds that have
/// ended were compared when the scan came by their end.
final class HoldComparison {
  private let fold: WalletFold
  private let findings: Findings
  /// The first pass tells of rows that belong to no wallet.
  private let isFirst: Bool
  private let selectHolds: Statement
  private let selectRefunds: Statement
  private let selectRow: Statement
  private var position: Int64 = .min
  private var left: [Int64] = []

  init(_ database: Database, _ fold: WalletFold, isFirst: Bool, findings: Findings) throws(SQLiteError) {
    self.fold = fold
    self.isFirst = isFirst
    self.findings = findings
    selectHolds = try ControlsTable.holdsQuery(database, "WHERE hold_id > ?1 ORDER BY hold_id LIMIT ?2")
    selectRefunds = try database.prepare(
      "SELECT original_seq, refunded FROM refunds WHERE original_seq > ?1 ORDER BY original_seq LIMIT ?2")
    selectRow = try database.prepare("SELECT kind, wallet_id FROM transactions WHERE seq = ?")
  }

  /// - Returns: Whether there are no more rows of `holds`.
  func compareHolds(countMax: Int) throws(StoreError) -> Bool {
    try page(selectHolds, countMax) { id throws(StoreError) in
      guard let wallet = try wallet(of: id, [.hold], "holds") else { return }
      do throws(StoreError) {
        let hold = try ControlsTable.hold(selectHolds)
        if fold.range.contains(wallet), hold.state == .open, fold.holds[id] == nil {
          findings.add("holds", walletID: wallet, seq: id, expected: "a hold that has ended", found: hold.words)
        }
      } catch {
        guard case .inconsistent(let why) = error else { throw error }
        if isFirst { findings.add("holds", walletID: wallet, seq: id, expected: "a row that can be read", found: why) }
      }
    }
  }

  /// - Returns: Whether there are no more rows of `refunds`.
  func compareRefunds(countMax: Int) throws(StoreError) -> Bool {
    try page(selectRefunds, countMax) { id throws(StoreError) in
      guard let wallet = try wallet(of: id, [.debit, .capture], "refunds"), fold.range.contains(wallet),
        fold.refunds[id] == nil
      else { return }
      findings.add(
        "refunds", walletID: wallet, seq: id, expected: "no such row", found: "\(selectRefunds.integer(1)) refunded")
    }
  }

  private func page(
    _ statement: Statement, _ countMax: Int, _ body: (Int64) throws(StoreError) -> Void
  ) throws(StoreError) -> Bool {
    statement.bind(1, position)
    statement.bind(2, Int64(countMax))
    defer { statement.reset() }
    var count = 0
    while try statement.stepped() {
      position = statement.integer(0)
      count += 1
      try body(position)
    }
    if count < countMax { position = .min }
    return count < countMax
  }

  /// The wallet of the journal row that a row is of; `nil` when there is no such row.
  private func wallet(of seq: Int64, _ kinds: Set<TransactionKind>, _ table: String) throws(StoreError) -> Int64? {
    selectRow.bind(1, seq)
    defer { selectRow.reset() }
    if try selectRow.stepped(),
      let kind = UInt8(exactly: selectRow.integer(0)).flatMap({ TransactionKind(rawValue: $0) }),
      kinds.contains(kind)
    {
      return selectRow.integer(1)
    }
    if isFirst { findings.add(table, seq: seq, expected: "no such row", found: "a row of \(seq)") }
    return nil
  }

  // MARK: What was folded

  /// Begins to look up what the fold has.
  func beginLookingUp() { left = fold.holds.keys.sorted(by: >) + fold.refunds.keys.sorted(by: >) }

  /// - Returns: Whether everything was looked up.
  func lookUp(countMax: Int) throws(StoreError) -> Bool {
    for _ in 0..<countMax {
      guard let seq = left.popLast() else { return true }
      if let hold = fold.holds[seq] { try compare(hold, seq) }
      if let refunded = fold.refunds[seq] {
        let stored = try fold.tables.refunded(of: seq)
        if stored != refunded.refunded {
          findings.add(
            "refunds", walletID: refunded.walletID, seq: seq, expected: "\(refunded.refunded)",
            found: stored.map { "\($0)" } ?? "no such row")
        }
      }
    }
    return left.isEmpty
  }

  private func compare(_ hold: WalletFold.OpenHold, _ id: Int64) throws(StoreError) {
    let expected = Hold(
      id: id, walletID: hold.walletID, amount: hold.amount, captured: hold.captured, remaining: hold.remaining,
      createdAt: hold.createdAt, endsAt: hold.endsAt)
    let stored = try fold.tables.hold(id)
    if stored != expected {
      findings.add(
        "holds", walletID: hold.walletID, seq: id, expected: expected.words, found: stored?.words ?? "no such row")
    }
  }
}
