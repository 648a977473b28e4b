import WalletCore

/// Follows the chain of digests from the name of the ledger to a head, and sees to it that no place is empty.
final class ChainCheck {
  /// Of the row before, as it is stored: one edited row is one finding.
  private(set) var before: JournalHead
  private var createdAtBefore: Int64 = .min
  private let expected: JournalHead?
  private let findings: Findings
  private let sealer = RowSealer()

  init(genesis: ShortBytes, expected: JournalHead?, findings: Findings) {
    before = JournalHead(seq: 0, digest: genesis)
    self.expected = expected
    self.findings = findings
    compareWithExpected()
  }

  func check(_ entry: JournalScan.Entry) {
    let seq = entry.seq
    let isNext = seq == before.seq + 1
    if !isNext {
      findings.add(
        "seq", walletID: entry.walletID, seq: seq, expected: "row \(before.seq + 1) next",
        found: seq == before.seq ? "two rows \(seq)" : "row \(seq)")
    }
    switch entry {
    case .transaction(let row):
      if row.format != TransactionRow.formatCurrent { refuse(format: row.format, entry) }
      check(row, lane: row.lane, createdAt: row.createdAt, entry, isNext: isNext)
    case .refusal(let row):
      let formats = TransactionRow.formatCurrent...RefusalRow.formatWithParameters
      if !formats.contains(row.format) { refuse(format: row.format, entry) }
      check(row, lane: row.lane, createdAt: row.createdAt, entry, isNext: isNext)
    case .administration(let row):
      if row.format != AdministrationRow.formatCurrent { refuse(format: row.format, entry) }
      check(row, lane: row.lane, createdAt: row.createdAt, entry, isNext: isNext)
    case .unreadable(_, _, let why):
      findings.add("row", seq: seq, expected: "a row that can be read", found: why)
    }
    before = JournalHead(seq: seq, digest: entry.digest)
    compareWithExpected()
  }

  /// Rows up to a place can't be read.
  func skip(to seq: Int64) { before = JournalHead(seq: seq, digest: ShortBytes()) }

  private func check(
    _ row: some JournalRow, lane: Int64, createdAt: Int64, _ entry: JournalScan.Entry, isNext: Bool
  ) {
    if isNext, !before.digest.isEmpty {
      let digest = sealer.digest(of: row, after: before.digest)
      if digest != row.digest {
        findings.add(
          "digest", walletID: entry.walletID, seq: row.seq, expected: Hexadecimal.text(digest.bytes),
          found: Hexadecimal.text(row.digest.bytes))
      }
    }
    if lane != 0 { findings.expect("lane", walletID: entry.walletID, seq: row.seq, 0, lane) }
    if createdAt < createdAtBefore {
      findings.add(
        "created_at", walletID: entry.walletID, seq: row.seq, expected: "\(createdAtBefore) or later",
        found: "\(createdAt)")
    }
    createdAtBefore = max(createdAtBefore, createdAt)
  }

  private func refuse(format: Int64, _ entry: JournalScan.Entry) {
    findings.add(
      "format", walletID: entry.walletID, seq: entry.seq, expected: "a format that docs/ROW.md knows",
      found: "\(format)")
  }

  private func compareWithExpected() {
    guard let expected, expected.seq == before.seq, expected.digest != before.digest else { return }
    findings.add(
      "head", seq: expected.seq, expected: Hexadecimal.text(expected.digest.bytes),
      found: Hexadecimal.text(before.digest.bytes))
  }
}
