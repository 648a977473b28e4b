/// Why a wallet's balance is what it is: its rows added up, and what stands in the way of its money, at one place of the
/// journal.
public struct BalanceExplanation: Sendable {
  public struct OpenHold: Equatable, Sendable {
    public var hold: Hold
    /// Of the row that made it.
    public var reason: Text
    public var reference: Text

    public init(_ hold: Hold, reason: Text, reference: Text) {
      self.hold = hold
      self.reason = reason
      self.reference = reference
    }
  }

  public struct LimitUse: Equatable, Sendable {
    public var kind: LimitKind
    public var limit: Int64
    public var used: Int64
    /// 0 where there is no window.
    public var windowEnd: Int64

    public var remaining: Int64 { max(0, limit - used) }
  }

  /// As readers see it: holds whose end has come reserve nothing.
  public var wallet: Wallet
  public var opening: HistoryFold.Opening
  public var sums: [HistoryFold.Sum]
  /// By their ends; the first ones, where there are very many.
  public var holds: [OpenHold]
  /// In effect, with the side that each of them stops.
  public var freezes: [Freeze]
  public var limits: WalletLimits
  public var limitUses: [LimitUse]
  /// Newest first.
  public var lastChanges: [TransactionRow]
  public var rowsRecomputed: Int64
  /// The figures of all rows that were read, and of the wallet, fit together.
  public var isEqual: Bool
  /// What doesn't fit, in words; empty when all does.
  public var difference: String
  /// The links of all rows that were read are right, up to this one; 0: one isn't.
  public var chainVerifiedTo: Int64
  public var commitSeq: Int64

  /// What a freeze of debits keeps from being spent.
  public var frozenAmount: Int64 {
    freezes.contains { $0.scope.covers(.debit) } ? max(0, wallet.available) : 0
  }

  /// - Parameters:
  ///   - work: With everything read.
  ///   - holds: Those that `work` names, with what their rows say.
  ///   - lastChanges: The same of the newest rows.
  public init(_ work: ExplainWork, holds: [OpenHold], lastChanges: [TransactionRow]) {
    var fold = work.fold
    fold.finish()
    wallet = work.wallet
    opening = fold.opening
    sums = fold.sums
    self.holds = holds
    freezes = work.controls.freezesInEffect(at: work.now)
    limits = work.controls.limits
    limitUses = work.controls.limitUses(at: work.now)
    self.lastChanges = lastChanges
    rowsRecomputed = fold.rowsSummed
    isEqual = fold.difference == nil
    difference = [fold.difference, fold.brokenLink].compactMap { $0 }.joined(separator: "; ")
    chainVerifiedTo = fold.brokenLink == nil ? fold.newestSeq : 0
    commitSeq = work.commitSeq
  }
}

/// An explanation as far as it has been made. Rows never change: whatever is read later, it is about this wallet at this
/// place of the journal.
public struct ExplainWork: Sendable {
  public let wallet: Wallet
  public let controls: WalletControls
  /// The time of the gather, which holds, freezes and limits are seen at.
  public let now: Int64
  public let commitSeq: Int64
  public var fold: HistoryFold

  public init(wallet: Wallet, controls: WalletControls, now: Int64, commitSeq: Int64, fold: HistoryFold) {
    self.wallet = wallet
    self.controls = controls
    self.now = now
    self.commitSeq = commitSeq
    self.fold = fold
  }

  /// What one takes while it waits for its next turn, but for a wallet's open holds: those are shared with the book of
  /// controls. Dictionaries may be half empty, and a long reason lies in an array of its own.
  public static let bytesMax =
    2 * MemoryLayout<ExplainWork>.stride + LedgerLimits.explainedChangesMax * MemoryLayout<Int64>.stride
    + (LedgerLimits.explainedSumsMax + TransactionKind.allCases.count)
    * (2 * (MemoryLayout<Text>.stride + 64) + 32 + LedgerLimits.reasonBytesMax)

  /// Holds that reserve something, by their ends.
  public var openHolds: ArraySlice<Hold> {
    controls.holds.drop { $0.isDue(at: now) }.prefix(LedgerLimits.explainedHoldsMax)
  }
}

extension WalletControls {
  /// One freeze for each side, or one for both when it is the same.
  func freezesInEffect(at now: Int64) -> [Freeze] {
    var freezes: [Freeze] = []
    for (freeze, side) in [(debitFreeze, FreezeScope.debit), (creditFreeze, .credit)] {
      guard var freeze, freeze.isInEffect(at: now) else { continue }
      if debitFreeze == creditFreeze {
        if side == .debit { freezes.append(freeze) }
        continue
      }
      // Of a freeze of both sides one may have been lifted.
      freeze.scope = side
      freezes.append(freeze)
    }
    return freezes
  }

  /// One for each limit that is set and that something counts for.
  func limitUses(at now: Int64) -> [BalanceExplanation.LimitUse] {
    var uses: [BalanceExplanation.LimitUse] = []
    func add(_ kind: LimitKind, _ limit: Int64, used: Int64, windowEnd: Int64) {
      if limit != 0 { uses.append(.init(kind: kind, limit: limit, used: used, windowEnd: windowEnd)) }
    }
    add(.transactionAmount, limits.amountMax, used: 0, windowEnd: 0)
    for (window, limit, amountKind, countKind) in [
      (CalendarWindow.day, limits.day, LimitKind.dayAmount, LimitKind.dayCount),
      (.week, limits.week, .weekAmount, .weekCount), (.month, limits.month, .monthAmount, .monthCount),
    ] {
      let used = usage.used(window, at: now)
      let end = window.bounds(of: now).upperBound
      add(amountKind, limit.amount, used: used.amount, windowEnd: end)
      add(countKind, limit.count, used: used.count, windowEnd: end)
    }
    return uses
  }
}
