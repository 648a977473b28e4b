import Foundation
import TestSupport
import Testing
import WalletSystem

@testable import WalletBenchKit

/// Short runs against a real server.
@Suite(.serialized)
struct ServerTests {
  private let folder: ScratchFolder
  private let server: ServerProcess

  init() throws {
    folder = try ScratchFolder("bench")
    server = try ServerProcess.serve(folder.path + "/data")
  }

  private func settings() -> BenchSettings {
    BenchSettings(
      server: "127.0.0.1:\(server.port)", connections: 4, inFlight: 8, seconds: 1, warmUpSeconds: 0, wallets: 50,
      seed: 1)
  }

  private func run(_ settings: BenchSettings, _ outputs: BenchOutputs = BenchOutputs()) throws -> BenchResult {
    try Bench.run(settings, outputs, time: SystemTime(), display: Silence())
  }

  @Test func aRunOverTLSIsARun() throws {
    let certificates = try TestCertificates()
    let secure = try ServerProcess.serve(folder.path + "/secure", arguments: certificates.serverOptions())
    var settings = settings()
    settings.server = "localhost:\(secure.port)"
    settings.connections = 8
    var access = BenchAccess()
    access.tls = try .client(.file(certificates.authority))
    access.serverName = "localhost"
    let result = try Bench.run(settings, access: access, time: SystemTime(), display: Silence())
    #expect(result.passed && result.failure == nil)
    access.serverName = "ledger.example"
    let failure = #expect(throws: BenchFailure.self) {
      try Bench.run(settings, access: access, time: SystemTime(), display: Silence())
    }
    #expect(failure?.message.hasSuffix("the certificate is that of another name") == true)
  }

  @Test func aRunOverAUnixSocketIsARun() throws {
    let path = folder.path + "/s"
    let local = try ServerProcess.serve(
      folder.path + "/local", arguments: ["--listen", "127.0.0.1:0", "--listen", "unix:\(path)"])
    var settings = settings()
    settings.server = "unix:\(path)"
    #expect(try run(settings).passed)
    #expect(try local.terminate() == .exited(0))
  }

  /// Every line is a row that a killed server still has, and no acknowledged row lacks its line.
  @Test func theAckLogIsWhatAKilledServerHolds() throws {
    var outputs = BenchOutputs()
    outputs.ackLog = folder.path + "/acks"
    var settings = settings()
    settings.distribution = .zipf(exponent: 1)
    let result = try run(settings, outputs)
    #expect(result.passed)
    server.kill()
    let again = try ServerProcess.serve(folder.path + "/data")

    let lines = try String(contentsOfFile: folder.path + "/acks", encoding: .utf8).split(separator: "\n")
    let rows = lines.map { $0.split(separator: " ").dropFirst().compactMap { Int64($0) } }
    #expect(lines.count >= result.operationsTotal && result.operationsTotal > 0)
    #expect(rows.allSatisfy { $0.count == 4 })
    #expect(Set(lines.map { $0.prefix(36) }).count == lines.count)
    #expect(lines.allSatisfy { $0.split(separator: " ").first?.count == 36 })
    #expect(Set(rows.map { $0[0] }).count == lines.count)

    let client = try TestClient(port: again.port)
    var rowsOfWallets = 0
    for (wallet, rows) in Dictionary(grouping: rows, by: { $0[1] }) {
      let last = try #require(rows.max { $0[2] < $1[2] })
      // After the opening and the credit of the set-up no version is missing.
      #expect(rows.map { $0[2] }.sorted() == Array(3...last[2]))
      let reply = try client.call(.balance(wallet)).message()
      #expect(reply.integer(5) == last[2] && reply.integer(2) == last[3])
      rowsOfWallets += rows.count
    }
    #expect(rowsOfWallets == lines.count)
  }

  @Test func aFillsWalletsAreUsedAgain() throws {
    var fill = settings()
    fill.fill = 777
    fill.batch = 1
    fill.ownerPrefix = "t-1"
    fill.checks = false
    let filled = try run(fill)
    #expect(filled.passed && filled.check == nil && filled.operationsTotal == 777)

    var load = settings()
    load.ownerPrefix = "t-1"
    load.workload = .mixed
    // More wallets than before: the old ones are found, the new ones are opened.
    load.wallets = 60
    let result = try run(load)
    #expect(result.passed)
    #expect(result.check?.wallets == 60)
    #expect(result.refusals.isEmpty)
    let client = try TestClient(port: server.port)
    let head = try ProtobufMessage(try client.call(.info).message().bytes(4))
    #expect(head.integer(1) > 777 + 60 + 60)
  }

  /// Each pair counts once, and the check at the end knows of two rows for each.
  @Test func holdsAreCapturedAndCountedInPairs() throws {
    var settings = settings()
    settings.workload = .holdCapture
    settings.distribution = .zipf(exponent: 1)
    let result = try run(settings)
    #expect(result.passed && result.refusals.isEmpty && result.check?.wallets == 50)
    #expect(result.operationsTotal > 0 && result.operations.keys.sorted() == ["capture"])
    #expect(try server.terminate() == .exited(0))
    let file = try SQLiteFile(folder.path + "/data/ledger.db")
    let pairs = try file.rows("SELECT kind, count(*) FROM transactions WHERE kind IN (6, 7) GROUP BY kind")
    #expect(pairs.count == 2 && pairs[0][1] == pairs[1][1])
    #expect(try file.value("SELECT count(*) FROM holds WHERE remaining <> 0 OR captured <> amount") == "0")
  }

  @Test func theBuildOfTheServerIsKnown() throws {
    var settings = settings()
    settings.workload = .balance
    let result = try run(settings)
    #expect(["debug", "release"].contains(result.serverBuildMode))
    #expect(result.generatorCpuMicrosPerOperation ?? 0 > 0)
  }
}
