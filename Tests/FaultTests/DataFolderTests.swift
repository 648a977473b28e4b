import Foundation
import TestSupport
import Testing

/// Each way in which a data folder, or an address, can't be served: its exit code, one line that says why, and nothing
/// changed.
extension FaultTests {
  @Test("A folder with other files")
  func strangeFolder() throws {
    let folder = try ScratchFolder("folder")
    try Data("shopping".utf8).write(to: URL(filePath: "\(folder.path)/notes.txt"))
    try expectRefusal(folder.path, 65, "isn't a walletd data folder: it has \"notes.txt\"")
    #expect(try folder.contents() == ["notes.txt": 8])
  }

  @Test("A file where the folder should be, and a folder under a file")
  func fileForFolder() throws {
    let folder = try ScratchFolder("folder")
    let file = "\(folder.path)/file"
    try Data("x".utf8).write(to: URL(filePath: file))
    try expectRefusal(file, 73, "Not a directory")
    try expectRefusal("\(file)/data", 73, "Not a directory")
    try expectRefusal("\(folder.path)/missing/data", 73, "No such file or directory")
    #expect(try folder.contents() == ["file": 1])
  }

  @Test("A read-only file system", .enabled(if: MountedFolder.unavailableBecause == nil))
  func readOnlyFileSystem() throws {
    let disk = try MountedFolder(megabytes: 16)
    let data = "\(disk.path)/data"
    try makeLedger(data)
    try FileManager.default.createDirectory(atPath: "\(disk.path)/empty", withIntermediateDirectories: false)
    try disk.makeReadOnly()
    for path in [data, "\(disk.path)/empty", "\(disk.path)/new"] {
      try expectRefusal(path, 73, "the file system is read-only")
    }
  }

  @Test("No room for a ledger", .enabled(if: MountedFolder.unavailableBecause == nil))
  func fullFileSystem() throws {
    let disk = try MountedFolder(megabytes: 1)
    try disk.fill(leaving: 0)
    let (ending, lines) = try ServerProcess.runToEnd("\(disk.path)/data")
    #expect(ending == .exited(73) || ending == .exited(74))
    #expect(lines.count == 1)
    #expect(lines.last?.contains("No space left on device") == true || lines.last?.contains("full") == true)
    // It leaves nothing in the way of the next try.
    disk.release()
    let disk2 = try MountedFolder(megabytes: 16)
    try FileManager.default.copyItem(atPath: "\(disk.path)/data", toPath: "\(disk2.path)/data")
    try makeLedger("\(disk2.path)/data")
  }

  @Test("A ledger of a newer program")
  func newerLedger() throws {
    let folder = try ScratchFolder("folder")
    let data = "\(folder.path)/data"
    try makeLedger(data)
    try SQLiteFile("\(data)/ledger.db", mayWrite: true).execute(
      "UPDATE meta SET value = 999 WHERE key = 'schema_version'; PRAGMA wal_checkpoint(TRUNCATE)")
    try expectUnchanged(data) {
      try expectRefusal(data, 65, "its schema version is 999; this walletd knows versions up to 5")
    }
  }

  @Test("A file that is no database")
  func noDatabase() throws {
    let folder = try ScratchFolder("folder")
    try Data(repeating: UInt8(ascii: "?"), count: 10_000).write(to: URL(filePath: "\(folder.path)/ledger.db"))
    try expectUnchanged(folder.path) { try expectRefusal(folder.path, 65, "file is not a database") }
  }

  @Test("Another program's database", arguments: [0, 0x4750_4B47])
  func otherDatabase(applicationID: Int) throws {
    let folder = try ScratchFolder("folder")
    let file = try SQLiteFile("\(folder.path)/ledger.db", mayWrite: true)
    try file.execute("PRAGMA application_id = \(applicationID); CREATE TABLE tiles (id INTEGER PRIMARY KEY)")
    try expectUnchanged(folder.path) {
      try expectRefusal(folder.path, 65, "its application id is \(applicationID), not 1464620100")
    }
  }

  @Test("Half a ledger")
  func truncatedLedger() throws {
    let folder = try ScratchFolder("folder")
    let data = "\(folder.path)/data"
    try makeLedger(data)
    let bytes = try Data(contentsOf: URL(filePath: "\(data)/ledger.db"))
    try bytes.prefix(bytes.count / 2).write(to: URL(filePath: "\(data)/ledger.db"))
    let (ending, lines) = try ServerProcess.runToEnd(data)
    #expect(ending == .exited(65) || ending == .exited(74))
    #expect(lines.count == 1 && lines[0].contains("malformed"))
  }

  @Test("An empty ledger.db, as a start cut short leaves it, becomes a ledger")
  func emptyDatabase() throws {
    let folder = try ScratchFolder("folder")
    try Data().write(to: URL(filePath: "\(folder.path)/ledger.db"))
    try makeLedger(folder.path)
  }

  @Test("A folder and an address that another server has")
  func taken() throws {
    let folder = try ScratchFolder("folder")
    let data = "\(folder.path)/data"
    let server = try ServerProcess.serve(data)
    try expectRefusal(data, 75, "is in use by another walletd")
    try expectRefusal(
      "\(folder.path)/other", 69, "Address already in use", ["--listen", "127.0.0.1:\(server.port)"])
    #expect(try TestClient(port: server.port).call(.info).isOK)
    #expect(try server.terminate() == .exited(0))
    // The one that couldn't listen left its folder free.
    try makeLedger("\(folder.path)/other")
  }

  private func makeLedger(_ data: String) throws {
    let server = try ServerProcess.serve(data)
    #expect(try TestClient(port: server.port).call(.info).isOK)
    #expect(try server.terminate() == .exited(0))
  }

  private func expectRefusal(
    _ data: String, _ code: Int32, _ says: String, _ arguments: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let (ending, lines) = try ServerProcess.runToEnd(data, arguments: arguments)
    #expect(ending == .exited(code), sourceLocation: sourceLocation)
    #expect(lines.count == 1, "\(lines)", sourceLocation: sourceLocation)
    #expect(lines.last?.contains(says) == true, "\(lines)", sourceLocation: sourceLocation)
  }

  private func expectUnchanged(
    _ data: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
  ) throws {
    let file = URL(filePath: "\(data)/ledger.db")
    let before = try Data(contentsOf: file)
    try body()
    let after = try Data(contentsOf: file)
    #expect(after == before, sourceLocation: sourceLocation)
  }
}
