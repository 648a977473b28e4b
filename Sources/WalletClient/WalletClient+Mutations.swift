import WalletCore

// Every mutation may end with any of the three cases of `WalletError`: refused (the figures are in the rejection's
// detail), not executed, or with its outcome unknown.
extension WalletClient {
  /// Opens a wallet. A wallet of this owner, currency and name that exists already is refused with WALLET_EXISTS.
  ///
  /// - Parameters:
  ///   - owner: At most 64 bytes of `[A-Za-z0-9._:@-]`.
  ///   - currency: At most 16 bytes of `[A-Z0-9-]`, known to the server.
  ///   - name: At most 32 bytes.
  public func openWallet(
    owner: String, currency: String, name: String = "main",
    _ options: MutationOptions = MutationOptions(reason: "wallet.open")
  ) async throws(WalletError) -> MutationResult {
    let key = options.idempotencyKey ?? makeIdempotencyKey()
    let wallet = WalletReference.owner(owner, currency: currency, name: name)
    return try await mutate(.openWallet, RequestEncoding.openWallet(wallet, options, key: key), key, options)
  }

  /// Takes `amount` minor units (from 1) out of a wallet. Refused with INSUFFICIENT_FUNDS when less is available.
  public func debit(
    _ wallet: WalletReference, amount: Int64, _ options: MutationOptions
  ) async throws(WalletError) -> MutationResult {
    let key = options.idempotencyKey ?? makeIdempotencyKey()
    return try await mutate(.debit, RequestEncoding.debit(wallet, amount: amount, options, key: key), key, options)
  }

  /// Puts `amount` minor units (from 1) into a wallet.
  public func credit(
    _ wallet: WalletReference, amount: Int64, _ options: MutationOptions
  ) async throws(WalletError) -> MutationResult {
    let key = options.idempotencyKey ?? makeIdempotencyKey()
    return try await mutate(.credit, RequestEncoding.credit(wallet, amount: amount, options, key: key), key, options)
  }

  private func mutate(
    _ method: Verb, _ payload: [UInt8], _ key: String, _ options: MutationOptions
  ) async throws(WalletError) -> MutationResult {
    let reply = try await call(
      method: method.rawValue, payload: payload, isMutation: !options.dryRun, key: key, timeout: options.timeout,
      earlierOutcomeUnknown: options.earlierOutcomeUnknown)
    do throws(DecodeError) {
      return try ReplyDecoding.mutation(reply, key: key)
    } catch {
      // It was done, but nobody can say what: another call with the key gives the reply again.
      throw .outcomeUnknown(key: key, cause: .invalidReply(error.text))
    }
  }
}
