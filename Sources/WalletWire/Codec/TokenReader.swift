import CProtobufC
import CWalletProto
import WalletCore

/// The requests of tokens.
extension Wallet__V1__CreateTokenRequest: @unsafe SpecialMessage {
  static var verb: Verb { .createToken }
  func readParameters(_ fields: inout FieldReader) -> Command.Parameters? {
    let principal = unsafe fields.text(
      principal, "principal", bytesMax: LedgerLimits.identifierBytesMax, .identifier)
    guard let credential = unsafe fields.credential(self) else { return nil }
    let (scopes, currencies) = unsafe (fields.scopes(self), fields.currencies(self))
    let ownerPrefix = unsafe fields.text(
      owner_prefix, "owner_prefix", bytesMax: LedgerLimits.identifierBytesMax, .identifier)
    let terms = unsafe GrantTerms(
      principal: principal, credential: credential, scopes: scopes,
      constraints: Constraints(currencies: currencies, ownerPrefix: ownerPrefix, amountMax: max_amount),
      expiresAt: expires_at_micros)
    fields.refuse(terms.violation)
    return .grant(terms)
  }
}

extension Wallet__V1__RevokeTokenRequest: @unsafe SpecialMessage {
  static var verb: Verb { .revokeToken }
  func readParameters(_ fields: inout FieldReader) -> Command.Parameters? {
    let id = unsafe token_id
    if id == 0 { fields.refuseAsMalformed("token_id", "is required") }
    if id < 0 { fields.refuseAsMalformed("token_id", "must be positive") }
    return .revocation(id: id)
  }
}

extension RequestDecoder {
  func listTokens(_ payload: Span<UInt8>) throws(Failure) -> LedgerRequest {
    let message = unsafe try unpack(
      Wallet__V1__ListTokensRequest.self, wallet__v1__list_tokens_request__descriptor, payload)
    var fields = FieldReader()
    let principal = unsafe fields.text(
      message.pointee.principal, "principal", bytesMax: LedgerLimits.identifierBytesMax, .identifier)
    try fields.requireNothingRefused()
    return .tokens(
      GrantFilter(principal: principal, withRevoked: unsafe message.pointee.with_revoked != 0),
      page: try unsafe readPage(size: message.pointee.page_size, cursor: message.pointee.cursor))
  }
}

extension FieldReader {
  fileprivate mutating func refuse(_ violation: Failure?) {
    guard let violation, case .invalidArgument(let field, let rule) = violation.detail else { return }
    refuse(field, rule)
  }

  fileprivate mutating func credential(_ message: Wallet__V1__CreateTokenRequest) -> Credential? {
    switch unsafe message.credential_case {
    case WALLET__V1__CREATE_TOKEN_REQUEST__CREDENTIAL_SECRET_DIGEST:
      let digest = unsafe message.secret_digest
      return .secret(digest: unsafe ShortBytes(UnsafeRawBufferPointer(start: digest.data, count: digest.len)))
    case WALLET__V1__CREATE_TOKEN_REQUEST__CREDENTIAL_CERTIFICATE_NAME:
      return .certificate(
        name: unsafe text(
          message.certificate_name, "certificate_name", bytesMax: LedgerLimits.certificateNameBytesMax, .text))
    case WALLET__V1__CREATE_TOKEN_REQUEST__CREDENTIAL_UNIX_USER: return .unixUser(unsafe message.unix_user)
    default:
      refuseAsMalformed("credential", "is required: secret_digest, certificate_name or unix_user")
      return nil
    }
  }

  fileprivate mutating func scopes(_ message: Wallet__V1__CreateTokenRequest) -> ScopeSet {
    var scopes: [Scope] = []
    for index in unsafe 0..<message.n_scopes {
      let name = unsafe text(message.scopes[index], "scopes[\(index)]", bytesMax: 16, .code)
      if let scope = Scope(name: name.string) {
        scopes.append(scope)
      } else {
        refuse("scopes[\(index)]", "is no scope; there are \(Scope.list)")
      }
    }
    return ScopeSet(scopes)
  }

  fileprivate mutating func currencies(_ message: Wallet__V1__CreateTokenRequest) -> [Text] {
    // What is beyond the bound is refused by its number, and needs no look.
    let count = unsafe min(message.n_currencies, LedgerLimits.grantCurrenciesMax + 1)
    return (0..<count).map { index in
      unsafe text(
        message.currencies[index], "currencies[\(index)]", bytesMax: LedgerLimits.currencyBytesMax, .currency,
        required: true)
    }
  }
}
