import Testing
import WalletCore

@testable import WalletStore

@Suite("Tokens in the store")
struct TokenTests {
  private static func terms(_ principal: Text, _ byte: UInt8, _ scopes: [Scope] = [.read]) -> GrantTerms {
    GrantTerms(
      principal: principal, credential: .secret(digest: ShortBytes([UInt8](repeating: byte, count: 32))),
      scopes: ScopeSet(scopes))
  }

  private static func create(_ ledger: LedgerFixture, _ terms: GrantTerms) throws -> Int64 {
    let outcome = try ledger.one(ledger.special(.createToken, nil, 0, .grant(terms)))
    guard case .administered(let row, false) = outcome else { throw StoreError.inconsistent("\(outcome)") }
    return row.seq
  }

  private static func revoke(_ ledger: LedgerFixture, _ id: Int64) throws {
    guard case .administered = try ledger.one(ledger.special(.revokeToken, nil, 0, .revocation(id: id))) else {
      throw StoreError.inconsistent("not revoked")
    }
  }

  /// With a live token, a revoked one and a denied call.
  private static func ledger() throws -> LedgerFixture {
    let ledger = try LedgerFixture.with(["u1": 500])
    _ = try create(ledger, terms("shop", 1))
    try revoke(ledger, create(ledger, terms("shop", 2)))
    var denied = ledger.command(.debit, "u1", 5)
    denied.origin = Origin(Access(principal: "reader", scopes: ScopeSet([.read])), source: "10.0.0.1", clientName: "x")
    guard case .failed(let failure, _, false) = try ledger.one(denied), failure.reason == .permissionDenied else {
      throw StoreError.inconsistent("not denied")
    }
    return ledger
  }

  @Test("what a gather brings is published with its commit, and a dry run publishes nothing")
  func published() throws {
    let ledger = try LedgerFixture()
    let book = ledger.store.grants
    _ = try ledger.tryOut(ledger.special(.createToken, nil, 0, .grant(Self.terms("shop", 1))))
    #expect(book.current.count == 0)
    let id = try Self.create(ledger, Self.terms("shop", 1))
    #expect(book.current[id]?.grant.terms == Self.terms("shop", 1) && book.current.count == 1)
    let access = book.current[id]?.access
    _ = try ledger.tryOut(ledger.special(.revokeToken, nil, 0, .revocation(id: id)))
    #expect(book.current.count == 1 && access?.isEnded == false)
    try Self.revoke(ledger, id)
    #expect(book.current.count == 0 && access?.isEnded == true)
  }

  @Test("all of it is there after a restart, a crash and a list by pages")
  func restart() throws {
    let ledger = try Self.ledger()
    let before = ledger.store.grants.current
    try ledger.restart()
    #expect(ledger.store.grants.current.count == before.count && before.count == 1)
    try ledger.crash()
    #expect(ledger.store.grants.current.count == 1)
    var listed: [Grant] = []
    var cursor = ""
    repeat {
      let page = LedgerRequest.tokens(
        GrantFilter(withRevoked: true), page: PageRequest(rowsMax: 1, cursor: cursor))
      let outcome = try ledger.store.perform([page], reading: ledger.reading, isDue: { _ in true })[0]
      guard case .tokens(let grants, let next, _) = outcome else { throw StoreError.inconsistent("\(outcome)") }
      listed += grants
      cursor = next
    } while !cursor.isEmpty
    #expect(listed.map(\.terms.principal) == ["shop", "shop"] && listed.map { $0.revokedAt > 0 } == [false, true])
  }

  @Test("a gather that fails before its commit takes back what it granted and what it revoked")
  func takenBack() throws {
    let ledger = try LedgerFixture()
    let id = try Self.create(ledger, Self.terms("shop", 1))
    let access = ledger.store.grants.current[id]?.access
    let table = ledger.store.grantTable
    table.revoke(id, at: 5)
    table.add(Grant(id: 99, terms: Self.terms("other", 2), createdAt: 5))
    #expect(access?.isEnded == true && table.grants.count == 1)
    table.takeBack(to: 0)
    #expect(access?.isEnded == false && table.grants[id] != nil && table.grants[99] == nil)
    #expect(ledger.store.grants.current[99] == nil)
  }

  @Test("a sound ledger with tokens and denied calls is found sound")
  func sound() throws {
    let ledger = try Self.ledger()
    let verification = try ledger.verify()
    #expect(verification.findings.isEmpty, "\(verification.findings)")
    try ledger.crash()
    #expect(try ledger.verify().findings.isEmpty)
  }

  @Test(
    "tampered: who may come in is what the journal says",
    arguments: [
      "UPDATE tokens SET revoked_seq = 0, revoked_at = 0 WHERE revoked_seq <> 0",
      "UPDATE tokens SET principal = 'root' WHERE revoked_seq = 0",
      "UPDATE tokens SET terms = (SELECT terms FROM tokens WHERE revoked_seq <> 0) WHERE revoked_seq = 0",
      "DELETE FROM tokens WHERE revoked_seq = 0", "UPDATE tokens SET token_id = 1 WHERE revoked_seq = 0",
      "UPDATE tokens SET revoked_seq = 1 WHERE revoked_seq = 0",
      "INSERT INTO tokens SELECT 9999, principal, terms, created_at, 0, 0 FROM tokens WHERE revoked_seq = 0",
    ])
  func tampered(sql: String) throws {
    let ledger = try Self.ledger()
    try ledger.store.close()
    let stranger = try ledger.stranger()
    try stranger.execute(sql)
    #expect(try ledger.verifyOffline().whats.contains("tokens"), "\(sql)")
  }

  @Test("an edited row of a token, or of a denied call, breaks the chain")
  func edited() throws {
    for sql in [
      "UPDATE administration SET detail = (SELECT detail FROM administration ORDER BY seq LIMIT 1) WHERE verb = 514",
      "UPDATE refusals SET reason_code = 2 WHERE reason_code = 3",
      "UPDATE refusals SET origin_id = 1 WHERE reason_code = 3",
    ] {
      let ledger = try Self.ledger()
      try ledger.store.close()
      let stranger = try ledger.stranger()
      let table = sql.contains("UPDATE administration") ? "administration" : "refusals"
      try stranger.execute("DROP TRIGGER \(table)_no_update; \(sql)")
      #expect(try ledger.verifyOffline().whats.contains("digest"), "\(sql)")
    }
  }
}
