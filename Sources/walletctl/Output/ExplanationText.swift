import WalletClient

/// An explanation as somebody reads it aloud on the phone.
struct ExplanationText {
  private let explanation: BalanceExplanation
  private let unit: Unit

  init(_ explanation: BalanceExplanation) {
    self.explanation = explanation
    unit = Unit(currency: explanation.wallet.currency, exponent: explanation.wallet.exponent)
  }

  var text: String {
    let wallet = explanation.wallet
    let head = "Wallet \(wallet.id) of \(wallet.ownerID), \(wallet.currency) \"\(wallet.name)\", \(wallet.status)"
    return ([head, figures] + notes + lastChanges + [verdict]).joined(separator: "\n")
  }

  // MARK: Figures

  private var figures: String {
    let wallet = explanation.wallet
    var table = Table([("", .left), ("", .right), ("", .left)], hasTitles: false)
    table.add(["opening balance", unit.text(explanation.openingBalance), opening])
    for line in sums { table.add(line) }
    table.add(["balance", unit.text(wallet.balance), ""])
    if wallet.held != 0 || !explanation.holds.isEmpty {
      let count = explanation.holds.count
      table.add(["reserved by \(count) hold\(count == 1 ? "" : "s")", unit.text(wallet.held), ""])
      for hold in explanation.holds { table.add(line(of: hold)) }
    }
    if wallet.overdraftLimit != 0 { table.add(["overdraft limit", unit.text(wallet.overdraftLimit), ""]) }
    let frozen = explanation.frozenAmount
    let without = frozen == 0 ? "" : "\(unit.text(wallet.available)) if it were not frozen"
    table.add(["available", unit.text(wallet.available - frozen), without])
    return table.text
  }

  private var opening: String {
    let since = Timestamp.short(explanation.openingAtMicros)
    if explanation.openingVersion == 0 { return since }
    let place = "after \(explanation.openingVersion) changes"
    return since.isEmpty ? place : "\(place), before \(since)"
  }

  /// What moved money, by kind and reason; the rest in a line.
  private var sums: [[String]] {
    let moved = explanation.sums.filter { $0.amount != 0 }
    var labels = Table([("", .left), ("", .left), ("", .right)], hasTitles: false)
    for sum in moved { labels.add(["  \(Self.words(sum.kind))", sum.reason.or("(other reasons)"), "\(sum.count) x"]) }
    let texts = labels.text.split(separator: "\n", omittingEmptySubsequences: false)
    var lines = zip(texts, moved).map { [String($0), signed($1.amount), ""] }
    let still = explanation.sums.filter { $0.amount == 0 }
    if !still.isEmpty {
      let count = still.reduce(0) { $0 + $1.count }
      var kinds: [String] = []
      for sum in still where !kinds.contains(Self.words(sum.kind)) { kinds.append(Self.words(sum.kind)) }
      lines.append([
        "  \(count) change\(count == 1 ? "" : "s") without an amount", "", kinds.joined(separator: ", "),
      ])
    }
    return lines
  }

  private func line(of hold: HoldInfo) -> [String] {
    var remark = "until \(Timestamp.short(hold.endsAtMicros))  \(hold.reason)"
    if !hold.reference.isEmpty { remark += "  \(hold.reference)" }
    if hold.captured != 0 { remark += "  (\(unit.text(hold.captured)) of \(unit.text(hold.amount)) captured)" }
    return ["  hold \(hold.id)", unit.text(hold.remaining), remark]
  }

  // MARK: What stands in the way

  private var notes: [String] {
    var notes = explanation.freezes.map(freeze)
    let wallet = explanation.wallet
    if explanation.limits.maxBalance != 0 {
      notes.append("limit: the balance may reach \(unit.text(explanation.limits.maxBalance))")
    }
    notes += explanation.limitUses.map(limit)
    if wallet.expiryPending { notes.append("holds have ended that aren't in the history yet; they don't count here") }
    return notes
  }

  private func freeze(_ freeze: FreezeInfo) -> String {
    let (side, effect) =
      switch freeze.scope {
      case .debit: (" for debits", "nothing can be spent")
      case .credit: (" for credits", "nothing can be put in")
      case .all, nil: ("", "nothing can be spent or put in")
      }
    let until = freeze.untilMicros == 0 ? "" : " until \(Timestamp.short(freeze.untilMicros))"
    return "frozen\(side) since \(Timestamp.short(freeze.sinceMicros))\(until) (\(freeze.reason)): \(effect)"
  }

  private func limit(_ use: LimitUse) -> String {
    let name = use.kind.map { Words.of($0).joined(separator: " ") } ?? "of a newer kind"
    func text(_ figure: Int64) -> String { use.kind?.isCount == true ? "\(figure)" : unit.text(figure) }
    if use.windowEndMicros == 0 { return "limit: \(name) \(text(use.limit))" }
    return "limit: \(name) \(text(use.limit)): \(text(use.used)) used, \(text(use.remaining)) left until "
      + Timestamp.short(use.windowEndMicros)
  }

  // MARK: Rows

  private var lastChanges: [String] {
    if explanation.lastChanges.isEmpty { return [] }
    var table = Table([
      ("  TIME", .left), ("KIND", .left), ("AMOUNT", .right), ("BALANCE", .right), ("REASON", .left),
      ("REFERENCE", .left), ("BY", .left),
    ])
    for row in explanation.lastChanges {
      table.add([
        "  \(Timestamp.short(row.createdAtMicros))", Self.words(row.kind), row.amount == 0 ? "" : signed(row.amount),
        unit.text(row.balance), row.reason, row.reference,
        row.onBehalfOf.isEmpty ? row.actor : "\(row.actor) for \(row.onBehalfOf)",
      ])
    }
    return ["last changes", table.text]
  }

  private var verdict: String {
    let rows = explanation.rowsRecomputed
    let figures = explanation.isEqual ? "equal" : "NOT EQUAL"
    let chain =
      explanation.chainVerifiedTo == 0
      ? "the chain is BROKEN" : "chain verified to transaction \(explanation.chainVerifiedTo)"
    let line = "recomputed from \(rows) row\(rows == 1 ? "" : "s"): \(figures); \(chain)"
    return explanation.difference.isEmpty ? line : "\(line)\n\(explanation.difference)"
  }

  private func signed(_ amount: Int64) -> String { (amount > 0 ? "+" : "") + unit.text(amount) }

  private static func words(_ kind: TransactionKind?) -> String {
    kind.map { Words.of($0).joined(separator: " ") } ?? "?"
  }
}

extension String {
  fileprivate func or(_ other: String) -> String { isEmpty ? other : self }
}
