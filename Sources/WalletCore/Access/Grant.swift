/// How a caller proves to be a principal.
package enum Credential: Hashable, Sendable {
  /// A token, by the SHA-256 of its secret: the secret itself is nowhere.
  case secret(digest: ShortBytes)
  /// A name in a certificate that a trusted authority has signed.
  case certificate(name: Text)
  /// The user at the other end of a Unix socket.
  case unixUser(UInt32)
}

/// Which wallets and amounts a principal is kept to; empty: all.
package struct Constraints: Hashable, Sendable {
  package var currencies: [Text]
  /// Of the owners' ids.
  package var ownerPrefix: Text
  /// Of one mutation, in minor units; 0: no bound.
  package var amountMax: Int64

  package init(currencies: [Text] = [], ownerPrefix: Text = "", amountMax: Int64 = 0) {
    self.currencies = currencies
    self.ownerPrefix = ownerPrefix
    self.amountMax = amountMax
  }

  package var restrictsWallets: Bool { !currencies.isEmpty || !ownerPrefix.isEmpty }
  package var isEmpty: Bool { !restrictsWallets && amountMax == 0 }

  package func admits(owner: Text, currency: Text) -> Bool {
    admits(owner: owner) && (currencies.isEmpty || currencies.contains(currency))
  }

  package func admits(owner: Text) -> Bool {
    ownerPrefix.isEmpty || owner.utf8.bytes.starts(with: ownerPrefix.utf8.bytes)
  }
}

/// What an administrator grants: a principal to whoever has a credential.
package struct GrantTerms: Equatable, Sendable {
  package var principal: Text
  package var credential: Credential
  package var scopes: ScopeSet
  package var constraints: Constraints
  /// Microseconds; 0: never.
  package var expiresAt: Int64

  package init(
    principal: Text, credential: Credential, scopes: ScopeSet, constraints: Constraints = Constraints(),
    expiresAt: Int64 = 0
  ) {
    self.principal = principal
    self.credential = credential
    self.scopes = scopes
    self.constraints = constraints
    self.expiresAt = expiresAt
  }

  package func isExpired(at time: Int64) -> Bool { expiresAt != 0 && expiresAt <= time }

  /// The first rule of form that is broken.
  package var violation: Failure? {
    if principal.isEmpty { return .invalidArgument("principal", "is required") }
    if PrincipalName.isReserved(principal) {
      return .invalidArgument("principal", "is a name that the server gives itself: \(PrincipalName.reservedNames)")
    }
    if case .secret(let digest) = credential, digest.count != LedgerLimits.digestBytes {
      return .invalidArgument("secret_digest", "must be a SHA-256, \(LedgerLimits.digestBytes) bytes")
    }
    if case .certificate(let name) = credential, name.isEmpty {
      return .invalidArgument("certificate_name", "is required")
    }
    if scopes.isEmpty { return .invalidArgument("scopes", "are required: \(Scope.list)") }
    if constraints.currencies.count > LedgerLimits.grantCurrenciesMax {
      return .invalidArgument("currencies", "are more than \(LedgerLimits.grantCurrenciesMax)")
    }
    if Set(constraints.currencies).count < constraints.currencies.count {
      return .invalidArgument("currencies", "have one of them twice")
    }
    if constraints.amountMax < 0 { return .invalidArgument("max_amount", "must be positive, or 0 for no bound") }
    if expiresAt < 0 {
      return .invalidArgument("expires_at_micros", "must be microseconds since 1970, or 0 for never")
    }
    for scope in [Scope.admin, .import] where scopes.contains(scope) && !constraints.isEmpty {
      return .invalidArgument(
        "scopes",
        "\(scope.name) can't be had together with currencies, owner_prefix or max_amount: it is of the whole ledger")
    }
    return nil
  }
}

/// Names of principals.
package enum PrincipalName {
  /// Where there is no authentication.
  package static let local: Text = "local"
  /// Of audit rows of those who couldn't say who they are.
  package static let unauthenticated: Text = "unauthenticated"

  private static let userPrefix = "uid:"
  static let reservedNames = "local, system, unauthenticated and what begins with uid:"

  /// Of a user of this machine that nothing was granted to by name.
  package static func unixUser(_ id: UInt32) -> Text { Text("\(userPrefix)\(id)") }

  package static func isReserved(_ name: Text) -> Bool {
    name == local || name == unauthenticated || name == "system" || name.string.hasPrefix(userPrefix)
  }
}

/// Terms that an administration row has made, and what has become of them.
package struct Grant: Equatable, Sendable {
  /// The seq of its row.
  package var id: Int64
  package var terms: GrantTerms
  package var createdAt: Int64
  /// 0: it wasn't revoked.
  package var revokedAt: Int64 = 0

  package init(id: Int64, terms: GrantTerms, createdAt: Int64, revokedAt: Int64 = 0) {
    self.id = id
    self.terms = terms
    self.createdAt = createdAt
    self.revokedAt = revokedAt
  }
}

/// Which grants a list shows.
package struct GrantFilter: Equatable, Sendable {
  /// Empty: all.
  package var principal: Text
  /// Those that were revoked too.
  package var withRevoked: Bool

  package init(principal: Text = "", withRevoked: Bool = false) {
    self.principal = principal
    self.withRevoked = withRevoked
  }
}
