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
    case .incident(let id):
      let part = unsafe arena.new(Wallet__V1__Internal.self, wallet__v1__internal__init)
      unsafe part.pointee.id = unsafe arena.text(id)
      unsafe message.pointee.detail_case = WALLET__V1__ERROR__DETAIL_INTERNAL
      unsafe message.pointee.internal = unsafe part
    }
  }
}
