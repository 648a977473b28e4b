import WalletCore

/// Rows by a hash of their reference, in runs: each run is sorted and has the rows of one generation, and lies in pieces
/// of a page each. A search asks each run.
final class ReferenceIndex {
  /// Entries of a piece: what fits into a page of 4096 bytes.
  static let entriesMax = 500
  /// Four bytes of hash and four of the distance from the run's first row, most significant byte first.
  static let entryByteCount = 8

  private let insert: Statement
  private let delete: Statement
  private var encoded: [UInt8] = []

  init(_ database: Database) throws(SQLiteError) {
    insert = try database.prepare(
      "INSERT INTO reference_index (run, first_hash, entries) VALUES (?, ?, ?)")
    delete = try database.prepare("DELETE FROM reference_index WHERE run >= ?")
  }

  /// Takes away what an unfinished writing has left of a run, and those behind it.
  func clear(run: Int64) throws(StoreError) {
    delete.bind(1, run)
    try delete.ran()
  }

  /// The entries of a piece, as a column has them.
  ///
  /// - Returns: Whether they were whole ones.
  static func read(
    _ statement: Statement, _ column: Int32, run: Int64, into entries: inout [Generation.Reference]
  ) -> Bool {
    entries.removeAll(keepingCapacity: true)
    return unsafe statement.withBlob(column) { bytes in
      guard bytes.count.isMultiple(of: entryByteCount) else { return false }
      for start in stride(from: 0, to: bytes.count, by: entryByteCount) {
        let hash = unsafe Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: Int32.self))
        let distance = unsafe UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self))
        entries.append(Generation.Reference(hash: hash, seq: run &+ Int64(distance)))
      }
      return true
    }
  }

  /// Writes a piece of a run. Pieces come in order; one hash may go on from one piece to the next.
  ///
  /// - Parameter run: The seq of its first row.
  func write(_ references: ArraySlice<Generation.Reference>, run: Int64) throws(StoreError) {
    guard let first = references.first else { return }
    encoded.removeAll(keepingCapacity: true)
    for reference in references {
      unsafe withUnsafeBytes(of: reference.hash.bigEndian) { unsafe encoded.append(contentsOf: $0) }
      unsafe withUnsafeBytes(of: UInt32(truncatingIfNeeded: reference.seq - run).bigEndian) { bytes in
        unsafe encoded.append(contentsOf: bytes)
      }
    }
    insert.bind(1, run)
    insert.bind(2, Int64(first.hash) << 32 | (first.seq - run))
    insert.bindNonempty(3, encoded)
    try insert.ran()
  }
}
