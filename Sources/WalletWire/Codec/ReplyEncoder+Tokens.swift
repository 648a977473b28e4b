import CProtobufC
import CWalletProto
import WalletCore

extension ReplyEncoder {
  func listTokensResponse(
    _ grants: [Grant], _ cursor: String, _ commitSeq: Int64
  ) -> UnsafeMutablePointer<Wallet__V1__ListTokensResponse> {
    let message = unsafe arena.new(Wallet__V1__ListTokensResponse.self, wallet__v1__list_tokens_response__init)
    unsafe (message.pointee.n_tokens, message.pointee.tokens) = pointers(grants, token)
    unsafe message.pointee.next_cursor = unsafe arena.text(cursor)
    unsafe message.pointee.commit_seq = commitSeq
    return unsafe message
  }

  private func token(_ grant: Grant) -> UnsafeMutablePointer<Wallet__V1__Token> {
    let message = unsafe arena.new(Wallet__V1__Token.self, wallet__v1__token__init)
    let terms = grant.terms
    unsafe message.pointee.token_id = grant.id
    unsafe message.pointee.principal = unsafe arena.text(terms.principal)
    switch terms.credential {
    case .secret: unsafe message.pointee.kind = WALLET__V1__TOKEN_KIND__TOKEN_KIND_SECRET
    case .certificate(let name):
      unsafe message.pointee.kind = WALLET__V1__TOKEN_KIND__TOKEN_KIND_CERTIFICATE
      unsafe message.pointee.certificate_name = unsafe arena.text(name)
    case .unixUser(let id):
      unsafe message.pointee.kind = WALLET__V1__TOKEN_KIND__TOKEN_KIND_UNIX_USER
      unsafe message.pointee.unix_user = id
    }
    unsafe (message.pointee.n_scopes, message.pointee.scopes) = texts(terms.scopes.scopes.map { Text($0.name) })
    unsafe (message.pointee.n_currencies, message.pointee.currencies) = texts(terms.constraints.currencies)
    unsafe message.pointee.owner_prefix = unsafe arena.text(terms.constraints.ownerPrefix)
    unsafe message.pointee.max_amount = terms.constraints.amountMax
    unsafe message.pointee.expires_at_micros = terms.expiresAt
    unsafe message.pointee.created_at_micros = grant.createdAt
    unsafe message.pointee.revoked_at_micros = grant.revokedAt
    return unsafe message
  }

  /// A repeated field of text.
  func texts(_ values: [Text]) -> (Int, UnsafeMutablePointer<ProtobufCBinaryData>?) {
    if values.isEmpty { return (0, nil) }
    let array = unsafe arena.array(of: ProtobufCBinaryData.self, count: values.count)
    for (index, value) in values.enumerated() { unsafe (array + index).initialize(to: arena.text(value)) }
    return unsafe (values.count, array)
  }
}
