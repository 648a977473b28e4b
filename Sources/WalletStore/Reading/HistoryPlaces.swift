import WalletCore

/// Finds places in the journal and in the histories of wallets, by time and by version, in a bounded number of reads:
/// stored time never decreases with seq, and each 64th row of a wallet has a mark, on disk or among the places that the
/// gather gave along.
final class HistoryPlaces {
  enum Table: String {
    case transactions
    case refusals
  }

  /// What leads from a row of a wallet to the one before it.
  struct Link {
    var version: Int64
    var previousSeq: Int64
  }

  private let selectLink: Statement
  private let selectMark: Statement
  private let selectNewestMark: Statement
  private let selectTransactionTime: Statement
  private let selectRefusalTime: Statement

  init(_ database: Database) throws(SQLiteError) {
    selectLink = try database.prepare("SELECT wallet_id, version, previous_seq FROM transactions WHERE seq = ?")
    selectMark = try database.prepare(
      "SELECT seq, version FROM version_index WHERE wallet_id = ? AND version >= ? ORDER BY version LIMIT 1")
    selectNewestMark = try database.prepare(
      "SELECT seq, version FROM version_index WHERE wallet_id = ? ORDER BY version DESC LIMIT 1")
    selectTransactionTime = try Self.selectTime(database, .transactions)
    selectRefusalTime = try Self.selectTime(database, .refusals)
  }

  private static func selectTime(_ database: Database, _ table: Table) throws(SQLiteError) -> Statement {
    try database.prepare("SELECT created_at FROM \(table.rawValue) WHERE seq <= ? ORDER BY seq DESC LIMIT 1")
  }

  // MARK: By time

  /// A place of the journal: of a table's rows up to `end`, those at or below it were stored at or before `time`, and
  /// those above it after it.
  func place(storedBy time: Int64, in table: Table, upTo end: Int64) throws(StoreError) -> Int64 {
    let select = table == .transactions ? selectTransactionTime : selectRefusalTime
    return try lastPlace(upTo: end) { place throws(StoreError) in
      select.bind(1, place)
      defer { select.reset() }
      return try !select.stepped() || select.integer(0) <= time
    }
  }

  /// The last number up to `end` that is within, where all that lie below such a one are too, and 0 is.
  private func lastPlace(
    upTo end: Int64, isWithin: (Int64) throws(StoreError) -> Bool
  ) throws(StoreError) -> Int64 {
    var (within, last) = (Int64(0), end)
    while within < last {
      let middle = within + (last - within + 1) / 2
      if try isWithin(middle) { within = middle } else { last = middle - 1 }
    }
    return within
  }

  // MARK: In a wallet's history

  /// The wallet's last row at or below a place of the journal, and the row right behind that; 0 where there is none.
  func lastRow(of history: WalletHistory, upTo place: Int64) throws(StoreError) -> (seq: Int64, following: Int64) {
    guard var seq = try entry(of: history, above: place) else { return (history.wallet.lastSeq, 0) }
    var following: Int64 = 0
    while seq > place {
      following = seq
      seq = try link(seq, of: history.wallet.id).previousSeq
    }
    return (seq, following)
  }

  /// The rows of the wallet's versions from `version` on to the next one with a place of its own, in their order.
  ///
  /// - Parameter version: Up to the wallet's.
  func rows(of history: WalletHistory, from version: Int64) throws(StoreError) -> [Int64] {
    var seq = try entry(of: history, from: version).seq
    var seqs: [Int64] = []
    while seq != 0 {
      let link = try link(seq, of: history.wallet.id)
      if link.version < version { break }
      seqs.append(seq)
      seq = link.previousSeq
    }
    return seqs.reversed()
  }

  /// The row that made a version.
  func row(of history: WalletHistory, version: Int64) throws(StoreError) -> Int64 {
    var seq = try entry(of: history, from: version).seq
    while true {
      let link = try link(seq, of: history.wallet.id)
      if link.version == version { return seq }
      guard link.version > version, link.previousSeq != 0 else {
        throw .inconsistent("version \(version) of wallet \(history.wallet.id) is missing")
      }
      seq = link.previousSeq
    }
  }

  func link(_ seq: Int64, of walletID: Int64) throws(StoreError) -> Link {
    selectLink.bind(1, seq)
    defer { selectLink.reset() }
    guard try selectLink.stepped(), selectLink.integer(0) == walletID else {
      throw .inconsistent("transaction \(seq) of wallet \(walletID) is missing")
    }
    return Link(version: selectLink.integer(1), previousSeq: selectLink.integer(2))
  }

  // MARK: Entries

  /// The first known place from a version on, at the latest the wallet's last row.
  private func entry(of history: WalletHistory, from version: Int64) throws(StoreError) -> HistoryPlace {
    if let mark = try mark(of: history.wallet.id, from: version) { return mark }
    return history.places.first { $0.version >= version }
      ?? HistoryPlace(version: history.wallet.version, seq: history.wallet.lastSeq)
  }

  /// The first known place above one of the journal; `nil` where the wallet has no row there.
  private func entry(of history: WalletHistory, above place: Int64) throws(StoreError) -> Int64? {
    if let newest = try newestMark(of: history.wallet.id), newest.seq > place {
      // Marks are written in the order of versions, so all before the newest one are there.
      let below = try lastPlace(upTo: newest.version / versionsPerMark - 1) { number throws(StoreError) in
        if number == 0 { return true }
        guard let mark = try mark(of: history.wallet.id, from: number * versionsPerMark) else { return false }
        return mark.seq <= place
      }
      return try mark(of: history.wallet.id, from: (below + 1) * versionsPerMark)?.seq ?? newest.seq
    }
    if let found = history.places.first(where: { $0.seq > place }) { return found.seq }
    return history.wallet.lastSeq > place ? history.wallet.lastSeq : nil
  }

  /// The first mark on disk from a version on.
  func mark(of walletID: Int64, from version: Int64) throws(StoreError) -> HistoryPlace? {
    selectMark.bind(1, walletID)
    selectMark.bind(2, version)
    return try placeRead(by: selectMark)
  }

  private func newestMark(of walletID: Int64) throws(StoreError) -> HistoryPlace? {
    selectNewestMark.bind(1, walletID)
    return try placeRead(by: selectNewestMark)
  }

  private func placeRead(by statement: Statement) throws(StoreError) -> HistoryPlace? {
    defer { statement.reset() }
    guard try statement.stepped() else { return nil }
    return HistoryPlace(version: statement.integer(1), seq: statement.integer(0))
  }
}
