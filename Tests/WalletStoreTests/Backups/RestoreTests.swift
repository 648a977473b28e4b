import TestSupport
import Testing
import WalletCore
import WalletSystem

@testable import WalletStore

/// Points in time, and backups from which nothing can be restored.
@Suite("Restores")
struct RestoreTests {
  /// A whole backup and two increments behind it.
  private static func chain(
    _ make: (StoreSettings) throws -> LedgerFixture = LedgerFixture.withEverything
  ) throws -> (BackupFixture, [BackupReport]) {
    let fixture = try BackupFixture(make)
    if fixture.ledger.store.head.seq == 0 { _ = try fixture.ledger.perform(fixture.ledger.command(.openWallet, "u1")) }
    var reports = [try fixture.mustBackUp()]
    for _ in 0..<2 {
      for _ in 0..<5 { _ = try fixture.ledger.perform(fixture.ledger.command(.credit, "u1", 3)) }
      reports.append(try fixture.mustBackUp(incremental: true))
    }
    return (fixture, reports)
  }

  @Test(
    "a random ledger is restored to any of its places as it was there: wallets, holds, limits, totals, keys",
    arguments: [1, 2, 3])
  func random(_ seed: Int) throws {
    let scratch = try ScratchFolder("restore-random")
    var settings = LedgerFixture.settings
    settings.trailing = StoreSettings.Trailing(generationRows: 40 * seed)
    settings.verifying.copyPagesBusy = 64
    settings.backupFolder = "\(scratch.path)/backups"
    var generator = SeededGenerator(of: "restores \(seed)")
    let run = try RandomRun(settings, SeededGenerator(of: "restored commands \(seed)"))
    let fixture = try BackupFixture { _ in run.ledger }
    var points: [(head: JournalHead, time: Int64, said: [String])] = []
    var backups = 0
    while run.commandCount < 1500 {
      try run.step()
      if Int.random(in: 0..<14, using: &generator) < 4 {
        points.append((run.ledger.store.head, run.ledger.store.clock.lastStored, try run.ledger.said()))
      }
      if Int.random(in: 0..<25, using: &generator) < 3 {
        try fixture.mustBackUp(incremental: backups > 0 && Int.random(in: 0..<3, using: &generator) > 0)
        backups += 1
      }
    }
    try fixture.mustBackUp(incremental: backups > 0)
    try #require(points.count > 8 && backups > 2)
    for point in points.shuffled(using: &generator).prefix(9) {
      let restored = try fixture.restored(.seq(point.head.seq), from: settings.backupFolder)
      #expect(restored.store.head == point.head)
      try restored.mustSay(point.said, "at row \(point.head.seq)")
    }
    // By time, too: the last of the points that were stored in that microsecond.
    for point in points.shuffled(using: &generator).prefix(3) {
      let restored = try fixture.restored(.time(point.time), from: settings.backupFolder)
      #expect(restored.store.head.seq >= point.head.seq)
      let last = points.last { $0.time == point.time }
      if let last, restored.store.head.seq == last.head.seq { try restored.mustSay(last.said, "at \(point.time)") }
    }
    try fixture.restored(from: settings.backupFolder).mustSay(try run.ledger.said(), "the newest")
    print("restores \(seed): \(run.ledger.store.head.seq) rows, \(points.count) points, \(backups) backups")
  }

  @Test("a backup that goes too far has every row: a ledger is made of rows alone")
  func rowsAlone() throws {
    let fixture = try BackupFixture { settings in try LedgerFixture(settings) }
    let ledger = fixture.ledger
    _ = try ledger.perform(ledger.registerCurrency("ESIM-MB"), ledger.command(.openWallet, "u1"))
    for amount in 1..<20 { _ = try ledger.perform(ledger.command(.credit, "u1", Int64(amount))) }
    let said = try ledger.said()
    let head = ledger.store.head
    for amount in 1..<9 { _ = try ledger.perform(ledger.command(.credit, "u1", Int64(amount))) }
    try fixture.mustBackUp()
    let restored = try fixture.restored(.seq(head.seq))
    #expect(restored.store.head == head)
    try restored.mustSay(said, "of rows alone")
  }

