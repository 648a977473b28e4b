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
    try await mutate(.openWallet(owner: owner, currency: currency, name: name), options)
  }

  /// Takes `amount` minor units (from 1) out of a wallet. Refused with INSUFFICIENT_FUNDS when less is available.
  public func debit(
    _ wallet: WalletReference, amount: Int64, _ options: MutationOptions
  ) async throws(WalletError) -> MutationResult {
    try await mutate(.debit(wallet, amount: amount), options)
  }

  /// Puts `amount` minor units (from 1) into a wallet.
  public func credit(
    _ wallet: WalletReference, amount: Int64, _ options: MutationOptions
  ) async throws(WalletError) -> MutationResult {
    try await mutate(.credit(wallet, amount: amount), options)
  }

  /// Moves `amount` minor units (from 1) from one wallet to another of the same currency, both at once or not at all.
  ///
  /// Refused with INSUFFICIENT_FUNDS when less is available in `source`, and with SAME_WALLET or CURRENCY_MISMATCH where
  /// the two don't fit.
  public func transfer(
    from source: WalletReference, to destination: WalletReference, amount: Int64, _ options: MutationOptions
  ) async throws(WalletError) -> TransferResult {
    try await perform(.transfer(from: source, to: destination, amount: amount), options, ReplyDecoding.transfer)
  }

  /// Reserves `amount` minor units (from 1): they stay in the balance and aren't available until the hold is captured,
  /// released or has ended. The transaction's id is the hold's. Refused with INSUFFICIENT_FUNDS when less is available.
  ///
  /// - Parameter timeout: From 1 ms to 366 days, in whole milliseconds (a begun one counts); the server reckons the end by
  ///   its own clock. The time for the call is that of the options.
  public func hold(
    _ wallet: WalletReference, amount: Int64, timeout: Duration, _ options: MutationOptions
  ) async throws(WalletError) -> MutationResult {
    try await mutate(.hold(wallet, amount: amount, timeout: timeout), options)
  }

  /// Takes a part of a hold, or all that is left of it. It never fails for funds or limits: the hold has reserved them.
  ///
  /// Refused with HOLD_CAPTURED, HOLD_RELEASED or HOLD_EXPIRED when the hold has ended, and with HOLD_AMOUNT_EXCEEDED when
  /// less is left of it.
  ///
  /// - Parameters:
  ///   - holdID: The id of the transaction that made the hold.
  ///   - amount: Minor units, from 1; `nil`: all that is left, and then the capture is final.
  ///   - currency: Of the amount; when given it must be the wallet's, or CURRENCY_MISMATCH.
  ///   - isFinal: Nothing more will be captured: what is left of the hold is given back.
  public func capture(
    holdID: Int64, amount: Int64? = nil, currency: String = "", isFinal: Bool = false, _ options: MutationOptions
  ) async throws(WalletError) -> MutationResult {
    try await mutate(.capture(holdID: holdID, amount: amount, currency: currency, isFinal: isFinal), options)
  }

  /// Gives back what is left of a hold. Refused with HOLD_CAPTURED, HOLD_RELEASED or HOLD_EXPIRED when it has ended.
  public func release(
    holdID: Int64, _ options: MutationOptions
  ) async throws(WalletError) -> MutationResult {
    try await mutate(.release(holdID: holdID), options)
  }

  /// Gives back a debit or a capture, or a part of it. All refunds of one together never exceed it: what would is refused
  /// with REFUND_EXCEEDS_ORIGINAL.
  ///
  /// - Parameters:
  ///   - transactionID: That of the debit or capture; any other is refused with NOT_REFUNDABLE.
  ///   - amount: Minor units, from 1; `nil`: all that wasn't refunded yet.
  ///   - currency: Of the amount; when given it must be the wallet's, or CURRENCY_MISMATCH.
  public func refund(
    transactionID: Int64, amount: Int64? = nil, currency: String = "", _ options: MutationOptions
  ) async throws(WalletError) -> MutationResult {
    try await mutate(.refund(transactionID: transactionID, amount: amount, currency: currency), options)
  }

  /// Stops a wallet, whether it is stopped already or not: the last freeze counts. What it stops is refused with
  /// WALLET_FROZEN. Holds may still be released, and end in their time.
  ///
  /// - Parameter untilMicros: From then on the freeze has no effect, microseconds since 1970 UTC; 0: until it is lifted.
  public func freeze(
    _ wallet: WalletReference, scope: FreezeScope, untilMicros: Int64 = 0, _ options: MutationOptions
  ) async throws(WalletError) -> MutationResult {
    try await mutate(.freeze(wallet, scope: scope, untilMicros: untilMicros), options)
  }

  /// Lifts a freeze, or one side of it; a wallet that isn't frozen stays as it is.
  public func unfreeze(
    _ wallet: WalletReference, scope: FreezeScope, _ options: MutationOptions
  ) async throws(WalletError) -> MutationResult {
    try await mutate(.unfreeze(wallet, scope: scope), options)
  }

  /// Sets the limits of a wallet, all of them: those left out of `limits` are lifted. They apply to what was used already.
  /// Refused with INSUFFICIENT_FUNDS when the balance lies below the new overdraft limit.
  public func setLimits(
    _ wallet: WalletReference, to limits: WalletLimits, _ options: MutationOptions
  ) async throws(WalletError) -> MutationResult {
    try await mutate(.setLimits(wallet, limits), options)
  }

  /// Ends a wallet. Its name is never used again. Refused with WALLET_NOT_EMPTY unless its balance is 0 and it has no open
  /// holds.
  public func closeWallet(
    _ wallet: WalletReference, _ options: MutationOptions
  ) async throws(WalletError) -> MutationResult {
    try await mutate(.closeWallet(wallet), options)
  }

  private func mutate(
    _ mutation: BatchItem.Mutation, _ options: MutationOptions
  ) async throws(WalletError) -> MutationResult {
    try await perform(mutation, options, ReplyDecoding.mutation)
  }

  private func perform<Result>(
    _ mutation: BatchItem.Mutation, _ options: MutationOptions,
    _ decode: (_ reply: [UInt8], _ key: String) throws(DecodeError) -> Result
  ) async throws(WalletError) -> Result {
    let key = options.idempotencyKey ?? makeIdempotencyKey()
    if let rule = mutation.brokenRule {
      throw .unsent(key: key, rule, earlierOutcomeUnknown: options.earlierOutcomeUnknown)
    }
    return try await send(
      mutation.verb, RequestEncoding.mutation(mutation, options, key: key), options, key: key, decode)
  }

  /// A mutation that is encoded already.
  func send<Result>(
    _ verb: Verb, _ payload: [UInt8], _ options: MutationOptions, key: String,
    _ decode: (_ reply: [UInt8], _ key: String) throws(DecodeError) -> Result
  ) async throws(WalletError) -> Result {
    let reply = try await call(
      method: verb.rawValue, payload: payload, isMutation: !options.dryRun, key: key, timeout: options.timeout,
      earlierOutcomeUnknown: options.earlierOutcomeUnknown)
    do throws(DecodeError) {
      return try decode(reply, key)
    } catch {
      if options.dryRun { throw .notExecuted(key: key, cause: .invalidReply(error.text)) }
      // It was done, but nobody can say what: another call with the key gives the reply again.
      throw .outcomeUnknown(key: key, cause: .invalidReply(error.text))
    }
  }
}

extension WalletError {
  /// A mutation that can't be sent. That settles nothing about an earlier attempt.
  static func unsent(key: String, _ rule: String, earlierOutcomeUnknown: Bool) -> WalletError {
    earlierOutcomeUnknown
      ? .outcomeUnknown(key: key, cause: .invalidRequest(rule)) : .notExecuted(key: key, cause: .invalidRequest(rule))
  }
}
