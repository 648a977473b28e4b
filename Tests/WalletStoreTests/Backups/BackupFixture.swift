import TestSupport
import WalletCore
import WalletSystem

@testable import WalletStore

/// A ledger with a folder of backups, and what is restored of them.
final class BackupFixture {
  let scratch: ScratchFolder
  let ledger: LedgerFixture
  private var restoredCount = 0

  var folder: String { "\(scratch.path)/backups" }

  init(_ make: (StoreSettings) throws -> LedgerFixture = LedgerFixture.withEverything) throws {
    scratch = try ScratchFolder("backups")
    var settings = LedgerFixture.smallSteps(walletsMax: 100, entriesMax: 100)
    settings.backupFolder = "\(scratch.path)/backups"
    ledger = try make(settings)
  }

  /// What a backup has told.
  struct Told {
    var report: BackupReport?
    var failure: Failure?
    var stages: [String] = []
  }

  /// - Parameter between: Called between two steps.
  func backUp(incremental: Bool = false, between: () throws -> Void = {}) throws -> Told {
    var told = Told()
    switch ledger.store.makeBackupSource().open(BackupRequest(isIncremental: incremental)) {
    case .failure(let failure): told.failure = failure
    case .success(let stream):
      while true {
        switch try stream.advance(roomBytes: 1000) {
        case .more(let events), .waiting(let events):
          for event in events {
            if case .progress(let stage, _, _) = event, told.stages.last != stage { told.stages.append(stage) }
          }
        case .finished(let events):
          if case .backup(let report) = events.last { told.report = report }
          return told
        case .failed(let failure):
          told.failure = failure
          return told
        }
        try between()
        _ = try ledger.store.maintain(isIdle: false)
      }
    }
    return told
  }

  /// A backup that must come about.
  @discardableResult
  func mustBackUp(incremental: Bool = false) throws -> BackupReport {
    let told = try backUp(incremental: incremental)
    guard let report = told.report else { throw TestFailure("no backup: \(told)") }
    return report
  }

  /// - Returns: The folder, which is the scratch folder's.
  func newTarget() -> String {
    restoredCount += 1
    return "\(scratch.path)/restored-\(restoredCount)"
  }

  func restore(
    _ point: RestorePoint = .newest, from source: String? = nil, to target: String
  ) throws(BackupError) -> Restoration.Report {
    let restoration = Restoration(
      files: SystemFiles(), settings: LedgerFixture.settings, time: SystemTime(), random: SystemRandom(),
      progress: { _, _, _ in })
    return try restoration.run(from: source ?? folder, to: target, point: point)
  }

  func restored(_ point: RestorePoint = .newest, from source: String? = nil) throws -> LedgerFixture {
    let target = newTarget()
    _ = try restore(point, from: source, to: target)
    return try open(target)
  }

  func open(_ target: String) throws -> LedgerFixture {
    var settings = LedgerFixture.settings
    settings.acceptsClock = true
    return try LedgerFixture(settings, image: target)
  }

  /// The file of a backup, to be changed.
  func edit(_ report: BackupReport) throws -> Database {
    try Database(path: "\(folder)/\(report.file)", access: .checkpoint, vfs: nil)
  }

  /// Lets a manifest fit the file that it is of, whatever was done to that.
  func seal(_ report: BackupReport) throws {
    let files = SystemFiles()
    let name = BackupManifest.name(for: report.file)
    var manifest = try BackupFolder(path: folder, files: files).manifest(name, ManifestReader())
    let bytes = try files.contents(of: "\(folder)/\(report.file)", countMax: 1 << 26) ?? []
    var digest = RunningDigest()
    digest.add(bytes)
    manifest.sha256 = digest.finish()
    manifest.bytes = Int64(bytes.count)
    try files.write(Array(manifest.encoded.utf8), to: "\(folder)/\(name)")
  }

  /// Why nothing was restored; the folder must be without a ledger then.
  func refusal(_ point: RestorePoint = .newest, from source: String? = nil) throws -> BackupError {
    let target = newTarget()
    do throws(BackupError) {
      _ = try restore(point, from: source, to: target)
    } catch {
      let left = try SystemFiles().names(in: target)
      guard left == ["lock"] else { throw TestFailure("a refused restore has left \(left)") }
      return error
    }
    throw TestFailure("it was restored")
  }
}

extension LedgerFixture {
  /// All that the ledger says, but whose time it is, and the numbers of origins, which nothing rests on: digests have what
  /// they stand for.
  func said() throws -> [String] {
    try writeTrailing()
    let database = try stranger()
    var lines: [String] = []
    for table in [
      "transactions", "refusals", "administration", "wallets", "counter_account_totals", "trial_balance",
      "idempotency", "version_index", "reference_rows", "meta", "currencies", "counter_accounts", "holds",
      "wallet_controls", "refunds", "tokens",
    ] {
      let names = try database.prepare(
        "SELECT group_concat(quote(name)) FROM pragma_table_info('\(table)') WHERE name <> 'origin_id'")
      guard try names.step() else { continue }
      let columns = names.text(0).string.split(separator: ",").map { "quote(\($0.dropFirst().dropLast()))" }
      let rows = try database.prepare("SELECT \(columns.joined(separator: " || ',' || ")) FROM \(table) ORDER BY 1")
      while try rows.step() {
        let line = "\(table): \(rows.text(0))"
        if !line.hasPrefix("meta: 'epoch'") { lines.append(line) }
      }
    }
    return lines
  }

  /// Stops at the first line that differs, which a list of thousands doesn't show.
  func mustSay(_ expected: [String], _ comment: String) throws {
    let found = try said()
    let missing = Set(expected).subtracting(found).sorted()
    let strange = Set(found).subtracting(expected).sorted()
    guard missing.isEmpty, strange.isEmpty, found.count == expected.count else {
      throw TestFailure("\(comment): missing \(missing.prefix(3)), and instead \(strange.prefix(3))")
    }
  }
}