  @Test("tokens are what they were at the point, and a call that was denied stays told")
  func tokens() throws {
    let fixture = try BackupFixture()
    let ledger = fixture.ledger
    func grant(_ principal: Text, _ byte: UInt8) throws -> Int64 {
      let terms = GrantTerms(
        principal: principal, credential: .secret(digest: ShortBytes([UInt8](repeating: byte, count: 32))),
        scopes: ScopeSet([.read]))
      let outcome = try ledger.one(ledger.special(.createToken, nil, 0, .grant(terms)))
      return try #require(outcome.administration?.seq)
    }
    let old = try grant("shop", 1)
    try fixture.mustBackUp()
    let new = try grant("shop", 2)
    let before = (ledger.store.head.seq, try ledger.said())
    _ = try ledger.perform(ledger.special(.revokeToken, nil, 0, .revocation(id: old)))
    var denied = ledger.command(.debit, "u1", 5)
    denied.origin = Origin(
      Access(principal: "reader", scopes: ScopeSet([.read])), source: "10.0.0.1", clientName: "x")
    #expect(try ledger.one(denied).reason == .permissionDenied)
    try fixture.mustBackUp(incremental: true)
    try fixture.restored().mustSay(try ledger.said(), "with the revocation")
    let restored = try fixture.restored(.seq(before.0))
    try restored.mustSay(before.1, "before the revocation")
    #expect(try restored.stranger().integer("SELECT count(*) FROM tokens WHERE revoked_seq = 0") == 2 && new > old)
  }

  @Test("rows of one request of all or nothing are never torn apart")
  func cuts() throws {
    let fixture = try BackupFixture()
    let ledger = fixture.ledger
    _ = try ledger.perform(ledger.hold("u1", 5, timeout: 1_000))
    let begin = ledger.store.head.seq
    let transfer = ledger.transfer("u2", "u1", 3)
    _ = try ledger.perform(ledger.special(.unfreeze, "u2", 0, .unfreeze(.all)), transfer)
    ledger.wall += 10_000
    // The hold ends with the second item of the batch.
    _ = try ledger.perform(
      LedgerFixture.atomic(
        .text("batch-0002"),
        [ledger.command(.credit, "u4", 9), ledger.command(.credit, "u1", 9), ledger.transfer("u1", "u4", 2)]))
    #expect(ledger.store.head.seq == begin + 8)
    try fixture.mustBackUp()
    // Unfreeze; transfer of two rows; credit, expiry, credit and transfer of two rows.
    let (transferFirst, batchFirst) = (begin + 2, begin + 4)
    for seq in begin...begin + 8 {
      let inside = seq == transferFirst || (batchFirst..<begin + 8).contains(seq)
      if !inside {
        #expect(try fixture.restored(.seq(seq)).store.head.seq == seq)
        continue
      }
      let (before, end) = seq == transferFirst ? (seq - 1, seq + 1) : (batchFirst - 1, begin + 8)
      let expected =
        "row \(seq) is in the middle of a request of all or nothing: restore to row \(before) or to row \(end)"
      #expect(try fixture.refusal(.seq(seq)) == .impossible(expected))
    }
  }

