import Foundation
import TestSupport
import Testing
import WalletCore
import WalletSystem

@testable import WalletStore

/// Whole backups and increments, as they are made and restored.
@Suite("Backups")
struct BackupTests {
  @Test("a backup beside commits is the ledger as it was at its head, verified, with its manifest beside it")
  func beside() throws {
    let fixture = try BackupFixture()
    var said: [Int64: [String]] = [:]
    var number = 0
    let told = try fixture.backUp {
      // The copy goes on while rows come.
      number += 1
      if number < 40 { _ = try fixture.ledger.perform(fixture.ledger.command(.credit, "u1", 7)) }
      said[fixture.ledger.store.head.seq] = try fixture.ledger.said()
    }
    let report = try #require(told.report)
    #expect(told.stages.contains("copy") && told.stages.contains("verify journal") && told.stages.last == "seal")
    #expect(report.baseSeq == nil && report.rows == report.head.seq && !report.isOld)
    let names = try SystemFiles().names(in: fixture.folder).sorted()
    #expect(names == [".lock", report.file, BackupManifest.name(for: report.file)].sorted())
    let status = fixture.ledger.store.backupStatus.values
    #expect(status.last?.seq == report.head.seq && status.made == 1 && status.failed == 0)
    #expect(status.last?.bytes == report.bytes)
    let restored = try fixture.restored()
    #expect(restored.store.head == report.head)
    try restored.mustSay(try #require(said[report.head.seq]), "as it was at row \(report.head.seq)")
    #expect(restored.store.description.ledgerID == fixture.ledger.store.description.ledgerID)
  }

  @Test("keys of a restored ledger replay, new rows go on behind its head, and tokens of before are refused")
  func goesOn() throws {
    let fixture = try BackupFixture()
    let ledger = fixture.ledger
    let known = ledger.command(.credit, "u1", 7)
    let first = try ledger.one(known)
    let page = try ledger.store.perform(
      [.wallets(owner: "u1", page: PageRequest(rowsMax: 1, cursor: ""))], reading: ledger.reading, isDue: { _ in true })
    let cursor = Cursor(
      ledgerID: Text(ledger.store.description.ledgerID), epoch: ledger.store.description.epoch, list: .wallets,
      subject: "u1", position: 1
    ).encoded
    #expect(page.count == 1)
    try fixture.mustBackUp()
    let lost = ledger.command(.credit, "u1", 9)
    _ = try ledger.perform(lost)
    let restored = try fixture.restored()
    #expect(restored.store.description.epoch > ledger.store.description.epoch)
    restored.wall = ledger.wall
    let again = try restored.one(known)
    #expect(again.isReplay && again.row == first.row)
    let head = restored.store.head
    let done = try restored.one(lost)
    #expect(!done.isReplay && done.row?.seq == head.seq + 1)
    let refused = try restored.store.perform(
      [.wallets(owner: "u1", page: PageRequest(rowsMax: 1, cursor: cursor))], reading: restored.reading,
      isDue: { _ in true })
    #expect(refused[0].reason == .resumeInvalid)
    #expect(try restored.verify().findings == [])
    // Two restores of the same backup go different ways, and must not be taken for each other.
    #expect(try fixture.restore(to: fixture.newTarget()).epoch >= restored.store.description.epoch)
  }

  @Test("increments go on behind the newest backup, and with nothing new none is made")
  func increments() throws {
    let fixture = try BackupFixture()
    let ledger = fixture.ledger
    let none = try fixture.backUp(incremental: true)
    #expect(none.failure?.reason == .invalidArgument, "there is nothing to go on from")
    #expect(none.failure?.message.contains("make a whole one first") == true)
    let whole = try fixture.mustBackUp()
    var before = whole
    for round in 0..<4 {
      for index in 0..<9 {
        _ = try ledger.perform(ledger.command(.credit, "u1", Int64(index + 1)), ledger.command(.debit, "u3", 1 << 40))
      }
      _ = try ledger.perform(ledger.addCounterAccount(Text("round-\(round)")))
      let increment = try fixture.mustBackUp(incremental: true)
      #expect(increment.baseSeq == before.head.seq && increment.head == ledger.store.head)
      #expect(increment.rows == increment.head.seq - before.head.seq)
      before = increment
    }
    let old = try fixture.mustBackUp(incremental: true)
    #expect(old.isOld && old.file == before.file)
    try fixture.restored().mustSay(try ledger.said(), "whole and increments")
    let named = try fixture.restored(from: "\(fixture.folder)/\(whole.file)")
    #expect(named.store.head == whole.head)
  }

  @Test("a ledger without rows is backed up, goes on from there and is restored")
  func empty() throws {
    let fixture = try BackupFixture { settings in try LedgerFixture(settings) }
    let whole = try fixture.mustBackUp()
    #expect(whole.rows == 0)
    #expect(try fixture.restored().store.head == fixture.ledger.store.head)
    _ = try fixture.ledger.perform(fixture.ledger.command(.openWallet, "u1"))
    try fixture.mustBackUp(incremental: true)
    try fixture.restored().mustSay(try fixture.ledger.said(), "one row")
    #expect(try fixture.restored(.seq(0)).store.head.seq == 0)
  }

  @Test("after a restore the next increment goes on from a backup whose last row the ledger still has")
  func afterRestore() throws {
    let fixture = try BackupFixture()
    let whole = try fixture.mustBackUp()
    _ = try fixture.ledger.perform(fixture.ledger.command(.credit, "u1", 5))
    try fixture.mustBackUp(incremental: true)
    let target = fixture.newTarget()
    _ = try fixture.restore(.seq(whole.head.seq), to: target)
    var settings = LedgerFixture.smallSteps(walletsMax: 100, entriesMax: 100)
    settings.backupFolder = fixture.folder
    settings.acceptsClock = true
    let other = try LedgerFixture(settings, image: target)
    _ = try other.perform(
      other.command(.credit, "u2", 1, key: .text("after-the-restore-1")),
      other.command(.credit, "u2", 2, key: .text("after-the-restore-2")))
    guard case .success(let stream) = other.store.makeBackupSource().open(BackupRequest(isIncremental: true)) else {
      throw TestFailure("no increment")
    }
    var made: BackupReport?
    while made == nil {
      if case .finished(let events) = try stream.advance(roomBytes: 100), case .backup(let report) = events.last {
        made = report
      }
    }
    #expect(made?.baseSeq == whole.head.seq && made?.rows == 2)
    // The newest is what the restored ledger has become, not what was left behind.
    try fixture.restored().mustSay(try other.said(), "the restored ledger's own rows")
  }

  @Test("a backup that is cancelled, and one that is dropped, leave nothing; the next one comes about")
  func cancelled() throws {
    let fixture = try BackupFixture()
    for steps in [0, 1, 3, 8, 20] {
      guard case .success(let stream) = fixture.ledger.store.makeBackupSource().open(BackupRequest()) else {
        throw TestFailure("no backup was begun")
      }
      for _ in 0..<steps {
        _ = try stream.advance(roomBytes: 100)
        _ = try fixture.ledger.store.maintain(isIdle: false)
      }
      stream.cancel()
      #expect(try SystemFiles().names(in: fixture.folder) == [".lock"], "after \(steps) steps")
    }
    #expect(fixture.ledger.store.backupStatus.values.failed == 5)
    let busy = try fixture.backUp {
      let other = fixture.ledger.store.makeBackupSource().open(BackupRequest())
      guard case .failure(let failure) = other, failure.reason == .resourceExhausted else {
        throw TestFailure("two backups at once: \(other)")
      }
    }
    #expect(busy.report != nil)
  }

  @Test("what a killed backup has left is removed by the next one")
  func leftOver() throws {
    let fixture = try BackupFixture()
    let files = SystemFiles()
    try files.createFolder(fixture.folder)
    try files.createFolder("\(fixture.folder)/.making")
    for name in ["ledger.db", "ledger.db-journal", "manifest.json"] {
      try files.write([1, 2, 3], to: "\(fixture.folder)/.making/\(name)")
    }
    // A kill between the two last steps: a file that nothing speaks for is no backup.
    let short = "walletd-000000000000-1-5.db"
    try files.write([1], to: "\(fixture.folder)/\(short)")
    try fixture.mustBackUp()
    #expect(!files.exists("\(fixture.folder)/.making") && files.exists("\(fixture.folder)/\(short)"))
    #expect(try fixture.restored().store.head == fixture.ledger.store.head)
  }

  @Test(
    "a full disk is told before it begins, and where it fills up meanwhile; the ledger goes on",
    .enabled(if: MountedFolder.unavailableBecause == nil))
  func full() throws {
    let disk = try MountedFolder(megabytes: 8)
    var settings = LedgerFixture.smallSteps(walletsMax: 100, entriesMax: 100)
    settings.backupFolder = "\(disk.path)/backups"
    let fixture = try BackupFixture { own in
      var own = own
      own.backupFolder = settings.backupFolder
      return try LedgerFixture.withEverything(own)
    }
    try disk.fill(leaving: 64 << 10)
    let early = try fixture.backUp()
    #expect(early.failure?.reason == .unavailable && early.failure?.message.contains("must stay free") == true)
    disk.release()
    var steps = 0
    let late = try fixture.backUp {
      steps += 1
      if steps == 3 { try disk.fill(leaving: 0) }
    }
    #expect(late.failure?.reason == .unavailable, "\(late)")
    #expect(late.failure?.message.contains("can't be") == true, "\(late)")
    #expect(try SystemFiles().names(in: "\(disk.path)/backups") == [".lock"])
    #expect(fixture.ledger.store.backupStatus.values.failure?.isEmpty == false)
    _ = try fixture.ledger.perform(fixture.ledger.command(.credit, "u1", 7))
    disk.release()
    #expect(try fixture.backUp().report?.head == fixture.ledger.store.head)
  }

  @Test("where nothing can be written, and without a folder, it says so")
  func nowhere() throws {
    let fixture = try BackupFixture { settings in
      var settings = settings
      settings.backupFolder = "/proc/nowhere/backups"
      return try LedgerFixture(settings)
    }
    let told = try fixture.backUp()
    #expect(told.failure?.reason == .unavailable)
    #expect(told.failure?.message.contains("/proc/nowhere/backups") == true, "\(told)")
    let without = try BackupFixture { settings in
      var settings = settings
      settings.backupFolder = nil
      return try LedgerFixture(settings)
    }
    #expect(try without.backUp().failure?.reason == .unimplemented)
  }

  @Test("a copy of a ledger that isn't sound is no backup")
  func unsound() throws {
    let fixture = try BackupFixture()
    try fixture.ledger.writeTrailing()
    let file = try Database(path: fixture.ledger.databasePath, access: .write, vfs: nil)
    try file.execute("DROP TRIGGER transactions_no_update; UPDATE transactions SET reason = 'other' WHERE seq = 9")
    let told = try fixture.backUp()
    #expect(told.failure?.message.contains("isn't sound") == true, "\(told)")
    #expect(try SystemFiles().names(in: fixture.folder) == [".lock"])
    #expect(fixture.ledger.store.backupStatus.values.last == nil)
  }

  @Test("all that is made is its owner's alone, whatever the umask")
  func modes() throws {
    let old = umask(0)
    defer { umask(old) }
    let fixture = try BackupFixture()
    try fixture.mustBackUp()
    let target = fixture.newTarget()
    _ = try fixture.restore(to: target)
    for folder in [fixture.ledger.path, fixture.folder, target] {
      let manager = FileManager.default
      func mode(_ path: String) throws -> Int? {
        try manager.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      }
      #expect(try mode(folder) == 0o700, "\(folder)")
      for name in try manager.contentsOfDirectory(atPath: folder) {
        #expect(try mode("\(folder)/\(name)") == 0o600, "\(folder)/\(name)")
      }
    }
  }
}
