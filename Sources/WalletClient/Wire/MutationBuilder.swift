import CProtobufC
import CWalletProto
import WalletWire

/// Makes the messages of mutations: alone they are requests, together items of a batch.
struct MutationBuilder {
  var options: MutationOptions
  /// Empty in a batch of all or nothing.
  var key: String
  var arena: MessageArena

  func item(_ mutation: BatchItem.Mutation) -> UnsafeMutablePointer<Wallet__V1__BatchItem> {
    let item = unsafe arena.new(Wallet__V1__BatchItem.self, wallet__v1__batch_item__init)
    switch mutation {
    case .openWallet(let owner, let currency, let name):
      unsafe item.pointee.mutation_case = WALLET__V1__BATCH_ITEM__MUTATION_OPEN_WALLET
      unsafe item.pointee.open_wallet = openWallet(.owner(owner, currency: currency, name: name))
    case .debit(let wallet, let amount):
      unsafe item.pointee.mutation_case = WALLET__V1__BATCH_ITEM__MUTATION_DEBIT
      unsafe item.pointee.debit = debit(wallet, amount)
    case .credit(let wallet, let amount):
      unsafe item.pointee.mutation_case = WALLET__V1__BATCH_ITEM__MUTATION_CREDIT
      unsafe item.pointee.credit = credit(wallet, amount)
    case .transfer(let source, let destination, let amount):
      unsafe item.pointee.mutation_case = WALLET__V1__BATCH_ITEM__MUTATION_TRANSFER
      unsafe item.pointee.transfer = transfer(source, destination, amount)
    case .hold(let wallet, let amount, let timeout):
      unsafe item.pointee.mutation_case = WALLET__V1__BATCH_ITEM__MUTATION_HOLD
      unsafe item.pointee.hold = hold(wallet, amount, timeout)
    case .capture(let holdID, let amount, let currency, let isFinal):
      unsafe item.pointee.mutation_case = WALLET__V1__BATCH_ITEM__MUTATION_CAPTURE
      unsafe item.pointee.capture = capture(holdID, amount, currency, isFinal)
    case .release(let holdID):
      unsafe item.pointee.mutation_case = WALLET__V1__BATCH_ITEM__MUTATION_RELEASE
      unsafe item.pointee.release = release(holdID)
    case .refund(let transactionID, let amount, let currency):
      unsafe item.pointee.mutation_case = WALLET__V1__BATCH_ITEM__MUTATION_REFUND
      unsafe item.pointee.refund = refund(transactionID, amount, currency)
    case .freeze(let wallet, let scope, let untilMicros):
      unsafe item.pointee.mutation_case = WALLET__V1__BATCH_ITEM__MUTATION_FREEZE
      unsafe item.pointee.freeze = freeze(wallet, scope, untilMicros)
    case .unfreeze(let wallet, let scope):
      unsafe item.pointee.mutation_case = WALLET__V1__BATCH_ITEM__MUTATION_UNFREEZE
      unsafe item.pointee.unfreeze = unfreeze(wallet, scope)
    case .setLimits(let wallet, let limits):
      unsafe item.pointee.mutation_case = WALLET__V1__BATCH_ITEM__MUTATION_SET_LIMITS
      unsafe item.pointee.set_limits = setLimits(wallet, limits)
    case .closeWallet(let wallet):
      unsafe item.pointee.mutation_case = WALLET__V1__BATCH_ITEM__MUTATION_CLOSE_WALLET
      unsafe item.pointee.close_wallet = closeWallet(wallet)
    }
    return unsafe item
  }

  // MARK: Money

  private func openWallet(_ wallet: WalletReference) -> UnsafeMutablePointer<Wallet__V1__OpenWalletRequest> {
    let request = unsafe arena.new(Wallet__V1__OpenWalletRequest.self, wallet__v1__open_wallet_request__init)
    unsafe fill(request)
    unsafe request.pointee.wallet = RequestEncoding.reference(wallet, arena)
    return unsafe request
  }

  private func debit(_ wallet: WalletReference, _ amount: Int64) -> UnsafeMutablePointer<Wallet__V1__DebitRequest> {
    let request = unsafe change(Wallet__V1__DebitRequest.self, wallet__v1__debit_request__init)
    unsafe request.pointee.wallet = RequestEncoding.reference(wallet, arena)
    unsafe request.pointee.amount = amount
    unsafe request.pointee.counter_account = arena.text(options.counterAccount)
    return unsafe request
  }

