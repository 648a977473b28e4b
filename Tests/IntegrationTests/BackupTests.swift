import Foundation
import TestSupport
import Testing
import WalletClient

/// Backups of a server at work, and what `walletd restore` makes of them.
@Suite("Backup and restore")
struct BackupTests {
  private let service: Service
  private let backups: ScratchFolder
  private var client: WalletClient { service.client }
  private let why = MutationOptions(reason: "test")

  init() async throws {
    backups = try ScratchFolder("backups")
    service = try Service(arguments: ["--generation-rows", "64", "--backup-dir", backups.path + "/own"])
    for owner in ["u1", "u2"] {
      _ = try await service.client.openWallet(owner: owner, currency: "USD")
      _ = try await service.client.credit(dollars(owner), amount: 1_000_000, why)
    }
  }

  private var folder: String { backups.path + "/own" }

  private func backup(_ client: WalletClient, incremental: Bool = false) async throws -> BackupReport {
    var last: BackupReport?
    for try await event in client.backup(incremental: incremental) {
      if case .report(let report) = event { last = report }
    }
    return try #require(last)
  }

  private func restore(_ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
    try run("walletd", ["restore"] + arguments)
  }

  /// One acknowledged debit.
  private struct Done: Sendable {
    var key: String
    var seq: Int64
    var balance: Int64
  }

  @Test("backups under load are restored elsewhere: verified, keys replay, balances are those of that place")
  func underLoad() async throws {
    let (over, acknowledged) = (Counter(), Counter())
    var reports: [BackupReport] = []
    let done = try await withThrowingTaskGroup(of: [Done].self) { group in
      for number in 0..<4 {
        group.addTask { [service, why] in
          let client = service.newClient()
          var done: [Done] = []
          while over.value == 0 {
            let key = "load-\(number)-\(done.count)"
            let result = try await client.debit(
              dollars("u\(1 + number % 2)"), amount: 1, MutationOptions(reason: "test", idempotencyKey: key))
            done.append(Done(key: key, seq: result.transaction.id, balance: result.balance))
            acknowledged.increment()
            if number == 0 { _ = try await client.hold(dollars("u1"), amount: 2, timeout: .milliseconds(5), why) }
            if number == 1 { _ = try await client.transfer(from: dollars("u2"), to: dollars("u1"), amount: 1, why) }
          }
          return done
        }
      }
      for round in 0..<4 {
        // Each has something to take that none before it has.
        let enough = acknowledged.value + 8
        for _ in 0..<60_000 where acknowledged.value < enough { try await Task.sleep(for: .milliseconds(1)) }
        reports.append(try await backup(client, incremental: round % 2 == 1))
      }
      over.increment()
      var all: [Done] = []
      for try await part in group { all += part }
      return all
    }
    #expect(reports.map(\.head.seq) == reports.map(\.head.seq).sorted() && done.count > 20)
    #expect(reports[1].baseSeq == reports[0].head.seq && reports[3].baseSeq == reports[2].head.seq)

    // To a place that no backup ends at, where no request is torn apart: that of an acknowledged debit.
    let cut = try #require(done.map(\.seq).filter { $0 > reports[2].head.seq && $0 < reports[3].head.seq }.min())
    for (number, seq) in [(0, reports[3].head.seq), (1, cut)] {
      let target = "\(backups.path)/restored-\(number)"
      let arguments = number == 0 ? [] : ["--to-seq", "\(seq)"]
      let ending = try restore(["--from", folder, "--data", target] + arguments)
      #expect(ending.status == 0 && ending.output.contains("  head \(seq):"), "\(ending)")
      try expectSameBalances(target, through: seq)
      let server = try ServerProcess.serve(target)
      let restored = WalletClient(host: "127.0.0.1", port: server.port)
      for (index, one) in done.enumerated() where index % 7 == 0 && one.seq <= seq {
        let again = try await restored.debit(
          dollars(one.key.hasPrefix("load-0") || one.key.hasPrefix("load-2") ? "u1" : "u2"), amount: 1,
          MutationOptions(reason: "test", idempotencyKey: one.key))
        #expect(again.replayed && again.transaction.id == one.seq && again.balance == one.balance)
      }
      // What came later isn't there: its key is new.
      if let lost = done.first(where: { $0.seq > seq && $0.key.hasPrefix("load-0") }) {
        let anew = try await restored.debit(
          dollars("u1"), amount: 1, MutationOptions(reason: "test", idempotencyKey: lost.key))
        #expect(!anew.replayed && anew.transaction.id > seq)
      }
      #expect(try server.terminate() == .exited(0))
      #expect(try run("walletd", ["verify", "--data", target]).status == 0)
    }
  }

  private func expectSameBalances(_ target: String, through seq: Int64) throws {
    let then = """
      SELECT wallet_id, balance, held, overdraft_limit, version FROM transactions
      WHERE seq IN (SELECT max(seq) FROM transactions WHERE seq <= \(seq) GROUP BY wallet_id) ORDER BY wallet_id
      """
    let now = "SELECT wallet_id, balance, held, overdraft_limit, version FROM wallet_balances ORDER BY wallet_id"
    #expect(try SQLiteFile(target + "/ledger.db").rows(now) == (try service.database.rows(then)))
  }

