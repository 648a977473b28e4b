import CProtobufC
import CWalletProto
import WalletWire

extension MutationBuilder {
  func createToken(_ grant: TokenGrant) -> UnsafeMutablePointer<Wallet__V1__CreateTokenRequest> {
    let request = unsafe arena.new(Wallet__V1__CreateTokenRequest.self, wallet__v1__create_token_request__init)
    unsafe fill(request)
    unsafe request.pointee.principal = arena.text(grant.principal)
    switch grant.credential {
    case .secretDigest(let digest):
      unsafe request.pointee.credential_case = WALLET__V1__CREATE_TOKEN_REQUEST__CREDENTIAL_SECRET_DIGEST
      unsafe request.pointee.secret_digest = arena.bytes(digest)
    case .certificate(let name):
      unsafe request.pointee.credential_case = WALLET__V1__CREATE_TOKEN_REQUEST__CREDENTIAL_CERTIFICATE_NAME
      unsafe request.pointee.certificate_name = arena.text(name)
    case .unixUser(let id):
      unsafe request.pointee.credential_case = WALLET__V1__CREATE_TOKEN_REQUEST__CREDENTIAL_UNIX_USER
      unsafe request.pointee.unix_user = id
    }
    unsafe (request.pointee.n_scopes, request.pointee.scopes) = texts(grant.scopes)
    unsafe (request.pointee.n_currencies, request.pointee.currencies) = texts(grant.currencies)
    unsafe request.pointee.owner_prefix = arena.text(grant.ownerPrefix)
    unsafe request.pointee.max_amount = grant.maxAmount
    unsafe request.pointee.expires_at_micros = grant.expiresAtMicros
    return unsafe request
  }

  func revokeToken(_ id: Int64) -> UnsafeMutablePointer<Wallet__V1__RevokeTokenRequest> {
    let request = unsafe arena.new(Wallet__V1__RevokeTokenRequest.self, wallet__v1__revoke_token_request__init)
    unsafe fill(request)
    unsafe request.pointee.token_id = id
    return unsafe request
  }

  private func texts(_ values: [String]) -> (Int, UnsafeMutablePointer<ProtobufCBinaryData>?) {
    if values.isEmpty { return (0, nil) }
    let array = unsafe arena.array(of: ProtobufCBinaryData.self, count: values.count)
    for (index, value) in values.enumerated() { unsafe (array + index).initialize(to: arena.text(value)) }
    return unsafe (values.count, array)
  }
}

extension RequestEncoding {
  package static func createToken(_ grant: TokenGrant, _ options: MutationOptions, key: String) -> [UInt8] {
    let builder = MutationBuilder(options: options, key: key, arena: MessageArena(budget: budget))
    return unsafe packed(builder.createToken(grant))
  }

  package static func revokeToken(_ id: Int64, _ options: MutationOptions, key: String) -> [UInt8] {
    let builder = MutationBuilder(options: options, key: key, arena: MessageArena(budget: budget))
    return unsafe packed(builder.revokeToken(id))
  }

  package static func listTokens(
    principal: String, withRevoked: Bool, cursor: String?, pageSize: UInt32
  ) -> [UInt8] {
    let arena = MessageArena(budget: budget)
    let request = unsafe arena.new(Wallet__V1__ListTokensRequest.self, wallet__v1__list_tokens_request__init)
    unsafe request.pointee.principal = arena.text(principal)
    unsafe request.pointee.with_revoked = withRevoked ? 1 : 0
    unsafe request.pointee.cursor = arena.text(cursor ?? "")
    unsafe request.pointee.page_size = pageSize
    return unsafe packed(request)
  }
}

extension ReplyDecoding {
  package static func tokens(_ payload: [UInt8]) throws(DecodeError) -> TokenPage {
    try unsafe withUnpacked(payload, wallet__v1__list_tokens_response__unpack) { reply in
      let tokens = unsafe UnsafeBufferPointer(start: reply.tokens, count: reply.n_tokens)
      let cursor = unsafe reply.next_cursor.text
      return TokenPage(
        tokens: unsafe tokens.compactMap { unsafe $0.map { unsafe token($0.pointee) } },
        nextCursor: cursor.isEmpty ? nil : cursor, commitSeq: unsafe reply.commit_seq)
    }
  }

  private static func token(_ message: Wallet__V1__Token) -> Token {
    let scopes = unsafe UnsafeBufferPointer(start: message.scopes, count: message.n_scopes)
    let currencies = unsafe UnsafeBufferPointer(start: message.currencies, count: message.n_currencies)
    let kind: Token.Kind =
      switch unsafe message.kind {
      case WALLET__V1__TOKEN_KIND__TOKEN_KIND_SECRET: .secret
      case WALLET__V1__TOKEN_KIND__TOKEN_KIND_CERTIFICATE: .certificate(unsafe message.certificate_name.text)
      case WALLET__V1__TOKEN_KIND__TOKEN_KIND_UNIX_USER: .unixUser(unsafe message.unix_user)
      default: .unknown
      }
    return Token(
      id: unsafe message.token_id, principal: unsafe message.principal.text, kind: kind,
      scopes: unsafe scopes.map { unsafe $0.text }, currencies: unsafe currencies.map { unsafe $0.text },
      ownerPrefix: unsafe message.owner_prefix.text, maxAmount: unsafe message.max_amount,
      expiresAtMicros: unsafe message.expires_at_micros, createdAtMicros: unsafe message.created_at_micros,
      revokedAtMicros: unsafe message.revoked_at_micros)
  }
}
