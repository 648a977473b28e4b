import Foundation
import Testing
import WalletCore

@testable import WalletWire

@Suite("The schema")
struct SchemaTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

  @Test("the committed C code is what the schema generates")
  func stale() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "walletd-generated-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    process.executableURL = root.appending(path: "proto/generate.sh")
    process.arguments = [folder.path()]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let committed = root.appending(path: "Sources/CWalletProto")
    for name in ["wallet.pb-c.c", "wallet_schema.c", "include/wallet.pb-c.h", "include/wallet_schema.h"] {
      let fresh = try Data(contentsOf: folder.appending(path: name))
      let old = try Data(contentsOf: committed.appending(path: name))
      #expect(fresh == old, "\(name) is stale: run proto/generate.sh")
    }
  }

  @Test("the committed vectors are what their script writes")
  func vectors() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "walletd-vectors-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let source = root.appending(path: "proto/vectors")
    try FileManager.default.copyItem(at: source.appending(path: "make.py"), to: folder.appending(path: "make.py"))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", folder.appending(path: "make.py").path()]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    for name in ["frames.json", "sessions.json", "rows.json"] {
      let fresh = try Data(contentsOf: folder.appending(path: name))
      #expect(fresh == (try Data(contentsOf: source.appending(path: name))), "\(name) is stale: run make.py")
    }
  }

  @Test("verbs, codes and kinds have the numbers and names of the schema")
  func numbers() throws {
    let schema = try String(contentsOf: root.appending(path: "proto/wallet/v1/wallet.proto"), encoding: .utf8)
    for reason in ErrorReason.allCases {
      #expect(schema.contains("  ERROR_REASON_\(reason.name) = \(reason.rawValue);"))
    }
    for verb in Verb.allCases where verb != .importLedger {
      #expect(schema.contains("  METHOD_\(screaming("\(verb)")) = \(verb.rawValue);"))
    }
    for kind in TransactionKind.allCases {
      #expect(schema.contains("  TRANSACTION_KIND_\(screaming("\(kind)")) = \(kind.rawValue);"))
    }
    let count = { (prefix: String) in schema.matches(of: try Regex("  \(prefix)_[A-Z_]+ = [1-9]")).count }
    #expect(try count("ERROR_REASON") == ErrorReason.allCases.count && count("METHOD") == Verb.allCases.count)
    #expect(try count("TRANSACTION_KIND") == TransactionKind.allCases.count)
  }

  @Test("the registry knows which methods stream, and those that have only a number")
  func streams() {
    let registry = SchemaRegistry.wallet
    #expect(Set(registry.methods.filter(\.isStream).map(\.name)) == ["Verify", "WatchTransactions", "Backup"])
    #expect(registry.method("import")?.number == Verb.importLedger.rawValue)
    #expect(registry.method("Import")?.request.fields.isEmpty == true && registry.method("Nothing") == nil)
    #expect(!registry.methods.contains { $0.name == "Import" })
  }

  private func screaming(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "_\($1)" : $1.uppercased() }
  }
}
