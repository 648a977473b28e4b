import WalletCore

/// What the stages of one verification share.
final class VerifyRun {
  let database: Database
  let scan: JournalScan
  let tables: VerifyTables
  let sizes: StoreSettings.Verifying
  let findings: Findings
  /// Up to which everything is verified.
  let head: JournalHead
  /// Up to there the projections must show everything, those of wallets apart: as it was at the begin.
  let watermark: Int64
  let walletWatermark: Int64
  let chain: ChainCheck
  let rows: RowCheck
  let totals: TotalsCheck
  let registers: [Register: Census]
  let administration: AdministrationCheck
  /// `nil` when SQLite has looked at the file.
  var integritySkippedBecause: String?
  private(set) var rowCount: Int64 = 0
  /// Ranges of wallets that a pass has left to a later one, the lowest last; and where those begin that had none yet.
  private var leftRanges: [WalletFold.Range] = []
  private var nextWalletID: Int64 = 1

  /// In one snapshot: the head, and the totals as they are with it.
  init(
    _ database: Database, ledgerID: String, _ request: VerifyRequest, sizes: StoreSettings.Verifying
  ) throws(StoreError) {
    self.database = database
    self.sizes = sizes
    findings = Findings(toldMax: sizes.findingsToldMax)
    let origins: OriginTable
    do throws(SQLiteError) {
      origins = try OriginTable(reading: database)
      scan = try JournalScan(database, origins)
      tables = try VerifyTables(database, origins)
      administration = try AdministrationCheck(database, scan, findings: findings)
    } catch {
      throw .sqlite(error)
    }
    let genesis = RowSealer.genesis(ledgerID: ledgerID)
    let (scan, tables, findings) = (scan, tables, findings)
    (head, watermark, walletWatermark, totals) = try database.inSnapshot { () throws(StoreError) in
      let seq = try scan.head()
      let head = JournalHead(seq: seq, digest: seq == 0 ? genesis : try scan.entry(at: seq)?.digest ?? ShortBytes())
      let watermark = { (part: Watermark.Part) throws(StoreError) in
        let stored = try Watermark.stored(database, part)
        if !(0...seq).contains(stored) {
          findings.add("projections", seq: stored, expected: "0 to \(seq)", found: "\(stored)")
        }
        return min(max(0, stored), seq)
      }
      let others = try watermark(.others)
      return (
        head, others, try watermark(.wallets),
        try TotalsCheck(database, tables, head: seq, watermark: others, findings: findings)
      )
    }
    chain = ChainCheck(genesis: genesis, expected: request.expectedHead, findings: findings)
    rows = RowCheck(tables, findings: findings)
    var registers: [Register: Census] = [:]
    for register in Register.allCases { registers[register] = Census(bucketCount: sizes.bucketCount) }
    self.registers = registers
    if let expected = request.expectedHead, expected.seq > head.seq {
      findings.add(
        "head", seq: expected.seq, expected: "a journal that has row \(expected.seq)",
        found: "one that ends at \(head.seq)")
    }
  }

  /// What is looked at once, whatever wallet a row is of.
  func check(_ entry: JournalScan.Entry) throws(StoreError) {
    rowCount += 1
    chain.check(entry)
    try rows.check(entry)
    if case .administration(let row) = entry { try administration.check(row) }
    if entry.seq > watermark { return }
    for register in Register.allCases {
      if let item = register.item(of: entry) { registers[register]?.expect(item) }
    }
  }

  // MARK: Ranges of wallets

  func leave(_ range: WalletFold.Range) { leftRanges.append(range) }

  /// The wallets of the next pass; `nil` when all wallets had theirs.
  func nextRange() -> WalletFold.Range? {
    if let left = leftRanges.popLast() { return left }
    guard nextWalletID == 1 || nextWalletID <= rows.highestWalletID else { return nil }
    let first = nextWalletID
    nextWalletID += Int64(sizes.walletsMax)
    return WalletFold.Range(first: first, end: nextWalletID)
  }

  /// All rows were looked at.
  func endRows() {
    rows.end(at: head.seq)
    if chain.before != head {
      findings.add(
        "head", seq: head.seq, expected: "row \(head.seq) \(Hexadecimal.text(head.digest.bytes))",
        found: "row \(chain.before.seq) \(Hexadecimal.text(chain.before.digest.bytes))")
    }
  }
}
