import WalletCore

/// Goes through `version_index`.
final class MarkWalk: RegisterWalk {
  private static let marksPerStep = 2048

  private let select: Statement
  private var last: (walletID: Int64, version: Int64) = (.min, .min)

  init(_ database: Database) throws(SQLiteError) {
    select = try database.prepare(
      """
      SELECT wallet_id, version, seq FROM version_index
      WHERE (wallet_id, version) > (?1, ?2) ORDER BY wallet_id, version LIMIT ?3
      """)
  }

  func step(_ found: Found) throws(StoreError) -> Bool {
    select.bind(1, last.walletID)
    select.bind(2, last.version)
    select.bind(3, Int64(Self.marksPerStep))
    defer { select.reset() }
    var count = 0
    while try select.stepped() {
      count += 1
      last = (select.integer(0), select.integer(1))
      try found(Register.mark(last.walletID, last.version, seq: select.integer(2)))
    }
    return count < Self.marksPerStep
  }
}

/// Goes through `reference_index`.
final class ReferenceWalk: RegisterWalk {
  private static let piecesPerStep: Int64 = 8

  /// `nil` where the structure was looked at already.
  private let findings: Findings?
  private let select: Statement
  private var last: (run: Int64, firstHash: Int64) = (.min, .min)
  private var lastEntry: Generation.Reference?
  private var entries: [Generation.Reference] = []

  init(_ database: Database, findings: Findings?) throws(SQLiteError) {
    self.findings = findings
    select = try database.prepare(
      """
      SELECT run, first_hash, entries FROM reference_index
      WHERE (run, first_hash) > (?1, ?2) ORDER BY run, first_hash LIMIT ?3
      """)
  }

  func step(_ found: Found) throws(StoreError) -> Bool {
    select.bind(1, last.run)
    select.bind(2, last.firstHash)
    select.bind(3, Self.piecesPerStep)
    defer { select.reset() }
    var count: Int64 = 0
    while try select.stepped() {
      count += 1
      if select.integer(0) != last.run { lastEntry = nil }
      last = (select.integer(0), select.integer(1))
      let isWhole = ReferenceIndex.read(select, 2, run: last.run, into: &entries)
      let first = entries.first.map { Int64($0.hash) << 32 | ($0.seq - last.run) }
      var isOrdered = isWhole && first == last.firstHash
      for entry in entries {
        if let lastEntry, !(lastEntry < entry) { isOrdered = false }
        lastEntry = entry
        try found(Register.reference(entry.hash, seq: entry.seq))
      }
      if !isOrdered {
        findings?.add(
          "reference_index", seq: last.run, expected: "whole entries in order",
          found: "the piece \(last.firstHash) of run \(last.run)")
      }
    }
    return count < Self.piecesPerStep
  }
}
