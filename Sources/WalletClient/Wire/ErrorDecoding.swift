import CProtobufC
import CWalletProto
import WalletCore
import WalletWire

extension Rejection {
  /// Reads the `Error` of a RESPONSE or a CONNECTION_ERROR. An unreadable one still is a rejection: the status says so.
  init(payload: [UInt8], status: UInt16, replayed: Bool = false, retryAfterMillis: UInt32 = 0, key: String? = nil) {
    var read: Rejection?
    if !NestedErrors.areTooDeep(inError: payload[...]) {
      read = try? unsafe withUnpacked(payload, wallet__v1__error__unpack) { error in
        unsafe Rejection(error, status: status, replayed: replayed, retryAfterMillis: retryAfterMillis, key: key)
      }
    }
    self =
      read
      ?? Rejection(
        reason: nil, code: "STATUS_\(status)", detail: .none, message: "an error that can't be read", status: status,
        replayed: replayed, commitSeq: 0, key: key, retryAfterMillis: retryAfterMillis)
    adoptRetryAfter()
  }

  /// - Parameter status: `nil` where there is none beside the error: then that of its code.
  init(
    _ error: Wallet__V1__Error, status: UInt16? = nil, replayed: Bool = false, retryAfterMillis: UInt32 = 0,
    key: String? = nil
  ) {
    let number = unsafe error.reason.rawValue
    let reason = UInt8(exactly: number).flatMap(ErrorReason.init(rawValue:))
    unsafe self.init(
      reason: reason, code: reason?.name ?? "ERROR_REASON_\(number)", detail: RejectionDetail(error),
      message: error.message.text, status: status ?? reason?.status ?? 0, replayed: replayed || error.replayed != 0,
      commitSeq: error.commit_seq, key: key, retryAfterMillis: retryAfterMillis)
    adoptRetryAfter()
  }

  private mutating func adoptRetryAfter() {
    if retryAfterMillis == 0, case .retryAfter(let millis) = detail { self.retryAfterMillis = millis }
  }
}

extension RejectionDetail {
  fileprivate init(_ error: Wallet__V1__Error) {
    self = unsafe Self.decision(error) ?? Self.control(error) ?? Self.other(error) ?? .none
  }

  /// The figures of decisions.
  private static func decision(_ error: Wallet__V1__Error) -> RejectionDetail? {
    switch unsafe error.detail_case {
    case WALLET__V1__ERROR__DETAIL_CURRENCY:
      guard let detail = unsafe error.currency?.pointee else { return nil }
      return .currency(wallet: unsafe detail.wallet_currency.text, request: unsafe detail.request_currency.text)
    case WALLET__V1__ERROR__DETAIL_COUNTER_ACCOUNT:
      return unsafe error.counter_account.map { .counterAccount(unsafe $0.pointee.counter_account.text) }
    case WALLET__V1__ERROR__DETAIL_WALLET:
      guard let detail = unsafe error.wallet?.pointee else { return nil }
      return .wallet(
        id: unsafe detail.wallet_id, owner: unsafe detail.owner_id.text, currency: unsafe detail.currency.text,
        name: unsafe detail.name.text)
    case WALLET__V1__ERROR__DETAIL_VERSION_CONFLICT:
      guard let detail = unsafe error.version_conflict?.pointee else { return nil }
      return .versionConflict(
        expected: unsafe detail.expected, actual: unsafe detail.actual, balance: unsafe detail.balance)
    case WALLET__V1__ERROR__DETAIL_INSUFFICIENT_FUNDS:
      guard let detail = unsafe error.insufficient_funds?.pointee else { return nil }
      return .insufficientFunds(
        InsufficientFunds(
          requested: unsafe detail.requested, available: unsafe detail.available, balance: unsafe detail.balance,
          held: unsafe detail.held, overdraftLimit: unsafe detail.overdraft_limit,
          shortfall: unsafe detail.shortfall, version: unsafe detail.version))
    case WALLET__V1__ERROR__DETAIL_AMOUNT_OVERFLOW:
      return unsafe error.amount_overflow.map { .amountOverflow(field: unsafe $0.pointee.field.text) }
    case WALLET__V1__ERROR__DETAIL_IDEMPOTENCY_MISMATCH:
      return unsafe error.idempotency_mismatch.map { .idempotencyMismatch(field: unsafe $0.pointee.field.text) }
    case WALLET__V1__ERROR__DETAIL_BATCH_ABORTED:
      guard let detail = unsafe error.batch_aborted?.pointee, let cause = unsafe detail.cause?.pointee
      else { return nil }
      return .batchAborted(index: Int(unsafe detail.index), cause: unsafe Rejection(cause))
    default: return nil
    }
  }

