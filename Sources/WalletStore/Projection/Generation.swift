import WalletCore

/// Each so many versions of a wallet its history can be entered.
let versionsPerMark: Int64 = 64

/// Rows of the journal whose keys and places aren't all written: what is kept in memory for them.
struct Generation {
  /// An entry of `version_index`.
  struct Mark: Comparable {
    var walletID: Int64
    var version: Int64
    var seq: Int64

    static func < (left: Mark, right: Mark) -> Bool {
      left.walletID != right.walletID ? left.walletID < right.walletID : left.version < right.version
    }
  }

  /// An entry of `reference_index`.
  struct Reference: Comparable {
    var hash: Int32
    var seq: Int64

    static func < (left: Reference, right: Reference) -> Bool {
      left.hash != right.hash ? left.hash < right.hash : left.seq < right.seq
    }

    /// FNV-1a over the reference's bytes.
    static func hash(_ reference: Text) -> Int32 {
      var hash: UInt32 = 0x811C_9DC5
      unsafe reference.utf8.withUnsafeBytes { bytes in
        for index in 0..<bytes.count { unsafe hash = (hash ^ UInt32(bytes[index])) &* 0x0100_0193 }
      }
      return Int32(bitPattern: hash)
    }
  }

  var keys: RecentKeys
  var sortedKeys: SortedRuns<RecentKeys.Entry>
  var references: SortedRuns<Reference>
  var marks: [Mark] = []
  /// The first and the last row that are in it.
  var firstSeq: Int64 = 0
  var lastSeq: Int64 = 0
  var rowCount = 0

  /// - Parameter capacity: Rows that there is room for from the beginning, address space until they come.
  init(capacity: Int, seed: UInt64) {
    keys = RecentKeys(capacity: capacity, seed: seed)
    sortedKeys = SortedRuns(capacity: capacity)
    references = SortedRuns(capacity: capacity)
  }

  /// Entries that have to be written.
  var workCount: Int { keys.count + references.count + marks.count }

  /// What a gather may take back: counts at its begin.
  struct Extent {
    fileprivate var uuids: Int
    fileprivate var others: Int
    fileprivate var references: Int
    fileprivate var marks: Int
    fileprivate var lastSeq: Int64
    fileprivate var rowCount: Int

    var rowCountAtBegin: Int { rowCount }
  }

  /// Where the taking of the sorted entries stands.
  struct Cursors {
    fileprivate var keys: SortedRuns<RecentKeys.Entry>.Heads
    fileprivate var references: SortedRuns<Reference>.Heads
  }

  var cursors: Cursors {
    get { Cursors(keys: sortedKeys.heads, references: references.heads) }
    set {
      sortedKeys.heads = newValue.keys
      references.heads = newValue.references
    }
  }

  var extent: Extent {
    Extent(
      uuids: keys.uuids.count, others: keys.others.count, references: references.count, marks: marks.count,
      lastSeq: lastSeq, rowCount: rowCount)
  }

  mutating func shrink(to extent: Extent) {
    keys.shrink(uuids: extent.uuids, others: extent.others)
    references.shrink(to: extent.references)
    marks.removeLast(marks.count - extent.marks)
    lastSeq = extent.lastSeq
    rowCount = extent.rowCount
  }

  /// Takes note of a row of the journal.
  mutating func add(_ row: borrowing TransactionRow) {
    if !row.attribution.audit.reference.isEmpty {
      references.append(Reference(hash: Reference.hash(row.attribution.audit.reference), seq: row.seq))
    }
    if row.version % versionsPerMark == 0 {
      marks.append(Mark(walletID: row.walletID, version: row.version, seq: row.seq))
    }
    note(row.seq, row.attribution.key)
  }

  /// Takes note of a refusal.
  mutating func add(_ row: borrowing RefusalRow) { note(row.seq, row.attribution.key) }

  /// Takes note of what an administrator did.
  mutating func add(_ row: borrowing AdministrationRow) { note(row.seq, row.attribution.key) }

  private mutating func note(_ seq: Int64, _ key: IdempotencyKey?) {
    if let key = key?.indexed { keys.insert(key, seq: seq) }
    if rowCount == 0 { firstSeq = seq }
    lastSeq = seq
    rowCount += 1
  }

  /// The gather is committed: a slice of what has come is put in order now and then.
  mutating func settle() {
    for index in sortedKeys.count..<keys.uuids.count { sortedKeys.append(keys.uuids[index]) }
    sortedKeys.settle()
    references.settle()
  }

  /// Nothing comes any more; the entries are taken in order from now on.
  mutating func freeze() {
    settle()
    sortedKeys.beginTaking()
    references.beginTaking()
    marks.sort()
  }

  mutating func removeAll() {
    keys.removeAll()
    sortedKeys.removeAll()
    references.removeAll()
    marks.removeAll(keepingCapacity: true)
    rowCount = 0
  }
}

extension IdempotencyKey {
  /// The key under which a row is found; `nil` for none. A batch of all or nothing is found by its own key, which leads
  /// to its first item; the others lie behind that.
  var indexed: IdempotencyKey? {
    switch self {
    case .item(let batch, index: 0): batch
    case .item: nil
    case .uuid, .text: self
    }
  }
}
