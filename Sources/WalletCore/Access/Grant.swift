/// How a caller proves to be a principal.
public enum Credential: Hashable, Sendable {
  /// A token, by the SHA-256 of its secret: the secret itself is nowhere.
  case secret(digest: ShortBytes)
  /// A name in a certificate that a trusted authority has signed.
  case certificate(name: Text)
  /// The user at the other end of a Unix socket.
  case unixUser(UInt32)
}

/// Which wallets and amounts a principal is kept to; empty: all.
public struct Constraints: Hashable, Sendable {
  public var currencies: [Text]
  /// Of the owners' ids.
  public var ownerPrefix: Text
  /// Of one mutation, in minor units; 0: no bound.
  public var amountMax: Int64

  public init(currencies: [Text] = [], ownerPrefix: Text = "", amountMax: Int64 = 0) {
    self.currencies = currencies
    self.ownerPrefix = ownerPrefix
    self.amountMax = amountMax
  }

  public var restrictsWallets: Bool { !currencies.isEmpty || !ownerPrefix.isEmpty }
  public var isEmpty: Bool { !restrictsWallets && amountMax == 0 }

  public func admits(owner: Text, currency: Text) -> Bool {
    admits(owner: owner) && (currencies.isEmpty || currencies.contains(currency))
  }

  public func admits(owner: Text) -> Bool {
    ownerPrefix.isEmpty || owner.utf8.bytes.starts(with: ownerPrefix.utf8.bytes)
  }
}

/// What an administrator grants: a principal to whoever has a credential.
public struct GrantTerms: Equatable, Sendable {
  public var principal: Text
  public var credential: Credential
  public var scopes: ScopeSet
  public var constraints: Constraints
  /// Microseconds; 0: never.
  public var expiresAt: Int64

  public init(
    principal: Text, credential: Credential, scopes: ScopeSet, constraints: Constraints = Constraints(),
    expiresAt: Int64 = 0
  ) {
    self.principal = principal
    self.credential = credential
    self.scopes = scopes
    self.constraints = constraints
    self.expiresAt = expiresAt
  }

  public func isExpired(at time: Int64) -> Bool { expiresAt != 0 && expiresAt <= time }

  /// The first rule of form that is broken.
  public var violation: Failure? {
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
public enum PrincipalName {
  /// Where there is no authentication.
  public static let local: Text = "local"
  /// Of audit rows of those who couldn't say who they are.
  public static let unauthenticated: Text = "unauthenticated"

  private static let userPrefix = "uid:"
  static let reservedNames = "local, system, unauthenticated and what begins with uid:"

  /// Of a user of this machine that nothing was granted to by name.
  public static func unixUser(_ id: UInt32) -> Text { Text("\(userPrefix)\(id)") }

  public static func isReserved(_ name: Text) -> Bool {
    name == local || name == unauthenticated || name == "system" || name.string.hasPrefix(userPrefix)
  }
}

/// Terms that an administration row has made, and what has become of them.
public struct Grant: Equatable, Sendable {
  /// The seq of its row.
  public var id: Int64
  public var terms: GrantTerms
  public var createdAt: Int64
  /// 0: it wasn't revoked.
  public var revokedAt: Int64 = 0

  public init(id: Int64, terms: GrantTerms, createdAt: Int64, revokedAt: Int64 = 0) {
    self.id = id
    self.terms = terms
    self.createdAt = createdAt
    self.revokedAt = revokedAt
  }
}

/// Which grants a list shows.
public struct GrantFilter: Equatable, Sendable {
  /// Empty: all.
  public var principal: Text
  /// Those that were revoked too.
  public var withRevoked: Bool

  public init(principal: Text = "", withRevoked: Bool = false) {
    self.principal = principal
    self.withRevoked = withRevoked
  }
}
