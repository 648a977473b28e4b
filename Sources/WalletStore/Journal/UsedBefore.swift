import WalletCore

/// What a wallet has used of the windows that are open at a time: its rows are read back to the begin of the longest one.
///
/// - Parameters:
///   - lastSeq: The wallet's last row; 0 for none.
///   - hold: A hold as it is now.
func limitUsage(
  at now: Int64, from lastSeq: Int64, transaction: (Int64) throws(StoreError) -> TransactionRow?,
  hold: (Int64) throws(StoreError) -> Hold?
) throws(StoreError) -> LimitUsage {
  let begin = CalendarWindow.allCases.map { $0.bounds(of: now).lowerBound }.min() ?? now
  var rows: [TransactionRow] = []
  var seq = lastSeq
  while seq != 0 {
    guard let row = try transaction(seq) else { throw .inconsistent("transaction \(seq) is missing") }
    if row.createdAt < begin { break }
    if row.kind.countsForLimits { rows.append(row) }
    seq = row.previousSeq
  }
  var usage = LimitUsage()
  for row in rows.reversed() { usage.count(row, hold: row.holdID == 0 ? nil : try hold(row.holdID)) }
  return usage
}
