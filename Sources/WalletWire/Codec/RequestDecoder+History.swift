import CProtobufC
import CWalletProto
import WalletCore

/// Reads of what was.
extension RequestDecoder {
  func listTransactions(_ payload: Span<UInt8>) throws(Failure) -> LedgerRequest {
    let message = unsafe try unpack(
      Wallet__V1__ListTransactionsRequest.self, wallet__v1__list_transactions_request__descriptor, payload)
    let wallet = try unsafe readWallet(message.pointee.wallet)
    let page = try unsafe readPage(size: message.pointee.page_size, cursor: message.pointee.cursor)
    let oldestFirst = unsafe message.pointee.oldest_first != 0
    guard let filter = unsafe message.pointee.filter else {
      return .history(wallet, page: page, oldestFirst: oldestFirst)
    }
    var fields = FieldReader()
    let read = unsafe fields.transactionFilter(filter.pointee)
    try fields.requireNothingRefused()
    if read.isEmpty { return .history(wallet, page: page, oldestFirst: oldestFirst) }
    return .filteredHistory(wallet, read, page: page, oldestFirst: oldestFirst)
  }

  func balanceAt(_ payload: Span<UInt8>) throws(Failure) -> LedgerRequest {
    let message = unsafe try unpack(
      Wallet__V1__GetBalanceAtRequest.self, wallet__v1__get_balance_at_request__descriptor, payload)
    let wallet = try unsafe readWallet(message.pointee.wallet)
    switch unsafe message.pointee.at_case {
    case WALLET__V1__GET_BALANCE_AT_REQUEST__AT_TIME_MICROS:
      guard unsafe message.pointee.time_micros > 0 else { throw .invalidArgument("time_micros", "must be from 1") }
      return unsafe .balanceAt(wallet, .time(message.pointee.time_micros))
    case WALLET__V1__GET_BALANCE_AT_REQUEST__AT_VERSION:
      guard unsafe message.pointee.version > 0 else { throw .invalidArgument("version", "must be from 1") }
      return unsafe .balanceAt(wallet, .version(message.pointee.version))
    default: throw .invalidArgument("time_micros", "is required where version is not given")
    }
  }

  func listRefusals(_ payload: Span<UInt8>) throws(Failure) -> LedgerRequest {
    let message = unsafe try unpack(
      Wallet__V1__ListRefusalsRequest.self, wallet__v1__list_refusals_request__descriptor, payload)
    var fields = FieldReader()
    let filter = unsafe fields.refusalFilter(message.pointee)
    try fields.requireNothingRefused()
    let page = try unsafe readPage(size: message.pointee.page_size, cursor: message.pointee.cursor)
    return unsafe .refusals(filter, page: page, oldestFirst: message.pointee.oldest_first != 0)
  }
}

extension FieldReader {
  fileprivate mutating func transactionFilter(_ message: Wallet__V1__TransactionFilter) -> TransactionFilter {
    var filter = TransactionFilter()
    (filter.from, filter.before) = unsafe period(message.from_micros, message.before_micros, in: "filter.")
    for index in unsafe 0..<message.n_kinds {
      let number = unsafe message.kinds[index].rawValue
      if let kind = UInt8(exactly: number).flatMap({ TransactionKind(rawValue: $0) }) {
        filter.kinds.insert(kind)
      } else {
        refuseMember("filter.kinds[\(index)]", number: Int64(number), of: "kind of transactions")
      }
    }
    filter.reason = unsafe text(message.reason, "filter.reason", bytesMax: LedgerLimits.reasonBytesMax, .code)
    filter.actor = unsafe text(message.actor, "filter.actor", bytesMax: LedgerLimits.identifierBytesMax, .text)
    filter.reference = unsafe text(
      message.reference, "filter.reference", bytesMax: LedgerLimits.referenceBytesMax, .text)
    filter.amountMin = unsafe message.min_amount
    filter.amountMax = unsafe message.max_amount
    if filter.amountMin < 0 { refuse("filter.min_amount", "must not be negative") }
    if filter.amountMax < 0 { refuse("filter.max_amount", "must not be negative") }
    if filter.amountMax != 0, filter.amountMax < filter.amountMin {
      refuse("filter.max_amount", "must not be below filter.min_amount")
    }
    return filter
  }

  fileprivate mutating func refusalFilter(_ message: Wallet__V1__ListRefusalsRequest) -> RefusalFilter {
    var filter = RefusalFilter()
    if unsafe message.wallet != nil { filter.wallet = unsafe wallet(message.wallet) }
    (filter.from, filter.before) = unsafe period(message.from_micros, message.before_micros, in: "")
    for index in unsafe 0..<message.n_reasons {
      let number = unsafe message.reasons[index].rawValue
      if let reason = UInt8(exactly: number).flatMap({ ErrorReason(rawValue: $0) }) {
        filter.reasons.insert(reason)
      } else {
        refuseMember("reasons[\(index)]", number: Int64(number), of: "reason")
      }
    }
    filter.actor = unsafe text(message.actor, "actor", bytesMax: LedgerLimits.identifierBytesMax, .text)
    filter.owner = unsafe text(message.owner_id, "owner_id", bytesMax: LedgerLimits.identifierBytesMax, .identifier)
    return filter
  }

  /// - Parameter path: What stands before the fields' names.
  private mutating func period(_ from: Int64, _ before: Int64, in path: String) -> (from: Int64, before: Int64) {
    if from < 0 { refuse("\(path)from_micros", "must not be negative") }
    if before < 0 { refuse("\(path)before_micros", "must not be negative") }
    if before != 0, before <= from { refuse("\(path)before_micros", "must be above \(path)from_micros") }
    return (from, before)
  }

  private mutating func refuseMember(_ field: String, number: Int64, of what: String) {
    refuse(field, number == 0 ? "may not be unspecified" : "is no \(what) that this server knows: \(number)")
  }
}
