internal import CSQLite

/// A table in memory whose pages are written here, cell by cell, in SQLite's format (https://sqlite.org/fileformat2.html,
/// "B-tree Pages"): a database beside the main one, with one table of the same columns. `INSERT INTO main.t SELECT * FROM
/// image.t` takes the rows over as they are, which costs SQLite less than half of what it takes to make them out of values.
///
/// The pages belong to the connection. What is written between the begin of a transaction and the first look at the table is
/// seen by it; `removeAll` makes SQLite forget what it has seen, from the next transaction on.
@safe
final class TableImage {
  static let pageBytes = 8192
  /// A page of more can't have all of a row's payload.
  static let payloadBytesMax = pageBytes - 35
  /// The inner page has room for so many, whatever the row ids.
  private static let leavesMax = 512
  private static let leafHeader = 8
  /// It has the rows itself where one page is enough, and leads to leaves else.
  private static let root = 2

  /// Of its pages, and of the places of rows of some 200 bytes.
  static let bytesMax = (root + leavesMax) * (pageBytes + pageBytes / 200 * MemoryLayout<Row>.stride)

  private struct Row {
    var id: Int64
    var leaf: Int32
    /// Of its cell, behind those of the rows after it in the same leaf.
    var start: Int32
  }

  /// A page of rows: its cells lie at its end, their places behind its header.
  private struct Leaf {
    var count = 0
    var start = TableImage.pageBytes
    var lastRowID: Int64 = 0
  }

  private let memory: UnsafeMutableRawPointer
  private var leaves: [Leaf] = []
  private var changes: UInt32 = 0
  /// By their ids.
  private var rows: [Row] = []

  /// Attaches it to a connection.
  ///
  /// - Parameter table: In the main database.
  init(_ name: String, of table: String, _ database: Database) throws(SQLiteError) {
    guard let sql = try database.text("SELECT sql FROM sqlite_schema WHERE name = '\(table)'"),
      sql.hasPrefix("CREATE TABLE \(table)")
    else { throw database.error(SQLITE_ERROR, "no table \(table)") }
    try database.execute("ATTACH ':memory:' AS \(name)")
    try database.execute("PRAGMA \(name).page_size = \(Self.pageBytes)")
    try database.execute("CREATE TABLE \(name).\(sql.dropFirst("CREATE TABLE ".count))")
    let pageCount = Self.root + Self.leavesMax
    unsafe memory = try database.growImage(name, to: pageCount * Self.pageBytes)
    // The size of the database, which holds as long as both counters of changes are alike.
    unsafe memory.storeBytes(of: UInt32(pageCount).bigEndian, toByteOffset: 28, as: UInt32.self)
    countChange()
  }

  var count: Int { rows.count }

  var lastRowID: Int64? { rows.last?.id }

  /// Room for a row behind the others.
  ///
  /// - Parameter id: Above all others.
  /// - Returns: Where its payload goes; `nil` when there is no room.
  @unsafe
  @inline(__always)
  func add(_ id: Int64, payloadBytes: Int) -> UnsafeMutableRawPointer? {
    guard payloadBytes <= Self.payloadBytesMax else { return nil }
    let byteCount =
      payloadBytes + Record.varintByteCount(UInt64(payloadBytes)) + Record.varintByteCount(UInt64(bitPattern: id))
    var index = leaves.count - 1
    if index < 0 || leaves[index].start - byteCount < Self.leafHeader + 2 * (leaves[index].count + 1) {
      guard leaves.count < Self.leavesMax else { return nil }
      if index == 0 { unsafe page(Self.root + 1).copyMemory(from: page(Self.root), byteCount: Self.pageBytes) }
      leaves.append(Leaf())
      index += 1
    }
    let page = unsafe leaf(index)
    leaves[index].start -= byteCount
    let start = leaves[index].start
    unsafe page.storeBytes(
      of: UInt16(start).bigEndian, toByteOffset: Self.leafHeader + 2 * leaves[index].count, as: UInt16.self)
    leaves[index].count += 1
    leaves[index].lastRowID = id
    rows.append(Row(id: id, leaf: Int32(index), start: Int32(start)))
    var place = unsafe page + start
    unsafe Record.write(varint: UInt64(payloadBytes), to: &place)
    unsafe Record.write(varint: UInt64(bitPattern: id), to: &place)
    return unsafe place
  }

