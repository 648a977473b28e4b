import FaultSupport
import Foundation
import TestSupport
import WalletCore
import WalletSystem

@testable import WalletStore

/// A ledger in a scratch folder, with a clock that the test turns.
final class LedgerFixture {
  private(set) var path: String
  var settings: StoreSettings
  var wall: Int64 = 1_700_000_000_000_000
  private(set) var store: LedgerStore
  private let inBackground: BackgroundCheckpoints.Schedule
  /// Where it lies instead of in a scratch folder.
  private let disk: FaultDisk?
  private var keys = 0

  /// Those of a server, without its margin on the disk.
  static var settings: StoreSettings {
    var settings = StoreSettings()
    settings.freeBytesMin = 0
    return settings
  }

  init(
    _ settings: StoreSettings = LedgerFixture.settings, wall: Int64 = 1_700_000_000_000_000, disk: FaultDisk? = nil,
    inBackground: @escaping BackgroundCheckpoints.Schedule = { work in work() }
  ) throws {
    self.settings = settings
    if let disk { self.settings.vfs = disk.vfs }
    self.wall = wall
    self.disk = disk
    self.inBackground = inBackground
    path = disk == nil ? Self.newPath() : "/data"
    store = try Self.open(path, self.settings, wall, files: Self.files(of: disk), inBackground: inBackground)
  }

  /// What a kill has left behind: the folder is the fixture's from here on.
  init(_ settings: StoreSettings, image: String) throws {
    self.settings = settings
    disk = nil
    inBackground = { work in work() }
    path = image
    store = try Self.open(path, settings, wall)
  }

  private static func newPath() -> String { NSTemporaryDirectory() + "walletd-store-\(UUID().uuidString)" }

  private static func files(of disk: FaultDisk?) -> any Files { if let disk { disk } else { SystemFiles() } }

  deinit { if disk == nil { try? FileManager.default.removeItem(atPath: path) } }

  var databasePath: String { path + "/ledger.db" }

  static func open(
    _ path: String, _ settings: StoreSettings, _ wall: Int64, files: any Files = SystemFiles(),
    inBackground: @escaping BackgroundCheckpoints.Schedule = { work in work() }
  ) throws -> LedgerStore {
    let folder = try DataFolder(path: path, files: files)
    return try LedgerStore.open(
      folder, settings: settings, time: FixedTime(wall: wall), random: CountingRandom(), inBackground: inBackground)
  }

  /// Closes and opens again, as a restart does.
  func restart() throws {
    try store.close()
    try start()
  }

  /// Opens what was closed, or lies on a disk that has restarted.
  func start() throws {
    store = try Self.open(path, settings, wall, files: Self.files(of: disk), inBackground: inBackground)
  }

  /// Opens again what was closed, or has ended with a fault.
  func reopen() throws {
    let path = path
    let other = Self.newPath()
    // The lock goes with the store that holds it.
    store = try Self.open(other, settings, wall)
    try FileManager.default.removeItem(atPath: other)
    store = try Self.open(path, settings, wall)
  }

