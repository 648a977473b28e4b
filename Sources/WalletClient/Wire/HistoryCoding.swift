import CProtobufC
import CWalletProto
import WalletCore
import WalletWire

extension RequestEncoding {
  package static func listTransactions(
    _ wallet: WalletReference, cursor: String?, pageSize: UInt32, oldestFirst: Bool, filter: TransactionFilter? = nil
  ) -> [UInt8] {
    let arena = MessageArena(budget: budget)
    let request = unsafe arena.new(
      Wallet__V1__ListTransactionsRequest.self, wallet__v1__list_transactions_request__init)
    unsafe request.pointee.wallet = reference(wallet, arena)
    unsafe request.pointee.cursor = arena.text(cursor ?? "")
    unsafe request.pointee.page_size = pageSize
    unsafe request.pointee.oldest_first = oldestFirst ? 1 : 0
    if let filter { unsafe request.pointee.filter = message(filter, arena) }
    return unsafe packed(request)
  }

  private static func message(
    _ filter: TransactionFilter, _ arena: MessageArena
  ) -> UnsafeMutablePointer<Wallet__V1__TransactionFilter> {
    let message = unsafe arena.new(Wallet__V1__TransactionFilter.self, wallet__v1__transaction_filter__init)
    unsafe message.pointee.from_micros = filter.fromMicros
    unsafe message.pointee.before_micros = filter.beforeMicros
    unsafe message.pointee.n_kinds = filter.kinds.count
    unsafe message.pointee.kinds = numbers(filter.kinds.map(\.rawValue), arena) {
      Wallet__V1__TransactionKind(rawValue: $0)
    }
    unsafe message.pointee.reason = arena.text(filter.reason)
    unsafe message.pointee.actor = arena.text(filter.actor)
    unsafe message.pointee.reference = arena.text(filter.reference)
    unsafe message.pointee.min_amount = filter.minAmount
    unsafe message.pointee.max_amount = filter.maxAmount
    return unsafe message
  }

  /// A repeated field of an enumeration, by rising numbers.
  private static func numbers<Value>(
    _ numbers: [UInt8], _ arena: MessageArena, _ value: (UInt32) -> Value
  ) -> UnsafeMutablePointer<Value> {
    let array = unsafe arena.array(of: Value.self, count: numbers.count)
    for (index, number) in numbers.sorted().enumerated() {
      unsafe (array + index).initialize(to: value(UInt32(number)))
    }
    return unsafe array
  }

  package static func getBalanceAt(_ wallet: WalletReference, _ moment: BalanceMoment) -> [UInt8] {
    let arena = MessageArena(budget: budget)
    let request = unsafe arena.new(Wallet__V1__GetBalanceAtRequest.self, wallet__v1__get_balance_at_request__init)
    unsafe request.pointee.wallet = reference(wallet, arena)
    switch moment {
    case .time(let micros):
      unsafe request.pointee.at_case = WALLET__V1__GET_BALANCE_AT_REQUEST__AT_TIME_MICROS
      unsafe request.pointee.time_micros = micros
    case .version(let version):
      unsafe request.pointee.at_case = WALLET__V1__GET_BALANCE_AT_REQUEST__AT_VERSION
      unsafe request.pointee.version = version
    }
    return unsafe packed(request)
  }

  package static func listRefusals(
    _ filter: RefusalFilter, cursor: String?, pageSize: UInt32, oldestFirst: Bool
  ) -> [UInt8] {
    let arena = MessageArena(budget: budget)
    let request = unsafe arena.new(Wallet__V1__ListRefusalsRequest.self, wallet__v1__list_refusals_request__init)
    if let wallet = filter.wallet { unsafe request.pointee.wallet = reference(wallet, arena) }
    unsafe request.pointee.cursor = arena.text(cursor ?? "")
    unsafe request.pointee.page_size = pageSize
    unsafe request.pointee.oldest_first = oldestFirst ? 1 : 0
    unsafe request.pointee.from_micros = filter.fromMicros
    unsafe request.pointee.before_micros = filter.beforeMicros
    unsafe request.pointee.n_reasons = filter.reasons.count
    unsafe request.pointee.reasons = numbers(filter.reasons.map(\.rawValue), arena) {
      Wallet__V1__ErrorReason(rawValue: $0)
    }
    unsafe request.pointee.actor = arena.text(filter.actor)
    unsafe request.pointee.owner_id = arena.text(filter.ownerID)
    return unsafe packed(request)
  }
}

