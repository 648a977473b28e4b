import Foundation
import TestSupport
import Testing
import WalletClient

/// Verify over a real socket, and of a folder that nobody serves.
@Suite("Verify")
struct VerifyTests {
  private let service: Service
  private var client: WalletClient { service.client }
  private let why = MutationOptions(reason: "test")

  init() async throws {
    // Generations so small that what trails is written beside the verification.
    service = try Service(arguments: ["--generation-rows", "64"])
    for owner in ["u1", "u2"] {
      _ = try await service.client.openWallet(owner: owner, currency: "USD")
      _ = try await service.client.credit(dollars(owner), amount: 1_000_000, why)
    }
  }

  private func verify(
    _ client: WalletClient, expectedHead: JournalHead? = nil, skipsIntegrityCheck: Bool = false
  ) async throws -> (findings: [VerificationFinding], report: VerificationReport?) {
    var findings: [VerificationFinding] = []
    var report: VerificationReport?
    for try await event in client.verify(expectedHead: expectedHead, skipsIntegrityCheck: skipsIntegrityCheck) {
      switch event {
      case .progress: break
      case .finding(let finding): findings.append(finding)
      case .report(let last): report = last
      }
    }
    return (findings, report)
  }

  @Test("a ledger is sound while clients go on, and after a kill; each head that was told stays in it")
  func underLoad() async throws {
    let over = Counter()
    var heads: [JournalHead] = []
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<4 {
        group.addTask { [why] in
          let client = service.newClient()
          while over.value == 0 {
            _ = try await client.debit(dollars("u1"), amount: 1, why)
            let hold = try await client.hold(dollars("u2"), amount: 5, timeout: .milliseconds(20), why)
            if number == 0 { _ = try await client.capture(holdID: hold.transaction.holdID, why) }
            _ = try await client.transfer(from: dollars("u2"), to: dollars("u1"), amount: 1, why)
          }
        }
      }
      for _ in 0..<3 {
        let (findings, report) = try await verify(client, expectedHead: heads.last)
        #expect(findings == [] && report?.findings == 0 && report?.integritySkippedBecause == nil)
        if let report { heads.append(report.head) }
      }
      over.increment()
      do { try await group.waitForAll() } catch WalletError.rejected { /* A hold that has ended meanwhile. */  }
    }
    #expect(heads.count == 3 && heads[0].seq < heads[2].seq)
    try service.server.waitForLine("walletd: verified: ", count: 3)
    #expect(service.server.lines.count { $0.contains("walletd: verified: ") } == 3)
    service.server.kill()
    let server = try ServerProcess.serve(service.folder.path + "/data")
    let again = WalletClient(host: "127.0.0.1", port: server.port)
    for head in heads {
      let (findings, report) = try await verify(again, expectedHead: head, skipsIntegrityCheck: true)
      #expect(findings == [] && report?.integritySkippedBecause != nil)
    }
  }

  @Test("one that is given up makes room for the next")
  func givenUp() async throws {
    for _ in 0..<4 {
      var given = client.verify().makeAsyncIterator()
      #expect(try await given.next() != nil)
    }
    // Where the last one still runs, it is tried again.
    #expect(try await verify(client).report?.findings == 0)
  }

  @Test("walletctl and walletd tell the same; an edited ledger ends with 1, and what can't be read with 2")
  func programs() async throws {
    let server = "127.0.0.1:\(service.server.port)"
    let data = service.folder.path + "/data"
    let served = try walletctl(["verify", "--server", server])
    #expect(served.status == 0, "\(served)")
    let last = try #require(served.output.split(separator: "\n").last)
    #expect(last.hasPrefix("verified: 4 rows, 2 wallets, ") && served.output.hasPrefix("nothing is wrong\n"))
    let head = try #require(last.components(separatedBy: "head ").last)
    let json = try walletctl(["verify", "--server", server, "--json", "--skip-integrity-check", "--head", head])
    #expect(json.status == 0 && json.output.contains("\"integrityChecked\":false"), "\(json)")
    let busy = try run("walletd", ["verify", "--data", data])
    #expect(busy.status == 2 && busy.errors.contains("is in use"), "\(busy)")
    let wrong = try walletctl(["verify", "--server", server, "--head", "4:abc"])
    #expect(wrong.status == 2 && wrong.errors.contains("--head must be"), "\(wrong)")

    _ = try service.server.terminate()
    let offline = try run("walletd", ["verify", "--data", data, "--head", head])
    // The keys are written meanwhile.
    #expect(offline.status == 0 && offline.output.contains("; head \(head)\n"), "\(offline)")
    let file = try SQLiteFile(data + "/ledger.db", mayWrite: true)
    try file.execute("UPDATE wallets SET balance = balance + 1 WHERE wallet_id = 2")
    let edited = try run("walletd", ["verify", "--data", data])
    #expect(edited.status == 1, "\(edited)")
    #expect(edited.output.contains("wallet 2, row 4: wallets.balance: expected 1000000, found 1000001\n1 finding\n"))
    let missing = try run("walletd", ["verify", "--data", data + "/nowhere"])
    #expect(missing.status == 2 && missing.errors.contains("has no ledger.db"), "\(missing)")
  }
}
