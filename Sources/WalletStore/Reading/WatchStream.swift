import WalletCore

/// A watch: the transactions behind its place that pass its filter, page by page, and then the new ones.
///
/// Its first event is a mere token, so that its client knows where it stands before anything has happened.
final class WatchStream: LedgerStream {
  /// What an event takes beyond the row.
  private static let eventBytes = 160

  private let pages: JournalPages
  private let tokens: WatchTokens
  private let limits: StoreSettings.WatchLimits
  private let walletIDs: Set<Int64>
  private let kinds: Set<Int64>
  private let constraints: Constraints
  /// All rows up to it were looked at.
  private var seq: Int64
  /// Since the last event.
  private var rowsWithoutEvent = 0
  private var hasBegun = false

  init(
    _ request: WatchRequest, from seq: Int64, pages: JournalPages, tokens: WatchTokens,
    limits: StoreSettings.WatchLimits
  ) {
    self.pages = pages
    self.tokens = tokens
    self.limits = limits
    walletIDs = request.walletIDs
    kinds = Set(request.kinds.map { Int64($0.rawValue) })
    constraints = request.constraints
    self.seq = seq
  }

  func advance(roomBytes: Int) throws(LedgerFault) -> StreamStep {
    do {
      return try pages.inSnapshot { () throws(StoreError) in try page(roomBytes) }
    } catch {
      return .failed(try error.answer)
    }
  }

  private func page(_ roomBytes: Int) throws(StoreError) -> StreamStep {
    var events: [StreamEvent] = []
    if !hasBegun {
      hasBegun = true
      events.append(token)
    }
    var bytes = 0
    var rows = 0
    let isAtEnd = try pages.rows(after: seq) { row throws(StoreError) in
      if try passes(row) {
        let event = try event(row.read())
        bytes += event.bytes
        events.append(event.event)
        rowsWithoutEvent = 0
      } else {
        rowsWithoutEvent += 1
      }
      seq = row.seq
      rows += 1
      if rowsWithoutEvent >= limits.rowsWithoutEventMax {
        events.append(token)
        rowsWithoutEvent = 0
      }
      return bytes < roomBytes && rows < limits.stepRowsMax
    }
    guard isAtEnd else { return .more(events) }
    // Behind the last transaction there may be other rows.
    seq = max(seq, try pages.head())
    return .waiting(events)
  }

  private func passes(_ row: JournalPages.Row) throws(StoreError) -> Bool {
    guard walletIDs.isEmpty || walletIDs.contains(row.walletID), kinds.isEmpty || kinds.contains(row.kind) else {
      return false
    }
    if !constraints.restrictsWallets { return true }
    return try pages.admits(constraints, wallet: row.walletID)
  }

  private func event(_ row: TransactionRow) throws(StoreError) -> (event: StreamEvent, bytes: Int) {
    let money = try pages.money(ofWallet: row.walletID)
    let bytes = row.replyBytesEstimate + Self.eventBytes
    return (
      .transaction(row, currency: money.currency, exponent: money.exponent, resumeToken: tokens.token(at: row.seq)),
      bytes
    )
  }

  private var token: StreamEvent { .token(WatchPlace(resumeToken: tokens.token(at: seq), commitSeq: seq)) }

  /// It holds nothing.
  func cancel() {}
}
