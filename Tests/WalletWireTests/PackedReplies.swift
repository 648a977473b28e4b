import CProtobufC
import CWalletProto
import WalletCore

@testable import WalletWire

/// The replies that the encoder writes by hand, made by protobuf-c: what their bytes must be.
final class PackedReplies {
  private let arena = MessageArena(budget: 64 << 20)
  private let errors = ReplyEncoder()

  func frame<Message>(_ message: UnsafeMutablePointer<Message>, flags: FrameFlags = []) -> [UInt8] {
    var output: [UInt8] = []
    output.appendFrame(FrameHeader(type: .response, flags: flags, requestID: 7)) { unsafe $0.appendPacked(message) }
    arena.reset()
    return output
  }

  func mutationResponse(
    _ row: TransactionRow, _ currency: Text, _ exponent: UInt8, replayed: Bool, commitSeq: Int64, isDryRun: Bool = false
  ) -> UnsafeMutablePointer<Wallet__V1__MutationResponse> {
    let message = unsafe arena.new(Wallet__V1__MutationResponse.self, wallet__v1__mutation_response__init)
    unsafe message.pointee.transaction = unsafe transaction(row)
    unsafe message.pointee.balance = row.balance
    unsafe message.pointee.held = row.held
    unsafe message.pointee.available = row.available
    unsafe message.pointee.version = row.version
    unsafe message.pointee.currency = unsafe arena.text(currency)
    unsafe message.pointee.exponent = UInt32(exponent)
    unsafe message.pointee.replayed = replayed ? 1 : 0
    unsafe message.pointee.commit_seq = commitSeq
    unsafe message.pointee.dry_run = isDryRun ? 1 : 0
    return unsafe message
  }

  func transferResponse(
    _ source: TransactionRow, _ destination: TransactionRow, _ currency: Text, _ exponent: UInt8, replayed: Bool,
    commitSeq: Int64, isDryRun: Bool = false
  ) -> UnsafeMutablePointer<Wallet__V1__TransferResponse> {
    let message = unsafe arena.new(Wallet__V1__TransferResponse.self, wallet__v1__transfer_response__init)
    unsafe message.pointee.source = unsafe mutationResponse(
      source, currency, exponent, replayed: replayed, commitSeq: commitSeq, isDryRun: isDryRun)
    unsafe message.pointee.destination = unsafe transaction(destination)
    unsafe message.pointee.commit_seq = commitSeq
    unsafe message.pointee.replayed = replayed ? 1 : 0
    unsafe message.pointee.dry_run = isDryRun ? 1 : 0
    return unsafe message
  }

  func transaction(_ row: TransactionRow) -> UnsafeMutablePointer<Wallet__V1__Transaction> {
    let message = unsafe arena.new(Wallet__V1__Transaction.self, wallet__v1__transaction__init)
    unsafe message.pointee.id = row.seq
    unsafe message.pointee.kind = Wallet__V1__TransactionKind(rawValue: .init(row.kind.rawValue))
    unsafe message.pointee.wallet_id = row.walletID
    unsafe message.pointee.wallet_version = row.version
    unsafe message.pointee.amount = row.amount
    unsafe message.pointee.held_change = row.heldChange
    unsafe message.pointee.balance = row.balance
    unsafe message.pointee.held = row.held
    unsafe message.pointee.overdraft_limit = row.overdraftLimit
    unsafe message.pointee.counter_account = unsafe arena.text(row.counterAccount)
    unsafe message.pointee.counter_wallet_id = row.counterWalletID
    unsafe message.pointee.hold_id = row.holdID
    unsafe message.pointee.related_transaction_id = row.relatedSeq
    unsafe message.pointee.actor = unsafe arena.text(row.attribution.origin.actor)
    unsafe message.pointee.on_behalf_of = unsafe arena.text(row.attribution.audit.onBehalfOf)
    unsafe message.pointee.reason = unsafe arena.text(row.attribution.audit.reason)
    unsafe message.pointee.note = unsafe arena.text(row.attribution.audit.note)
    unsafe message.pointee.reference = unsafe arena.text(row.attribution.audit.reference)
    unsafe message.pointee.idempotency_key = unsafe arena.key(row.key)
    unsafe message.pointee.request_digest = unsafe arena.bytes(row.requestDigest)
    unsafe message.pointee.correlation_id = unsafe arena.text(row.attribution.audit.correlationID)
    unsafe message.pointee.source = unsafe arena.text(row.attribution.origin.source)
    unsafe message.pointee.client_name = unsafe arena.text(row.attribution.origin.clientName)
    unsafe (message.pointee.n_metadata, message.pointee.metadata) = pointers(
      row.attribution.audit.metadata, metadataEntry)
    unsafe message.pointee.occurred_at_micros = row.attribution.audit.occurredAt
    unsafe message.pointee.created_at_micros = row.createdAt
    unsafe message.pointee.detail = unsafe arena.bytes(row.detail)
    unsafe message.pointee.digest = unsafe arena.bytes(row.digest)
    unsafe message.pointee.lane = UInt32(truncatingIfNeeded: row.lane)
    unsafe message.pointee.row_format = UInt32(truncatingIfNeeded: row.format)
    return unsafe message
  }