  @Test("a file that was changed, cut short or is gone is named")
  func damaged() throws {
    for part in 0..<3 {
      let (fixture, reports) = try Self.chain()
      let path = "\(fixture.folder)/\(reports[part].file)"
      let files = SystemFiles()
      let content = try #require(try files.contents(of: path, countMax: 1 << 26))
      var changed = content
      changed[changed.count / 2] ^= 1
      try files.write(changed, to: path)
      #expect(
        try fixture.refusal()
          == .damaged("\(reports[part].file) isn't what was backed up: its SHA-256 differs from its manifest's"))
      try files.write(Array(content.dropLast(4096)), to: path)
      guard case .damaged(let short) = try fixture.refusal() else { throw TestFailure("a short file") }
      #expect(short.contains("bytes, and by its manifest"))
      try files.remove(path)
      #expect(try fixture.refusal() == .damaged("\(reports[part].file) is missing, and its manifest is there"))
      try files.write(content, to: path)
      #expect(try fixture.restored().store.head == fixture.ledger.store.head)
    }
  }

  @Test("an increment that is missing between two others is missed; up to it the ledger can be had")
  func missing() throws {
    let (fixture, reports) = try Self.chain()
    let files = SystemFiles()
    for name in [reports[1].file, BackupManifest.name(for: reports[1].file)] {
      try files.remove("\(fixture.folder)/\(name)")
    }
    guard case .impossible(let message) = try fixture.refusal() else { throw TestFailure("no refusal") }
    #expect(message.hasPrefix("\(reports[2].file) goes on behind row \(reports[1].head.seq) ("))
    #expect(try fixture.restored(.seq(reports[0].head.seq)).store.head == reports[0].head)
    // Without its manifest a file is none.
    try files.remove("\(fixture.folder)/\(BackupManifest.name(for: reports[2].file))")
    #expect(try fixture.restored().store.head == reports[0].head)
    guard case .damaged(let alone) = try fixture.refusal(from: "\(fixture.folder)/\(reports[2].file)") else {
      throw TestFailure("a file without its manifest")
    }
    #expect(alone.contains("is missing: without it nothing tells"))
  }

  @Test("an increment of another ledger is refused, however it is named")
  func stranger() throws {
    let (fixture, reports) = try Self.chain()
    let (other, others) = try Self.chain { settings in try LedgerFixture(settings, wall: 1_700_000_999_000_000) }
    let files = SystemFiles()
    // Both in one folder: which one is meant?
    for name in [others[0].file, BackupManifest.name(for: others[0].file)] {
      let bytes = try #require(try files.contents(of: "\(other.folder)/\(name)", countMax: 1 << 26))
      try files.write(bytes, to: "\(fixture.folder)/\(name)")
    }
    guard case .impossible(let both) = try fixture.refusal() else { throw TestFailure("two ledgers") }
    #expect(both.contains("has backups of 2 ledgers"))
    let named = try fixture.restored(from: "\(fixture.folder)/\(others[0].file)")
    #expect(named.store.description.ledgerID == other.ledger.store.description.ledgerID)
    try files.remove("\(fixture.folder)/\(BackupManifest.name(for: others[0].file))")

    // With the other one's rows under this one's name, and a manifest that says so.
    let bytes = try #require(try files.contents(of: "\(other.folder)/\(others[1].file)", countMax: 1 << 26))
    let path = "\(fixture.folder)/\(reports[1].file)"
    try files.write(bytes, to: path)
    try fixture.seal(reports[1])
    guard case .damaged(let wrong) = try fixture.refusal() else { throw TestFailure("another ledger's rows") }
    #expect(wrong.hasPrefix("\(reports[1].file) is of ledger \(other.ledger.store.description.ledgerID)"))
  }

  @Test("backups of before wallets had a watermark of their own are restored, those of other rows are not")
  func older() throws {
    let (fixture, reports) = try Self.chain()
    let said = try fixture.restored().said()
    for report in reports {
      try fixture.edit(report).becomeVersion4()
      try fixture.seal(report)
    }
    try fixture.restored().mustSay(said, "of version 4")
    for version in [3, Schema.migrations.count + 1] {
      try fixture.edit(reports[1]).execute("UPDATE meta SET value = \(version) WHERE key = 'schema_version'")
      try fixture.seal(reports[1])
      let message = "\(reports[1].file) was made by another walletd: its schema version is \(version), not 4 to 5"
      #expect(try fixture.refusal() == .impossible(message))
    }
  }

  @Test("rows that don't follow from the ones before them are refused, even with a manifest that fits")
  func forged() throws {
    let (fixture, reports) = try Self.chain()
    do {
      let file = try fixture.edit(reports[2])
      try file.execute("DROP TRIGGER transactions_no_update; UPDATE transactions SET amount = amount + 1")
    }
    try fixture.seal(reports[2])
    guard case .store(let message) = try fixture.refusal() else { throw TestFailure("a forged row") }
    #expect(message.contains("doesn't follow from row \(reports[1].head.seq)"))
  }

  @Test("a manifest that isn't one, or is another file's, says what is wrong with it")
  func manifests() throws {
    let (fixture, reports) = try Self.chain()
    let files = SystemFiles()
    let name = BackupManifest.name(for: reports[2].file)
    let path = "\(fixture.folder)/\(name)"
    let sound = String(decoding: try #require(try files.contents(of: path, countMax: 4096)), as: UTF8.self)
    for (text, complaint) in [
      ("{", "isn't JSON"), (String(repeating: " ", count: 5000), "is longer than a manifest"),
      (sound.replacing("\"format\": 1", with: "\"format\": 2"), "\"format\" must be 1, and is 2"),
      (
        sound.replacing("\"seq\": \(reports[2].head.seq)", with: "\"seq\": \(reports[2].head.seq + 1)"),
        "of another name"
      ),
      (sound.replacing("\"file\": \"", with: "\"file\": \"../"), "of another name"),
      (sound.replacing("\"sha256\": \"", with: "\"sha256\": \"0"), "\"sha256\" is missing or out of its range"),
      (sound.replacing("\"last_row_at\"", with: "\"last\""), "\"last_row_at\" is missing or out of its range"),
    ] {
      try files.write(Array(text.utf8), to: path)
      guard case .damaged(let message) = try fixture.refusal(from: "\(fixture.folder)/\(reports[2].file)") else {
        throw TestFailure(text)
      }
      #expect(message.hasPrefix(name) && message.contains(complaint), "\(message)")
    }
    try files.write(Array(sound.utf8), to: path)
    #expect(try fixture.restored().store.head == reports[2].head)
  }

  @Test("points that can't be had say what can")
  func points() throws {
    let (fixture, reports) = try Self.chain()
    let last = reports[2].head.seq
    #expect(
      try fixture.refusal(.seq(last + 1))
        == .impossible("the newest backup, \(reports[2].file), ends at row \(last): there is no row \(last + 1)"))
    let named = "\(fixture.folder)/\(reports[0].file)"
    #expect(
      try fixture.refusal(.seq(last), from: named)
        == .impossible("\(reports[0].file) ends at row \(reports[0].head.seq): it has no row \(last)"))
    #expect(try fixture.restored(.seq(last)).store.head.seq == last)
    #expect(try fixture.restored(.time(.max)).store.head.seq == last)
    #expect(try fixture.restored(.time(1)).store.head.seq == 0)
    #expect(
      try fixture.refusal(from: fixture.scratch.path + "/none")
        == .impossible("\(fixture.scratch.path)/none isn't there"))
    #expect(
      try fixture.refusal(from: fixture.ledger.path) == .impossible("\(fixture.ledger.path) has no backup of walletd"))
  }

  @Test("a folder that has a ledger, is served or has anything else is left as it is")
  func occupied() throws {
    let (fixture, _) = try Self.chain()
    func restore(to target: String) -> BackupError? {
      do throws(BackupError) { _ = try fixture.restore(to: target) } catch { return error }
      return nil
    }
    let served = fixture.ledger.path
    let said = try fixture.ledger.said()
    guard case .busy(let busy) = restore(to: served) else { throw TestFailure("a served folder") }
    #expect(busy.contains("is in use by another walletd"))
    try fixture.ledger.mustSay(said, "served beside a restore")
    let closed = fixture.newTarget()
    _ = try fixture.restore(to: closed)
    guard case .occupied(let ledger) = restore(to: closed) else { throw TestFailure("a ledger") }
    #expect(ledger.contains("has a ledger, which a restore never overwrites"))
    let foreign = fixture.newTarget()
    try SystemFiles().createFolder(foreign)
    try SystemFiles().createPrivateFile("\(foreign)/notes.txt")
    guard case .occupied(let stranger) = restore(to: foreign) else { throw TestFailure("a stranger") }
    #expect(stranger.contains("it has \"notes.txt\""))
    // What a killed restore has left is no ledger, and the next one removes it.
    let killed = fixture.newTarget()
    try SystemFiles().createFolder(killed)
    try SystemFiles().createFolder("\(killed)/\(Restoration.workName)")
    try SystemFiles().write([1], to: "\(killed)/\(Restoration.workName)/ledger.db")
    #expect(throws: DataFolder.Failure.notEmpty(found: Restoration.workName)) {
      _ = try DataFolder(path: killed, files: SystemFiles())
    }
    #expect(restore(to: killed) == nil)
    #expect(try SystemFiles().names(in: killed).sorted() == ["ledger.db", "lock"])
  }
}
