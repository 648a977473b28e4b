/// Finds RESP values of the kinds that the load's commands are answered with. It keeps no state: what is incomplete is
/// looked at again from its beginning.
enum RESPParser {
  enum Form: UInt8 {
    /// `+OK`
    case simple = 0x2B
    /// `-ERR ...`
    case error = 0x2D
    /// `:123`
    case integer = 0x3A
    /// `$3` and three bytes on a line of their own
    case bulk = 0x24
    /// `$-1`
    case null = 0x5F
  }

  struct Value: Equatable {
    var form: Form
    /// What it says, without form, length and line end.
    var payload: Range<Int>
    var end: Int
  }

  struct Malformed: Error, Equatable {
    var rule: String
  }

  /// The longest line, without its form and end.
  static let lineBytesMax = 64 * 1024
  static let bulkBytesMax = 1 << 20

  /// The value that begins at `start`; `nil` when it isn't whole yet.
  static func value(in bytes: Span<UInt8>, from start: Int) throws(Malformed) -> Value? {
    guard start < bytes.count else { return nil }
    guard let form = Form(rawValue: bytes[start]), form != .null else {
      throw Malformed(rule: "a value begins with the byte \(bytes[start])")
    }
    guard let line = try line(in: bytes, from: start + 1) else { return nil }
    let next = line.upperBound + 2
    switch form {
    case .integer:
      guard integer(bytes, line) != nil else { throw Malformed(rule: "what follows : is no 64-bit integer") }
    case .bulk:
      if line.count == 2, bytes[line.lowerBound] == UInt8(ascii: "-"), bytes[line.lowerBound + 1] == UInt8(ascii: "1") {
        return Value(form: .null, payload: next..<next, end: next)
      }
      guard let length = integer(bytes, line), (0...Int64(bulkBytesMax)).contains(length) else {
        throw Malformed(rule: "what follows $ is no length of at most \(bulkBytesMax)")
      }
      let end = next + Int(length)
      guard bytes.count >= end + 2 else { return nil }
      guard bytes[end] == UInt8(ascii: "\r"), bytes[end + 1] == UInt8(ascii: "\n") else {
        throw Malformed(rule: "a bulk string doesn't end with its length")
      }
      return Value(form: .bulk, payload: next..<end, end: end + 2)
    case .simple, .error, .null: break
    }
    return Value(form: form, payload: line, end: next)
  }

  /// Exactly a decimal integer of 64 bits: an optional minus and digits; `nil` for anything else.
  @inline(__always)
  static func integer(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard !range.isEmpty else { return nil }
    let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
    var position = range.lowerBound + (isNegative ? 1 : 0)
    guard position < range.upperBound else { return nil }
    // Counted downwards, since the least integer has no positive counterpart.
    var value: Int64 = 0
    while position < range.upperBound {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      let (product, isTooLow) = value.multipliedReportingOverflow(by: 10)
      let (difference, isTooLowThen) = product.subtractingReportingOverflow(Int64(digit))
      guard !isTooLow, !isTooLowThen else { return nil }
      value = difference
      position += 1
    }
    if isNegative { return value }
    return value == .min ? nil : -value
  }

  /// The bytes before the next line end; `nil` when it hasn't come.
  @inline(__always)
  private static func line(in bytes: Span<UInt8>, from start: Int) throws(Malformed) -> Range<Int>? {
    var position = start
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "\r") {
        guard position + 1 < bytes.count else { return nil }
        guard bytes[position + 1] == UInt8(ascii: "\n") else { throw Malformed(rule: "a CR without its LF") }
        return start..<position
      }
      position += 1
      guard position - start <= lineBytesMax else { throw Malformed(rule: "a line above \(lineBytesMax) bytes") }
    }
    return nil
  }
}
