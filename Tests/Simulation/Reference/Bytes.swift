import TestSupport

/// The canonical encoding of docs/ROW.md.
struct CanonicalBytes {
  private(set) var bytes: [UInt8] = []

  init(_ integers: Int64...) { for integer in integers { self.integer(integer) } }

  mutating func byte(_ byte: UInt8) { bytes.append(byte) }

  mutating func integer(_ value: Int64) { group(UInt64(bitPattern: value << 1 ^ value >> 63)) }

  mutating func text(_ text: String) {
    var text = text
    group(UInt64(text.utf8.count))
    text.withUTF8 { unsafe bytes.append(contentsOf: $0) }
  }

  mutating func blob(_ blob: [UInt8]) {
    group(UInt64(blob.count))
    bytes += blob
  }

  /// Nothing before or behind it.
  mutating func raw(_ raw: [UInt8]) { bytes += raw }

  private mutating func group(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

extension ProtobufWriter {
  static func message(_ build: (inout ProtobufWriter) -> Void) -> [UInt8] {
    var writer = ProtobufWriter()
    build(&writer)
    return writer.bytes
  }
}
