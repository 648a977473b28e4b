import Foundation
import TestSupport
import Testing
import WalletCore
import WalletSystem

@testable import WalletStore

@Suite("The file")
struct LedgerFileTests {
  @Test(
    "journal rows can't be changed, removed or replaced, by whichever connection",
    arguments: [
      "UPDATE transactions SET amount = 1 WHERE seq = 2", "DELETE FROM transactions WHERE seq = 2",
      "INSERT OR REPLACE INTO transactions SELECT * FROM transactions WHERE seq = 2",
      "UPDATE origins SET actor = 'nobody'", "DELETE FROM origins", "REPLACE INTO origins SELECT * FROM origins",
      "UPDATE refusals SET amount = 1", "DELETE FROM refusals", "REPLACE INTO refusals SELECT * FROM refusals",
      "UPDATE administration SET verb = 513", "DELETE FROM administration",
      "REPLACE INTO administration SELECT * FROM administration",
    ], [false, true])
  func immutable(_ sql: String, _ recursiveTriggers: Bool) throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(
      ledger.command(.openWallet, "u1"), ledger.command(.credit, "u1", 100), ledger.command(.debit, "u1", 101),
      ledger.registerCurrency("ESIM-MB"))
    let database = try ledger.stranger()
    try database.execute("PRAGMA recursive_triggers = \(recursiveTriggers ? 1 : 0)")
    #expect {
      try database.execute(sql)
    } throws: { error in
      (error as? SQLiteError)?.message == "journal rows are immutable"
    }
    #expect(try database.integer("SELECT sum(amount) FROM transactions") == 100)
  }

  @Test(
    "the writer itself can't even prepare a change of a journal row",
    arguments: ["transactions", "refusals", "administration"])
  func writerIsGuarded(_ table: String) throws {
    let ledger = try LedgerFixture()
    for sql in ["UPDATE \(table) SET reason = 'other'", "DELETE FROM \(table)"] {
      #expect(throws: SQLiteError.self) { _ = try ledger.store.database.prepare(sql) }
    }
  }

  @Test("settings that durability rests on are read back")
  func pragmas() throws {
    let ledger = try LedgerFixture()
    let folder = try DataFolder(path: ledger.path + "-other", files: SystemFiles())
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    let database = try folder.open(.write, settings: StoreSettings())
    #expect(try database.text("PRAGMA journal_mode") == "wal" && database.integer("PRAGMA synchronous") == 2)
    #expect(try database.integer("PRAGMA recursive_triggers") == 1)
    #expect(try database.integer("PRAGMA wal_autocheckpoint") == 0)
  }

  @Test("readers can't write")
  func readers() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"))
    let reader = try Database(path: ledger.databasePath, access: .read, vfs: nil)
    try Pragmas.configureReader(reader)
    #expect(throws: SQLiteError.self) { try reader.execute("UPDATE wallets SET balance = 5") }
  }

  @Test("a second server is kept away")
  func lock() throws {
    let ledger = try LedgerFixture()
    #expect(throws: DataFolder.Failure.inUse) { try DataFolder(path: ledger.path, files: SystemFiles()) }
  }

  @Test("files are for their owner only")
  func permissions() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"))
    for name in try FileManager.default.contentsOfDirectory(atPath: ledger.path) {
      let attributes = try FileManager.default.attributesOfItem(atPath: ledger.path + "/" + name)
      #expect((attributes[.posixPermissions] as? Int) == 0o600, "\(name)")
    }
  }

  @Test("a folder with other files, a file that is no database, another program's, and a newer one are refused")
  func strangers() throws {
    let other = NSTemporaryDirectory() + "walletd-file-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: other) }
    try Data("hello".utf8).write(to: URL(filePath: other + "/photo.jpg"))
    #expect(throws: DataFolder.Failure.notEmpty(found: "photo.jpg")) {
      try DataFolder(path: other, files: SystemFiles())
    }
    try FileManager.default.removeItem(atPath: other + "/photo.jpg")

    try Data(String(repeating: "not a database. ", count: 600).utf8).write(to: URL(filePath: other + "/ledger.db"))
    #expect(throws: LedgerFileError.self) { try LedgerFixture.open(other, StoreSettings(), 1) }
    try FileManager.default.removeItem(atPath: other + "/ledger.db")

    try Database(path: other + "/ledger.db", access: .write, vfs: nil).execute("CREATE TABLE photos (name)")
    #expect(throws: LedgerFileError.self) { try LedgerFixture.open(other, StoreSettings(), 1) }

    let ledger = try LedgerFixture()
    try ledger.store.close()
    try ledger.stranger().execute("UPDATE meta SET value = 999 WHERE key = 'schema_version'")
    #expect(throws: LedgerFileError.newer(found: 999, known: Int64(Schema.migrations.count))) {
      try LedgerFixture.open(ledger.path, ledger.settings, ledger.wall)
    }
  }

  @Test("a file of version 4 gets a watermark of its wallets, and a view that is exact, wherever its projections are")
  func walletWatermark() throws {
    for isTrailing in [true, false] {
      let ledger = try LedgerFixture.with(["u1": 100, "u2": 50])
      if !isTrailing { try ledger.restart() }
      _ = try ledger.perform(ledger.command(.debit, "u1", 30))
      let image = try ledger.image()
      try Database(path: "\(image)/ledger.db", access: .write, vfs: nil).becomeVersion4()
      let newer = try LedgerFixture(LedgerFixture.settings, image: image)
      #expect(newer.store.head == ledger.store.head && newer.store.recovery.rows == (isTrailing ? 5 : 1))
      _ = try newer.perform(newer.command(.credit, "u1", 5, key: .text("newer-0001")))
      #expect(try newer.stranger().integer("SELECT balance FROM wallets WHERE owner_id = 'u1'") == 70)
      #expect(try newer.stranger().integer("SELECT balance FROM wallet_balances WHERE owner_id = 'u1'") == 75)
      try newer.crash()
      #expect(try newer.wallet("u1")?.balance == 75 && newer.store.recovery.rows == 1)
      try newer.store.close()
      #expect(try LedgerFile.problems(newer.path) == [])
    }
  }

  @Test("a file of an older version is brought forward, and a step that fails leaves it as it was")
  func migrations() throws {
    let ledger = try LedgerFixture()
    _ = try ledger.perform(ledger.command(.openWallet, "u1"))
    try ledger.store.close()
    let database = try ledger.stranger()
    let broken = Schema.migrations + ["CREATE TABLE more (a); CREATE TABLE more (a);"]
    #expect(throws: SQLiteError.self) {
      try Schema.migrate(database, migrations: broken, ledgerID: "unused", createdAt: 0)
    }
    let version = "SELECT value FROM meta WHERE key = 'schema_version'"
    #expect(try database.integer(version) == Int64(Schema.migrations.count))
    let next = Schema.migrations + ["CREATE TABLE more (a);"]
    try Schema.migrate(database, migrations: next, ledgerID: "unused", createdAt: 0)
    #expect(try database.integer(version) == Int64(next.count))
    #expect(try database.integer("SELECT count(*) FROM transactions") == 1)
    #expect(try database.integer("SELECT count(*) FROM more") == 0)
  }
}
