import Foundation
import Testing

@testable import walletd

@Suite("Exit codes")
struct ExitCodesTests {
  private static let writes = ProcessInfo.processInfo.environment["WALLETD_GENERATE"] != nil

  @Test("the table in docs/OPERATING.md is the list of exit codes")
  func table() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/OPERATING.md")
    let text = try String(contentsOf: path, encoding: .utf8)
    let head = "| code | what happened | what to do |\n| ---: | --- | --- |\n"
    let start = try #require(text.range(of: head)).upperBound
    let end = try #require(text.range(of: "\n\n", range: start..<text.endIndex)).lowerBound
    let rows = ExitStatus.allCases.map { "| \($0.rawValue) | \($0.meaning) | \($0.advice) |" }
    let expected = text[..<start] + rows.joined(separator: "\n") + text[end...]
    if Self.writes { return try String(expected).write(to: path, atomically: true, encoding: .utf8) }
    #expect(text == expected, "docs/OPERATING.md is stale: run make generate")
  }
}
