import WalletCore

/// Compares a table that leads to rows with the rows: both ways, and whatever is on one side only by name.
final class RegisterStage: VerifyStage {
  typealias MakeWalk = (_ findings: Findings?) throws(SQLiteError) -> any RegisterWalk

  private enum Phase {
    case counting(any RegisterWalk)
    /// Again through the journal, for the entries of buckets that differ.
    case collecting(after: Int64)
    case comparing(any RegisterWalk)
  }

  let name = "keys"
  private let register: Register
  private let database: Database
  private let scan: JournalScan
  private let census: Census
  private let watermark: Int64
  private let sizes: StoreSettings.Verifying
  private let findings: Findings
  private let makeWalk: MakeWalk
  private var phase: Phase?
  private(set) var done: Int64 = 0

  /// - Parameters:
  ///   - census: With all that the journal has up to the watermark.
  ///   - watermark: Up to there the table must have everything.
  init(
    _ register: Register, _ database: Database, _ scan: JournalScan, _ census: Census, watermark: Int64,
    sizes: StoreSettings.Verifying, findings: Findings, _ makeWalk: @escaping MakeWalk
  ) {
    self.register = register
    self.database = database
    self.scan = scan
    self.census = census
    self.watermark = watermark
    self.sizes = sizes
    self.findings = findings
    self.makeWalk = makeWalk
  }

  var total: Int64 { census.count }

  func step() throws(StoreError) -> VerifyStep {
    try database.inSnapshot { () throws(StoreError) in
      switch phase {
      case nil:
        phase = .counting(try walk(findings))
        return .more
      case .counting(let walk):
        if try !walk.step(found) { return .more }
        return census.isEqual ? .finished(next: []) : collect()
      case .collecting(let seq):
        let end = min(watermark, seq + Int64(sizes.pageRows))
        try scan.rows(after: seq, through: end) { entry throws(StoreError) in
          if let item = register.item(of: entry) { census.expect(item) }
        }
        phase = end < watermark ? .collecting(after: end) : .comparing(try self.walk(nil))
        return .more
      case .comparing(let walk):
        if try !walk.step(found) { return .more }
        try tell((walk as? KeyWalk)?.names ?? [:])
        return collect()
      }
    }
  }

  private func walk(_ findings: Findings?) throws(StoreError) -> any RegisterWalk {
    do throws(SQLiteError) { return try makeWalk(findings) } catch { throw .sqlite(error) }
  }

  private func collect() -> VerifyStep {
    guard census.beginCollecting(itemsMax: sizes.entriesMax) else { return .finished(next: []) }
    phase = .collecting(after: 0)
    return .more
  }

  /// An entry of the table.
  private func found(_ item: Census.Item) throws(StoreError) {
    done += 1
    if item.seq <= watermark { return census.find(item) }
    // It isn't due yet: it may be there, and then it is right.
    guard case .counting = phase else { return }
    guard let entry = try scan.entry(at: item.seq), register.item(of: entry) == item else {
      findings.add(
        register.rawValue, seq: item.seq, expected: "no such entry",
        found: "an entry for \(register.words(item)) that leads to row \(item.seq)")
      return
    }
  }

  private func tell(_ names: [Census.Item: Text]) throws(StoreError) {
    let (missing, strange) = census.differences
    var strangers = Dictionary(grouping: strange) { Register.Lead($0) }
    for item in missing {
      let other = strangers[Register.Lead(item)]?.popLast()
      let entry = try scan.entry(at: item.seq)
      let words = register == .keys ? entry?.key?.text ?? register.words(item) : register.words(item)
      findings.add(
        register.rawValue, walletID: entry?.walletID ?? 0, seq: item.seq,
        expected: "an entry for \(words) that leads to row \(item.seq)",
        found: other.map { "one that leads to row \($0.seq)" } ?? "none")
    }
    for item in strangers.values.joined().sorted(by: { $0.seq < $1.seq }) {
      let words = names[item]?.string ?? register.words(item)
      findings.add(
        register.rawValue, seq: item.seq, expected: "no such entry",
        found: "an entry for \(words) that leads to row \(item.seq)")
    }
  }

  func skip(_ error: StoreError) -> VerifyStep {
    findings.add(register.rawValue, expected: "a table that can be read", found: error.words)
    return .finished(next: [])
  }
}

extension Register {
  /// What two entries have in common that lead to different rows.
  struct Lead: Hashable {
    var high: UInt64
    var low: UInt64

    init(_ item: Census.Item) { (high, low) = (item.high, item.low) }
  }
}
