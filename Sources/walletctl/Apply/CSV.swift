/// Comma-separated values after RFC 4180: fields may be quoted, a quote inside is doubled, lines end in LF, CRLF or CR,
/// a byte order mark at the beginning is skipped, and so are blank lines.
///
/// Why not the SwiftCSV package: it takes a quote that never ends for a field that swallows the rest of the file, drops
/// fields beyond the header, breaks lines at U+2028, misses a comma before a combining mark, and tells no line numbers.
/// In a file of payments each of these loses money silently; here the first and the wrong use of quotes are errors, and
/// the number of fields is for the caller to judge.
struct CSV: Equatable {
  struct Record: Equatable {
    /// The line on which it begins, from 1.
    var line: Int
    var fields: [String]
  }

  struct Failure: Error, Equatable {
    var line: Int
    var rule: String
  }

  static func records(_ bytes: [UInt8]) throws(Failure) -> [Record] {
    var reader = Reader(bytes: bytes)
    return try reader.records()
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0
    var line = 1

    init(bytes: [UInt8]) {
      self.bytes = bytes
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func records() throws(Failure) -> [Record] {
      var records: [Record] = []
      while next != nil {
        if takeLineEnd() { continue }
        records.append(try record())
      }
      return records
    }

    /// Takes an end of line, if there is one here.
    private mutating func takeLineEnd() -> Bool {
      guard next == 0x0A || next == 0x0D else { return false }
      if next == 0x0D, position + 1 < bytes.count, bytes[position + 1] == 0x0A { position += 1 }
      position += 1
      line += 1
      return true
    }

    private mutating func record() throws(Failure) -> Record {
      var record = Record(line: line, fields: [])
      repeat {
        record.fields.append(next == 0x22 ? try quoted() : try plain())
      } while takeComma()
      guard next == nil || takeLineEnd() else {
        throw Failure(line: line, rule: "text after a closing quote; a quote inside quotes is written twice")
      }
      return record
    }

    private mutating func takeComma() -> Bool {
      guard next == 0x2C else { return false }
      position += 1
      return true
    }

    private mutating func plain() throws(Failure) -> String {
      let start = position
      while let byte = next, byte != 0x2C, byte != 0x0A, byte != 0x0D {
        guard byte != 0x22 else { throw Failure(line: line, rule: "a quote inside a field that isn't quoted") }
        position += 1
      }
      return try text(bytes[start..<position])
    }

    private mutating func quoted() throws(Failure) -> String {
      let firstLine = line
      position += 1
      var content: [UInt8] = []
      while let byte = next {
        if byte == 0x22 {
          position += 1
          guard next == 0x22 else { return try text(content[...]) }
        }
        if byte == 0x0A || byte == 0x0D && !(position + 1 < bytes.count && bytes[position + 1] == 0x0A) { line += 1 }
        content.append(byte)
        position += 1
      }
      throw Failure(line: firstLine, rule: "a quote that is never closed")
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(Failure) -> String {
      guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure(line: line, rule: "not UTF-8") }
      return text
    }
  }
}
