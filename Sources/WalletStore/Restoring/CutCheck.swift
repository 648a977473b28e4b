import WalletCore

/// Whether the journal may end at a place: the rows of one request of all or nothing are restored together or not at all.
struct CutCheck {
  private let scan: JournalScan
  private let head: Int64

  init(_ scan: JournalScan) throws(StoreError) {
    self.scan = scan
    head = try scan.head()
  }

  /// The last row of the request that row `seq` belongs to, and the last row before that request.
  ///
  /// - Returns: `nil` when the journal may end at `seq`.
  func split(at seq: Int64) throws(StoreError) -> (before: Int64, end: Int64)? {
    guard try goesOn(behind: seq) else { return nil }
    var (before, end) = (seq - 1, seq + 1)
    while before > 0, try goesOn(behind: before) { before -= 1 }
    while try goesOn(behind: end) { end += 1 }
    return (before, end)
  }

  /// Whether the row behind `seq` belongs to the same request as `seq`. Backups end where a commit does.
  private func goesOn(behind seq: Int64) throws(StoreError) -> Bool {
    var next = seq + 1
    while next <= head {
      guard case .transaction(let row) = try scan.entry(at: next) else { return false }
      switch row.key {
      case .item(_, let index): return index > 0
      case .uuid, .text: return false
      // The other side of a transfer belongs to the row before it.
      case nil: if row.kind != .expire { return row.kind == .transferIn }
      }
      // Holds that end are told before the row of the request that has met them.
      next += 1
    }
    return false
  }
}
