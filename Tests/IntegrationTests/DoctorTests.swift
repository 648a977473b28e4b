import Foundation
import TestSupport
import Testing

/// What doctors say of a folder and of a server, and the codes that they end with.
@Suite("Doctor")
struct DoctorTests {
  private struct Said: Decodable {
    struct Check: Decodable {
      var check: String
      var state: String
      var found: String
      var advice: String
    }

    var state: String
    var checks: [Check]

    subscript(_ name: String) -> Check? { checks.first { $0.check == name } }
  }

  private func doctor(_ arguments: [String]) throws -> (said: Said, status: Int32) {
    let ending = try run("walletd", ["doctor", "--json"] + arguments)
    return (try JSONDecoder().decode(Said.self, from: Data(ending.output.utf8)), ending.status)
  }

  @Test("a folder that is served is looked at beside its server, and what is wrong with it is said")
  func folder() throws {
    let backups = try ScratchFolder("backups")
    let service = try Service(arguments: ["--backup-dir", backups.path])
    let data = service.folder.path + "/data"
    _ = try walletctl(["open", "--server", "127.0.0.1:\(service.server.port)", "--owner", "a", "--currency", "USD"])
    let (none, noneStatus) = try doctor(["--data", data, "--backup-dir", backups.path])
    #expect(none["last backup"]?.state == "bad" && none.state == "bad" && noneStatus == 2)
    #expect(none["file modes"]?.state == "ok" && none["stored time"]?.state == "ok" && none["SQLite"]?.state == "ok")
    #expect(none["sync"]?.found.contains("4 KiB in ") == true && none["free disk"]?.found.contains(" of ") == true)
    #expect(none["ledger"]?.found.contains("epoch 1, row 1, ") == true)
    #expect(none["program"]?.advice.isEmpty == (none["program"]?.state == "ok"))
    #expect(try walletctl(["backup", "--server", "127.0.0.1:\(service.server.port)"]).status == 0)
    let made = try doctor(["--data", data, "--backup-dir", backups.path]).said["last backup"]
    #expect(made?.state == "ok" && made?.found.contains(".db, 0 hours ago, 0 rows behind") == true)
    #expect(try doctor(["--data", data]).said["last backup"]?.state == "warn")

    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: data + "/ledger.db")
    let (loose, looseStatus) = try doctor(["--data", data, "--backup-dir", backups.path])
    #expect(loose["file modes"]?.state == "bad" && looseStatus == 2)
    #expect(loose["file modes"]?.found == "others may read or write \(data)/ledger.db (644)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: data).sorted().first == "ledger.db")
    // It changes nothing and stops nobody.
    #expect(try service.server.terminate() == .exited(0))
  }

  @Test("what is no ledger is said to be none")
  func nothing() throws {
    let folder = try ScratchFolder("doctor")
    let (said, status) = try doctor(["--data", folder.path])
    #expect(status == 2 && said["ledger"]?.found == "\(folder.path) has no ledger.db")
    try Data("not a database, and longer than that".utf8).write(to: URL(filePath: folder.path + "/ledger.db"))
    let (other, otherStatus) = try doctor(["--data", folder.path])
    #expect(otherStatus == 2 && other["ledger"]?.state == "bad")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ledger.db"])
  }

  @Test("walletctl's doctor asks the server, and can't without one")
  func server() throws {
    let service = try Service(arguments: ["--min-free", "\(1 << 50)"])
    let server = "127.0.0.1:\(service.server.port)"
    _ = try walletctl(["open", "--server", server, "--owner", "a", "--currency", "USD"])
    let said = try walletctl(["doctor", "--server", server])
    #expect(said.status == 2, "\(said)")
    #expect(said.output.contains("bad   mutations       refused: the disk has "), "\(said)")
    #expect(said.output.contains("ok    schema          the one of this program\n"), "\(said)")
    #expect(said.output.contains("ok    clock           "), "\(said)")
    service.server.kill()
    #expect(try walletctl(["doctor", "--server", server]).status == 3)
  }
}
