/// The terms of a grant in the parameters of CreateToken (docs/ROW.md).
extension GrantTerms {
  private enum Kind: Int64 {
    case secret = 1
    case certificate = 2
    case unixUser = 3
  }

  func encode(into writer: inout CanonicalWriter) {
    writer.text(principal)
    switch credential {
    case .secret(let digest):
      writer.integer(Kind.secret.rawValue)
      writer.blob(digest.bytes)
    case .certificate(let name):
      writer.integer(Kind.certificate.rawValue)
      writer.text(name)
    case .unixUser(let id):
      writer.integer(Kind.unixUser.rawValue)
      writer.integer(Int64(id))
    }
    writer.integer(Int64(scopes.bits))
    writer.integer(Int64(constraints.currencies.count))
    for currency in constraints.currencies { writer.text(currency) }
    writer.text(constraints.ownerPrefix)
    writer.integer(constraints.amountMax)
    writer.integer(expiresAt)
  }

  init?(reading reader: inout CanonicalReader) {
    guard let principal = reader.text(), let kind = reader.integer().flatMap({ Kind(rawValue: $0) }) else { return nil }
    let credential: Credential
    switch kind {
    case .secret:
      guard let digest = reader.blob() else { return nil }
      credential = .secret(digest: ShortBytes(digest))
    case .certificate:
      guard let name = reader.text() else { return nil }
      credential = .certificate(name: name)
    case .unixUser:
      guard let id = reader.integer().flatMap({ UInt32(exactly: $0) }) else { return nil }
      credential = .unixUser(id)
    }
    guard let scopes = reader.integer().flatMap({ UInt16(exactly: $0) }).flatMap({ ScopeSet(bits: $0) }),
      let count = reader.integer(), (0...Int64(LedgerLimits.grantCurrenciesMax)).contains(count)
    else { return nil }
    var currencies: [Text] = []
    for _ in 0..<count {
      guard let currency = reader.text() else { return nil }
      currencies.append(currency)
    }
    guard let ownerPrefix = reader.text(), let amountMax = reader.integer(), let expiresAt = reader.integer() else {
      return nil
    }
    self.init(
      principal: principal, credential: credential, scopes: scopes,
      constraints: Constraints(currencies: currencies, ownerPrefix: ownerPrefix, amountMax: amountMax),
      expiresAt: expiresAt)
  }

  /// The first field, by its name in wallet.proto, in which another one differs; `nil` when none does.
  func firstDifference(from other: GrantTerms) -> String? {
    if principal != other.principal { return "principal" }
    if credential != other.credential {
      switch other.credential {
      case .secret: return "secret_digest"
      case .certificate: return "certificate_name"
      case .unixUser: return "unix_user"
      }
    }
    if scopes != other.scopes { return "scopes" }
    if constraints.currencies != other.constraints.currencies { return "currencies" }
    if constraints.ownerPrefix != other.constraints.ownerPrefix { return "owner_prefix" }
    if constraints.amountMax != other.constraints.amountMax { return "max_amount" }
    return expiresAt == other.expiresAt ? nil : "expires_at_micros"
  }
}
