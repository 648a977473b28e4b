/// SQLite's format of a row (https://sqlite.org/fileformat2.html, "Record Format"), as SQLite itself would write it: a header
/// with a type for each column, and the values behind it.
enum Record {
  /// The type of NULL.
  static let null: UInt64 = 0
  static let zero: UInt64 = 8
  static let one: UInt64 = 9

  static func type(text byteCount: Int) -> UInt64 { 13 + 2 * UInt64(byteCount) }
  static func type(blob byteCount: Int) -> UInt64 { 12 + 2 * UInt64(byteCount) }

  /// How many bytes a value of a type takes.
  static func byteCount(of type: UInt64) -> Int {
    switch type {
    case 0, 8, 9: 0
    case 1...4: Int(type)
    case 5: 6
    case 6, 7: 8
    default: Int(type - 12) / 2
    }
  }

  /// Writes an integer in as few bytes as SQLite gives it; the eight bytes from the place on are overwritten.
  ///
  /// - Returns: Its type.
  @unsafe
  @inline(__always)
  static func write(_ value: Int64, to place: inout UnsafeMutableRawPointer) -> UInt64 {
    let magnitude = UInt64(bitPattern: value ^ (value >> 63))
    let (type, count): (UInt64, Int)
    switch magnitude {
    case 0...0x7F:
      if value == 0 { return zero }
      if value == 1 { return one }
      (type, count) = (1, 1)
    case 0...0x7FFF: (type, count) = (2, 2)
    case 0...0x7F_FFFF: (type, count) = (3, 3)
    case 0...0x7FFF_FFFF: (type, count) = (4, 4)
    case 0...0x7FFF_FFFF_FFFF: (type, count) = (5, 6)
    default: (type, count) = (6, 8)
    }
    unsafe place.storeBytes(of: (value << (64 - 8 * Int64(count))).bigEndian, as: Int64.self)
    unsafe place += count
    return type
  }

  /// Writes SQLite's integer of one to nine bytes.
  @unsafe
  @inline(__always)
  static func write(varint value: UInt64, to place: inout UnsafeMutableRawPointer) {
    if value < 0x80 {
      unsafe place.storeBytes(of: UInt8(value), as: UInt8.self)
      unsafe place += 1
    } else if value < 0x4000 {
      unsafe place.storeBytes(of: UInt8(value >> 7) | 0x80, as: UInt8.self)
      unsafe place.storeBytes(of: UInt8(value & 0x7F), toByteOffset: 1, as: UInt8.self)
      unsafe place += 2
    } else {
      unsafe writeLong(varint: value, to: &place)
    }
  }

  @unsafe
  private static func writeLong(varint value: UInt64, to place: inout UnsafeMutableRawPointer) {
    let count = varintByteCount(value)
    var rest = value
    var index = count - 1
    if count == 9 {
      // The ninth byte has eight bits.
      unsafe place.storeBytes(of: UInt8(rest & 0xFF), toByteOffset: 8, as: UInt8.self)
      rest >>= 8
      index = 7
    }
    for byte in stride(from: index, through: 0, by: -1) {
      let more: UInt8 = byte == count - 1 ? 0 : 0x80
      unsafe place.storeBytes(of: UInt8(rest & 0x7F) | more, toByteOffset: byte, as: UInt8.self)
      rest >>= 7
    }
    unsafe place += count
  }

  static func varintByteCount(_ value: UInt64) -> Int {
    value < 0x80 ? 1 : value >> 56 != 0 ? 9 : (64 - value.leadingZeroBitCount + 6) / 7
  }

  /// Reads what `write(varint:)` has written.
  @unsafe
  static func varint(_ place: inout UnsafeRawPointer) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<9 {
      let byte = unsafe place.load(as: UInt8.self)
      unsafe place += 1
      if index == 8 { return value << 8 | UInt64(byte) }
      value = value << 7 | UInt64(byte & 0x7F)
      if byte < 0x80 { break }
    }
    return value
  }
}