  /// The figures of holds, refunds, freezes and limits.
  private static func control(_ error: Wallet__V1__Error) -> RejectionDetail? {
    switch unsafe error.detail_case {
    case WALLET__V1__ERROR__DETAIL_TRANSACTION:
      return unsafe error.transaction.map { .transaction(id: unsafe $0.pointee.transaction_id) }
    case WALLET__V1__ERROR__DETAIL_HOLD:
      guard let detail = unsafe error.hold?.pointee else { return nil }
      return .hold(
        HoldFigures(
          holdID: unsafe detail.hold_id, atMicros: unsafe detail.at_micros, remaining: unsafe detail.remaining))
    case WALLET__V1__ERROR__DETAIL_REFUND_EXCEEDS:
      guard let detail = unsafe error.refund_exceeds?.pointee else { return nil }
      return .refundExceeds(
        original: unsafe detail.original, refunded: unsafe detail.refunded, remaining: unsafe detail.remaining)
    case WALLET__V1__ERROR__DETAIL_WALLET_FROZEN:
      guard let detail = unsafe error.wallet_frozen?.pointee else { return nil }
      return .walletFrozen(
        WalletFrozen(
          walletID: unsafe detail.wallet_id,
          scope: UInt8(exactly: unsafe detail.scope.rawValue).flatMap(FreezeScope.init(rawValue:)),
          reason: unsafe detail.reason.text, sinceMicros: unsafe detail.since_micros,
          untilMicros: unsafe detail.until_micros))
    case WALLET__V1__ERROR__DETAIL_WALLET_NOT_EMPTY:
      guard let detail = unsafe error.wallet_not_empty?.pointee else { return nil }
      return .walletNotEmpty(balance: unsafe detail.balance, openHolds: unsafe detail.open_holds)
    case WALLET__V1__ERROR__DETAIL_LIMIT_EXCEEDED:
      guard let detail = unsafe error.limit_exceeded?.pointee else { return nil }
      return .limitExceeded(
        LimitExceeded(
          kind: UInt8(exactly: unsafe detail.kind.rawValue).flatMap(LimitKind.init(rawValue:)),
          limit: unsafe detail.limit, used: unsafe detail.used, remaining: unsafe detail.remaining,
          windowEndMicros: unsafe detail.window_end_micros))
    case WALLET__V1__ERROR__DETAIL_MAX_BALANCE_EXCEEDED:
      guard let detail = unsafe error.max_balance_exceeded?.pointee else { return nil }
      return .maxBalanceExceeded(
        limit: unsafe detail.limit, balance: unsafe detail.balance, remaining: unsafe detail.remaining)
    default: return nil
    }
  }

  /// The figures of everything that is refused before a decision.
  private static func other(_ error: Wallet__V1__Error) -> RejectionDetail? {
    switch unsafe error.detail_case {
    case WALLET__V1__ERROR__DETAIL_INVALID_ARGUMENT:
      guard let detail = unsafe error.invalid_argument?.pointee else { return nil }
      return .invalidArgument(field: unsafe detail.field.text, rule: unsafe detail.rule.text)
    case WALLET__V1__ERROR__DETAIL_UNIMPLEMENTED:
      guard let detail = unsafe error.unimplemented?.pointee else { return nil }
      return .unimplemented(method: unsafe detail.method, feature: unsafe detail.feature.text)
    case WALLET__V1__ERROR__DETAIL_FRAME_LIMIT:
      guard let detail = unsafe error.frame_limit?.pointee else { return nil }
      return .frameLimit(rule: unsafe detail.rule.text, limit: unsafe detail.limit)
    case WALLET__V1__ERROR__DETAIL_RETRY_AFTER:
      return unsafe error.retry_after.map { .retryAfter(millis: unsafe $0.pointee.retry_after_millis) }
    case WALLET__V1__ERROR__DETAIL_INTERNAL:
      return unsafe error.internal.map { .internal(id: unsafe $0.pointee.id.text) }
    case WALLET__V1__ERROR__DETAIL_STREAM_END:
      return unsafe error.stream_end.map { .streamEnd(resumeToken: unsafe $0.pointee.resume_token.text) }
    case WALLET__V1__ERROR__DETAIL_SCOPE:
      guard let detail = unsafe error.scope?.pointee else { return nil }
      return .denied(
        rule: unsafe detail.rule.text, scope: unsafe detail.scope.text, maxAmount: unsafe detail.max_amount,
        omitted: unsafe detail.omitted)
    default: return nil
    }
  }
}