  /// The files as they are now, between two commits: what a kill at this moment would leave behind.
  ///
  /// - Returns: The folder that they were copied to.
  func image() throws -> String {
    let copy = Self.newPath()
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    for name in ["ledger.db", "ledger.db-wal"] where FileManager.default.fileExists(atPath: "\(path)/\(name)") {
      try FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: "\(copy)/\(name)")
    }
    return copy
  }

  /// Goes on with what a kill at this moment would leave behind.
  func crash() throws {
    let old = path
    let copy = try image()
    // Whichever doesn't stay goes: the copy too, when it can't be opened.
    path = copy
    defer { try? FileManager.default.removeItem(atPath: old) }
    store = try Self.open(copy, settings, wall)
  }

  func newKey() -> IdempotencyKey {
    keys += 1
    return .text(Text("key-\(String(repeating: "0", count: 6))\(keys)"))
  }

  static func name(_ owner: String, currency: Text = "USD") -> WalletName {
    WalletName(owner: Text(owner), currency: currency, name: "main")
  }

  func command(
    _ verb: Verb, _ owner: String, _ amount: Int64 = 0, key: IdempotencyKey? = nil, expectedVersion: Int64 = 0
  ) -> Command {
    Command(
      verb: verb, key: key ?? newKey(), wallet: .name(Self.name(owner)), amount: amount,
      expectedVersion: expectedVersion, audit: Command.Audit(reason: "test"),
      origin: Origin(actor: "local", source: "127.0.0.1", clientName: "tests"))
  }

  /// Of both clocks, which agree.
  var reading: LedgerClock.Reading { LedgerClock.Reading(wall: wall, monotonic: wall - 1_700_000_000_000_000) }

  func perform(_ commands: Command..., isDue: (Int) -> Bool = { _ in true }) throws -> [LedgerOutcome] {
    try store.perform(commands.map { .mutation($0) }, reading: reading, isDue: isDue)
  }

  func perform(_ batches: BatchCommand..., isDue: (Int) -> Bool = { _ in true }) throws -> [LedgerOutcome] {
    try store.perform(batches.map { .batch($0) }, reading: reading, isDue: isDue)
  }

  func tryOut(_ command: Command) throws -> LedgerOutcome {
    try store.perform([.dryRun(.mutation(command))], reading: reading, isDue: { _ in true })[0]
  }

  func tryOut(_ batch: BatchCommand) throws -> LedgerOutcome {
    try store.perform([.dryRun(.batch(batch))], reading: reading, isDue: { _ in true })[0]
  }

  /// A batch of all or nothing, whose items get their keys of it.
  static func atomic(_ key: IdempotencyKey, _ commands: [Command]) -> BatchCommand {
    let items = commands.enumerated().map { index, command in
      var command = command
      command.key = .item(key, index: UInt32(index))
      return BatchCommand.Item.command(command)
    }
    return BatchCommand(mode: .allOrNothing(key), items: items)
  }

  static func itemByItem(_ commands: [Command]) -> BatchCommand {
    BatchCommand(mode: .itemByItem, items: commands.map { .command($0) })
  }

  /// All that the file holds, byte for byte.
  func everything() throws -> [String] {
    try writeTrailing()
    let database = try stranger()
    var lines: [String] = []
    // How keys and references are packed is no part of what a ledger says.
    for table in [
      "transactions", "refusals", "origins", "wallets", "counter_account_totals", "idempotency", "version_index",
      "reference_rows", "meta", "currencies", "counter_accounts", "holds", "wallet_controls", "refunds",
      "administration", "trial_balance",
    ] {
      let names = try database.prepare("SELECT group_concat(quote(name)) FROM pragma_table_info('\(table)')")
      guard try names.step() else { continue }
      let columns = names.text(0).string.split(separator: ",").map { "quote(\($0.dropFirst().dropLast()))" }
      let rows = try database.prepare("SELECT \(columns.joined(separator: " || ',' || ")) FROM \(table) ORDER BY 1")
      while try rows.step() { lines.append("\(table): \(rows.text(0))") }
    }
    return lines
  }

  /// Every row of every table as it is, what trails included.
  func tables() throws -> [String] {
    let database = try stranger()
    var lines: [String] = []
    let tables = try database.prepare(
      "SELECT name, (SELECT group_concat(quote(name)) FROM pragma_table_info(schema.name)) FROM sqlite_schema AS schema "
        + "WHERE type = 'table'")
    while try tables.step() {
      let columns = tables.text(1).string.split(separator: ",").map { "quote(\"\($0.dropFirst().dropLast())\")" }
      let rows = try database.prepare(
        "SELECT \(columns.joined(separator: "||','||")) FROM \(tables.text(0)) ORDER BY 1")
      while try rows.step() { lines.append("\(tables.text(0)): \(rows.text(0))") }
    }
    return lines
  }

  /// Lets the projections come up to the journal.
  func writeTrailing() throws { while try store.maintain(isIdle: true).isUnfinished {} }

  /// Wallets and counter-accounts together; 0 in a ledger that is sound.
  func sumOfAll() throws -> Int64? {
    try stranger().integer(
      "SELECT (SELECT sum(balance) FROM wallet_balances) + (SELECT coalesce(sum(total), 0) FROM counter_account_totals)"
    )
  }

  func wallet(_ owner: String) throws -> Wallet? {
    let outcomes = try store.perform(
      [.balance(.name(Self.name(owner)))], reading: reading, isDue: { _ in true })
    guard case .wallet(let wallet, _) = outcomes[0] else { return nil }
    return wallet
  }

  /// A list, through the store and its reader as a server asks them.
  func list(_ request: LedgerRequest, _ reader: any LedgerReader) throws -> LedgerOutcome {
    let outcome = try store.perform([request], reading: reading, isDue: { _ in true })[0]
    if case .deferred(let read) = outcome { return try reader.perform(read) }
    return outcome
  }

  func explanation(
    _ reference: WalletReference, from: Int64, lastChanges: Int, _ reader: any LedgerReader
  ) throws -> LedgerOutcome {
    var outcome = try list(.explanation(reference, from: from, lastChanges: lastChanges), reader)
    while case .deferred(let read) = outcome { outcome = try reader.perform(read) }
    return outcome
  }

  /// A connection of a stranger, with SQLite's own defaults.
  func stranger() throws -> Database { try Database(path: databasePath, access: .write, vfs: settings.vfs) }

  /// What is wrong with the files of a ledger that was closed.
  func problems() throws -> [String] {
    guard let disk else { return try LedgerFile.problems(path) }
    let folder = try ScratchFolder("disk")
    for name in ["ledger.db", "ledger.db-wal"] {
      try Data(disk.contents(of: "\(path)/\(name)")).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
    }
    return try LedgerFile.problems(folder.path)
  }
}

private struct FixedTime: TimeSource {
  var wall: Int64

  var wallMicroseconds: Int64 { wall }
  var monotonicMicroseconds: Int64 { wall - 1_700_000_000_000_000 }
}

private struct CountingRandom: RandomSource {
  func next() -> UInt64 { 42 }
}

extension LedgerOutcome {
  var row: TransactionRow? {
    switch self {
    case .posted(let row, _, _, _), .transferred(let row, _, _, _, _): row
    default: nil
    }
  }

  var administration: AdministrationRow? {
    if case .administered(let row, _) = self { row } else { nil }
  }

  /// The other side of a transfer.
  var otherRow: TransactionRow? {
    if case .transferred(_, let row, _, _, _) = self { row } else { nil }
  }

  var reason: ErrorReason? {
    if case .failed(let failure, _, _) = self { failure.reason } else { nil }
  }

  var failure: Failure? {
    if case .failed(let failure, _, _) = self { failure } else { nil }
  }

  /// The field that a mismatch names.
  var mismatch: String? {
    if case .mismatch(let field) = failure?.detail { field } else { nil }
  }

  /// Of a batch.
  var items: [LedgerOutcome] {
    if case .batch(let items, _, _, _) = self { items } else { [] }
  }

  var isReplay: Bool {
    switch self {
    case .posted(_, _, _, let replayed), .failed(_, _, let replayed), .batch(_, _, let replayed, _),
      .transferred(_, _, _, _, let replayed), .administered(_, let replayed):
      replayed
    default: false
    }
  }
}
