import WalletCore

/// The columns of a record in memory (`Record`).
@unsafe
struct RecordColumns {
  @unsafe
  private struct Column {
    var type: UInt64
    var place: UnsafeRawPointer
  }

  private var columns: [Column]

  init(_ payload: UnsafeRawPointer, columnCount: Int) {
    unsafe columns = []
    var types = unsafe payload
    let headerBytes = unsafe Record.varint(&types)
    var place = unsafe payload + Int(headerBytes)
    for _ in 0..<columnCount {
      let type = unsafe Record.varint(&types)
      unsafe columns.append(Column(type: type, place: place))
      unsafe place += Record.byteCount(of: type)
    }
  }

  /// 0 for NULL.
  func integer(_ column: Int) -> Int64 {
    let (type, place) = unsafe (columns[column].type, columns[column].place)
    if type == Record.one { return 1 }
    let count = Record.byteCount(of: type)
    if count == 0 { return 0 }
    var value = Int64(unsafe place.load(as: Int8.self))
    for index in 1..<count { value = unsafe value << 8 | Int64(place.load(fromByteOffset: index, as: UInt8.self)) }
    return value
  }

  /// Empty for NULL.
  func bytes(_ column: Int) -> ShortBytes {
    let (type, place) = unsafe (columns[column].type, columns[column].place)
    return unsafe ShortBytes(UnsafeRawBufferPointer(start: place, count: Record.byteCount(of: type)))
  }

  /// A UUID, or a key of text; `nil` for NULL.
  func key(_ column: Int) -> IdempotencyKey? {
    let (type, place) = unsafe (columns[column].type, columns[column].place)
    if type == Record.null { return nil }
    guard type == Record.type(blob: 16) else { return unsafe .text(Text(utf8: bytes(column))) }
    return unsafe .uuid(
      high: UInt64(bigEndian: place.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: place.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }
}
