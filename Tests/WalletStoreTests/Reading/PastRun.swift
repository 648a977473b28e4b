import TestSupport
import WalletCore

@testable import WalletStore

/// A ledger with a few wallets in which something random happens at each step.
struct PastRun {
  let ledger: LedgerFixture
  private(set) var reader: any LedgerReader
  private var generator: SeededGenerator
  private var holds: [Int64] = []
  private var ends: [Int64] = []
  private let begun: Int64
  /// The furthest that the clock was.
  private(set) var now: Int64

  init(_ settings: StoreSettings, _ generator: SeededGenerator) throws {
    ledger = try LedgerFixture(settings)
    self.generator = generator
    begun = ledger.wall
    now = begun
    for owner in ["u0", "u1"] { _ = try ledger.one(ledger.command(.openWallet, owner)) }
    ledger.wall += 40
    _ = try ledger.one(ledger.command(.openWallet, "u2"))
    for owner in ["u0", "u1", "u2"] { _ = try ledger.one(ledger.command(.credit, owner, 100_000)) }
    reader = try ledger.store.makeReader()
  }

  private mutating func draw(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }

  mutating func anyOwner() -> String { "u\(draw(0..<3))" }

  /// Often right at something.
  mutating func anyTime(upTo last: Int64) -> Int64 {
    let time: Int64
    switch draw(0..<6) {
    case 0: time = last
    case 1 where !ends.isEmpty: time = ends[draw(0..<ends.count)] + Int64(draw(0..<3)) - 1
    case 2: time = last - Int64(draw(0..<60))
    default: time = Int64.random(in: begun - 5...max(begun, last), using: &generator)
    }
    return min(time, last)
  }

  mutating func step() throws {
    switch draw(0..<10) {
    case 0..<4: break
    case 4: ledger.wall -= Int64(draw(0..<15))
    default: ledger.wall += Int64(draw(0..<12))
    }
    let commands = (0..<draw(1..<5)).map { _ in anyCommand() }
    for outcome in try ledger.store.perform(
      commands.map { .mutation($0) }, reading: ledger.reading, isDue: { _ in true })
    {
      guard let row = outcome.row else { continue }
      now = max(now, row.createdAt)
      if row.kind == .hold {
        holds.append(row.seq)
        ends.append(HoldDetail(encoded: row.detail)?.endsAt ?? 0)
      }
    }
    now = max(now, ledger.wall)
  }

  private mutating func anyCommand() -> Command {
    let amount = Int64(draw(1..<200))
    let owner = anyOwner()
    var command: Command
    switch draw(0..<10) {
    case 0..<2: command = ledger.command(.credit, owner, amount)
    case 2: command = ledger.command(.debit, owner, amount)
    case 3: command = ledger.transfer(owner, anyOwner(), amount)
    case 4..<7: command = ledger.hold(owner, amount, timeout: Int64(draw(1..<60)))
    case 7 where !holds.isEmpty: command = ledger.capture(anyHold(), amount)
    case 8 where !holds.isEmpty: command = ledger.release(anyHold())
    default:
      let limit = Int64(draw(0..<5))
      command = ledger.setLimits(owner) { $0.overdraft = limit }
    }
    if draw(0..<2) == 0 { command.audit.reference = Text("r-\(draw(0..<8))") }
    if draw(0..<3) == 0 { command.audit.reason = Text("why.\(draw(0..<3))") }
    return command
  }

  /// Mostly a young one.
  private mutating func anyHold() -> Int64 { holds[max(0, holds.count - 1 - draw(0..<8))] }

  mutating func anyFilter() -> TransactionFilter {
    var filter = TransactionFilter()
    if draw(0..<2) == 0 { filter.from = anyTime(upTo: now) }
    if draw(0..<2) == 0 { filter.before = max(filter.from + 1, anyTime(upTo: now)) }
    if draw(0..<2) == 0 { filter.kinds = Set((0..<draw(1..<4)).map { _ in TransactionKind.allCases[draw(0..<14)] }) }
    if draw(0..<4) == 0 { filter.reason = ["test", "why.1", "hold.expired", "none"][draw(0..<4)] }
    if draw(0..<4) == 0 { filter.reference = Text("r-\(draw(0..<9))") }
    if draw(0..<5) == 0 { filter.actor = ["local", "system"][draw(0..<2)] }
    if draw(0..<4) == 0 { filter.amountMin = Int64(draw(0..<150)) }
    if draw(0..<4) == 0 { filter.amountMax = filter.amountMin + Int64(draw(1..<100)) }
    if filter.isEmpty { filter.amountMin = 1 }
    return filter
  }

  func folds() throws -> [String: PastFold] {
    Dictionary(uniqueKeysWithValues: try ["u0", "u1", "u2"].map { ($0, try ledger.fold($0, reader)) })
  }

  mutating func restart() throws {
    // A clock that stands behind what it has told is no clock to start with.
    ledger.wall = max(ledger.wall, now) + 1
    try ledger.restart()
    reader = try ledger.store.makeReader()
  }
}
