import WalletCore

/// What must be true of a transaction whatever its wallet was before, and of the two rows of a transfer.
final class RowCheck {
  /// A number that an edit may have put in: one that is much further than the last wallet isn't followed.
  private static let jumpMax: Int64 = 1000

  private let findings: Findings
  private let tables: VerifyTables
  /// Wallets that were opened: their ids have no gaps.
  private(set) var highestWalletID: Int64 = 0
  private(set) var opened: Int64 = 0
  /// The first row of a transfer, whose second one must follow.
  private var transfer: TransactionRow?

  init(_ tables: VerifyTables, findings: Findings) {
    self.tables = tables
    self.findings = findings
  }

  func check(_ entry: JournalScan.Entry) throws(StoreError) {
    guard case .transaction(let row) = entry else { return endTransfer(with: nil, at: entry.seq) }
    endTransfer(with: row, at: row.seq)
    checkWallet(row)
    checkSigns(row)
    try checkParties(row)
    let available = Int128(row.balance) - Int128(row.held) + Int128(row.overdraftLimit)
    if available < 0 || row.held < 0 || row.overdraftLimit < 0 {
      findings.add(
        "available", walletID: row.walletID, seq: row.seq, expected: "nothing below zero",
        found: "balance \(row.balance), held \(row.held), overdraft limit \(row.overdraftLimit)")
    }
  }

  /// The scan is through.
  func end(at seq: Int64) { endTransfer(with: nil, at: seq) }

  private func checkWallet(_ row: TransactionRow) {
    guard row.kind == .open else {
      if !(1...max(1, highestWalletID)).contains(row.walletID) || highestWalletID == 0 {
        findings.add(
          "wallet.id", walletID: row.walletID, seq: row.seq, expected: "a wallet that was opened before",
          found: "wallet \(row.walletID)")
      }
      return
    }
    opened += 1
    if row.walletID != highestWalletID + 1 {
      findings.expect("wallet.id", walletID: row.walletID, seq: row.seq, highestWalletID + 1, row.walletID)
    }
    highestWalletID = Self.highest(highestWalletID, row.walletID)
  }

  /// The highest wallet once another one was opened.
  static func highest(_ highest: Int64, _ opened: Int64) -> Int64 {
    opened > highest && opened - highest <= jumpMax ? opened : highest + 1
  }

  private func checkSigns(_ row: TransactionRow) {
    let isSound =
      switch row.kind {
      case .open, .freeze, .unfreeze, .setLimits, .close: row.amount == 0 && row.heldChange == 0
      case .debit, .transferOut: row.amount < 0 && row.heldChange == 0
      case .credit, .transferIn, .refund: row.amount > 0 && row.heldChange == 0
      case .hold: row.amount == 0 && row.heldChange > 0
      case .capture: row.amount < 0 && row.heldChange <= row.amount
      case .release, .expire: row.amount == 0 && row.heldChange < 0
      }
    if isSound { return }
    findings.add(
      "sign", walletID: row.walletID, seq: row.seq, expected: "the signs of a row of kind \(row.kind)",
      found: "amount \(row.amount), change of held \(row.heldChange)")
  }

  /// A row with an amount has exactly one counterparty.
  private func checkParties(_ row: TransactionRow) throws(StoreError) {
    let (needsAccount, needsWallet) =
      switch row.kind {
      case .debit, .credit, .capture, .refund: (true, false)
      case .transferOut, .transferIn: (false, true)
      default: (false, false)
      }
    if needsAccount == row.counterAccount.isEmpty || needsWallet == (row.counterWalletID == 0) {
      findings.add(
        "counterparty", walletID: row.walletID, seq: row.seq,
        expected: needsAccount ? "a counter-account" : needsWallet ? "another wallet" : "none",
        found: "counter-account \"\(row.counterAccount)\", wallet \(row.counterWalletID)")
    }
    if !row.counterAccount.isEmpty, try !tables.hasCounterAccount(row.counterAccount) {
      findings.add(
        "counter_account", walletID: row.walletID, seq: row.seq, expected: "a counter-account that was added",
        found: "\(row.counterAccount)")
    }
  }

  /// - Parameter row: The one that comes now; `nil` for one that is no transaction.
  private func endTransfer(with row: TransactionRow?, at seq: Int64) {
    if let out = transfer {
      transfer = nil
      let isPair =
        row.map { other in
          other.kind == .transferIn && other.seq == out.seq + 1 && out.relatedSeq == other.seq
            && other.relatedSeq == out.seq && out.counterWalletID == other.walletID
            && other.counterWalletID == out.walletID && Int128(out.amount) + Int128(other.amount) == 0
            && out.createdAt == other.createdAt
        } ?? false
      if !isPair {
        findings.add(
          "transfer", walletID: out.walletID, seq: out.seq,
          expected:
            "the other side of \(-Int128(out.amount)) in row \(out.relatedSeq), to wallet \(out.counterWalletID)",
          found: row.map { "row \($0.seq): \($0.kind) of \($0.amount), wallet \($0.walletID)" } ?? "none, at \(seq)")
      }
    } else if let row, row.kind == .transferIn {
      findings.add(
        "transfer", walletID: row.walletID, seq: row.seq, expected: "the other side right before it",
        found: "another row")
    }
    if let row, row.kind == .transferOut { transfer = row }
  }
}
