package import WalletCore
package import WalletSystem

/// Makes a ledger out of backups, in a folder that has none. Until all of it is verified it lies in a folder of its own, and
/// whoever would serve it finds no ledger.
package final class Restoration {
  package struct Report: Equatable, Sendable {
    package var ledgerID: String
    package var epoch: UInt32
    package var head: JournalHead
    /// When the last row was stored, microseconds; 0 where there is none.
    package var lastRowAt: Int64
    /// The files that it was made of.
    package var files: [String]
    package var rows: Int64
    package var wallets: Int64
    package var microseconds: Int64
  }

  package static let workName = "restoring"
  /// Rows that are written in one commit.
  private static let commitRows: Int64 = 4096
  private static let roomMargin: Int64 = 64 << 20

  private let files: any Files
  private let settings: StoreSettings
  private let time: any TimeSource
  private let random: any RandomSource
  private let progress: (_ stage: String, _ done: Int64, _ total: Int64) -> Void

  package init(
    files: any Files, settings: StoreSettings, time: any TimeSource, random: any RandomSource,
    progress: @escaping (_ stage: String, _ done: Int64, _ total: Int64) -> Void
  ) {
    self.files = files
    self.time = time
    self.random = random
    self.progress = progress
    var settings = settings
    // What is restored isn't served here, so neither the clock nor a margin of the disk matters.
    settings.acceptsClock = true
    settings.freeBytesMin = 0
    settings.backupFolder = nil
    self.settings = settings
  }

  /// - Parameters:
  ///   - source: A folder of backups, or one of the files in it.
  ///   - target: The data folder; it is made when it is missing.
  package func run(from source: String, to target: String, point: RestorePoint) throws(BackupError) -> Report {
    let beganAt = time.monotonicMicroseconds
    let lock = try take(target)
    defer { lock.release() }
    let (folder, plan) = try plan(source, point)
    for manifest in plan.sources + [plan.base].compactMap({ $0 }) { try folder.requireFile(manifest) }
    let workPath = "\(target)/\(Self.workName)"
    do throws(BackupError) {
      // What a killed process has left.
      try during("\(workPath) can't be removed") { try files.removeFolderOfFiles(workPath) }
      try requireRoom(target, plan)
      let work = try during("\(workPath) can't be made") { try DataFolder(path: workPath, files: files) }
      defer { work.unlock() }
      let file = "\(workPath)/\(DataFolder.databaseName)"
      let (head, lastRowAt) = try build(file, folder, plan, point)
      let epoch = try raiseEpoch(file, plan, folder)
      try settle(workPath, work, head: head)
      let report = try verify(workPath, head: head)
      try place(file, in: target)
      try? files.removeFolderOfFiles(workPath)
      return Report(
        ledgerID: plan.tip.ledgerID, epoch: epoch, head: head, lastRowAt: lastRowAt,
        files: ([plan.base].compactMap { $0 } + plan.sources).map(\.file), rows: report.rows, wallets: report.wallets,
        microseconds: time.monotonicMicroseconds - beganAt)
    } catch {
      try? files.removeFolderOfFiles(workPath)
      throw error
    }
  }

  // MARK: The folder

  private func take(_ target: String) throws(BackupError) -> any FileLock {
    let names = try during("the data folder \(target) can't be used") {
      try files.createFolder(target)
      return try files.names(in: target)
    }
    let isLedger = names.contains(DataFolder.databaseName)
    let known: Set = [DataFolder.lockName, Self.workName]
    if !isLedger, let stranger = names.sorted().first(where: { !known.contains($0) }) {
      throw .occupied("\(target) isn't empty: it has \"\(stranger)\". Restore into a new folder")
    }
    let lock = try during("the data folder \(target) can't be used") {
      try files.lock("\(target)/\(DataFolder.lockName)")
    }
    guard let lock else {
      throw .busy("\(target) is in use by another walletd (its lock file is held). Restore into a new folder")
    }
    guard !files.exists("\(target)/\(DataFolder.databaseName)") else {
      lock.release()
      throw .occupied("\(target) has a ledger, which a restore never overwrites. Restore into a new folder")
    }
    return lock
  }

  private func requireRoom(_ target: String, _ plan: RestorePlan) throws(BackupError) {
    let needed = 2 * plan.sources.reduce(plan.base?.bytes ?? 0) { $0 + $1.bytes } + Self.roomMargin
    let available = try during("the free space of \(target) can't be read") { try files.availableBytes(target) }
    guard available >= needed else {
      throw .store("the disk of \(target) has \(available) bytes left; a restore may take \(needed)")
    }
  }

  /// The last step: from here on there is a ledger.
  private func place(_ file: String, in target: String) throws(BackupError) {
    try during("the restored ledger can't be put in its place") {
      for suffix in ["-wal", "-journal"] where files.exists(file + suffix) {
        guard try files.byteCount(of: file + suffix) == 0 else {
          throw BackupError.store("\(file)\(suffix) isn't empty, although the ledger was closed")
        }
      }
      try files.syncFile(file)
      try files.rename(file, to: "\(target)/\(DataFolder.databaseName)")
      try files.syncFolder(target)
    }
  }

  // MARK: The plan

  private func plan(_ source: String, _ point: RestorePoint) throws(BackupError) -> (BackupFolder, RestorePlan) {
    let isFile = source.hasSuffix(".db") || source.hasSuffix(BackupManifest.suffix)
    let (path, name) = isFile ? Self.split(source) : (source, "")
    guard files.exists(source) else { throw .impossible("\(source) isn't there") }
    let folder = BackupFolder(path: path, files: files)
    var named: BackupManifest?
    if isFile {
      let manifest = name.hasSuffix(".db") ? BackupManifest.name(for: name) : name
      guard files.exists("\(path)/\(manifest)") else {
        throw .damaged("\(manifest) is missing: without it nothing tells whether \(name) is whole")
      }
      named = try folder.manifest(manifest, try during("manifests can't be read") { try ManifestReader() })
    }
    let listing = try folder.list(of: named?.ledgerID)
    let ledgers = Set(listing.manifests.map(\.ledgerID)).sorted()
    guard ledgers.count <= 1 else {
      throw .impossible(
        "\(path) has backups of \(ledgers.count) ledgers (\(ledgers.joined(separator: ", "))): name a file of the one")
    }
    guard !listing.manifests.isEmpty else {
      let unreadable = listing.unreadable.map { "; \($0)" }.joined()
      throw .impossible("\(path) has no backup of walletd\(unreadable)")
    }
    return (folder, try RestorePlan(listing.manifests, tip: named, point: point))
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }

  // MARK: Building

  private func build(
    _ file: String, _ folder: BackupFolder, _ plan: RestorePlan, _ point: RestorePoint
  ) throws(BackupError) -> (head: JournalHead, lastRowAt: Int64) {
    if let base = plan.base {
      try check(base, folder, copyTo: file)
    }
    let database = try during("the ledger can't be written") {
      let database = try Database(path: file, access: .write, vfs: settings.vfs)
      try Pragmas.configureWriter(database)
      return database
    }
    var head: JournalHead
    var lastRowAt: Int64 = 0
    if let base = plan.base {
      (head, lastRowAt) = (base.head, base.lastRowAt)
      try during(base.file) { try adopt(database, base) }
    } else {
      head = JournalHead(seq: 0, digest: RowSealer.genesis(ledgerID: plan.tip.ledgerID))
      try during("the ledger can't be written") { try makeEmpty(database, plan, folder) }
    }
    for manifest in plan.sources {
      try check(manifest, folder, copyTo: nil)
      let redo = try during("the ledger can't be written") {
        try JournalRedo(database, head: head, lastRowAt: lastRowAt)
      }
      try during(manifest.file) { try append(manifest, folder, redo, point) }
      (head, lastRowAt) = (redo.head, redo.lastRowAt)
    }
    return (head, lastRowAt)
  }

  /// Reads a file once: it must be what its manifest says.
  private func check(
    _ manifest: BackupManifest, _ folder: BackupFolder, copyTo target: String?
  ) throws(BackupError) {
    let digest = try during("\(manifest.file) can't be read") {
      let reader = try files.reader(of: "\(folder.path)/\(manifest.file)")
      let writer = try target.map { target in try files.writer(of: target) }
      var digest = RunningDigest()
      var done: Int64 = 0
      while true {
        let bytes = try reader.read(SealStage.stepBytes)
        if bytes.isEmpty { break }
        digest.add(bytes)
        try writer?.write(bytes)
        done += Int64(bytes.count)
        progress(target == nil ? "check" : "copy", done, manifest.bytes)
      }
      return digest.finish()
    }
    guard digest == manifest.sha256 else {
      throw .damaged("\(manifest.file) isn't what was backed up: its SHA-256 differs from its manifest's")
    }
  }

  /// A whole backup becomes the ledger.
  private func adopt(_ database: Database, _ base: BackupManifest) throws {
    guard try Schema.requireLedgerOrNothing(database) > 0 else { throw LedgerFileError.notALedger("it is empty") }
    try Schema.migrate(database, ledgerID: base.ledgerID, createdAt: 0)
    try require(database, base)
    let entry = try JournalScan(database, OriginTable(reading: database)).entry(at: base.head.seq)
    guard base.head.seq == 0 || entry?.digest == base.head.digest else {
      throw BackupError.damaged("\(base.file) doesn't end where its manifest says, at row \(base.head.seq)")
    }
  }

  private func require(_ database: Database, _ manifest: BackupManifest) throws {
    let found = try Schema.identity(of: database).ledgerID
    guard found == manifest.ledgerID else {
      throw BackupError.damaged("\(manifest.file) is of ledger \(found), and by its manifest of \(manifest.ledgerID)")
    }
  }

  /// An empty ledger of the same name, with what every ledger had when it was made.
  private func makeEmpty(_ database: Database, _ plan: RestorePlan, _ folder: BackupFolder) throws {
    guard let whole = plan.sources.first else { preconditionFailure("a ledger is restored from nothing") }
    let source = try Database(path: "\(folder.path)/\(whole.file)", access: .read, vfs: settings.vfs)
    let createdAt = try source.integer("SELECT value FROM meta WHERE key = 'created_at'") ?? 0
    try Schema.migrate(database, ledgerID: plan.tip.ledgerID, createdAt: createdAt)
    try database.execute("BEGIN IMMEDIATE; DELETE FROM currencies; DELETE FROM counter_accounts")
    let currencies = try source.prepare("SELECT code, exponent FROM currencies WHERE registered_seq = 0")
    let currency = try database.prepare("INSERT INTO currencies (code, exponent) VALUES (?, ?)")
    while try currencies.step() {
      currency.bind(1, currencies.text(0))
      currency.bind(2, currencies.integer(1))
      try currency.run()
    }
    let accounts = try source.prepare("SELECT name FROM counter_accounts WHERE added_seq = 0")
    let account = try database.prepare("INSERT INTO counter_accounts (name) VALUES (?)")
    while try accounts.step() {
      account.bind(1, accounts.text(0))
      try account.run()
    }
    try database.execute("COMMIT")
  }

  // MARK: Rows

  private func append(
    _ manifest: BackupManifest, _ folder: BackupFolder, _ redo: JournalRedo, _ point: RestorePoint
  ) throws {
    let source = try Database(path: "\(folder.path)/\(manifest.file)", access: .read, vfs: settings.vfs)
    try Pragmas.configureReader(source)
    try requireRows(source, manifest)
    let scan = try JournalScan(source, OriginTable(reading: source))
    if manifest.base == nil, redo.head.seq > 0, try scan.entry(at: redo.head.seq)?.digest != redo.head.digest {
      throw BackupError.damaged(
        "row \(redo.head.seq) of \(manifest.file) isn't the one that the backup before it ends with")
    }
    var end = manifest.head.seq
    if case .seq(let seq) = point, seq < end {
      end = seq
      if let (before, after) = try CutCheck(scan).split(at: seq) {
        throw BackupError.impossible(
          "row \(seq) is in the middle of a request of all or nothing: restore to row \(before) or to row \(after)")
      }
    }
    var isOver = false
    while redo.head.seq < end, !isOver {
      let begin = redo.head.seq
      let pageEnd = min(end, begin + Self.commitRows)
      try redo.commit { append throws(StoreError) in
        try scan.rows(after: begin, through: pageEnd) { entry throws(StoreError) in
          // Rows of one commit have one time: none is torn apart.
          if case .time(let time) = point, entry.createdAt > time { isOver = true }
          if !isOver { try append(entry) }
        }
      }
      guard isOver || redo.head.seq == pageEnd else {
        throw BackupError.damaged("\(manifest.file) has no row \(redo.head.seq + 1)")
      }
      progress("rows", redo.head.seq, end)
    }
    if end == manifest.head.seq, !isOver, redo.head != manifest.head {
      throw BackupError.damaged("\(manifest.file) doesn't end where its manifest says, at row \(manifest.head.seq)")
    }
  }

  private func requireRows(_ source: Database, _ manifest: BackupManifest) throws {
    if manifest.base == nil {
      try Schema.requireLedgerOrNothing(source)
    } else {
      let application = try source.integer("PRAGMA application_id") ?? 0
      guard application == IncrementFile.applicationID else {
        throw BackupError.damaged(
          "\(manifest.file) isn't an increment of walletd: its application id is \(application)")
      }
    }
    if let version = try Schema.foreignRowsVersion(source) {
      throw BackupError.impossible(
        "\(manifest.file) was made by another walletd: its schema version is \(version), not \(Schema.rowsVersionMin) to "
          + "\(Schema.migrations.count)")
    }
    try require(source, manifest)
  }

  // MARK: The end

  /// Cursors and tokens of the ledger before are refused. Two restores of the same backups go different ways, so their epochs
  /// must differ too: they are made of the time.
  private func raiseEpoch(
    _ file: String, _ plan: RestorePlan, _ folder: BackupFolder
  ) throws(BackupError) -> UInt32 {
    let known = try folder.list(of: plan.tip.ledgerID).manifests.map(\.epoch).max() ?? 0
    let seconds = UInt32(clamping: time.wallMicroseconds / 1_000_000)
    guard known < .max else { throw .impossible("the ledger's epoch can't be raised any more") }
    let epoch = max(known + 1, seconds)
    try during("the ledger can't be written") {
      let database = try Database(path: file, access: .write, vfs: settings.vfs)
      try Pragmas.configureWriter(database)
      try database.execute("UPDATE meta SET value = \(epoch) WHERE key = 'epoch'")
      _ = try database.checkpoint(.truncate)
    }
    return epoch
  }

  /// A first start brings all that trails up to the rows.
  private func settle(_ workPath: String, _ work: DataFolder, head: JournalHead) throws(BackupError) {
    progress("projections", 0, 0)
    try during("the restored ledger can't be opened") {
      let store = try LedgerStore.open(
        work, settings: settings, time: time, random: random, inBackground: { work in work() })
      guard store.head == head else {
        throw BackupError.damaged("the restored ledger ends at row \(store.head.seq), not at row \(head.seq)")
      }
      try store.close()
    }
  }

  private func verify(_ workPath: String, head: JournalHead) throws(BackupError) -> VerifyReport {
    try during("the restored ledger can't be verified") {
      let folder = try DataFolder(path: workPath, files: files)
      defer { folder.unlock() }
      let source = try VerifySource(offline: folder, settings: settings, time: time)
      let stream = try source.open(VerifyRequest(expectedHead: head)).get()
      var first: VerifyFinding?
      while true {
        let events: [StreamEvent]
        switch try stream.advance(roomBytes: 1 << 20) {
        case .more(let some), .waiting(let some), .finished(let some): events = some
        case .failed(let failure): throw failure
        }
        for event in events {
          switch event {
          case .progress(let stage, let done, let total): progress("verify \(stage)", done, total)
          case .finding(let finding): first = first ?? finding
          case .report(let report):
            guard report.findings == 0 else {
              throw BackupError.damaged(
                "the restored ledger isn't sound, so it was dropped: \(report.findings) findings, the first one "
                  + "\(first?.text ?? "not told")")
            }
            if let why = report.integritySkippedBecause {
              throw BackupError.store("SQLite's own check of the restored ledger was skipped: \(why)")
            }
            return report
          case .transaction, .token, .backup: break
          }
        }
      }
    }
  }
}
