import CProtobufC
import CWalletProto
import WalletCore

/// The requests of streams. They have no key, so every rule counts at once.
extension RequestDecoder {
  func watch(_ payload: Span<UInt8>) throws(Failure) -> StreamRequest {
    let message = unsafe try unpack(
      Wallet__V1__WatchTransactionsRequest.self, wallet__v1__watch_transactions_request__descriptor, payload)
    var fields = FieldReader()
    let start = unsafe fields.start(of: message.pointee)
    let walletIDs = unsafe fields.walletIDs(message.pointee)
    let kinds = unsafe fields.kinds(message.pointee)
    try fields.requireNothingRefused()
    return .watch(WatchRequest(start: start, walletIDs: walletIDs, kinds: kinds))
  }

  func verify(_ payload: Span<UInt8>) throws(Failure) -> StreamRequest {
    let message = unsafe try unpack(
      Wallet__V1__VerifyRequest.self, wallet__v1__verify_request__descriptor, payload)
    var fields = FieldReader()
    let head = unsafe fields.head(message.pointee.expected_head)
    try fields.requireNothingRefused()
    return .verify(
      VerifyRequest(expectedHead: head, skipsIntegrityCheck: unsafe message.pointee.skip_integrity_check != 0))
  }
}

extension RequestDecoder {
  func backup(_ payload: Span<UInt8>) throws(Failure) -> StreamRequest {
    let message = unsafe try unpack(
      Wallet__V1__BackupRequest.self, wallet__v1__backup_request__descriptor, payload)
    return .backup(BackupRequest(isIncremental: unsafe message.pointee.incremental != 0))
  }
}

extension FieldReader {
  fileprivate mutating func start(of message: Wallet__V1__WatchTransactionsRequest) -> WatchRequest.Start {
    switch unsafe message.start_case {
    case WALLET__V1__WATCH_TRANSACTIONS_REQUEST__START_AFTER_SEQ:
      let seq = unsafe message.after_seq
      if seq < 0 { refuse("after_seq", "must not be negative") }
      return .after(seq: seq)
    case WALLET__V1__WATCH_TRANSACTIONS_REQUEST__START_RESUME_TOKEN:
      return .token(
        unsafe text(
          message.resume_token, "resume_token", bytesMax: LedgerLimits.cursorBytesMax, .identifier, required: true))
    case WALLET__V1__WATCH_TRANSACTIONS_REQUEST__START_FROM_NOW:
      if unsafe message.from_now == 0 { refuse("from_now", "must be true where it is given") }
      return .now
    default:
      refuse("start", "is required: after_seq, resume_token or from_now")
      return .now
    }
  }

  fileprivate mutating func walletIDs(_ message: Wallet__V1__WatchTransactionsRequest) -> Set<Int64> {
    let ids = unsafe UnsafeBufferPointer(start: message.wallet_ids, count: message.n_wallet_ids)
    guard ids.count <= LedgerLimits.watchedWalletsMax else {
      refuse("wallet_ids", "has \(ids.count) ids; at most \(LedgerLimits.watchedWalletsMax) are allowed")
      return []
    }
    for index in ids.indices where unsafe ids[index] <= 0 { refuse("wallet_ids[\(index)]", "must be positive") }
    return unsafe Set(ids)
  }

  fileprivate mutating func kinds(_ message: Wallet__V1__WatchTransactionsRequest) -> Set<TransactionKind> {
    let numbers = unsafe UnsafeBufferPointer(start: message.kinds, count: message.n_kinds)
    var kinds: Set<TransactionKind> = []
    for index in numbers.indices {
      let number = unsafe numbers[index].rawValue
      if let kind = UInt8(exactly: number).flatMap({ TransactionKind(rawValue: $0) }) {
        kinds.insert(kind)
      } else {
        refuse("kinds[\(index)]", number == 0 ? "must be a kind" : "is no kind that this server knows")
      }
    }
    return kinds
  }

  @unsafe
  fileprivate mutating func head(_ message: UnsafeMutablePointer<Wallet__V1__JournalHead>?) -> JournalHead? {
    guard let message = unsafe message?.pointee else { return nil }
    if unsafe message.seq < 0 { refuse("expected_head.seq", "must not be negative") }
    let digest = unsafe ShortBytes(UnsafeRawBufferPointer(start: message.digest.data, count: message.digest.len))
    if digest.count != LedgerLimits.digestBytes {
      refuse("expected_head.digest", "has \(digest.count) bytes; a digest has \(LedgerLimits.digestBytes)")
    }
    return JournalHead(seq: unsafe message.seq, digest: digest)
  }
}
