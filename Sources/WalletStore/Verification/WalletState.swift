import WalletCore

/// What the rows of a wallet have made of it, up to where they were folded. Of a fixed size: what is long stands in the
/// rows that the state names.
struct WalletState {
  /// The count of its rows; 0: none has come.
  var version: Int64 = 0
  var balance: Int64 = 0
  var held: Int64 = 0
  var overdraft: Int64 = 0
  var lastSeq: Int64 = 0
  /// Its last row that the table of wallets must show.
  var settledSeq: Int64 = 0
  var openSeq: Int64 = 0
  /// Digests of what the wallet's row must say: of its name and opening, and of its last row's time and actor.
  var openMark = 0
  var lastMark = 0
  /// The rows that its limits and freezes stand in; 0 for none.
  var limitsSeq: Int64 = 0
  var debitFreezeSeq: Int64 = 0
  var creditFreezeSeq: Int64 = 0
  /// When limits last had something to count; what was used then of its day, week and month.
  var usedAt: Int64 = .min
  var day = Used()
  var week = Used()
  var month = Used()
  var openHolds: Int32 = 0
  /// By `CurrencyNumbers`.
  var currency: UInt16 = 0
  var isClosed = false
  var hasLimits = false
  var hasWindows = false

  struct Used: Equatable {
    var amount: Int64 = 0
    var count: Int64 = 0

    mutating func add(_ more: Int64) {
      let (sum, overflow) = amount.addingReportingOverflow(more)
      amount = overflow ? .max : sum
      count += 1
    }

    mutating func giveBack(_ back: Int64, count times: Int64) {
      if amount != .max { amount = max(0, amount - back) }
      count = max(0, count - times)
    }
  }

  /// Whether `wallet_controls` must have a row of it.
  var hasControls: Bool { openHolds > 0 || debitFreezeSeq != 0 || creditFreezeSeq != 0 || hasLimits }

  static func openMark(_ name: WalletName, exponent: UInt8, createdAt: Int64, createdBy: Text) -> Int {
    var hasher = Hasher()
    hasher.combine(name.owner)
    hasher.combine(name.currency)
    hasher.combine(name.name)
    hasher.combine(exponent)
    hasher.combine(createdAt)
    hasher.combine(createdBy)
    return hasher.finalize()
  }

  static func lastMark(at time: Int64, by actor: Text) -> Int {
    var hasher = Hasher()
    hasher.combine(time)
    hasher.combine(actor)
    return hasher.finalize()
  }
}

/// The day, the week and the month that a time lies in. Rows come in the order of their time: mostly it is the day before.
struct CalendarMemo {
  private(set) var day: Range<Int64> = 0..<0
  private(set) var week: Range<Int64> = 0..<0
  private(set) var month: Range<Int64> = 0..<0

  mutating func move(to time: Int64) {
    if day.contains(time) { return }
    day = CalendarWindow.day.bounds(of: time)
    week = CalendarWindow.week.bounds(of: time)
    month = CalendarWindow.month.bounds(of: time)
  }
}

extension WalletState {
  /// Counts what limits count, whether or not the wallet has any: they apply to what was used before them.
  mutating func use(_ amount: Int64, at time: Int64, _ calendar: CalendarMemo) {
    if !calendar.day.contains(usedAt) { day = Used() }
    if !calendar.week.contains(usedAt) { week = Used() }
    if !calendar.month.contains(usedAt) { month = Used() }
    day.add(amount)
    week.add(amount)
    month.add(amount)
    usedAt = time
  }

  /// What a hold reserved and didn't use, in the windows that it was made in and that are still open.
  mutating func giveBack(_ amount: Int64, count: Int64, madeAt: Int64, _ calendar: CalendarMemo) {
    if calendar.day.contains(madeAt), calendar.day.contains(usedAt) { day.giveBack(amount, count: count) }
    if calendar.week.contains(madeAt), calendar.week.contains(usedAt) { week.giveBack(amount, count: count) }
    if calendar.month.contains(madeAt), calendar.month.contains(usedAt) { month.giveBack(amount, count: count) }
  }

  /// What is used of the windows that the calendar stands in.
  func used(_ calendar: CalendarMemo) -> [CalendarWindow: Used] {
    if !hasWindows { return [.day: Used(), .week: Used(), .month: Used()] }
    return [
      .day: calendar.day.contains(usedAt) ? day : Used(), .week: calendar.week.contains(usedAt) ? week : Used(),
      .month: calendar.month.contains(usedAt) ? month : Used(),
    ]
  }
}
