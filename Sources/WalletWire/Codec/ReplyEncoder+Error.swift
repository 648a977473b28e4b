import CProtobufC
import CWalletProto
import WalletCore

extension ReplyEncoder {
  func error(
    _ failure: Failure, commitSeq: Int64, replayed: Bool
  ) -> UnsafeMutablePointer<Wallet__V1__Error> {
    let message = unsafe arena.new(Wallet__V1__Error.self, wallet__v1__error__init)
    unsafe message.pointee.reason = Wallet__V1__ErrorReason(rawValue: .init(failure.reason.rawValue))
    unsafe message.pointee.message = unsafe arena.text(failure.message)
    unsafe message.pointee.commit_seq = commitSeq
    unsafe message.pointee.replayed = replayed ? 1 : 0
    if failure.retryAfterMilliseconds > 0 {
      let detail = unsafe arena.new(Wallet__V1__RetryAfter.self, wallet__v1__retry_after__init)
      unsafe detail.pointee.retry_after_millis = failure.retryAfterMilliseconds
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_RETRY_AFTER
      unsafe message.pointee.retry_after = unsafe detail
    } else {
      unsafe setDetail(failure.detail, of: message)
    }
    return unsafe message
  }

  private func setDetail(_ detail: FailureDetail, of message: UnsafeMutablePointer<Wallet__V1__Error>) {
    switch detail {
    case .none, .message: break
    case .invalidArgument(let field, let rule):
      let part = unsafe arena.new(Wallet__V1__InvalidArgument.self, wallet__v1__invalid_argument__init)
      unsafe part.pointee.field = unsafe arena.text(field)
      unsafe part.pointee.rule = unsafe arena.text(rule)
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_INVALID_ARGUMENT
      unsafe message.pointee.invalid_argument = unsafe part
    case .unimplemented(let method, let feature):
      let part = unsafe arena.new(Wallet__V1__Unimplemented.self, wallet__v1__unimplemented__init)
      unsafe part.pointee.method = UInt32(method)
      unsafe part.pointee.feature = unsafe arena.text(feature)
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_UNIMPLEMENTED
      unsafe message.pointee.unimplemented = unsafe part
    case .frame(let rule, let limit):
      let part = unsafe arena.new(Wallet__V1__FrameLimit.self, wallet__v1__frame_limit__init)
      unsafe part.pointee.rule = unsafe arena.text(rule)
      unsafe part.pointee.limit = limit
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_FRAME_LIMIT
      unsafe message.pointee.frame_limit = unsafe part
    case .mismatch(let field):
      let part = unsafe arena.new(Wallet__V1__IdempotencyMismatch.self, wallet__v1__idempotency_mismatch__init)
      unsafe part.pointee.field = unsafe arena.text(field)
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_IDEMPOTENCY_MISMATCH
      unsafe message.pointee.idempotency_mismatch = unsafe part
    case .currency(let wallet, let request):
      let part = unsafe arena.new(Wallet__V1__CurrencyDetail.self, wallet__v1__currency_detail__init)
      unsafe part.pointee.wallet_currency = unsafe arena.text(wallet)
      unsafe part.pointee.request_currency = unsafe arena.text(request)
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_CURRENCY
      unsafe message.pointee.currency = unsafe part
    case .counterAccount(let name):
      let part = unsafe arena.new(Wallet__V1__CounterAccountDetail.self, wallet__v1__counter_account_detail__init)
      unsafe part.pointee.counter_account = unsafe arena.text(name)
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_COUNTER_ACCOUNT
      unsafe message.pointee.counter_account = unsafe part
    case .wallet(let id, let name):
      let part = unsafe arena.new(Wallet__V1__WalletDetail.self, wallet__v1__wallet_detail__init)
      unsafe part.pointee.wallet_id = id
      unsafe part.pointee.owner_id = unsafe arena.text(name?.owner ?? "")
      unsafe part.pointee.currency = unsafe arena.text(name?.currency ?? "")
      unsafe part.pointee.name = unsafe arena.text(name?.name ?? "")
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_WALLET
      unsafe message.pointee.wallet = unsafe part
    case .versionConflict(let expected, let actual, let balance):
      let part = unsafe arena.new(Wallet__V1__VersionConflict.self, wallet__v1__version_conflict__init)
      unsafe part.pointee.expected = expected
      unsafe part.pointee.actual = actual
      unsafe part.pointee.balance = balance
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_VERSION_CONFLICT
      unsafe message.pointee.version_conflict = unsafe part
    case .insufficientFunds(let figures):
      let part = unsafe arena.new(Wallet__V1__InsufficientFunds.self, wallet__v1__insufficient_funds__init)
      unsafe part.pointee.requested = figures.requested
      unsafe part.pointee.available = figures.available
      unsafe part.pointee.balance = figures.balance
      unsafe part.pointee.held = figures.held
      unsafe part.pointee.overdraft_limit = figures.overdraftLimit
      unsafe part.pointee.shortfall = figures.shortfall
      unsafe part.pointee.version = figures.version
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_INSUFFICIENT_FUNDS
      unsafe message.pointee.insufficient_funds = unsafe part
    case .transaction, .hold, .refund: unsafe setMovement(detail, of: message)
    case .frozen, .notEmpty, .limit, .balanceMax: unsafe setControl(detail, of: message)
    case .overflow(let field):
      let part = unsafe arena.new(Wallet__V1__AmountOverflow.self, wallet__v1__amount_overflow__init)
      unsafe part.pointee.field = unsafe arena.text(field)
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_AMOUNT_OVERFLOW
      unsafe message.pointee.amount_overflow = unsafe part
    case .batchAborted(let index, let cause):
      let part = unsafe arena.new(Wallet__V1__BatchAborted.self, wallet__v1__batch_aborted__init)
      unsafe part.pointee.index = UInt32(index)
      unsafe part.pointee.cause = unsafe error(cause, commitSeq: 0, replayed: false)
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_BATCH_ABORTED
      unsafe message.pointee.batch_aborted = unsafe part
    case .streamEnd(let token):
      let part = unsafe arena.new(Wallet__V1__StreamEnd.self, wallet__v1__stream_end__init)
      unsafe part.pointee.resume_token = unsafe arena.text(token)
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_STREAM_END
      unsafe message.pointee.stream_end = unsafe part
    case .denied(let denial):
      let part = unsafe arena.new(Wallet__V1__ScopeDetail.self, wallet__v1__scope_detail__init)
      unsafe part.pointee.scope = unsafe arena.text(denial.scope?.name ?? "")
      unsafe part.pointee.rule = unsafe arena.text(denial.rule.name)
      unsafe part.pointee.max_amount = denial.amountMax
      unsafe part.pointee.omitted = denial.omitted
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_SCOPE
      unsafe message.pointee.scope = unsafe part
    case .incident(let id):
      let part = unsafe arena.new(Wallet__V1__Internal.self, wallet__v1__internal__init)
      unsafe part.pointee.id = unsafe arena.text(id)
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_INTERNAL
      unsafe message.pointee.internal = unsafe part
    }
  }

