package import HistoryChecker

extension History {
  /// All that a ledger's file has. The server must have ended in order, so that nothing trails.
  package mutating func addRows(of file: SQLiteFile) throws(TestFailure) {
    let key = """
      typeof(idempotency_key), CASE typeof(idempotency_key) WHEN 'blob' THEN hex(idempotency_key)
      ELSE idempotency_key END
      """
    for columns in try file.rows(
      """
      SELECT seq, \(key), wallet_id, version, amount, balance, iif(kind IN (4, 5), related_seq, 0), counter_account
      FROM transactions ORDER BY seq
      """)
    {
      var row = Row(seq: Self.integer(columns[0]))
      row.key = Self.key(columns[2], type: columns[1])
      (row.wallet, row.version) = (Self.integer(columns[3]), Self.integer(columns[4]))
      (row.amount, row.balance) = (Self.integer(columns[5]), Self.integer(columns[6]))
      (row.other, row.account) = (Self.integer(columns[7]), columns[8])
      rows.append(row)
    }
    for (kind, table) in [(Row.Kind.refusal, "refusals"), (.administration, "administration")] {
      for columns in try file.rows("SELECT seq, \(key) FROM \(table) ORDER BY seq") {
        var row = Row(seq: Self.integer(columns[0]))
        (row.kind, row.key) = (kind, Self.key(columns[2], type: columns[1]))
        rows.append(row)
      }
    }
    for columns in try file.rows("SELECT wallet_id, currency, version, balance FROM wallets") {
      wallets.append(
        Wallet(
          id: Self.integer(columns[0]), currency: columns[1], version: Self.integer(columns[2]),
          balance: Self.integer(columns[3])))
    }
    for columns in try file.rows("SELECT currency, counter_account, total FROM counter_totals") {
      totals.append(Total(currency: columns[0], account: columns[1], total: Self.integer(columns[2])))
    }
  }

  private static func integer(_ text: String) -> Int64 { Int64(text) ?? 0 }

  /// As its client wrote it; of an item of a batch of all or nothing with its index behind.
  private static func key(_ text: String, type: String) -> String? {
    switch type {
    case "null": return nil
    case "blob":
      let digits = Array(text.lowercased())
      var uuid = ""
      for (index, digit) in digits.prefix(32).enumerated() {
        if [8, 12, 16, 20].contains(index) { uuid.append("-") }
        uuid.append(digit)
      }
      if digits.count == 32 { return uuid }
      return "\(uuid)\u{B7}\(Int(String(digits[32...]), radix: 16) ?? -1)"
    default:
      let parts = text.split(separator: "\u{1F}")
      return parts.count > 1 ? "\(parts[0])\u{B7}\(parts[1])" : text
    }
  }
}