  @Test("walletctl and walletd back up, say what they made, and end with a code for each kind of failure")
  func programs() throws {
    let server = "127.0.0.1:\(service.server.port)"
    let data = service.folder.path + "/data"
    let none = try walletctl(["backup", "--server", server, "--incremental"])
    #expect(none.status == 1 && none.errors.contains("make a whole one first"), "\(none)")
    let made = try walletctl(["backup", "--server", server])
    #expect(made.status == 0 && made.output.contains(".db, whole, up to row 4, 4 rows, "), "\(made)")
    let head = try #require(made.output.split(separator: "\n").last?.split(separator: " ").last)
    #expect(try walletctl(["verify", "--server", server, "--head", String(head)]).status == 0)
    let json = try walletctl(["backup", "--server", server, "--incremental", "--json"])
    #expect(json.status == 0 && json.output.contains("\"old\":true"), "\(json)")
    try service.server.waitForLine("walletd: backed up: walletd-")

    let target = backups.path + "/restored"
    #expect(try restore(["--from", folder, "--data", data]).status == 75)
    #expect(try restore(["--from", folder, "--data", target, "--to-seq", "9"]).status == 64)
    #expect(try restore(["--from", folder + "/none", "--data", target]).status == 64)
    let both = try restore(["--from", folder, "--data", target, "--to-seq", "1", "--to-time", "2026-01-01"])
    #expect(both.status == 64 && both.errors.contains("exclude each other"), "\(both)")
    let time = try restore(["--from", folder, "--data", target, "--to-time", "yesterday"])
    #expect(time.status == 64 && time.errors.contains("--to-time must be like"), "\(time)")
    #expect(try restore(["--from", folder, "--data", target]).status == 0)
    let twice = try restore(["--from", folder, "--data", target])
    #expect(twice.status == 73 && twice.errors.contains("has a ledger, which a restore never overwrites"), "\(twice)")
    let offline = try run("walletd", ["backup", "--data", data, "--to", folder])
    #expect(offline.status == 75 && offline.errors.contains("is in use"), "\(offline)")
    let other = try run("walletd", ["backup", "--data", target, "--to", backups.path + "/other"])
    #expect(other.status == 0 && other.output.contains("whole, up to row 4"), "\(other)")
    let file = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".db") })
    let handle = try FileHandle(forUpdating: URL(filePath: "\(folder)/\(file)"))
    try handle.seek(toOffset: 5000)
    try handle.write(contentsOf: Data([1, 2, 3]))
    try handle.close()
    let damaged = try restore(["--from", folder, "--data", backups.path + "/never"])
    #expect(damaged.status == 65 && damaged.errors.contains("SHA-256 differs"), "\(damaged)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: backups.path + "/never") == ["lock"])
  }

  @Test("a backup whose client goes is dropped, and the next one comes about")
  func givenUp() async throws {
    for _ in 0..<4 {
      var given = client.backup().makeAsyncIterator()
      #expect(try await given.next() != nil)
    }
    // Where the last one still ends, it is tried again.
    #expect(try await backup(client).head.seq == 4)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 3)
  }

  @Test("kill -9 during a backup and during a restore leaves nothing wrong")
  func killed() async throws {
    let whole = try await backup(client)
    let program = try programPath("walletd")
    for round in 0..<6 {
      let target = "\(backups.path)/killed-\(round)"
      let process = Process()
      process.executableURL = program
      process.arguments = ["restore", "--from", folder, "--data", target]
      (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
      try process.run()
      usleep(UInt32(round * 12_000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      // There is a whole ledger or none, and where there is none the next restore makes one.
      if !FileManager.default.fileExists(atPath: target + "/ledger.db") {
        let again = try restore(["--from", folder, "--data", target])
        #expect(again.status == 0, "\(again)")
      }
      let verified = try run("walletd", ["verify", "--data", target])
      #expect(verified.status == 0 && verified.output.contains("; head \(whole.head.seq):"), "\(verified)")
    }
    for round in 0..<6 {
      let server =
        round == 0
        ? service.server
        : try ServerProcess.serve(
          service.folder.path + "/data", arguments: ["--backup-dir", folder])
      let other = WalletClient(host: "127.0.0.1", port: server.port)
      _ = try await other.credit(dollars("u1"), amount: 1, why)
      let task = Task { for try await _ in other.backup(incremental: round % 2 == 1) {} }
      try await Task.sleep(for: .milliseconds(round * 15))
      server.kill()
      _ = await task.result
      let target = "\(backups.path)/after-\(round)"
      let restored = try restore(["--from", folder, "--data", target])
      #expect(restored.status == 0, "\(restored)")
      let verified = try run("walletd", ["backup", "--data", service.folder.path + "/data", "--to", folder])
      #expect(verified.status == 0, "\(verified)")
    }
  }
}