  private func credit(_ wallet: WalletReference, _ amount: Int64) -> UnsafeMutablePointer<Wallet__V1__CreditRequest> {
    let request = unsafe change(Wallet__V1__CreditRequest.self, wallet__v1__credit_request__init)
    unsafe request.pointee.wallet = RequestEncoding.reference(wallet, arena)
    unsafe request.pointee.amount = amount
    unsafe request.pointee.counter_account = arena.text(options.counterAccount)
    return unsafe request
  }

  private func transfer(
    _ source: WalletReference, _ destination: WalletReference, _ amount: Int64
  ) -> UnsafeMutablePointer<Wallet__V1__TransferRequest> {
    let request = unsafe change(Wallet__V1__TransferRequest.self, wallet__v1__transfer_request__init)
    unsafe request.pointee.wallet = RequestEncoding.reference(source, arena)
    unsafe request.pointee.to = RequestEncoding.reference(destination, arena)
    unsafe request.pointee.amount = amount
    return unsafe request
  }

  private func hold(
    _ wallet: WalletReference, _ amount: Int64, _ timeout: Duration
  ) -> UnsafeMutablePointer<Wallet__V1__HoldRequest> {
    let request = unsafe change(Wallet__V1__HoldRequest.self, wallet__v1__hold_request__init)
    unsafe request.pointee.wallet = RequestEncoding.reference(wallet, arena)
    unsafe request.pointee.amount = amount
    unsafe request.pointee.timeout_millis = timeout.millisecondsRoundedUp
    return unsafe request
  }

  private func capture(
    _ holdID: Int64, _ amount: Int64?, _ currency: String, _ isFinal: Bool
  ) -> UnsafeMutablePointer<Wallet__V1__CaptureRequest> {
    let request = unsafe change(Wallet__V1__CaptureRequest.self, wallet__v1__capture_request__init)
    unsafe request.pointee.hold_id = holdID
    unsafe request.pointee.amount = amount ?? 0
    unsafe request.pointee.currency = arena.text(currency)
    unsafe request.pointee.final = isFinal ? 1 : 0
    unsafe request.pointee.counter_account = arena.text(options.counterAccount)
    return unsafe request
  }

  private func release(_ holdID: Int64) -> UnsafeMutablePointer<Wallet__V1__ReleaseRequest> {
    let request = unsafe change(Wallet__V1__ReleaseRequest.self, wallet__v1__release_request__init)
    unsafe request.pointee.hold_id = holdID
    return unsafe request
  }

  private func refund(
    _ transactionID: Int64, _ amount: Int64?, _ currency: String
  ) -> UnsafeMutablePointer<Wallet__V1__RefundRequest> {
    let request = unsafe change(Wallet__V1__RefundRequest.self, wallet__v1__refund_request__init)
    unsafe request.pointee.transaction_id = transactionID
    unsafe request.pointee.amount = amount ?? 0
    unsafe request.pointee.currency = arena.text(currency)
    unsafe request.pointee.counter_account = arena.text(options.counterAccount)
    return unsafe request
  }

  // MARK: Control

  private func freeze(
    _ wallet: WalletReference, _ scope: FreezeScope, _ untilMicros: Int64
  ) -> UnsafeMutablePointer<Wallet__V1__FreezeRequest> {
    let request = unsafe change(Wallet__V1__FreezeRequest.self, wallet__v1__freeze_request__init)
    unsafe request.pointee.wallet = RequestEncoding.reference(wallet, arena)
    unsafe request.pointee.scope = Wallet__V1__FreezeScope(UInt32(scope.rawValue))
    unsafe request.pointee.until_micros = untilMicros
    return unsafe request
  }

  private func unfreeze(
    _ wallet: WalletReference, _ scope: FreezeScope
  ) -> UnsafeMutablePointer<Wallet__V1__UnfreezeRequest> {
    let request = unsafe change(Wallet__V1__UnfreezeRequest.self, wallet__v1__unfreeze_request__init)
    unsafe request.pointee.wallet = RequestEncoding.reference(wallet, arena)
    unsafe request.pointee.scope = Wallet__V1__FreezeScope(UInt32(scope.rawValue))
    return unsafe request
  }

