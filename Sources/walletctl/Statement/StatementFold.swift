import WalletClient

/// Adds up a statement's rows, and finds out when they don't lead from one end to the other.
struct StatementFold: Equatable {
  struct Difference: Error, Equatable {
    var text: String
  }

  private let head: StatementHead
  /// After the rows so far.
  private(set) var last: StatementHead.End
  /// What came in, minor units.
  private(set) var totalIn: Int64 = 0
  /// What went out, without a sign; minor units.
  private(set) var totalOut: Int64 = 0
  private(set) var rowCount = 0

  init(_ head: StatementHead) {
    self.head = head
    last = head.opening
  }

  /// Whether all rows have come.
  var isComplete: Bool { last.version >= head.closing.version }

  mutating func add(_ row: Transaction) throws(Difference) {
    guard row.walletVersion == last.version + 1 else {
      throw Difference(text: "transaction \(row.id) makes version \(row.walletVersion) after \(last.version)")
    }
    guard let sum = last.balance.adding(row.amount), sum == row.balance else {
      throw Difference(
        text: "transaction \(row.id) changes \(text(last.balance)) by \(text(row.amount)) to \(text(row.balance))")
    }
    let total = row.amount < 0 ? totalOut.adding(0, minus: row.amount) : totalIn.adding(row.amount)
    guard let total else { throw Difference(text: "the total up to transaction \(row.id) is beyond int64") }
    if row.amount < 0 { totalOut = total } else { totalIn = total }
    last = StatementHead.End(balance: sum, version: row.walletVersion)
    rowCount += 1
  }

  /// Opening balance and sums must give the closing balance, which was asked for by itself.
  func close() throws(Difference) {
    guard last.version == head.closing.version else {
      throw Difference(text: "the rows end at version \(last.version), the period at \(head.closing.version)")
    }
    let sum = Int128(head.opening.balance) + Int128(totalIn) - Int128(totalOut)
    guard sum == Int128(head.closing.balance), last.balance == head.closing.balance else {
      throw Difference(
        text: "\(text(head.opening.balance)) + \(text(totalIn)) - \(text(totalOut)) isn't "
          + text(head.closing.balance))
    }
  }

  private func text(_ minorUnits: Int64) -> String { head.unit.text(minorUnits) }
}

extension Int64 {
  /// `nil` beyond the range.
  fileprivate func adding(_ other: Int64, minus third: Int64 = 0) -> Int64? {
    Int64(exactly: Int128(self) + Int128(other) - Int128(third))
  }
}
