/// One field of a message on the wire.
struct WireField {
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes(ArraySlice<UInt8>)
    case fixed32(UInt32)
  }

  var number: UInt32
  var value: Value

  /// The fields of a message in the order of the wire; `nil` when the bytes aren't a message.
  static func parse(_ bytes: ArraySlice<UInt8>) -> [WireField]? {
    var fields: [WireField] = []
    var rest = bytes
    while !rest.isEmpty {
      guard let tag = varint(&rest), let number = UInt32(exactly: tag >> 3), number > 0, number < 1 << 29 else {
        return nil
      }
      guard let value = value(type: tag & 7, &rest) else { return nil }
      fields.append(WireField(number: number, value: value))
    }
    return fields
  }

  private static func value(type: UInt64, _ rest: inout ArraySlice<UInt8>) -> Value? {
    switch type {
    case 0: return varint(&rest).map(Value.varint)
    case 1: return fixed(8, &rest).map(Value.fixed64)
    case 2:
      guard let length = varint(&rest), length <= UInt64(rest.count) else { return nil }
      defer { rest = rest.dropFirst(Int(length)) }
      return .bytes(rest.prefix(Int(length)))
    case 5: return fixed(4, &rest).map { .fixed32(UInt32($0)) }
    default: return nil
    }
  }

  static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      // Bits beyond the 64th are dropped, as protobuf does.
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
    }
    return nil
  }

  static func fixed(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> UInt64? {
    guard rest.count >= count else { return nil }
    var value: UInt64 = 0
    for byte in rest.prefix(count).reversed() { value = value << 8 | UInt64(byte) }
    rest = rest.dropFirst(count)
    return value
  }
}

extension [UInt8] {
  mutating func appendVarint(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    append(UInt8(value))
  }

  mutating func appendTag(_ number: UInt32, _ wireType: UInt32) { appendVarint(UInt64(number << 3 | wireType)) }

  mutating func appendBytes(_ number: UInt32, _ bytes: some Collection<UInt8>) {
    appendTag(number, 2)
    appendVarint(UInt64(bytes.count))
    append(contentsOf: bytes)
  }

  mutating func appendLittleEndian(_ value: UInt64, count: Int) {
    for index in 0..<count { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }
}