extension ReplyDecoding {
  package static func balanceAt(_ payload: [UInt8]) throws(DecodeError) -> BalanceAt {
    try unsafe withUnpacked(payload, wallet__v1__get_balance_at_response__unpack) { reply in
      BalanceAt(
        walletID: unsafe reply.wallet_id, balance: unsafe reply.balance, held: unsafe reply.held,
        available: unsafe reply.available, overdraftLimit: unsafe reply.overdraft_limit,
        version: unsafe reply.version, transactionID: unsafe reply.transaction_id,
        createdAtMicros: unsafe reply.created_at_micros, currency: unsafe reply.currency.text,
        exponent: Int(unsafe reply.exponent), commitSeq: unsafe reply.commit_seq)
    }
  }

  package static func refusals(_ payload: [UInt8]) throws(DecodeError) -> RefusalPage {
    if NestedErrors.areTooDeep(inListRefusalsResponse: payload[...]) { throw DecodeError(text: "errors within errors") }
    return try unsafe withUnpacked(payload, wallet__v1__list_refusals_response__unpack) { reply throws(DecodeError) in
      var refusals: [Refusal] = []
      for index in unsafe 0..<reply.n_refusals {
        guard let message = unsafe reply.refusals[index]?.pointee else { throw DecodeError(text: "a missing refusal") }
        unsafe refusals.append(try refusal(message))
      }
      let cursor = unsafe reply.next_cursor.text
      return RefusalPage(
        refusals: refusals, nextCursor: cursor.isEmpty ? nil : cursor, commitSeq: unsafe reply.commit_seq)
    }
  }

  private static func refusal(_ message: Wallet__V1__Refusal) throws(DecodeError) -> Refusal {
    guard let error = unsafe message.error?.pointee else { throw DecodeError(text: "a refusal without an error") }
    let key = unsafe message.idempotency_key.text
    return Refusal(
      id: unsafe message.id, verb: verbName(unsafe message.verb.rawValue), error: unsafe Rejection(error, key: key),
      walletID: unsafe message.wallet_id, wallet: unsafe message.wallet.map { unsafe reference($0.pointee) },
      amount: unsafe message.amount, counterAccount: unsafe message.counter_account.text,
      currency: unsafe message.currency.text, exponent: Int(unsafe message.exponent),
      actor: unsafe message.actor.text, onBehalfOf: unsafe message.on_behalf_of.text,
      reason: unsafe message.reason.text, note: unsafe message.note.text, reference: unsafe message.reference.text,
      idempotencyKey: key, requestDigest: unsafe message.request_digest.bytes,
      correlationID: unsafe message.correlation_id.text, source: unsafe message.source.text,
      clientName: unsafe message.client_name.text,
      metadata: unsafe metadata(message.metadata, count: message.n_metadata),
      occurredAtMicros: unsafe message.occurred_at_micros, createdAtMicros: unsafe message.created_at_micros,
      digest: unsafe message.digest.bytes, lane: unsafe message.lane, rowFormat: unsafe message.row_format)
  }

  private static func verbName(_ number: UInt32) -> String {
    guard let verb = UInt16(exactly: number).flatMap({ Verb(rawValue: $0) }) else { return "\(number)" }
    let name = "\(verb)"
    return name.prefix(1).uppercased() + name.dropFirst()
  }

  private static func reference(_ message: Wallet__V1__WalletRef) -> WalletReference {
    if unsafe message.id != 0 { return .id(unsafe message.id) }
    return .owner(
      unsafe message.owner_id.text, currency: unsafe message.currency.text, name: unsafe message.name.text)
  }
}
