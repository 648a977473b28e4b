import Foundation
import TestSupport
import Testing

/// Listening on paths, beside TCP.
@Suite("Unix sockets")
struct UnixSocketTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder("unix") }

  private var path: String { "\(folder.path)/walletd.sock" }
  private var options: [String] { ["--listen", "127.0.0.1:0", "--listen", "unix:\(path)"] }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? Int ?? 0) & 0o777
  }

  @Test("one ledger is served over both; the file has the mode that was asked for, and goes with the server")
  func both() throws {
    let server = try ServerProcess.serve("\(folder.path)/data", arguments: options)
    #expect(server.lines.contains("walletd: listening on unix:\(path)"))
    #expect(try mode(path) == 0o660)
    let opened = try TestClient(unix: path).call(.open(owner: "alice", currency: "USD", key: "unix-key-1"))
    #expect(opened.isOK)
    #expect(
      try TestClient(port: server.port).call(.open(owner: "alice", currency: "USD", key: "unix-key-1")).isReplayed)
    #expect(try server.terminate() == .exited(0))
    #expect(!FileManager.default.fileExists(atPath: path))

    let strict = try ServerProcess.serve("\(folder.path)/data", arguments: options + ["--unix-mode", "600"])
    #expect(try mode(path) == 0o600)
    #expect(try strict.terminate() == .exited(0))
  }

  @Test("what a killed server left behind is replaced; a socket that answers, or a file, is not")
  func stale() throws {
    let killed = try ServerProcess.serve("\(folder.path)/data", arguments: options)
    killed.kill()
    #expect(FileManager.default.fileExists(atPath: path))
    let server = try ServerProcess.serve("\(folder.path)/data", arguments: options)
    #expect(try TestClient(unix: path).call(.info).isOK)

    let second = try ServerProcess.runToEnd("\(folder.path)/other", arguments: ["--listen", "unix:\(path)"])
    #expect(second.ending == .exited(69))
    #expect(second.lines.last?.hasSuffix("Address already in use. Is another server running there?") == true)
    #expect(try TestClient(unix: path).call(.info).isOK)
    #expect(try server.terminate() == .exited(0))

    #expect(FileManager.default.createFile(atPath: path, contents: Data("notes".utf8)))
    let third = try ServerProcess.runToEnd("\(folder.path)/other", arguments: ["--listen", "unix:\(path)"])
    #expect(third.ending == .exited(69))
    #expect(third.lines.last?.contains("is there and isn't a socket") == true)
    #expect(FileManager.default.contents(atPath: path) == Data("notes".utf8))
  }

  @Test("a path that is too long, and a mode that is none, are refused by name")
  func badOptions() throws {
    let long = try ServerProcess.runToEnd(
      "\(folder.path)/data", arguments: ["--listen", "unix:/\(String(repeating: "x", count: 107))"])
    #expect(long.ending == .exited(64))
    #expect(long.lines.last?.contains("--listen: the path of a Unix socket must have 1 to 107 bytes, not 108") == true)
    let mode = try ServerProcess.runToEnd("\(folder.path)/data", arguments: options + ["--unix-mode", "999"])
    #expect(mode.ending == .exited(64))
  }
}
