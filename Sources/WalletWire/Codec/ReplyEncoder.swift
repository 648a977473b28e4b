import CProtobufC
import CWalletProto
package import WalletCore

/// Makes frames of outcomes. One for each queue that answers.
package final class ReplyEncoder {
  let arena: MessageArena

  package init() {
    // The largest reply is a batch's: 4 MiB on the wire, and less than four times that while it is built.
    arena = MessageArena(budget: 16 << 20)
  }

  /// Appends the RESPONSE frame of an outcome.
  package func append(_ outcome: LedgerOutcome, to verb: Verb, requestID: UInt32, into output: inout [UInt8]) {
    defer { arena.reset() }
    switch outcome {
    case .failed(let failure, let commitSeq, let replayed):
      append(failure, commitSeq: commitSeq, replayed: replayed, requestID: requestID, into: &output)
    case .posted(let row, let currency, let exponent, let replayed):
      let message = unsafe mutationResponse(row, currency, exponent, replayed: replayed)
      unsafe append(message, requestID, flags: replayed ? .replayed : [], into: &output)
    case .wallet(let wallet, let commitSeq):
      if verb == .getWallet {
        unsafe append(getWalletResponse(wallet, commitSeq), requestID, into: &output)
      } else {
        unsafe append(getBalanceResponse(wallet, commitSeq), requestID, into: &output)
      }
    case .transactions(let rows, let cursor, let currency, let exponent, let commitSeq):
      let message = unsafe listTransactionsResponse(rows, cursor, currency, exponent, commitSeq)
      unsafe append(message, requestID, into: &output)
    case .wallets(let wallets, let cursor, let commitSeq):
      unsafe append(listWalletsResponse(wallets, cursor, commitSeq), requestID, into: &output)
    case .history:
      preconditionFailure("a history is answered by its reader")
    case .batch(let outcomes, let commitSeq, let replayed, let isFull):
      let message = unsafe batchResponse(outcomes, commitSeq, replayed: replayed, isFull: isFull)
      unsafe append(message, requestID, flags: replayed ? .replayed : [], into: &output)
    case .info:
      preconditionFailure("info is answered by the server, which knows the rest of it")
    }
  }

  /// Appends the RESPONSE frame of a failure. Every failure that is answered is a promise that nothing happened.
  package func append(
    _ failure: Failure, commitSeq: Int64, replayed: Bool = false, requestID: UInt32, into output: inout [UInt8]
  ) {
    defer { arena.reset() }
    let header = FrameHeader(
      type: .response, flags: replayed ? [.notExecuted, .replayed] : .notExecuted, code: failure.reason.status,
      requestID: requestID, millis: failure.retryAfterMilliseconds)
    let message = unsafe error(failure, commitSeq: commitSeq, replayed: replayed)
    output.appendFrame(header) { unsafe $0.appendPacked(message) }
  }

  /// Appends the CONNECTION_ERROR frame after which a connection closes.
  package func appendConnectionError(_ failure: Failure, into output: inout [UInt8]) {
    defer { arena.reset() }
    let message = unsafe error(failure, commitSeq: 0, replayed: false)
    output.appendFrame(FrameHeader(type: .connectionError)) { unsafe $0.appendPacked(message) }
  }

  @unsafe
  func append<Message>(
    _ message: UnsafeMutablePointer<Message>, _ requestID: UInt32, flags: FrameFlags = [], into output: inout [UInt8]
  ) {
    output.appendFrame(FrameHeader(type: .response, flags: flags, requestID: requestID)) {
      unsafe $0.appendPacked(message)
    }
  }

  // MARK: Messages

  private func mutationResponse(
    _ row: TransactionRow, _ currency: Text, _ exponent: UInt8, replayed: Bool
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
    unsafe message.pointee.commit_seq = row.seq
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
    unsafe message.pointee.actor = unsafe arena.text(row.origin.actor)
    unsafe message.pointee.on_behalf_of = unsafe arena.text(row.audit.onBehalfOf)
    unsafe message.pointee.reason = unsafe arena.text(row.audit.reason)
    unsafe message.pointee.note = unsafe arena.text(row.audit.note)
    unsafe message.pointee.reference = unsafe arena.text(row.audit.reference)
    unsafe message.pointee.idempotency_key = unsafe arena.key(row.key)
    unsafe message.pointee.request_digest = unsafe arena.bytes(row.requestDigest)
    unsafe message.pointee.correlation_id = unsafe arena.text(row.audit.correlationID)
    unsafe message.pointee.source = unsafe arena.text(row.origin.source)
    unsafe message.pointee.client_name = unsafe arena.text(row.origin.clientName)
    unsafe (message.pointee.n_metadata, message.pointee.metadata) = pointers(row.audit.metadata, metadataEntry)
    unsafe message.pointee.occurred_at_micros = row.audit.occurredAt
    unsafe message.pointee.created_at_micros = row.createdAt
    unsafe message.pointee.detail = unsafe arena.bytes(row.detail)
    unsafe message.pointee.digest = unsafe arena.bytes(row.digest)
    unsafe message.pointee.lane = UInt32(truncatingIfNeeded: row.lane)
    unsafe message.pointee.row_format = UInt32(truncatingIfNeeded: row.format)
    return unsafe message
  }

  private func metadataEntry(_ pair: MetadataPair) -> UnsafeMutablePointer<Wallet__V1__MetadataEntry> {
    let message = unsafe arena.new(Wallet__V1__MetadataEntry.self, wallet__v1__metadata_entry__init)
    unsafe message.pointee.key = unsafe arena.text(pair.key)
    unsafe message.pointee.value = unsafe arena.text(pair.value)
    return unsafe message
  }

  private func wallet(_ wallet: Wallet) -> UnsafeMutablePointer<Wallet__V1__Wallet> {
    let message = unsafe arena.new(Wallet__V1__Wallet.self, wallet__v1__wallet__init)
    unsafe message.pointee.id = wallet.id
    unsafe message.pointee.owner_id = unsafe arena.text(wallet.name.owner)
    unsafe message.pointee.currency = unsafe arena.text(wallet.name.currency)
    unsafe message.pointee.exponent = UInt32(wallet.exponent)
    unsafe message.pointee.name = unsafe arena.text(wallet.name.name)
    unsafe message.pointee.status = Wallet__V1__WalletStatus(rawValue: .init(wallet.status.rawValue))
    unsafe message.pointee.balance = wallet.balance
    unsafe message.pointee.held = wallet.held
    unsafe message.pointee.available = wallet.available
    unsafe message.pointee.overdraft_limit = wallet.overdraftLimit
    unsafe message.pointee.version = wallet.version
    unsafe message.pointee.created_at_micros = wallet.createdAt
    unsafe message.pointee.created_by = unsafe arena.text(wallet.createdBy)
    unsafe message.pointee.updated_at_micros = wallet.updatedAt
    unsafe message.pointee.updated_by = unsafe arena.text(wallet.updatedBy)
    return unsafe message
  }

  private func getWalletResponse(
    _ wallet: Wallet, _ commitSeq: Int64
  ) -> UnsafeMutablePointer<Wallet__V1__GetWalletResponse> {
    let message = unsafe arena.new(Wallet__V1__GetWalletResponse.self, wallet__v1__get_wallet_response__init)
    unsafe message.pointee.wallet = unsafe self.wallet(wallet)
    unsafe message.pointee.commit_seq = commitSeq
    return unsafe message
  }

  private func getBalanceResponse(
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
    return unsafe message
  }

  private func listTransactionsResponse(
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

  private func listWalletsResponse(
    _ wallets: [Wallet], _ cursor: String, _ commitSeq: Int64
  ) -> UnsafeMutablePointer<Wallet__V1__ListWalletsResponse> {
    let message = unsafe arena.new(Wallet__V1__ListWalletsResponse.self, wallet__v1__list_wallets_response__init)
    unsafe (message.pointee.n_wallets, message.pointee.wallets) = pointers(wallets, wallet)
    unsafe message.pointee.next_cursor = unsafe arena.text(cursor)
    unsafe message.pointee.commit_seq = commitSeq
    return unsafe message
  }

  /// A repeated field of messages.
  func pointers<Value, Message>(
    _ values: [Value], _ make: (Value) -> UnsafeMutablePointer<Message>
  ) -> (Int, UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?) {
    if values.isEmpty { return (0, nil) }
    let array = unsafe arena.array(of: UnsafeMutablePointer<Message>?.self, count: values.count)
    for (index, value) in values.enumerated() { unsafe (array + index).initialize(to: make(value)) }
    return unsafe (values.count, array)
  }
}
