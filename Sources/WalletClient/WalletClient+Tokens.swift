import WalletCore

// For administrators: who may come in.
extension WalletClient {
  /// Lets a principal in. The token's id is that of the answer's row.
  ///
  /// Refused with INVALID_ARGUMENT when the principal has two live tokens already.
  public func createToken(
    _ grant: TokenGrant, _ options: MutationOptions
  ) async throws(WalletError) -> AdministrationResult {
    let key = options.idempotencyKey ?? makeIdempotencyKey()
    return try await send(
      .createToken, RequestEncoding.createToken(grant, options, key: key), options, key: key,
      ReplyDecoding.administration)
  }

  /// From its commit on nothing is done for the token; its open connections are closed.
  public func revokeToken(
    _ id: Int64, _ options: MutationOptions
  ) async throws(WalletError) -> AdministrationResult {
    let key = options.idempotencyKey ?? makeIdempotencyKey()
    return try await send(
      .revokeToken, RequestEncoding.revokeToken(id, options, key: key), options, key: key,
      ReplyDecoding.administration)
  }

  /// - Parameters:
  ///   - principal: Only its tokens; empty: all.
  ///   - withRevoked: Those that were revoked too.
  public func listTokens(
    principal: String = "", withRevoked: Bool = false, cursor: String? = nil, pageSize: UInt32 = 0,
    timeout: Duration? = nil
  ) async throws(WalletError) -> TokenPage {
    try await read(
      .listTokens,
      RequestEncoding.listTokens(principal: principal, withRevoked: withRevoked, cursor: cursor, pageSize: pageSize),
      timeout, ReplyDecoding.tokens)
  }
}
