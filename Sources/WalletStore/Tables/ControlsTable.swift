import WalletCore

/// Rows of `wallet_controls`, `holds` and `refunds`.
final class ControlsTable {
  private let selectControls: Statement
  private let writeControls: Statement
  private let deleteControls: Statement
  private let selectOpenHolds: Statement
  private let selectHold: Statement
  private let writeHold: Statement
  private let selectRefunded: Statement
  private let writeRefunded: Statement

  private static let controlColumns = [
    "wallet_id", "open_holds", "debit_freeze_scope", "debit_freeze_reason", "debit_freeze_since", "debit_freeze_until",
    "credit_freeze_scope", "credit_freeze_reason", "credit_freeze_since", "credit_freeze_until", "overdraft",
    "balance_max", "amount_max", "day_amount", "day_count", "week_amount", "week_count", "month_amount", "month_count",
    "day_start", "day_used", "day_used_count", "week_start", "week_used", "week_used_count", "month_start",
    "month_used", "month_used_count",
  ]
  private static let holdColumns = [
    "hold_id", "wallet_id", "amount", "captured", "remaining", "created_at", "ends_at", "state", "ended_at",
  ]

  init(_ database: Database) throws(SQLiteError) {
    selectControls = try Self.controlsQuery(database, "WHERE wallet_id = ?")
    writeControls = try database.prepare(Self.upsert("wallet_controls", Self.controlColumns))
    deleteControls = try database.prepare("DELETE FROM wallet_controls WHERE wallet_id = ?")
    selectOpenHolds = try Self.holdsQuery(database, "WHERE wallet_id = ? AND state = 1 ORDER BY ends_at, hold_id")
    selectHold = try Self.holdsQuery(database, "WHERE hold_id = ?")
    writeHold = try database.prepare(Self.upsert("holds", Self.holdColumns))
    selectRefunded = try database.prepare("SELECT refunded FROM refunds WHERE original_seq = ?")
    writeRefunded = try database.prepare(Self.upsert("refunds", ["original_seq", "refunded"]))
  }

  /// Prepares a query over whole rows of `wallet_controls`.
  static func controlsQuery(_ database: Database, _ tail: String) throws(SQLiteError) -> Statement {
    try database.prepare("SELECT \(list(controlColumns)) FROM wallet_controls \(tail)")
  }

  /// Prepares a query over whole rows of `holds`.
  static func holdsQuery(_ database: Database, _ tail: String) throws(SQLiteError) -> Statement {
    try database.prepare("SELECT \(list(holdColumns)) FROM holds \(tail)")
  }

  private static func list(_ columns: [String]) -> String { columns.joined(separator: ", ") }

  /// Inserts a row, or makes the one that has its first column as given.
  private static func upsert(_ table: String, _ columns: [String]) -> String {
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    let changes = columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    return """
      INSERT INTO \(table) (\(list(columns))) VALUES (\(marks))
      ON CONFLICT (\(columns[0])) DO UPDATE SET \(changes)
      """
  }

  // MARK: Controls

  /// Whether a wallet has any.
  func hasControls(_ walletID: Int64) throws(StoreError) -> Bool {
    selectControls.bind(1, walletID)
    defer { selectControls.reset() }
    return try selectControls.stepped()
  }

  func controls(of walletID: Int64) throws(StoreError) -> WalletControls {
    selectControls.bind(1, walletID)
    defer { selectControls.reset() }
    guard try selectControls.stepped() else { return WalletControls() }
    var (controls, holds) = try Self.controls(selectControls)
    controls.holds = try openHolds(of: walletID)
    guard holds == Int64(controls.holds.count) else {
      throw .inconsistent("wallet \(walletID) should have \(holds) open holds and has \(controls.holds.count)")
    }
    return controls
  }

  /// What the row says that a statement of `controlsQuery` stands on: all but the holds, and how many are open.
  static func controls(_ row: Statement) throws(StoreError) -> (WalletControls, openHolds: Int64) {
    let walletID = row.integer(0)
    var controls = WalletControls()
    controls.debitFreeze = try freeze(row, from: 2, of: walletID)
    controls.creditFreeze = try freeze(row, from: 6, of: walletID)
    controls.limits.overdraft = row.integer(10)
    controls.limits.balanceMax = row.integer(11)
    controls.limits.amountMax = row.integer(12)
    controls.limits.day = WindowLimit(amount: row.integer(13), count: row.integer(14))
    controls.limits.week = WindowLimit(amount: row.integer(15), count: row.integer(16))
    controls.limits.month = WindowLimit(amount: row.integer(17), count: row.integer(18))
    controls.usage.day = window(row, from: 19)
    controls.usage.week = window(row, from: 22)
    controls.usage.month = window(row, from: 25)
    return (controls, row.integer(1))
  }

