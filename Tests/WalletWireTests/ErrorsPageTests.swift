import Foundation
import Testing
import WalletCore
import WalletWire

/// docs/ERRORS.md and the table of proto/WIRE.md, made of `ErrorReason` and wallet.proto. `make generate` has them written
/// by these tests.
@Suite("The page of errors")
struct ErrorsPageTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
  private static let writes = ProcessInfo.processInfo.environment["WALLETD_GENERATE"] != nil

  private static let statusNames = [
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
  ]

  @Test("docs/ERRORS.md is what the codes are")
  func page() throws {
    try hold(try Self.page(), against: "docs/ERRORS.md")
  }

  @Test("the table of proto/WIRE.md is what the codes are")
  func table() throws {
    let path = Self.root.appending(path: "proto/WIRE.md")
    let text = try String(contentsOf: path, encoding: .utf8)
    let head = "| status | reasons |\n| --- | --- |\n"
    let start = try #require(text.range(of: head)).upperBound
    let end = try #require(text.range(of: "\n\n", range: start..<text.endIndex)).lowerBound
    var rows: [String] = []
    for (status, name) in Self.statusNames.enumerated() {
      let reasons = ErrorReason.allCases.filter { Int($0.status) == status }.map(\.name)
      if !reasons.isEmpty { rows.append("| \(status) \(name) | \(reasons.joined(separator: ", ")) |") }
    }
    try hold(text[..<start] + rows.joined(separator: "\n") + text[end...], against: "proto/WIRE.md")
  }

  @Test("every detail of the schema belongs to a code, and none besides")
  func details() throws {
    let error = try #require(SchemaRegistry.wallet.message("wallet.v1.Error"))
    let known = Set(error.fields.filter { $0.oneof != nil }.map(\.name))
    #expect(Set(ErrorReason.allCases.flatMap(\.detailFields)) == known)
  }

  private func hold(_ text: String, against name: String) throws {
    let path = Self.root.appending(path: name)
    if Self.writes { return try text.write(to: path, atomically: true, encoding: .utf8) }
    #expect(try String(contentsOf: path, encoding: .utf8) == text, "\(name) is stale: run make generate")
  }

  // MARK: The page

  private static func page() throws -> String {
    let source = try String(
      contentsOf: root.appending(path: "Sources/WalletCore/Values/ErrorReason.swift"), encoding: .utf8)
    var page = """
      # Errors

      Each failure has one code, `reason` of the `Error` message ([wallet.proto](../proto/wallet/v1/wallet.proto)); its
      figures are typed fields of `detail`, and `message` is a sentence for people. Numbers are never changed or used again.
      From IDEMPOTENCY_MISMATCH on the lowest number that applies is the answer; above it any that applies.

      A code that is *remembered* has a row in the journal: the same key gets the same answer with its first figures for
      ever, and a new attempt takes a new key. BATCH_ABORTED is remembered when the error of the item is. Every error that
      comes as a RESPONSE with NOT_EXECUTED says that this attempt had no effect ([WIRE.md](../proto/WIRE.md)).

      | number | code | gRPC status | remembered | when | `detail` and its fields |
      | ---: | --- | --- | --- | --- | --- |

      """
    for reason in ErrorReason.allCases {
      let columns = [
        "\(reason.rawValue)", reason.name, "\(reason.status) \(statusNames[Int(reason.status)])",
        reason.isRemembered ? "yes" : reason == .batchAborted ? "as its cause" : "",
        try comment(on: reason, in: source), try reason.detailFields.map(detail).joined(separator: "; or "),
      ]
      page += "| \(columns.joined(separator: " | ")) |\n"
    }
    return page
      + "\nThis page is made of `Sources/WalletCore/Values/ErrorReason.swift` and the schema by `make generate`.\n"
  }

  /// What stands above a case.
  private static func comment(on reason: ErrorReason, in source: String) throws -> String {
    let name = reason == .internal ? "`internal`" : "\(reason)"
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    let index = try #require(lines.firstIndex(of: "  case \(name) = \(reason.rawValue)"))
    let comment = lines[..<index].reversed().prefix { $0.hasPrefix("  /// ") }.reversed()
    try #require(!comment.isEmpty, "\(name) has no comment")
    return comment.map { $0.dropFirst(6) }.joined(separator: " ")
  }

  private static func detail(_ name: String) throws -> String {
    let registry = SchemaRegistry.wallet
    let error = try #require(registry.message("wallet.v1.Error"))
    let field = try #require(error.fields.first { $0.name == name }, "the schema has no detail \(name)")
    guard case .message(let message) = field.type, let schema = registry.message(message) else { return "`\(name)`" }
    return "`\(name)`: " + schema.fields.map(\.name).joined(separator: ", ")
  }
}