  private func setLimits(
    _ wallet: WalletReference, _ limits: WalletLimits
  ) -> UnsafeMutablePointer<Wallet__V1__SetLimitsRequest> {
    let request = unsafe change(Wallet__V1__SetLimitsRequest.self, wallet__v1__set_limits_request__init)
    unsafe request.pointee.wallet = RequestEncoding.reference(wallet, arena)
    let message = unsafe arena.new(Wallet__V1__WalletLimits.self, wallet__v1__wallet_limits__init)
    unsafe message.pointee.overdraft_limit = limits.overdraftLimit
    unsafe message.pointee.max_balance = limits.maxBalance
    unsafe message.pointee.max_amount = limits.maxAmount
    unsafe message.pointee.day = window(limits.day)
    unsafe message.pointee.week = window(limits.week)
    unsafe message.pointee.month = window(limits.month)
    unsafe request.pointee.limits = unsafe message
    return unsafe request
  }

  private func window(_ limit: WindowLimit) -> UnsafeMutablePointer<Wallet__V1__WindowLimit>? {
    if limit == WindowLimit() { return nil }
    let message = unsafe arena.new(Wallet__V1__WindowLimit.self, wallet__v1__window_limit__init)
    unsafe message.pointee.amount = limit.amount
    unsafe message.pointee.count = limit.count
    return unsafe message
  }

  private func closeWallet(_ wallet: WalletReference) -> UnsafeMutablePointer<Wallet__V1__CloseWalletRequest> {
    let request = unsafe change(Wallet__V1__CloseWalletRequest.self, wallet__v1__close_wallet_request__init)
    unsafe request.pointee.wallet = RequestEncoding.reference(wallet, arena)
    return unsafe request
  }

  // MARK: Administration

  func registerCurrency(
    _ code: String, exponent: UInt32
  ) -> UnsafeMutablePointer<Wallet__V1__RegisterCurrencyRequest> {
    let request = unsafe arena.new(
      Wallet__V1__RegisterCurrencyRequest.self, wallet__v1__register_currency_request__init)
    unsafe fill(request)
    unsafe request.pointee.code = arena.text(code)
    unsafe request.pointee.exponent = exponent
    return unsafe request
  }

  func addCounterAccount(_ name: String) -> UnsafeMutablePointer<Wallet__V1__AddCounterAccountRequest> {
    let request = unsafe arena.new(
      Wallet__V1__AddCounterAccountRequest.self, wallet__v1__add_counter_account_request__init)
    unsafe fill(request)
    unsafe request.pointee.name = arena.text(name)
    return unsafe request
  }

  // MARK: What all have

  @unsafe
  private func change<Message: ChangeFields>(
    _ type: Message.Type, _ initialize: (UnsafeMutablePointer<Message>) -> Void
  ) -> UnsafeMutablePointer<Message> {
    let request = unsafe arena.new(type, initialize)
    unsafe fill(request)
    unsafe request.pointee.expected_version = options.expectedVersion ?? 0
    return unsafe request
  }

  @unsafe
  func fill<Message: MutationFields>(_ request: UnsafeMutablePointer<Message>) {
    unsafe request.pointee.idempotency_key = arena.text(key)
    unsafe request.pointee.reason = arena.text(options.reason)
    unsafe request.pointee.reference = arena.text(options.reference)
    unsafe request.pointee.correlation_id = arena.text(options.correlationID)
    unsafe request.pointee.note = arena.text(options.note)
    unsafe request.pointee.on_behalf_of = arena.text(options.onBehalfOf)
    unsafe request.pointee.occurred_at_micros = options.occurredAtMicros
    unsafe request.pointee.metadata = RequestEncoding.metadata(options.metadata, arena)
    unsafe request.pointee.n_metadata = options.metadata.count
    unsafe request.pointee.dry_run = options.dryRun ? 1 : 0
  }
}

extension Duration {
  /// Whole milliseconds, a begun one counted: a short hold isn't one without an end. What is beyond int64 is its largest.
  var millisecondsRoundedUp: Int64 {
    let attosecondsPerMillisecond: Int64 = 1_000_000_000_000_000
    let (seconds, attoseconds) = components
    let part = attoseconds / attosecondsPerMillisecond + (attoseconds % attosecondsPerMillisecond > 0 ? 1 : 0)
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, isBeyond) = whole.addingReportingOverflow(part)
    return isBeyond ? (whole < 0 ? .min : .max) : sum
  }
}
