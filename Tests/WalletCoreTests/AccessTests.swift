import Testing
import WalletCore

@Suite("Access")
struct AccessTests {
  private static let terms = GrantTerms(
    principal: "shop", credential: .secret(digest: ShortBytes([UInt8](repeating: 7, count: 32))),
    scopes: ScopeSet([.read, .debit]),
    constraints: Constraints(currencies: ["USD", "ESIM-MB"], ownerPrefix: "app1:", amountMax: 500), expiresAt: 9)

  private static func command(_ parameters: Command.Parameters) -> Command {
    var isGrant = false
    if case .grant = parameters { isGrant = true }
    return Command(
      verb: isGrant ? .createToken : .revokeToken, key: Sample.key(), wallet: .none,
      audit: Command.Audit(reason: "test"), origin: Sample.origin, parameters: parameters)
  }

  private static func failure(_ command: Command, _ grants: Grants, now: Int64 = 1) -> String {
    let facts = AdministrationFacts(grants: grants, nextSeq: 42)
    switch decideAdministration(command, facts, now: now) {
    case .append: return ""
    case .fail(let failure), .refuse(let failure): return failure.message
    case .replay: return "replay"
    }
  }

  @Test("terms come back from their encoding, whatever the credential; bytes that are none don't")
  func encoding() {
    for credential in [Self.terms.credential, .certificate(name: "shop.example"), .unixUser(0), .unixUser(.max)] {
      var terms = Self.terms
      terms.credential = credential
      let encoded = Command.Parameters.grant(terms).encoded
      #expect(Command.Parameters(encoded: encoded) == .grant(terms))
      for count in 1..<encoded.count { #expect(Command.Parameters(encoded: Array(encoded[..<count])) == nil) }
    }
    #expect(Command.Parameters(encoded: Command.Parameters.revocation(id: 8).encoded) == .revocation(id: 8))
    #expect(ScopeSet(bits: 1) == nil && ScopeSet(bits: 1 << 11) == nil && ScopeSet(bits: 1 << 10) == ScopeSet([.admin]))
  }

  @Test("the numbers of scopes and of rules stand in rows: they never change")
  func numbers() {
    #expect(
      Scope.list == "read, debit, credit, hold, refund, transfer, freeze, limits, import, admin"
        && Scope.allCases.map(\.rawValue) == Array(1...10))
    #expect(
      AccessDenial.Rule.allCases.map { "\($0.rawValue) \($0.name)" }
        == [
          "1 scope", "2 wallet", "3 max_amount", "4 whole_ledger", "5 missing", "6 wrong", "7 expired", "8 revoked",
          "9 certificate", "10 unix_user",
        ])
  }

  @Test("why a call was denied comes back from its figures")
  func figures() {
    for rule in AccessDenial.Rule.allCases {
      let failure = AccessDenial(rule, scope: rule == .scope ? .hold : nil, amountMax: 5, omitted: 6).failure
      #expect(FailureDetail(encoded: failure.detail.encoded, of: failure.reason) == failure.detail)
      #expect(!failure.message.isEmpty && failure.reason.isDenial && !failure.isRemembered)
    }
  }

  @Test("an owner's prefix is one of bytes, and a currency must be one of them")
  func constraints() {
    let constraints = Self.terms.constraints
    #expect(
      constraints.admits(owner: "app1:u1", currency: "USD") && constraints.admits(owner: "app1:", currency: "USD"))
    #expect(
      !constraints.admits(owner: "app1", currency: "USD") && !constraints.admits(owner: "app1:u1", currency: "EUR"))
    #expect(!constraints.admits(owner: "xapp1:u1", currency: "USD"))
    #expect(Constraints().admits(owner: "", currency: "") && Constraints().isEmpty)
  }

  @Test("two live tokens of a principal, and no credential twice; what has expired or was revoked makes room")
  func bounds() {
    var grants = Grants()
    let other = { (byte: UInt8) -> GrantTerms in
      var terms = Self.terms
      terms.credential = .secret(digest: ShortBytes([UInt8](repeating: byte, count: 32)))
      terms.expiresAt = byte == 1 ? 100 : 0
      return terms
    }
    grants.add(Grant(id: 1, terms: other(1), createdAt: 1))
    grants.add(Grant(id: 2, terms: other(2), createdAt: 1))
    let third = Self.command(.grant(other(3)))
    #expect(Self.failure(third, grants).hasPrefix("principal: has 2 tokens that are live"))
    #expect(Self.failure(third, grants, now: 100).isEmpty)
    #expect(
      Self.failure(Self.command(.grant(other(2))), grants, now: 100)
        == "secret_digest: is the secret of token 2: revoke that one first")
    #expect(Self.failure(Self.command(.revocation(id: 3)), grants) == "token_id: there is no token 3")
    #expect(Self.failure(Self.command(.revocation(id: 2)), grants).isEmpty)
    let access = grants[2]?.access
    grants.revoke(2, at: 5)
    #expect(access?.isEnded == true && grants[2]?.grant.revokedAt == 5 && grants.count == 1)
    #expect(Self.failure(third, grants).isEmpty)
    #expect(Self.failure(Self.command(.revocation(id: 2)), grants) == "token_id: token 2 was revoked already")
  }

  @Test("what was revoked is remembered by name for a while, and no longer")
  func forgetting() {
    var grants = Grants()
    for id in 1...Int64(LedgerLimits.revokedGrantsMax + 1) {
      var terms = Self.terms
      terms.credential = .certificate(name: Text("\(id)"))
      grants.add(Grant(id: id, terms: terms, createdAt: 1))
      grants.revoke(id, at: 2)
    }
    #expect(grants[1] == nil && grants[2] != nil && grants.count == 0)
  }

  @Test("a token's text comes back, and nothing like it is one")
  func tokenText() {
    let token = TokenText(id: 42, secret: (0..<32).map { $0 })
    #expect(TokenText(token.text) == token && token.text.hasPrefix("wlt_42_000102"))
    for wrong in [
      "", "wlt_", "wlt_42_", "wlt_42_00", token.text + "00", token.text.replacing("wlt", with: "WLT"),
      "wlt_0_" + token.text.dropFirst(7), "wlt_+1_" + token.text.dropFirst(7),
    ] {
      #expect(TokenText(wrong) == nil, "\(wrong)")
    }
  }

  @Test("audit rows: a burst, then so many a second, for each principal and in all; the rest is counted")
  func allowance() {
    var allowance = AuditAllowance(
      ofPrincipal: AuditAllowance.Rate(perSecond: 1, burst: 3), ofAll: AuditAllowance.Rate(perSecond: 2, burst: 5),
      now: 0)
    for _ in 0..<3 { #expect(allowance.take("a", now: 0) == 0) }
    #expect(allowance.take("a", now: 0) == nil && allowance.take("a", now: 999_999) == nil)
    #expect(allowance.take("a", now: 1_000_000) == 2)
    #expect(allowance.take("b", now: 1_000_000) == 0 && allowance.takeUntold() == 2 && allowance.takeUntold() == 0)
    var taken = 0
    for index in 0..<100 where allowance.take(Text("p\(index)"), now: 1_000_000) != nil { taken += 1 }
    #expect(taken == 2)
    #expect(allowance.take("a", now: 60_000_000) == 0)
  }
}
