/// Builds a protobuf message by hand, so that tests speak the wire without the code of the server.
package struct ProtobufWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Left out when 0, as proto3 does.
  package mutating func integer(_ field: UInt32, _ value: Int64) {
    guard value != 0 else { return }
    varint(UInt64(field) << 3)
    varint(UInt64(bitPattern: value))
  }

  /// Left out when empty.
  package mutating func text(_ field: UInt32, _ value: String) {
    if !value.isEmpty { lengthDelimited(field, Array(value.utf8)) }
  }

  /// A message that is there already.
  package mutating func message(_ field: UInt32, _ bytes: [UInt8]) { lengthDelimited(field, bytes) }

  /// A message, written even when it is empty.
  package mutating func message(_ field: UInt32, _ build: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    build(&inner)
    lengthDelimited(field, inner.bytes)
  }

  private mutating func lengthDelimited(_ field: UInt32, _ value: [UInt8]) {
    varint(UInt64(field) << 3 | 2)
    varint(UInt64(value.count))
    bytes += value
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// The fields of a protobuf message, as they stood on the wire.
package struct ProtobufMessage {
  private enum Value {
    case integer(UInt64)
    case bytes(ArraySlice<UInt8>)
  }

  private var fields: [(number: UInt32, value: Value)] = []

  /// - Throws: `TestFailure` for bytes that aren't a message, and for the wire types that no message here uses.
  package init(_ bytes: some RandomAccessCollection<UInt8>) throws(TestFailure) {
    let bytes = Array(bytes)
    var index = 0
    while index < bytes.count {
      let tag = try Self.varint(bytes, &index)
      switch tag & 7 {
      case 0: fields.append((UInt32(tag >> 3), .integer(try Self.varint(bytes, &index))))
      case 2:
        let count = try Self.varint(bytes, &index)
        guard count <= UInt64(bytes.count - index) else { throw TestFailure("a field is longer than its message") }
        fields.append((UInt32(tag >> 3), .bytes(bytes[index..<index + Int(count)])))
        index += Int(count)
      default: throw TestFailure("wire type \(tag & 7) in a message")
      }
    }
  }

  /// 0 for a field that isn't there.
  package func integer(_ field: UInt32) -> Int64 {
    for case (field, .integer(let value)) in fields { return Int64(bitPattern: value) }
    return 0
  }

  /// Empty for a field that isn't there.
  package func bytes(_ field: UInt32) -> [UInt8] { all(field).first.map(Array.init) ?? [] }

  package func text(_ field: UInt32) -> String { String(decoding: bytes(field), as: UTF8.self) }

  /// Every occurrence of a repeated field.
  package func all(_ field: UInt32) -> [ArraySlice<UInt8>] {
    fields.compactMap { entry in
      if case (field, .bytes(let bytes)) = entry { bytes } else { nil }
    }
  }

  private static func varint(_ bytes: [UInt8], _ index: inout Int) throws(TestFailure) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while index < bytes.count, shift < 64 {
      let byte = bytes[index]
      index += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
    throw TestFailure("a varint without an end")
  }
}
