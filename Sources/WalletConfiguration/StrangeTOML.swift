/// What ends the process inside of the parser, where it should say what is wrong: found before it is asked.
///
/// Its assertions take for granted that the name of a section begins as names do, and that a date with a time goes on with one.
/// Lines are looked at one by one: what looks so within text of several lines is refused too.
struct StrangeTOML {
  /// From 1.
  var line: Int
  var message: String

  /// The first such place of a text; `nil`: there is none.
  init?(in text: String) {
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let bytes = Array(line.utf8)
      guard let message = Self.strangeSection(bytes) ?? Self.strangeDate(bytes) else { continue }
      self.line = index + 1
      self.message = message
      return
    }
    return nil
  }

  private static func strangeSection(_ line: [UInt8]) -> String? {
    let name = line.drop(while: isBlank)
    guard name.first == UInt8(ascii: "[") else { return nil }
    guard let first = name.first(where: { $0 != UInt8(ascii: "[") && !isBlank($0) }) else { return nil }
    let others = Array("-_\"']#".utf8)
    return isDigit(first) || isLetter(first) || others.contains(first)
      ? nil : "the name of a section can't begin with \(named(first))"
  }

  /// A date, then T or a space, then neither a time nor an end of the value.
  private static func strangeDate(_ line: [UInt8]) -> String? {
    let date = Array("0000-00-00".utf8)
    guard line.count > date.count + 1 else { return nil }
    for start in 0..<line.count - date.count - 1 {
      let found = line[start..<start + date.count].elementsEqual(date) { byte, form in
        form == UInt8(ascii: "0") ? isDigit(byte) : byte == form
      }
      guard found, let before = line[..<start].last(where: { !isBlank($0) }),
        [UInt8(ascii: "="), UInt8(ascii: "["), UInt8(ascii: ",")].contains(before)
      else { continue }
      let (separator, next) = (line[start + date.count], line[start + date.count + 1])
      let ends = Array("#,] \t".utf8)
      switch separator {
      case UInt8(ascii: "T"), UInt8(ascii: "t"):
        if !isDigit(next) { return "a date with \(named(separator)) goes on with a time" }
      case UInt8(ascii: " "): if !isDigit(next), !ends.contains(next) { return "a date is followed by \(named(next))" }
      default: break
      }
    }
    return nil
  }

  private static func named(_ byte: UInt8) -> String {
    (0x21..<0x7F).contains(byte) ? "'\(Character(Unicode.Scalar(byte)))'" : "the byte \(byte)"
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
