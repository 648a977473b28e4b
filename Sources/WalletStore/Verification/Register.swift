import WalletCore

/// Tables that lead to rows of the journal.
enum Register: String, CaseIterable {
  case keys = "key"
  case marks = "version_index"
  case references = "reference_index"

  /// What the table must have of a row; `nil` for nothing.
  func item(of entry: JournalScan.Entry) -> Census.Item? {
    switch self {
    case .keys: entry.key?.indexed.map { Self.item(of: $0, seq: entry.seq) }
    case .marks:
      if case .transaction(let row) = entry, row.version % versionsPerMark == 0 {
        Self.mark(row.walletID, row.version, seq: row.seq)
      } else {
        nil
      }
    case .references:
      if case .transaction(let row) = entry, !row.attribution.audit.reference.isEmpty {
        Self.reference(Generation.Reference.hash(row.attribution.audit.reference), seq: row.seq)
      } else {
        nil
      }
    }
  }

  static func item(of key: IdempotencyKey, seq: Int64) -> Census.Item {
    if case .uuid(let high, let low) = key { return Census.Item(high: high, low: low, seq: seq) }
    var halves: (UInt64, UInt64) = (0, 0)
    for salt in 0..<2 {
      var hasher = Hasher()
      hasher.combine(salt)
      hasher.combine(key)
      let half = UInt64(bitPattern: Int64(hasher.finalize()))
      if salt == 0 { halves.0 = half } else { halves.1 = half }
    }
    return Census.Item(high: halves.0, low: halves.1, seq: seq)
  }

  static func mark(_ walletID: Int64, _ version: Int64, seq: Int64) -> Census.Item {
    Census.Item(high: UInt64(bitPattern: walletID), low: UInt64(bitPattern: version), seq: seq)
  }

  static func reference(_ hash: Int32, seq: Int64) -> Census.Item {
    Census.Item(high: UInt64(UInt32(bitPattern: hash)), low: 0, seq: seq)
  }

  /// What a finding says of an entry, without the row that it leads to.
  func words(_ item: Census.Item) -> String {
    switch self {
    case .keys: UUIDv7.text(high: item.high, low: item.low)
    case .marks: "wallet \(Int64(bitPattern: item.high)) at version \(Int64(bitPattern: item.low))"
    case .references: "the hash \(Int32(bitPattern: UInt32(truncatingIfNeeded: item.high)))"
    }
  }
}

/// Goes through a table of entries by steps, each in a snapshot of its own.
protocol RegisterWalk: AnyObject {
  typealias Found = (Census.Item) throws(StoreError) -> Void

  /// - Returns: Whether the table is through.
  func step(_ found: Found) throws(StoreError) -> Bool
}
