/// Time-ordered UUIDs (RFC 9562, version 7), which the bundled clients use as idempotency keys: keys made one after the
/// other lie one after the other in the key index.
public enum UUIDv7 {
  /// A canonical UUID of the given time.
  ///
  /// - Parameters:
  ///   - milliseconds: Since 1970-01-01 UTC, 48 bits.
  ///   - random: 74 of its 128 bits are used.
  public static func text(milliseconds: UInt64, random: (UInt64, UInt64)) -> String {
    let high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
    let low = 0x8000_0000_0000_0000 | random.1 >> 2
    return text(high: high, low: low)
  }

  /// Characters of a UUID's text.
  package static let textByteCount = 36

  /// The canonical text (lower case, with hyphens) of a UUID's 128 bits.
  package static func text(high: UInt64, low: UInt64) -> String {
    unsafe String(unsafeUninitializedCapacity: textByteCount) { buffer in
      if let target = buffer.baseAddress { unsafe write(high: high, low: low, to: target) }
      return textByteCount
    }
  }

  /// Writes the canonical text of a UUID's 128 bits, 36 bytes.
  @unsafe
  package static func write(high: UInt64, low: UInt64, to target: UnsafeMutablePointer<UInt8>) {
    var position = 0
    for isLow in [false, true] {
      var rest = isLow ? low : high
      for _ in 0..<16 {
        if position == 8 || position == 13 || position == 18 || position == 23 {
          unsafe target[position] = UInt8(ascii: "-")
          position += 1
        }
        let nibble = UInt8(truncatingIfNeeded: rest >> 60)
        rest <<= 4
        unsafe target[position] = nibble &+ (nibble < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
        position += 1
      }
    }
  }

  /// The 128 bits of a canonical UUID; `nil` for any other text.
  package static func bits(_ text: String) -> (high: UInt64, low: UInt64)? {
    var text = text
    return text.withUTF8 { unsafe bits(UnsafeRawBufferPointer($0)) }
  }

  /// The 128 bits of a canonical UUID; `nil` for any other bytes.
  @unsafe
  package static func bits(_ text: UnsafeRawBufferPointer) -> (high: UInt64, low: UInt64)? {
    guard text.count == textByteCount, unsafe text[8] == UInt8(ascii: "-"), unsafe text[13] == UInt8(ascii: "-"),
      unsafe text[18] == UInt8(ascii: "-"), unsafe text[23] == UInt8(ascii: "-")
    else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for position in 0..<textByteCount {
      if position == 8 || position == 13 || position == 18 || position == 23 { continue }
      let byte = unsafe text[position]
      let nibble: UInt8
      if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        nibble = byte - UInt8(ascii: "0")
      } else if byte >= UInt8(ascii: "a"), byte <= UInt8(ascii: "f") {
        nibble = byte - UInt8(ascii: "a") + 10
      } else {
        return nil
      }
      if position < 18 { high = high << 4 | UInt64(nibble) } else { low = low << 4 | UInt64(nibble) }
    }
    return (high, low)
  }
}
