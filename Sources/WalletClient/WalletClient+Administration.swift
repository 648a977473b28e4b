import WalletCore

// For administrators. The two mutations end as any other: refused, not executed, or with their outcome unknown.
extension WalletClient {
  /// Makes a currency of one's own known, such as `ESIM-MB`. Its exponent never changes.
  ///
  /// Refused with CURRENCY_EXISTS when the code is known, be it of ISO 4217 or registered before.
  ///
  /// - Parameters:
  ///   - code: At most 16 bytes of `[A-Z0-9-]`.
  ///   - exponent: Digits after the point, at most 18.
  public func registerCurrency(
    _ code: String, exponent: Int, _ options: MutationOptions
  ) async throws(WalletError) -> AdministrationResult {
    let key = options.idempotencyKey ?? makeIdempotencyKey()
    guard let digits = UInt32(exactly: exponent) else {
      throw .unsent(
        key: key, "an exponent is from 0 to \(Money.exponentMax)",
        earlierOutcomeUnknown: options.earlierOutcomeUnknown)
    }
    return try await send(
      .registerCurrency, RequestEncoding.registerCurrency(code: code, exponent: digits, options, key: key), options,
      key: key, ReplyDecoding.administration)
  }

  /// Adds an account that may stand against wallets. Refused with COUNTER_ACCOUNT_EXISTS when there is one of that name.
  ///
  /// - Parameter name: At most 32 bytes of `[a-z0-9._-]`.
  public func addCounterAccount(
    _ name: String, _ options: MutationOptions
  ) async throws(WalletError) -> AdministrationResult {
    let key = options.idempotencyKey ?? makeIdempotencyKey()
    return try await send(
      .addCounterAccount, RequestEncoding.addCounterAccount(name: name, options, key: key), options, key: key,
      ReplyDecoding.administration)
  }

  /// What wallets and counter-accounts come to in each currency: they sum to zero.
  ///
  /// - Parameter currency: That one alone; one that isn't known is refused with CURRENCY_UNKNOWN. Without it all that have
  ///   wallets and all that were registered.
  public func trialBalance(
    currency: String = "", timeout: Duration? = nil
  ) async throws(WalletError) -> TrialBalance {
    try await read(
      .trialBalance, RequestEncoding.trialBalance(currency: currency), timeout, ReplyDecoding.trialBalance)
  }
}