  func metadataEntry(_ pair: MetadataPair) -> UnsafeMutablePointer<Wallet__V1__MetadataEntry> {
    let message = unsafe arena.new(Wallet__V1__MetadataEntry.self, wallet__v1__metadata_entry__init)
    unsafe message.pointee.key = unsafe arena.text(pair.key)
    unsafe message.pointee.value = unsafe arena.text(pair.value)
    return unsafe message
  }

  func getBalanceResponse(
    _ wallet: Wallet, _ commitSeq: Int64
  ) -> UnsafeMutablePointer<Wallet__V1__GetBalanceResponse> {
    let message = unsafe arena.new(Wallet__V1__GetBalanceResponse.self, wallet__v1__get_balance_response__init)
    unsafe message.pointee.wallet_id = wallet.id
    unsafe message.pointee.balance = wallet.balance
    unsafe message.pointee.held = wallet.held
    unsafe message.pointee.available = wallet.available
    unsafe message.pointee.version = wallet.version
    unsafe message.pointee.currency = unsafe arena.text(wallet.name.currency)
    unsafe message.pointee.exponent = UInt32(wallet.exponent)
    unsafe message.pointee.overdraft_limit = wallet.overdraftLimit
    unsafe message.pointee.commit_seq = commitSeq
    unsafe message.pointee.expiry_pending = wallet.isExpiryPending ? 1 : 0
    return unsafe message
  }

  func listTransactionsResponse(
    _ rows: [TransactionRow], _ cursor: String, _ currency: Text, _ exponent: UInt8, _ commitSeq: Int64
  ) -> UnsafeMutablePointer<Wallet__V1__ListTransactionsResponse> {
    let message = unsafe arena.new(
      Wallet__V1__ListTransactionsResponse.self, wallet__v1__list_transactions_response__init)
    unsafe (message.pointee.n_transactions, message.pointee.transactions) = pointers(rows, transaction)
    unsafe message.pointee.next_cursor = unsafe arena.text(cursor)
    unsafe message.pointee.currency = unsafe arena.text(currency)
    unsafe message.pointee.exponent = UInt32(exponent)
    unsafe message.pointee.commit_seq = commitSeq
    return unsafe message
  }

  func batchResponse(
    _ outcomes: [LedgerOutcome], _ commitSeq: Int64, replayed: Bool, isFull: Bool, isDryRun: Bool = false
  ) -> UnsafeMutablePointer<Wallet__V1__BatchResponse> {
    let message = unsafe arena.new(Wallet__V1__BatchResponse.self, wallet__v1__batch_response__init)
    unsafe (message.pointee.n_results, message.pointee.results) = pointers(outcomes) { outcome in
      unsafe batchResult(outcome, isFull: isFull)
    }
    unsafe message.pointee.commit_seq = commitSeq
    unsafe message.pointee.replayed = replayed ? 1 : 0
    unsafe message.pointee.dry_run = isDryRun ? 1 : 0
    return unsafe message
  }

  func batchResult(
    _ outcome: LedgerOutcome, isFull: Bool
  ) -> UnsafeMutablePointer<Wallet__V1__BatchResult> {
    let message = unsafe arena.new(Wallet__V1__BatchResult.self, wallet__v1__batch_result__init)
    switch outcome {
    case .posted(let row, let currency, let exponent, let replayed),
      .transferred(let row, _, let currency, let exponent, let replayed):
      unsafe message.pointee.transaction_id = row.seq
      unsafe message.pointee.wallet_id = row.walletID
      unsafe message.pointee.wallet_version = row.version
      unsafe message.pointee.balance = row.balance
      unsafe message.pointee.held = row.held
      unsafe message.pointee.available = row.available
      unsafe message.pointee.currency = unsafe arena.text(currency)
      unsafe message.pointee.exponent = UInt32(exponent)
      unsafe message.pointee.replayed = replayed ? 1 : 0
      if isFull { unsafe message.pointee.transaction = unsafe transaction(row) }
    case .failed(let failure, let commitSeq, let replayed):
      unsafe message.pointee.error = unsafe errors.error(failure, commitSeq: commitSeq, replayed: replayed)
      unsafe message.pointee.replayed = replayed ? 1 : 0
    default: preconditionFailure("an item of a batch is posted, transferred or failed")
    }
    return unsafe message
  }

  func pointers<Value, Message>(
    _ values: [Value], _ make: (Value) -> UnsafeMutablePointer<Message>
  ) -> (Int, UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?) {
    if values.isEmpty { return (0, nil) }
    let array = unsafe arena.array(of: UnsafeMutablePointer<Message>?.self, count: values.count)
    for (index, value) in values.enumerated() { unsafe (array + index).initialize(to: make(value)) }
    return unsafe (values.count, array)
  }
}
