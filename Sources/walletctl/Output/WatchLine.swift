import WalletClient

/// A watched transaction on one line: when, whose, what, how much, from what to what, why, and by whom.
struct WatchLine {
  var text: String

  init(_ event: WatchEvent) {
    guard let row = event.transaction else {
      text = "nothing new up to \(event.commitSeq)"
      return
    }
    let unit = Unit(currency: event.currency, exponent: event.exponent)
    var parts = [
      Timestamp.text(row.createdAtMicros), "wallet \(row.walletID)",
      row.kind.map { Words.of($0).joined(separator: " ") } ?? "?",
    ]
    if row.amount != 0 || row.heldChange == 0 {
      parts.append(unit.text(row.amount))
      parts.append("\(unit.decimal(event.balanceBefore)) -> \(unit.text(row.balance))")
    }
    if row.heldChange != 0 {
      parts.append("held \(unit.decimal(event.heldBefore)) -> \(unit.text(row.held))")
    }
    parts.append(row.reason)
    if !row.reference.isEmpty { parts.append("for \(row.reference)") }
    parts.append("by \(row.actor)" + (row.onBehalfOf.isEmpty ? "" : " on behalf of \(row.onBehalfOf)"))
    parts.append("#\(row.id)")
    text = parts.filter { !$0.isEmpty }.joined(separator: "  ")
  }
}
