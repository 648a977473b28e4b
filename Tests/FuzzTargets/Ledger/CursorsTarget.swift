import Synchronization
import WalletCore
import WalletStore

extension FuzzTarget {
  /// The cursor of a list's page and the token of a watch, as their callers hand them back or make them up.
  ///
  /// What is a cursor is written as it was read. Whatever it says, a page has rows of its own list alone, no more than were
  /// asked for, and the pages behind it come to an end; else the cursor is refused by name.
  package static let cursors = FuzzTarget("cursors", bytesMax: 512, seeds: { try $0.cursors() }) { bytes in
    try CursorLists.shared.withLock { lists in
      if lists == nil { lists = try CursorLists() }
      try lists?.check(bytes)
    }
  }
}

/// `@unchecked Sendable`: used with the lock of `shared` held.
final class CursorLists: @unchecked Sendable {
  static let shared = Mutex<CursorLists?>(nil)

  static let rowsMax = 3
  /// More pages than any of the lists has.
  private static let pagesMax = 12
  let ledger: CursorLedger

  init() throws { ledger = try CursorLedger() }

  func check(_ bytes: [UInt8]) throws {
    var input = Input(bytes)
    let list = Int(input.byte() % 8)
    let text: String
    if input.byte() & 1 == 0 {
      text = String(decoding: input.rest, as: UTF8.self)
    } else {
      // One of this ledger, but for what it says.
      let kind = Cursor.List(rawValue: Int64(input.byte())) ?? .wallets
      let position = input.integer()
      text =
        Cursor(
          ledgerID: Text(ledger.description.ledgerID), epoch: ledger.description.epoch, list: kind,
          subject: Text(String(decoding: input.rest, as: UTF8.self)), position: position
        ).encoded
    }
    try checkText(text)
    if list == 7 { try checkToken(text) } else { try checkPages(list, text) }
  }

  private func checkText(_ text: String) throws {
    guard let cursor = Cursor(encoded: text) else { return }
    let written = cursor.encoded
    try demand(Cursor(encoded: written) == cursor, "\(cursor) is another cursor when it is read again: \(written)")
    try demand(written.utf8.count <= text.utf8.count, "\(written) is longer than \(text)")
  }

  private func checkToken(_ text: String) throws {
    let tokens = WatchTokens(ledger.description)
    let seq: Int64
    do throws(Failure) { seq = try tokens.seq(of: Text(text)) } catch { return try refuse(error, "resume_token") }
    try demand(seq >= 0, "a watch from \(seq)")
    try demand(try tokens.seq(of: tokens.token(at: seq)) == seq, "the token of \(seq) names another place")
  }

  private func refuse(_ failure: Failure, _ field: String) throws {
    switch failure.detail {
    case .invalidArgument(let named, let rule): try demand(named == field && !rule.isEmpty, "\(failure)")
    case .message(let text): try demand(failure.reason == .resumeInvalid && !text.isEmpty, "\(failure)")
    default: throw Violation("\(failure) isn't an answer to a cursor")
    }
  }

  private func checkPages(_ list: Int, _ cursor: String) throws {
    var next = cursor
    for _ in 0..<Self.pagesMax {
      let outcome = try ledger.perform(request(list, PageRequest(rowsMax: Self.rowsMax, cursor: next)))
      guard let page = try page(outcome, list) else { return }
      try demand(page.count <= Self.rowsMax, "a page has \(page.count) rows")
      try demand(page.next.isEmpty || Cursor(encoded: page.next) != nil, "\(page.next) isn't a cursor")
      if page.next.isEmpty { return }
      next = page.next
    }
    throw Violation("list \(list) has no end behind \(cursor)")
  }

  func request(_ list: Int, _ page: PageRequest) -> LedgerRequest {
    switch list {
    case 0: return .history(.id(1, currency: ""), page: page, oldestFirst: false)
    case 1: return .history(.id(1, currency: ""), page: page, oldestFirst: true)
    case 2:
      var filter = TransactionFilter()
      filter.kinds = [.credit]
      return .filteredHistory(.id(2, currency: ""), filter, page: page, oldestFirst: page.rowsMax > 100)
    case 3: return .wallets(owner: CursorLedger.owner, page: page)
    case 4: return .refusals(RefusalFilter(), page: page, oldestFirst: false)
    case 5:
      var filter = RefusalFilter()
      filter.wallet = .id(2, currency: "")
      return .refusals(filter, page: page, oldestFirst: true)
    default: return .tokens(GrantFilter(), page: page)
    }
  }

  /// `nil` when it was refused.
  private func page(_ outcome: LedgerOutcome, _ list: Int) throws -> (count: Int, next: String)? {
    switch outcome {
    case .failed(let failure, _, _):
      try refuse(failure, "cursor")
      return nil
    case .transactions(let rows, let next, _, _, _):
      let wallet: Int64 = list == 2 ? 2 : 1
      try demand(list <= 2 && rows.allSatisfy { $0.walletID == wallet }, "rows of another wallet")
      if list == 2 { try demand(rows.allSatisfy { $0.kind == .credit }, "rows that the filter leaves out") }
      let seqs = rows.map(\.seq)
      try demand(seqs == seqs.sorted(by: list == 1 ? { $0 < $1 } : { $0 > $1 }), "rows out of order: \(seqs)")
      return (rows.count, next)
    case .wallets(let wallets, let next, _):
      try demand(list == 3 && wallets.allSatisfy { $0.name.owner == CursorLedger.owner }, "wallets of another owner")
      return (wallets.count, next)
    case .refusals(let entries, let next, _):
      try demand(list == 4 || entries.allSatisfy { $0.row.walletID == 2 }, "refusals of another wallet")
      return (entries.count, next)
    case .tokens(let grants, let next, _): return (grants.count, next)
    default: throw Violation("list \(list) is answered with \(outcome)")
    }
  }
}
