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
  public static let textByteCount = 36

  /// The canonical text (lower case, with hyphens) of a UUID's 128 bits.
  public static func text(high: UInt64, low: UInt64) -> String {
    unsafe String(unsafeUninitializedCapacity: textByteCount) { buffer in
      if let target = buffer.baseAddress { unsafe write(high: high, low: low, to: target) }
      return textByteCount
    }
  }

  /// Writes the canonical text of a UUID's 128 bits, 36 bytes.
  @unsafe
  public static func write(high: UInt64, low: UInt64, to target: UnsafeMutablePointer<UInt8>) {
    let target = UnsafeMutableRawPointer(target)
    let hyphen = UInt8(ascii: "-")
    let first = HexadecimalDigits.word(of: UInt32(truncatingIfNeeded: high >> 32))
    let second = HexadecimalDigits.word(of: UInt32(truncatingIfNeeded: high))
    let third = HexadecimalDigits.word(of: UInt32(truncatingIfNeeded: low >> 32))
    let fourth = HexadecimalDigits.word(of: UInt32(truncatingIfNeeded: low))
    unsafe target.storeBytes(of: first, as: UInt64.self)
    // The eight digits of the middle words stand in two groups of four.
    unsafe target.storeBytes(of: second, toByteOffset: 9, as: UInt64.self)
    unsafe target.storeBytes(of: UInt32(truncatingIfNeeded: second >> 32), toByteOffset: 14, as: UInt32.self)
    unsafe target.storeBytes(of: third, toByteOffset: 19, as: UInt64.self)
    unsafe target.storeBytes(of: UInt32(truncatingIfNeeded: third >> 32), toByteOffset: 24, as: UInt32.self)
    unsafe target.storeBytes(of: fourth, toByteOffset: 28, as: UInt64.self)
    unsafe target.storeBytes(of: hyphen, toByteOffset: 8, as: UInt8.self)
    unsafe target.storeBytes(of: hyphen, toByteOffset: 13, as: UInt8.self)
    unsafe target.storeBytes(of: hyphen, toByteOffset: 18, as: UInt8.self)
    unsafe target.storeBytes(of: hyphen, toByteOffset: 23, as: UInt8.self)
  }

  /// The 128 bits of a canonical UUID; `nil` for any other text.
  public static func bits(_ text: String) -> (high: UInt64, low: UInt64)? {
    var text = text
    return text.withUTF8 { unsafe bits(UnsafeRawBufferPointer($0)) }
  }

  /// The 128 bits of a canonical UUID; `nil` for any other bytes.
  @unsafe
  public static func bits(_ text: UnsafeRawBufferPointer) -> (high: UInt64, low: UInt64)? {
    guard text.count == textByteCount, unsafe text[8] == UInt8(ascii: "-"), unsafe text[13] == UInt8(ascii: "-"),
      unsafe text[18] == UInt8(ascii: "-"), unsafe text[23] == UInt8(ascii: "-"),
      let first = unsafe HexadecimalDigits.value(of: text.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
      let second = unsafe HexadecimalDigits.value(of: halves(text, 9, 14)),
      let third = unsafe HexadecimalDigits.value(of: halves(text, 19, 24)),
      let fourth = unsafe HexadecimalDigits.value(of: text.loadUnaligned(fromByteOffset: 28, as: UInt64.self))
    else { return nil }
    return (UInt64(first) << 32 | UInt64(second), UInt64(third) << 32 | UInt64(fourth))
  }

  /// Two groups of four characters as one word.
  @unsafe
  private static func halves(_ text: UnsafeRawBufferPointer, _ first: Int, _ second: Int) -> UInt64 {
    let low = unsafe text.loadUnaligned(fromByteOffset: first, as: UInt32.self)
    let high = unsafe text.loadUnaligned(fromByteOffset: second, as: UInt32.self)
    return UInt64(high) << 32 | UInt64(low)
  }
}
