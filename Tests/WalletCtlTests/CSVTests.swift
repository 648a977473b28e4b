import Testing

@testable import walletctl

@Suite struct CSVTests {
  func fields(_ text: String) throws -> [[String]] { try CSV.records(Array(text.utf8)).map(\.fields) }

  @Test func lineEndsAndMarksAndBlankLines() throws {
    let expected = [["a", "b"], ["1", "2"]]
    for text in ["a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\r1,2", "\u{FEFF}a,b\n\n1,2\n\n\n", "\r\na,b\r\n\r\n1,2"] {
      #expect(try fields(text) == expected, "\(text.debugDescription)")
    }
  }

  @Test func quotes() throws {
    #expect(try fields("\"a,\"\"b\"\"\",\"x\ny\"\n1,\"\"\n") == [["a,\"b\"", "x\ny"], ["1", ""]])
    #expect(try fields("a,b,\n,,") == [["a", "b", ""], ["", "", ""]])
    #expect(try fields("é,\u{301}x\u{2028}y") == [["é", "\u{301}x\u{2028}y"]])
  }

  /// Each of these would lose rows or fields without a word in a reader that is more obliging.
  @Test func whatIsWrongIsSaid() {
    #expect(throws: CSV.Failure(line: 2, rule: "a quote that is never closed")) { try fields("a,b\n1,\"2\n3,4\n") }
    #expect(throws: CSV.Failure.self) { try fields("a,5\"\n") }
    #expect(throws: CSV.Failure.self) { try fields("a,\"5\"x\n") }
    #expect(throws: CSV.Failure.self) { try CSV.records([0x61, 0xFF]) }
  }

  @Test func recordsKnowTheirLines() throws {
    let records = try CSV.records(Array("a\n\n\"x\r\ny\nz\"\nb\n".utf8))
    #expect(records.map(\.line) == [1, 3, 6])
  }

  @Test func writingAndReadingAgain() throws {
    let row = ["", "a,b", "\"", "x\r\ny", " spaced ", "é"]
    #expect(try fields(CSV.line(row)) == [row])
  }
}