  /// The payload of a row.
  @unsafe
  func payload(of id: Int64) -> UnsafeRawPointer? {
    guard let row = rows.last(where: { $0.id <= id }), row.id == id else { return nil }
    var place = unsafe UnsafeRawPointer(leaf(Int(row.leaf)) + Int(row.start))
    _ = unsafe Record.varint(&place)
    _ = unsafe Record.varint(&place)
    return unsafe place
  }

  /// Drops all rows but the first ones, none of which SQLite has seen.
  func shrink(to count: Int) {
    while rows.count > count {
      let index = Int(rows.removeLast().leaf)
      leaves[index].count -= 1
      if leaves[index].count > 0 { continue }
      if index == 1 { unsafe page(Self.root).copyMemory(from: page(Self.root + 1), byteCount: Self.pageBytes) }
      leaves.removeLast()
    }
    guard let last = rows.last else { return }
    leaves[Int(last.leaf)].start = Int(last.start)
    leaves[Int(last.leaf)].lastRowID = last.id
  }

  /// Drops all rows, be they seen or not.
  func removeAll() {
    if rows.isEmpty { return }
    rows.removeAll(keepingCapacity: true)
    leaves.removeAll(keepingCapacity: true)
    countChange()
  }

  /// Makes a table of what was added, which must be something.
  func finish() {
    precondition(!leaves.isEmpty)
    let root = unsafe page(Self.root)
    for index in leaves.indices {
      unsafe writeHeader(leaf(index), kind: 13, count: leaves[index].count, start: leaves[index].start)
    }
    if leaves.count == 1 { return }
    // An inner page: all leaves but the last one with their last row ids, and the last one in its header.
    let header = 12
    var start = Self.pageBytes
    for (index, leaf) in leaves.dropLast().enumerated() {
      start -= 4 + Record.varintByteCount(UInt64(bitPattern: leaf.lastRowID))
      unsafe root.storeBytes(of: UInt16(start).bigEndian, toByteOffset: header + 2 * index, as: UInt16.self)
      unsafe root.storeBytes(of: UInt32(Self.root + 1 + index).bigEndian, toByteOffset: start, as: UInt32.self)
      var place = unsafe root + (start + 4)
      unsafe Record.write(varint: UInt64(bitPattern: leaf.lastRowID), to: &place)
    }
    unsafe writeHeader(root, kind: 5, count: leaves.count - 1, start: start)
    unsafe root.storeBytes(
      of: UInt32(Self.root + leaves.count).bigEndian, toByteOffset: 8, as: UInt32.self)
  }

  private func page(_ number: Int) -> UnsafeMutableRawPointer { unsafe memory + (number - 1) * Self.pageBytes }

  private func leaf(_ index: Int) -> UnsafeMutableRawPointer {
    unsafe page(leaves.count <= 1 ? Self.root : Self.root + 1 + index)
  }

  private func writeHeader(_ page: UnsafeMutableRawPointer, kind: UInt8, count: Int, start: Int) {
    unsafe page.storeBytes(of: kind, as: UInt8.self)
    unsafe page.storeBytes(of: 0, toByteOffset: 1, as: UInt16.self)
    unsafe page.storeBytes(of: UInt16(count).bigEndian, toByteOffset: 3, as: UInt16.self)
    unsafe page.storeBytes(of: UInt16(start).bigEndian, toByteOffset: 5, as: UInt16.self)
    unsafe page.storeBytes(of: 0, toByteOffset: 7, as: UInt8.self)
  }

  /// SQLite drops its own copies of pages when the counter in the file's header isn't the one that it has seen.
  private func countChange() {
    changes &+= 1
    unsafe memory.storeBytes(of: changes.bigEndian, toByteOffset: 24, as: UInt32.self)
    unsafe memory.storeBytes(of: changes.bigEndian, toByteOffset: 92, as: UInt32.self)
  }
}