  /// What holds and refunds are refused for.
  private func setMovement(_ detail: FailureDetail, of message: UnsafeMutablePointer<Wallet__V1__Error>) {
    switch detail {
    case .transaction(let seq):
      let part = unsafe arena.new(Wallet__V1__TransactionDetail.self, wallet__v1__transaction_detail__init)
      unsafe part.pointee.transaction_id = seq
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_TRANSACTION
      unsafe message.pointee.transaction = unsafe part
    case .hold(let id, let time, let remaining):
      let part = unsafe arena.new(Wallet__V1__HoldDetail.self, wallet__v1__hold_detail__init)
      unsafe part.pointee.hold_id = id
      unsafe part.pointee.at_micros = time
      unsafe part.pointee.remaining = remaining
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_HOLD
      unsafe message.pointee.hold = unsafe part
    case .refund(let original, let refunded):
      let part = unsafe arena.new(Wallet__V1__RefundExceeds.self, wallet__v1__refund_exceeds__init)
      unsafe part.pointee.original = original
      unsafe part.pointee.refunded = refunded
      unsafe part.pointee.remaining = refunded.distance(below: original)
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_REFUND_EXCEEDS
      unsafe message.pointee.refund_exceeds = unsafe part
    default: preconditionFailure("a detail that is not of a hold or a refund")
    }
  }

  /// What stands in the way of a wallet's money.
  private func setControl(_ detail: FailureDetail, of message: UnsafeMutablePointer<Wallet__V1__Error>) {
    switch detail {
    case .frozen(let walletID, let freeze):
      let part = unsafe arena.new(Wallet__V1__WalletFrozen.self, wallet__v1__wallet_frozen__init)
      unsafe part.pointee.wallet_id = walletID
      unsafe part.pointee.scope = Wallet__V1__FreezeScope(rawValue: .init(freeze.scope.rawValue))
      unsafe part.pointee.reason = unsafe arena.text(freeze.reason)
      unsafe part.pointee.since_micros = freeze.since
      unsafe part.pointee.until_micros = freeze.until
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_WALLET_FROZEN
      unsafe message.pointee.wallet_frozen = unsafe part
    case .notEmpty(let balance, let openHolds):
      let part = unsafe arena.new(Wallet__V1__WalletNotEmpty.self, wallet__v1__wallet_not_empty__init)
      unsafe part.pointee.balance = balance
      unsafe part.pointee.open_holds = openHolds
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_WALLET_NOT_EMPTY
      unsafe message.pointee.wallet_not_empty = unsafe part
    case .limit(let kind, let limit, let used, let windowEnd):
      let part = unsafe arena.new(Wallet__V1__LimitExceeded.self, wallet__v1__limit_exceeded__init)
      unsafe part.pointee.kind = Wallet__V1__LimitKind(rawValue: .init(kind.rawValue))
      unsafe part.pointee.limit = limit
      unsafe part.pointee.used = used
      unsafe part.pointee.remaining = used.distance(below: limit)
      unsafe part.pointee.window_end_micros = windowEnd
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_LIMIT_EXCEEDED
      unsafe message.pointee.limit_exceeded = unsafe part
    case .balanceMax(let limit, let balance):
      let part = unsafe arena.new(Wallet__V1__MaxBalanceExceeded.self, wallet__v1__max_balance_exceeded__init)
      unsafe part.pointee.limit = limit
      unsafe part.pointee.balance = balance
      unsafe part.pointee.remaining = balance.distance(below: limit)
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_MAX_BALANCE_EXCEEDED
      unsafe message.pointee.max_balance_exceeded = unsafe part
    default: preconditionFailure("a detail that is not of a wallet's state or limits")
    }
  }
}
