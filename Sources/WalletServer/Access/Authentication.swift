package import WalletCore
package import WalletSystem

/// Who a caller is: by the token of its HELLO, or by what the transport knows of the other side.
package struct Authentication: Sendable {
  package enum Mode: Sendable {
    /// Nobody is asked: whoever reaches the server is `local` and may do everything.
    case off
    case required
  }

  package var mode: Mode
  private let grants: GrantBook
  private let ownUser: UInt32
  private let sha256: @Sendable ([UInt8]) -> [UInt8]

  /// - Parameters:
  ///   - grants: Of the ledger that is served.
  ///   - ownUser: The user that the server runs as: whoever is it could write the ledger's files anyway.
  package init(
    _ mode: Mode, grants: GrantBook, ownUser: UInt32, sha256: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) {
    self.mode = mode
    self.grants = grants
    self.ownUser = ownUser
    self.sha256 = sha256
  }

  package static let off = Authentication(.off, grants: GrantBook(), ownUser: 0, sha256: { $0 })

  /// - Parameters:
  ///   - token: As HELLO or a header has it; empty: none.
  ///   - now: Wall clock, microseconds.
  /// - Throws: Why the caller isn't let in.
  package func access(token: Text, _ peer: PeerIdentity, now: Int64) throws(AccessDenial) -> Access {
    if mode == .off { return .local }
    let grants = grants.current
    if !token.isEmpty { return try access(ofToken: token, grants, now: now) }
    switch peer {
    case .unknown: throw AccessDenial(.credentialMissing)
    case .unixUser(let id):
      if let entry = grants[.unixUser(id)] { return try live(entry, now: now) }
      if id == 0 || id == ownUser { return Access(principal: PrincipalName.unixUser(id)) }
      throw AccessDenial(.unixUserUnknown)
    case .certificate(let names):
      for name in names {
        if let entry = grants[.certificate(name: Text(name))] { return try live(entry, now: now) }
      }
      throw AccessDenial(.certificateUnknown)
    }
  }

  private func live(_ entry: Grants.Entry, now: Int64) throws(AccessDenial) -> Access {
    if entry.grant.revokedAt != 0 { throw AccessDenial(.credentialRevoked) }
    if entry.access.isExpired(at: now) { throw AccessDenial(.credentialExpired) }
    return entry.access
  }

  /// Only whoever has the secret learns what became of the token.
  private func access(ofToken text: Text, _ grants: Grants, now: Int64) throws(AccessDenial) -> Access {
    guard let token = TokenText(text.string) else { throw AccessDenial(.credentialWrong) }
    let given = sha256(token.secret)
    guard let entry = grants[token.id], case .secret(let digest) = entry.grant.terms.credential,
      Self.areEqual(given, digest.bytes)
    else { throw AccessDenial(.credentialWrong) }
    return try live(entry, now: now)
  }

  /// In a time that doesn't tell how many bytes are right.
  private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
  }
}
