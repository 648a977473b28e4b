/// How a caller proves to be a principal.
public enum TokenCredential: Sendable, Hashable {
  /// A token, by the SHA-256 of its secret of 32 random bytes. Whoever makes it keeps the secret: the server never sees it
  /// before it is used. With the id of the answer's row, the token is `wlt_`, the id, `_` and the secret in lower-case
  /// hexadecimal digits.
  case secretDigest([UInt8])
  /// The common name, a DNS name or a URI of a client's certificate.
  case certificate(String)
  /// The user at the other end of a Unix socket.
  case unixUser(UInt32)
}

/// What an administrator grants. What isn't in `scopes` is denied.
public struct TokenGrant: Sendable, Hashable {
  /// At most 64 bytes of `[A-Za-z0-9._:@-]`: the actor of each row that it writes. It has two tokens that are live at most.
  public var principal: String
  public var credential: TokenCredential
  /// Of `read`, `debit`, `credit`, `hold`, `refund`, `transfer`, `freeze`, `limits`, `import`, `admin`.
  public var scopes: [String]
  /// Only wallets in one of them; empty: in all.
  public var currencies: [String]
  /// Only wallets of owners whose ids begin so; empty: of all.
  public var ownerPrefix: String
  /// Of one mutation, in minor units; 0: no bound.
  public var maxAmount: Int64
  /// 0: never.
  public var expiresAtMicros: Int64

  public init(
    principal: String, credential: TokenCredential, scopes: [String], currencies: [String] = [],
    ownerPrefix: String = "", maxAmount: Int64 = 0, expiresAtMicros: Int64 = 0
  ) {
    self.principal = principal
    self.credential = credential
    self.scopes = scopes
    self.currencies = currencies
    self.ownerPrefix = ownerPrefix
    self.maxAmount = maxAmount
    self.expiresAtMicros = expiresAtMicros
  }
}

/// What was granted. Of a secret there is nothing to show.
public struct Token: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case secret
    case certificate(String)
    case unixUser(UInt32)
    /// One that is newer than this client.
    case unknown
  }

  /// The place of its row in the journal.
  public var id: Int64
  public var principal: String
  public var kind: Kind
  public var scopes: [String]
  public var currencies: [String]
  public var ownerPrefix: String
  public var maxAmount: Int64
  /// 0: never.
  public var expiresAtMicros: Int64
  public var createdAtMicros: Int64
  /// 0: it wasn't.
  public var revokedAtMicros: Int64
}

/// A page of tokens, by rising id.
public struct TokenPage: Sendable, Hashable {
  public var tokens: [Token]
  /// `nil`: that was all.
  public var nextCursor: String?
  public var commitSeq: Int64
}
