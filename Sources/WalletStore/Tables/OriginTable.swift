import WalletCore

/// The ids of origins: `origins` and what is known of it in memory. What is new in a gather can be taken back.
final class OriginTable {
  /// Kept in memory at most; they are found again on disk.
  private static let cachedMax = 10_000
  /// In two dictionaries, which may be half empty; long texts lie in arrays of their own.
  static let bytesMax =
    cachedMax * (4 * (MemoryLayout<Origin>.stride + 16) + 3 * (32 + LedgerLimits.identifierBytesMax))

  /// What a connection that can't write doesn't have.
  private struct Writing {
    let insert: Statement
    let selectID: Statement
    let maxID: Statement
  }

  private let writing: Writing?
  private let selectOrigin: Statement
  private var ids: [Origin: Int64] = [:]
  private var origins: [Int64: Origin] = [:]
  private var last: (origin: Origin, id: Int64)?
  private var addedInGather: [Origin] = []

  init(_ database: Database) throws(SQLiteError) {
    writing = Writing(
      insert: try database.prepare(
        "INSERT INTO origins (origin_id, actor, source, client_name) VALUES (?, ?, ?, ?)"),
      selectID: try database.prepare(
        "SELECT origin_id FROM origins WHERE actor = ? AND source = ? AND client_name = ?"),
      maxID: try database.prepare("SELECT coalesce(max(origin_id), 0) FROM origins"))
    selectOrigin = try Self.selectOrigin(database)
  }

  /// For a connection that can't write.
  init(reading database: Database) throws(SQLiteError) {
    writing = nil
    selectOrigin = try Self.selectOrigin(database)
  }

  private static func selectOrigin(_ database: Database) throws(SQLiteError) -> Statement {
    try database.prepare("SELECT actor, source, client_name FROM origins WHERE origin_id = ?")
  }

  /// The id of an origin, which gets one now if it has none.
  func id(of origin: Origin) throws(StoreError) -> Int64 {
    if let last, last.origin == origin { return last.id }
    let id: Int64
    if let known = ids[origin] {
      id = known
    } else {
      guard let writing else { preconditionFailure("a table that is only read was written") }
      if let found = try stored(origin, writing) { id = found } else { id = try add(origin, writing) }
      remember(origin, id)
    }
    last = (origin, id)
    return id
  }

  func origin(_ id: Int64) throws(StoreError) -> Origin {
    if let known = origins[id] { return known }
    selectOrigin.bind(1, id)
    defer { selectOrigin.reset() }
    guard try selectOrigin.stepped() else { throw .inconsistent("origin \(id) is missing") }
    let origin = Origin(actor: selectOrigin.text(0), source: selectOrigin.text(1), clientName: selectOrigin.text(2))
    if origins.count >= Self.cachedMax { origins.removeAll() }
    origins[id] = origin
    return origin
  }

  /// The gather that added them doesn't come about.
  func takeBack() {
    for origin in addedInGather {
      if let id = ids.removeValue(forKey: origin) { origins[id] = nil }
    }
    if !addedInGather.isEmpty { last = nil }
    addedInGather.removeAll()
  }

  func settle() { addedInGather.removeAll() }

  private func stored(_ origin: Origin, _ writing: Writing) throws(StoreError) -> Int64? {
    writing.selectID.bind(1, origin.actor)
    writing.selectID.bind(2, origin.source)
    writing.selectID.bind(3, origin.clientName)
    defer { writing.selectID.reset() }
    return try writing.selectID.stepped() ? writing.selectID.integer(0) : nil
  }

  private func add(_ origin: Origin, _ writing: Writing) throws(StoreError) -> Int64 {
    defer { writing.maxID.reset() }
    guard try writing.maxID.stepped() else { throw .inconsistent("the origins have no highest id") }
    let id = writing.maxID.integer(0) + 1
    writing.insert.bind(1, id)
    writing.insert.bind(2, origin.actor)
    writing.insert.bind(3, origin.source)
    writing.insert.bind(4, origin.clientName)
    try writing.insert.ran()
    addedInGather.append(origin)
    return id
  }

  private func remember(_ origin: Origin, _ id: Int64) {
    if ids.count >= Self.cachedMax {
      ids.removeAll()
      origins.removeAll()
    }
    ids[origin] = id
    origins[id] = origin
  }
}
