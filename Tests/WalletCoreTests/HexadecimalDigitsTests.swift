import Testing
import WalletCore

@Suite("Hexadecimal digits")
struct HexadecimalDigitsTests {
  private static func word(_ bytes: [UInt8]) -> UInt64 {
    bytes.enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64($1.offset * 8) }
  }

  @Test("eight digits are those of the library, and read back")
  func digits() {
    var random = SystemRandomNumberGenerator()
    for value in [0, 9, 10, 0x0A0A_9F9F, .max] + (0..<1000).map({ _ in UInt32.random(in: 0 ... .max, using: &random) })
    {
      let text = String(value, radix: 16)
      let padded = String(repeating: "0", count: 8 - text.count) + text
      #expect(HexadecimalDigits.word(of: value) == Self.word(Array(padded.utf8)))
      #expect(HexadecimalDigits.value(of: Self.word(Array(padded.utf8))) == value)
    }
  }

  @Test("a byte that is no digit in lower case is refused at every place")
  func strangers() {
    for byte in UInt8.min ... .max {
      let isDigit =
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
      for place in 0..<8 {
        var digits = Array("01a9f8b7".utf8)
        digits[place] = byte
        #expect((HexadecimalDigits.value(of: Self.word(digits)) != nil) == isDigit)
      }
    }
  }
}