  private static func freeze(_ row: Statement, from column: Int32, of walletID: Int64) throws(StoreError) -> Freeze? {
    let number = row.integer(column)
    if number == 0 { return nil }
    guard let scope = UInt8(exactly: number).flatMap({ FreezeScope(rawValue: $0) }) else {
      throw .inconsistent("wallet \(walletID) has a freeze of the unknown scope \(number)")
    }
    return Freeze(
      scope: scope, reason: row.text(column + 1), since: row.integer(column + 2), until: row.integer(column + 3))
  }

  private static func window(_ row: Statement, from column: Int32) -> LimitUsage.Window {
    LimitUsage.Window(start: row.integer(column), amount: row.integer(column + 1), count: row.integer(column + 2))
  }

  func write(_ controls: WalletControls, of walletID: Int64) throws(StoreError) {
    if controls.isEmpty {
      deleteControls.bind(1, walletID)
      return try deleteControls.ran()
    }
    let row = writeControls
    row.bind(1, walletID)
    row.bind(2, Int64(controls.holds.count))
    bind(controls.debitFreeze, row, from: 3)
    bind(controls.creditFreeze, row, from: 7)
    row.bind(11, controls.limits.overdraft)
    row.bind(12, controls.limits.balanceMax)
    row.bind(13, controls.limits.amountMax)
    var index: Int32 = 14
    for limit in [controls.limits.day, controls.limits.week, controls.limits.month] {
      row.bind(index, limit.amount)
      row.bind(index + 1, limit.count)
      index += 2
    }
    for window in CalendarWindow.allCases {
      let used = controls.usage[window]
      row.bind(index, used.start)
      row.bind(index + 1, used.amount)
      row.bind(index + 2, used.count)
      index += 3
    }
    try row.ran()
  }

  private func bind(_ freeze: Freeze?, _ row: Statement, from index: Int32) {
    guard let freeze else {
      for column in index..<index + 4 { row.bindNull(column) }
      return
    }
    row.bind(index, Int64(freeze.scope.rawValue))
    row.bind(index + 1, freeze.reason)
    row.bind(index + 2, freeze.since)
    row.bind(index + 3, freeze.until)
  }

  // MARK: Holds

  private func openHolds(of walletID: Int64) throws(StoreError) -> [Hold] {
    selectOpenHolds.bind(1, walletID)
    defer { selectOpenHolds.reset() }
    var holds: [Hold] = []
    while try selectOpenHolds.stepped() { holds.append(try Self.hold(selectOpenHolds)) }
    return holds
  }

  func hold(_ id: Int64) throws(StoreError) -> Hold? {
    selectHold.bind(1, id)
    defer { selectHold.reset() }
    return try selectHold.stepped() ? try Self.hold(selectHold) : nil
  }

  /// The row that a statement of `holdsQuery` stands on.
  static func hold(_ row: Statement) throws(StoreError) -> Hold {
    guard let state = UInt8(exactly: row.integer(7)).flatMap({ Hold.State(rawValue: $0) }) else {
      throw .inconsistent("hold \(row.integer(0)) is in the unknown state \(row.integer(7))")
    }
    return Hold(
      id: row.integer(0), walletID: row.integer(1), amount: row.integer(2), captured: row.integer(3),
      remaining: row.integer(4), createdAt: row.integer(5), endsAt: row.integer(6), state: state,
      endedAt: row.integer(8))
  }

  func write(_ hold: Hold) throws(StoreError) {
    writeHold.bind(1, hold.id)
    writeHold.bind(2, hold.walletID)
    writeHold.bind(3, hold.amount)
    writeHold.bind(4, hold.captured)
    writeHold.bind(5, hold.remaining)
    writeHold.bind(6, hold.createdAt)
    writeHold.bind(7, hold.endsAt)
    writeHold.bind(8, Int64(hold.state.rawValue))
    writeHold.bind(9, hold.endedAt)
    try writeHold.ran()
  }

  // MARK: Refunds

  /// What was refunded of a row until now.
  func refunded(of seq: Int64) throws(StoreError) -> Int64 {
    selectRefunded.bind(1, seq)
    defer { selectRefunded.reset() }
    return try selectRefunded.stepped() ? selectRefunded.integer(0) : 0
  }

  func write(refunded: Int64, of seq: Int64) throws(StoreError) {
    writeRefunded.bind(1, seq)
    writeRefunded.bind(2, refunded)
    try writeRefunded.ran()
  }
}
