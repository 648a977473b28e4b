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

  /// The canonical text (lower case, with hyphens) of a UUID's 128 bits.
  package static func text(high: UInt64, low: UInt64) -> String {
    unsafe String(unsafeUninitializedCapacity: 36) { buffer in
      var position = 0
      for index in 0..<32 {
        if index == 8 || index == 12 || index == 16 || index == 20 {
          unsafe buffer[position] = UInt8(ascii: "-")
          position += 1
        }
        let half = index < 16 ? high : low
        let nibble = UInt8(truncatingIfNeeded: half >> UInt64((15 - index % 16) * 4)) & 15
        unsafe buffer[position] = nibble < 10 ? nibble + UInt8(ascii: "0") : nibble - 10 + UInt8(ascii: "a")
        position += 1
      }
      return 36
    }
  }

  /// The 128 bits of a canonical UUID; `nil` for any other text.
  package static func bits(_ text: String) -> (high: UInt64, low: UInt64)? {
    guard text.utf8.count == 36 else { return nil }
    var halves: (UInt64, UInt64) = (0, 0)
    var index = 0
    for (position, byte) in text.utf8.enumerated() {
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      let nibble: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): nibble = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): nibble = byte - UInt8(ascii: "a") + 10
      default: return nil
      }
      if index < 16 { halves.0 = halves.0 << 4 | UInt64(nibble) } else { halves.1 = halves.1 << 4 | UInt64(nibble) }
      index += 1
    }
    return (halves.0, halves.1)
  }
}
