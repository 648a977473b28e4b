/// Eight hexadecimal digits at a time, by arithmetic on all bytes of a word at once. The first digit lies in the word's
/// lowest byte, as it does when the text is loaded from memory in little-endian order.
public enum HexadecimalDigits {
  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// The ASCII digits of `value`, in lower case.
  public static func word(of value: UInt32) -> UInt64 {
    var lanes = UInt64(value.byteSwapped)
    lanes = (lanes | lanes << 16) & 0x0000_FFFF_0000_FFFF
    lanes = (lanes | lanes << 8) & 0x00FF_00FF_00FF_00FF
    lanes = lanes >> 4 & 0x000F_000F_000F_000F | (lanes & 0x000F_000F_000F_000F) << 8
    let letters = (lanes + ones * 6) >> 4 & ones
    return lanes + ones * UInt64(UInt8(ascii: "0")) + letters * UInt64(UInt8(ascii: "a") - UInt8(ascii: "9") - 1)
  }

  /// The number that eight digits stand for; `nil` when one isn't a digit in lower case.
  public static func value(of word: UInt64) -> UInt32? {
    let highBits = ones << 7
    let digits = atLeast("0", word) & ~atLeast(":", word)
    let letters = atLeast("a", word) & ~atLeast("g", word)
    guard word & highBits == 0, (digits | letters) & highBits == highBits else { return nil }
    var lanes = (word & 0x0F0F_0F0F_0F0F_0F0F) + (letters & highBits) >> 7 * 9
    lanes = (lanes << 4 | lanes >> 8) & 0x00FF_00FF_00FF_00FF
    lanes = (lanes | lanes >> 8) & 0x0000_FFFF_0000_FFFF
    lanes = lanes | lanes >> 16
    return UInt32(truncatingIfNeeded: lanes).byteSwapped
  }

  /// The high bit of each byte that is no less than a character, where all bytes are ASCII.
  private static func atLeast(_ character: Unicode.Scalar, _ word: UInt64) -> UInt64 {
    word &+ ones * (0x80 - UInt64(character.value))
  }
}
