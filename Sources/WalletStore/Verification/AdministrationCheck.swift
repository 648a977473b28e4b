import WalletCore

/// Currencies, counter-accounts and tokens against the rows that brought them.
final class AdministrationCheck {
  private let scan: JournalScan
  private let findings: Findings
  private let selectCurrencies: Statement
  private let selectAccounts: Statement
  private let selectCurrency: Statement
  private let selectAccount: Statement
  private let selectTokens: Statement
  private let selectToken: Statement

  init(_ database: Database, _ scan: JournalScan, findings: Findings) throws(SQLiteError) {
    self.scan = scan
    self.findings = findings
    selectCurrencies = try database.prepare("SELECT code, exponent, registered_seq FROM currencies")
    selectAccounts = try database.prepare("SELECT name, added_seq FROM counter_accounts")
    selectCurrency = try database.prepare("SELECT exponent, registered_seq FROM currencies WHERE code = ?")
    selectAccount = try database.prepare("SELECT added_seq FROM counter_accounts WHERE name = ?")
    let token = "SELECT token_id, principal, terms, created_at, revoked_seq, revoked_at FROM tokens"
    selectTokens = try database.prepare(token)
    selectToken = try database.prepare("\(token) WHERE token_id = ?")
  }

  /// A row of the journal must be in the table that it belongs to.
  func check(_ row: AdministrationRow) throws(StoreError) {
    switch Command.Parameters(encoded: row.detail) {
    case .currency(let code, let exponent):
      selectCurrency.bind(1, code)
      defer { selectCurrency.reset() }
      let isThere = try selectCurrency.stepped()
      if isThere, selectCurrency.integer(0) == Int64(exponent), selectCurrency.integer(1) == row.seq { return }
      findings.add(
        "currencies", seq: row.seq, expected: "\(code) with the exponent \(exponent), by row \(row.seq)",
        found: isThere
          ? "the exponent \(selectCurrency.integer(0)), by row \(selectCurrency.integer(1))" : "no such row")
    case .counterAccount(let name):
      selectAccount.bind(1, name)
      defer { selectAccount.reset() }
      let isThere = try selectAccount.stepped()
      if isThere, selectAccount.integer(0) == row.seq { return }
      findings.add(
        "counter_accounts", seq: row.seq, expected: "\(name), by row \(row.seq)",
        found: isThere ? "by row \(selectAccount.integer(0))" : "no such row")
    case .grant(let terms):
      try check(token: row.seq, row, expected: "\(terms.principal), by row \(row.seq)") {
        $0.text(1) == terms.principal && $0.bytes(2) == row.detail && $0.integer(3) == row.createdAt
      }
    case .revocation(let id):
      try check(token: id, row, expected: "token \(id) revoked by row \(row.seq)") {
        $0.integer(4) == row.seq && $0.integer(5) == row.createdAt
      }
    case Command.Parameters.none?: break
    default:
      findings.add(
        "detail", seq: row.seq, expected: "the parameters of \(row.verb)", found: Hexadecimal.text(row.detail))
    }
  }

  private func check(
    token id: Int64, _ row: AdministrationRow, expected: String, _ isSound: (Statement) -> Bool
  ) throws(StoreError) {
    selectToken.bind(1, id)
    defer { selectToken.reset() }
    let isThere = try selectToken.stepped()
    if isThere, isSound(selectToken) { return }
    findings.add(
      "tokens", seq: row.seq, expected: expected,
      found: isThere
        ? "\(selectToken.text(1)), created at \(selectToken.integer(3)), revoked by row \(selectToken.integer(4))"
        : "no such row")
  }

  /// Each row of the tables is of every ledger, or some row of the journal brought it. They are few.
  func checkTables() throws(StoreError) {
    defer {
      selectCurrencies.reset()
      selectAccounts.reset()
      selectTokens.reset()
    }
    while try selectCurrencies.stepped() {
      let (code, exponent, seq) = (
        selectCurrencies.text(0), selectCurrencies.integer(1), selectCurrencies.integer(2)
      )
      let isSound =
        seq == 0
        ? ISO4217.exponents[code.string].map { Int64($0) } == exponent
        : try UInt32(exactly: exponent).map { exponent throws(StoreError) in
          try brings(.currency(code: code, exponent: exponent), seq)
        } ?? false
      if !isSound { tell("currencies", seq, "\(code) with the exponent \(exponent)") }
    }
    while try selectAccounts.stepped() {
      let (name, seq) = (selectAccounts.text(0), selectAccounts.integer(1))
      let isSound = seq == 0 ? CounterAccount.builtIn.contains(name) : try brings(.counterAccount(name: name), seq)
      if !isSound { tell("counter_accounts", seq, "\(name)") }
    }
    while try selectTokens.stepped() {
      let (id, detail, revokedSeq) = (selectTokens.integer(0), selectTokens.bytes(2), selectTokens.integer(4))
      var isSound = false
      if case .grant(let terms)? = Command.Parameters(encoded: detail) { isSound = try brings(.grant(terms), id) }
      if !isSound { tell("tokens", id, "token \(id) of \(selectTokens.text(1))") }
      if revokedSeq != 0, try !brings(.revocation(id: id), revokedSeq) {
        tell("tokens", revokedSeq, "token \(id) as revoked")
      }
    }
  }

  private func brings(_ parameters: Command.Parameters, _ seq: Int64) throws(StoreError) -> Bool {
    guard case .administration(let row) = try scan.entry(at: seq) else { return false }
    return Command.Parameters(encoded: row.detail) == parameters
  }

  private func tell(_ table: String, _ seq: Int64, _ found: String) {
    findings.add(
      table, seq: seq, expected: seq == 0 ? "what every ledger has" : "what row \(seq) brought", found: found)
  }
}

/// The sums, when all rows were added.
final class TotalsStage: VerifyStage {
  let name = "totals"
  let done: Int64 = 0
  let total: Int64 = 0
  private let run: VerifyRun

  init(_ run: VerifyRun) { self.run = run }

  func step() throws(StoreError) -> VerifyStep {
    run.totals.finish()
    try run.database.inSnapshot { () throws(StoreError) in try run.administration.checkTables() }
    return .finished(next: [])
  }

  func skip(_ error: StoreError) -> VerifyStep {
    run.findings.add("totals", expected: "tables that can be read", found: error.words)
    return .finished(next: [])
  }
}
