import TestSupport

/// The files of a ledger against the reference, as somebody sees them in the sqlite3 shell.
struct FileChecks {
  let path: String
  let reference: ReferenceLedger
  let world: any Checked

  init(_ world: any Checked) {
    self.world = world
    path = "\(world.path)/ledger.db"
    reference = world.reference
  }

  /// Wallets, holds, totals, refunds and the rows behind a place of the journal.
  func run(after seq: Int64) throws {
    let file = try SQLiteFile(path, vfs: world.vfs)
    try compare(
      file,
      "SELECT wallet_id, balance, held, overdraft_limit, version, last_seq, status FROM wallet_balances ORDER BY 1",
      reference.wallets.map { wallet in
        let last = wallet.rows.last
        return [
          wallet.id, wallet.state.balance, wallet.state.held, wallet.state.overdraft, wallet.version, last?.seq ?? 0,
        ]
      })
    try compare(
      file, "SELECT hold_id, captured, remaining, state, ended_at FROM holds ORDER BY 1",
      reference.holds.values.sorted { $0.id < $1.id }.map { hold in
        let number: Int64 =
          switch hold.state.ended {
          case nil: 1
          case .holdCaptured: 2
          case .holdReleased: 3
          default: 4
          }
        return [hold.id, hold.state.captured, hold.state.remaining, number, hold.state.endedAt]
      })
    try compare(
      file, "SELECT original_seq, refunded FROM refunds ORDER BY 1",
      reference.refunded.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
    try compareTotals(file)
    try compareRows(file, after: seq)
  }

  private func compareRows(_ file: SQLiteFile, after seq: Int64) throws {
    var rows: [[Int64]] = []
    var refusals: [[Int64]] = []
    var administration: [[Int64]] = []
    for (index, entry) in reference.entries.enumerated().dropFirst(Int(seq)) {
      switch entry {
      case .transaction(let row):
        rows.append([
          row.seq, row.kind.rawValue, row.wallet.id, row.version, row.amount, row.heldChange, row.balance, row.held,
          row.overdraft, row.holdID, row.related, row.previous, row.createdAt,
        ])
      case .administration(let row, let verb): administration.append([row.seq, Int64(verb.rawValue)])
      case .refusal(let code): refusals.append([Int64(index) + 1, code.rawValue])
      }
    }
    try compare(
      file,
      """
      SELECT seq, kind, wallet_id, version, amount, held_change, balance, held, overdraft_limit, hold_id, related_seq,
        previous_seq, created_at
      FROM transactions WHERE seq > \(seq) ORDER BY seq
      """, rows)
    try compare(file, "SELECT seq, verb FROM administration WHERE seq > \(seq) ORDER BY seq", administration)
    try compare(file, "SELECT seq, reason_code FROM refusals WHERE seq > \(seq) ORDER BY seq", refusals)
  }

  private func compare(_ file: SQLiteFile, _ sql: String, _ expected: [[Int64]]) throws {
    let found = try file.rows(sql)
    try world.expect(found.count == expected.count, "\(found.count) rows, not \(expected.count): \(sql)")
    for (found, expected) in zip(found, expected) {
      for (text, number) in zip(found, expected) where text != "\(number)" && !(text.isEmpty && number == 0) {
        throw world.failure("\(found) is stored, and \(expected) must be: \(sql)")
      }
    }
  }

  /// Counter-accounts are what they must be, and with the wallets of their currency they sum to zero.
  private func compareTotals(_ file: SQLiteFile) throws {
    var sums: [String: Int128] = [:]
    for wallet in reference.wallets { sums[wallet.currency, default: 0] += Int128(wallet.state.balance) }
    let rows = try file.rows("SELECT currency, counter_account, total FROM counter_account_totals")
    for row in rows {
      let account = ReferenceLedger.Account(currency: row[0], name: row[1])
      try world.expect(
        reference.totals[account].map { "\($0)" } == row[2], "the total \(row) isn't \(reference.totals[account] ?? 0)")
      sums[row[0], default: 0] += Int128(Int64(row[2]) ?? 0)
    }
    try world.expect(
      rows.count == reference.totals.count && sums.values.allSatisfy { $0 == 0 }, "totals don't sum to zero: \(sums)")
  }
}
