import WalletCore

/// What was, added up from the rows of a wallet alone.
struct PastFold {
  /// All of a wallet's, in their order.
  var rows: [TransactionRow]

  /// The row that counts at a time, and what is held then.
  func state(at time: Int64) -> (row: TransactionRow, held: Int64)? {
    guard let row = rows.last(where: { $0.createdAt <= time }) else { return nil }
    var holds: [Int64: (remaining: Int64, endsAt: Int64)] = [:]
    for row in rows where row.createdAt <= time {
      switch row.kind {
      case .hold: holds[row.holdID] = (row.heldChange, HoldDetail(encoded: row.detail)?.endsAt ?? 0)
      case .capture, .release, .expire: holds[row.holdID]?.remaining += row.heldChange
      default: break
      }
    }
    return (row, holds.values.filter { $0.endsAt > time }.reduce(0) { $0 + $1.remaining })
  }

  /// Those that a filter lets through, by a reading of it of our own.
  func passing(_ filter: TransactionFilter) -> [TransactionRow] {
    rows.filter { row in
      let size = row.kind == .hold ? row.heldChange : abs(row.amount)
      let inTime = row.createdAt >= filter.from && (filter.before == 0 || row.createdAt < filter.before)
      let texts =
        [
          (filter.reason, row.attribution.audit.reason), (filter.reference, row.attribution.audit.reference),
          (filter.actor, row.attribution.origin.actor),
        ] as [(Text, Text)]
      return inTime && (filter.kinds.isEmpty || filter.kinds.contains(row.kind)) && size >= filter.amountMin
        && (filter.amountMax == 0 || size <= filter.amountMax) && texts.allSatisfy { $0.isEmpty || $0 == $1 }
    }
  }
}

extension LedgerFixture {
  func balance(_ owner: String, at moment: BalanceMoment, _ reader: any LedgerReader) throws -> LedgerOutcome {
    try list(.balanceAt(.name(Self.name(owner)), moment), reader)
  }

  /// All pages of a list.
  ///
  /// - Parameter request: For a page that begins at a cursor.
  func pages(
    _ reader: any LedgerReader, _ request: (_ cursor: String) -> LedgerRequest
  ) throws -> [[TransactionRow]] {
    var pages: [[TransactionRow]] = []
    var cursor = ""
    repeat {
      let outcome = try list(request(cursor), reader)
      guard case .transactions(let rows, let next, _, _, _) = outcome else { throw TestFailure("\(outcome)") }
      pages.append(rows)
      cursor = next
    } while !cursor.isEmpty
    return pages
  }

  /// A wallet's whole history.
  func fold(_ owner: String, _ reader: any LedgerReader) throws -> PastFold {
    PastFold(
      rows: try pages(reader) { cursor in
        .history(
          .name(Self.name(owner)), page: PageRequest(rowsMax: 1000, cursor: cursor), oldestFirst: true)
      }.flatMap { $0 })
  }
}

extension LedgerOutcome {
  var balanceAt: BalanceAt? {
    if case .balanceAt(let balance, _) = self { balance } else { nil }
  }
}
