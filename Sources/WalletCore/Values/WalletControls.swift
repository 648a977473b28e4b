/// What stands in the way of a wallet's money beyond its figures: holds, freezes, limits and what was used of them. Most
/// wallets have none of it.
public struct WalletControls: Equatable, Sendable {
  /// Open ones, in the order in which they expire.
  public var holds: [Hold] = []
  public var debitFreeze: Freeze?
  public var creditFreeze: Freeze?
  public var limits = WalletLimits()
  public var usage = LimitUsage()

  public init() {}

  public var isEmpty: Bool { self == WalletControls() }

  /// What holds reserve whose end has come and whose expiry isn't in the journal yet.
  public func dueAmount(at now: Int64) -> Int64 {
    holds.reduce(0) { $1.isDue(at: now) ? $0 + $1.remaining : $0 }
  }

  public mutating func freeze(_ freeze: Freeze) {
    if freeze.scope.covers(.debit) { debitFreeze = freeze }
    if freeze.scope.covers(.credit) { creditFreeze = freeze }
  }

  public mutating func unfreeze(_ scope: FreezeScope) {
    if scope.covers(.debit) { debitFreeze = nil }
    if scope.covers(.credit) { creditFreeze = nil }
  }

  public mutating func add(_ hold: Hold) {
    let index = holds.firstIndex { Hold.expiresBefore(hold, $0) } ?? holds.count
    holds.insert(hold, at: index)
  }

  /// Keeps an open hold as it is now; drops it when it has ended.
  public mutating func replace(_ hold: Hold) {
    guard let index = holds.firstIndex(where: { $0.id == hold.id }) else { return }
    if hold.state == .open { holds[index] = hold } else { holds.remove(at: index) }
  }
}

/// What debits, outgoing transfers and holds have used of a day, a week and a month.
public struct LimitUsage: Equatable, Sendable {
  public struct Window: Equatable, Sendable {
    /// Where it begins, microseconds; what was used in another window counts no more.
    public var start: Int64 = .min
    public var amount: Int64 = 0
    public var count: Int64 = 0

    public init() {}

    public init(start: Int64, amount: Int64, count: Int64) {
      self.start = start
      self.amount = amount
      self.count = count
    }
  }

  public var day = Window()
  public var week = Window()
  public var month = Window()

  public init() {}

  public subscript(_ window: CalendarWindow) -> Window {
    get {
      switch window {
      case .day: day
      case .week: week
      case .month: month
      }
    }
    set {
      switch window {
      case .day: day = newValue
      case .week: week = newValue
      case .month: month = newValue
      }
    }
  }

  /// What is used of the window that `now` lies in.
  public func used(_ window: CalendarWindow, at now: Int64) -> Window {
    let start = window.bounds(of: now).lowerBound
    let used = self[window]
    return used.start == start ? used : Window(start: start, amount: 0, count: 0)
  }

  public mutating func use(_ amount: Int64, at now: Int64) {
    for window in CalendarWindow.allCases {
      var used = used(window, at: now)
      // Saturates: a sum beyond int64 is beyond every limit.
      let (sum, overflow) = used.amount.addingReportingOverflow(amount)
      used.amount = overflow ? .max : sum
      used.count += 1
      self[window] = used
    }
  }

  /// What a hold reserved and didn't use, in the windows that it was made in and that are still open. A sum that has left
  /// int64 isn't known any more: it stays beyond every limit until its window ends.
  public mutating func giveBack(_ amount: Int64, count: Int64, usedAt time: Int64, at now: Int64) {
    for window in CalendarWindow.allCases {
      let bounds = window.bounds(of: now)
      guard bounds.contains(time), self[window].start == bounds.lowerBound else { continue }
      if self[window].amount != .max { self[window].amount = max(0, self[window].amount - amount) }
      self[window].count = max(0, self[window].count - count)
    }
  }
}
