import WalletCore

/// The journal in the order of its places, whichever table a row is in.
final class JournalScan {
  enum Entry {
    case transaction(TransactionRow)
    case refusal(RefusalRow)
    case administration(AdministrationRow)
    /// A row whose columns make no row.
    case unreadable(seq: Int64, digest: ShortBytes, why: String)
  }

  /// One table. Its statement stands on the next row.
  private final class Source {
    private let statement: Statement
    private let digestColumn: Int32
    private let read: (Statement) throws(StoreError) -> Entry
    private(set) var seq: Int64?

    init(_ statement: Statement, digestColumn: Int32, _ read: @escaping (Statement) throws(StoreError) -> Entry) {
      self.statement = statement
      self.digestColumn = digestColumn
      self.read = read
    }

    func begin(after seq: Int64, through end: Int64) throws(StoreError) {
      statement.bind(1, seq)
      statement.bind(2, end)
      try advance()
    }

    func advance() throws(StoreError) { seq = try statement.stepped() ? statement.integer(0) : nil }

    func entry() throws(StoreError) -> Entry {
      do {
        return try read(statement)
      } catch {
        guard case .inconsistent(let why) = error else { throw error }
        return .unreadable(seq: statement.integer(0), digest: statement.shortBytes(digestColumn), why: why)
      }
    }

    func reset() {
      statement.reset()
      seq = nil
    }
  }

  private static let tail = "WHERE seq > ?1 AND seq <= ?2 ORDER BY seq"

  private let sources: [Source]
  private let selectHead: Statement

  init(_ database: Database, _ origins: OriginTable) throws(SQLiteError) {
    sources = [
      Source(try TransactionTable.query(database, Self.tail), digestColumn: 28) { row throws(StoreError) in
        .transaction(try TransactionTable.row(row, origins))
      },
      Source(try RefusalTable.query(database, Self.tail), digestColumn: 24) { row throws(StoreError) in
        .refusal(try RefusalTable.row(row, origins))
      },
      Source(try AdministrationTable.query(database, Self.tail), digestColumn: 16) { row throws(StoreError) in
        .administration(try AdministrationTable.row(row, origins))
      },
    ]
    selectHead = try database.prepare(
      """
      SELECT max((SELECT coalesce(max(seq), 0) FROM transactions), (SELECT coalesce(max(seq), 0) FROM refusals),
        (SELECT coalesce(max(seq), 0) FROM administration))
      """)
  }

  /// The last place.
  func head() throws(StoreError) -> Int64 {
    defer { selectHead.reset() }
    guard try selectHead.stepped() else { throw .inconsistent("the journal has no highest place") }
    return selectHead.integer(0)
  }

  /// Goes through the rows behind a place, up to another one.
  func rows(after seq: Int64, through end: Int64, _ body: (Entry) throws(StoreError) -> Void) throws(StoreError) {
    defer { for source in sources { source.reset() } }
    for source in sources { try source.begin(after: seq, through: end) }
    while let source = next {
      try body(try source.entry())
      try source.advance()
    }
  }

  private var next: Source? {
    var first: Source?
    for source in sources {
      guard let seq = source.seq else { continue }
      if let known = first?.seq, known <= seq { continue }
      first = source
    }
    return first
  }

  /// The row at a place, if there is one.
  func entry(at seq: Int64) throws(StoreError) -> Entry? {
    var found: Entry?
    try rows(after: seq - 1, through: seq) { entry throws(StoreError) in found = entry }
    return found
  }
}

extension JournalScan.Entry {
  var seq: Int64 {
    switch self {
    case .transaction(let row): row.seq
    case .refusal(let row): row.seq
    case .administration(let row): row.seq
    case .unreadable(let seq, _, _): seq
    }
  }

  var digest: ShortBytes {
    switch self {
    case .transaction(let row): row.digest
    case .refusal(let row): row.digest
    case .administration(let row): row.digest
    case .unreadable(_, let digest, _): digest
    }
  }

  var walletID: Int64 {
    switch self {
    case .transaction(let row): row.walletID
    case .refusal(let row): row.walletID
    case .administration, .unreadable: 0
    }
  }

  var key: IdempotencyKey? {
    switch self {
    case .transaction(let row): row.key
    case .refusal(let row): row.key
    case .administration(let row): row.key
    case .unreadable: nil
    }
  }
}
