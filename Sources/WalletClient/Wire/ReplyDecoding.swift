import CProtobufC
import CWalletProto
import WalletCore
import WalletWire

/// Replies from the wire. Unknown fields are ignored.
package enum ReplyDecoding {
  package static func ping(_ payload: [UInt8]) throws(DecodeError) -> Pong {
    try unsafe withUnpacked(payload, wallet__v1__ping_response__unpack) { reply in
      Pong(serverTimeMicros: unsafe reply.server_time_micros, commitSeq: unsafe reply.commit_seq)
    }
  }

  package static func schema(_ payload: [UInt8]) throws(DecodeError) -> WalletSchema {
    try unsafe withUnpacked(payload, wallet__v1__get_schema_response__unpack) { reply in
      WalletSchema(
        fileDescriptorSet: unsafe reply.file_descriptor_set.bytes, digest: unsafe reply.digest.bytes,
        commitSeq: unsafe reply.commit_seq)
    }
  }

  package static func serverInfo(_ payload: [UInt8]) throws(DecodeError) -> ServerInfo {
    try unsafe withUnpacked(payload, wallet__v1__get_server_info_response__unpack) { reply in
      var head = JournalHead(seq: 0, digest: [])
      if let message = unsafe reply.head?.pointee {
        head = JournalHead(seq: unsafe message.seq, digest: unsafe message.digest.bytes)
      }
      return ServerInfo(
        serverName: unsafe reply.server_name.text, ledgerID: unsafe reply.ledger_id.text, epoch: unsafe reply.epoch,
        head: head, serverTimeMicros: unsafe reply.server_time_micros, limits: unsafe limits(reply.limits),
        schemaDigest: unsafe reply.schema_digest.bytes, storage: unsafe reply.storage.text,
        startedAtMicros: unsafe reply.started_at_micros, mutationsAvailable: unsafe reply.mutations_available != 0,
        mutationsUnavailableBecause: unsafe reply.mutations_unavailable_because.text,
        commitSeq: unsafe reply.commit_seq, build: unsafe reply.build.text)
    }
  }

  /// The limits that a greeting states.
  package static func helloAck(_ payload: [UInt8]) throws(DecodeError) -> ConnectionLimits {
    try unsafe withUnpacked(payload, wallet__v1__hello_ack__unpack) { reply in unsafe limits(reply.limits) }
  }

  package static func goAway(_ payload: [UInt8]) -> String {
    (try? unsafe withUnpacked(payload, wallet__v1__go_away__unpack) { reply in unsafe reply.message.text }) ?? ""
  }

  package static func mutation(_ payload: [UInt8], key: String) throws(DecodeError) -> MutationResult {
    try unsafe withUnpacked(payload, wallet__v1__mutation_response__unpack) { reply in
      unsafe mutation(reply, key: key)
    }
  }

  package static func transfer(_ payload: [UInt8], key: String) throws(DecodeError) -> TransferResult {
    try unsafe withUnpacked(payload, wallet__v1__transfer_response__unpack) { reply throws(DecodeError) in
      guard let message = unsafe reply.source else { throw DecodeError(text: "TransferResponse without a source") }
      var source = unsafe mutation(message.pointee, key: key)
      source.replayed = unsafe reply.replayed != 0
      source.commitSeq = unsafe reply.commit_seq
      return TransferResult(
        source: source, destination: unsafe transaction(reply.destination), replayed: source.replayed,
        commitSeq: source.commitSeq, idempotencyKey: key, isDryRun: unsafe reply.dry_run != 0)
    }
  }

  private static func mutation(_ message: Wallet__V1__MutationResponse, key: String) -> MutationResult {
    MutationResult(
      transaction: unsafe transaction(message.transaction), balance: unsafe message.balance,
      held: unsafe message.held, available: unsafe message.available, version: unsafe message.version,
      currency: unsafe message.currency.text, exponent: Int(unsafe message.exponent),
      replayed: unsafe message.replayed != 0, commitSeq: unsafe message.commit_seq, idempotencyKey: key,
      isDryRun: unsafe message.dry_run != 0)
  }

  package static func balance(_ payload: [UInt8]) throws(DecodeError) -> Balance {
    try unsafe withUnpacked(payload, wallet__v1__get_balance_response__unpack) { reply in
      Balance(
        walletID: unsafe reply.wallet_id, balance: unsafe reply.balance, held: unsafe reply.held,
        available: unsafe reply.available, overdraftLimit: unsafe reply.overdraft_limit,
        version: unsafe reply.version, currency: unsafe reply.currency.text, exponent: Int(unsafe reply.exponent),
        commitSeq: unsafe reply.commit_seq, expiryPending: unsafe reply.expiry_pending != 0)
    }
  }

  package static func wallet(_ payload: [UInt8]) throws(DecodeError) -> Wallet {
    try unsafe withUnpacked(payload, wallet__v1__get_wallet_response__unpack) { reply throws(DecodeError) in
      guard let message = unsafe reply.wallet else { throw DecodeError(text: "GetWalletResponse without a wallet") }
      return unsafe wallet(message.pointee)
    }
  }

  package static func wallets(_ payload: [UInt8]) throws(DecodeError) -> WalletPage {
    try unsafe withUnpacked(payload, wallet__v1__list_wallets_response__unpack) { reply in
      let messages = unsafe UnsafeBufferPointer(start: reply.wallets, count: reply.n_wallets)
      let cursor = unsafe reply.next_cursor.text
      return WalletPage(
        wallets: unsafe messages.compactMap { unsafe $0.map { unsafe wallet($0.pointee) } },
        nextCursor: cursor.isEmpty ? nil : cursor, commitSeq: unsafe reply.commit_seq)
    }
  }

  package static func transactions(_ payload: [UInt8]) throws(DecodeError) -> TransactionPage {
    try unsafe withUnpacked(payload, wallet__v1__list_transactions_response__unpack) { reply in
      let messages = unsafe UnsafeBufferPointer(start: reply.transactions, count: reply.n_transactions)
      let cursor = unsafe reply.next_cursor.text
      return TransactionPage(
        transactions: unsafe messages.map { unsafe transaction($0) }, nextCursor: cursor.isEmpty ? nil : cursor,
        currency: unsafe reply.currency.text, exponent: Int(unsafe reply.exponent), commitSeq: unsafe reply.commit_seq)
    }
  }

  private static func limits(_ message: UnsafeMutablePointer<Wallet__V1__Limits>?) -> ConnectionLimits {
    let limits = unsafe message?.pointee ?? Wallet__V1__Limits()
    return ConnectionLimits(
      requestBytesMax: unsafe limits.request_bytes_max, batchRequestBytesMax: unsafe limits.batch_request_bytes_max,
      responseBytesMax: unsafe limits.response_bytes_max, requestsInFlightMax: unsafe limits.requests_in_flight_max,
      idleTimeoutMillis: unsafe limits.idle_timeout_millis,
      defaultDeadlineMillis: unsafe limits.default_deadline_millis)
  }

  static func wallet(_ message: Wallet__V1__Wallet) -> Wallet {
    let status: Wallet.Status
    switch unsafe message.status {
    case WALLET__V1__WALLET_STATUS__WALLET_STATUS_OPEN: status = .open
    case WALLET__V1__WALLET_STATUS__WALLET_STATUS_CLOSED: status = .closed
    default: status = .other(Int(truncatingIfNeeded: unsafe message.status.rawValue))
    }
    return Wallet(
      id: unsafe message.id, ownerID: unsafe message.owner_id.text, currency: unsafe message.currency.text,
      exponent: Int(unsafe message.exponent), name: unsafe message.name.text, status: status,
      balance: unsafe message.balance, held: unsafe message.held, available: unsafe message.available,
      overdraftLimit: unsafe message.overdraft_limit, version: unsafe message.version,
      createdAtMicros: unsafe message.created_at_micros, createdBy: unsafe message.created_by.text,
      updatedAtMicros: unsafe message.updated_at_micros, updatedBy: unsafe message.updated_by.text,
      expiryPending: unsafe message.expiry_pending != 0)
  }

  static func transaction(_ pointer: UnsafeMutablePointer<Wallet__V1__Transaction>?) -> Transaction {
    let message = unsafe pointer?.pointee ?? Wallet__V1__Transaction()
    return Transaction(
      id: unsafe message.id, kind: TransactionKind(rawValue: UInt8(truncatingIfNeeded: unsafe message.kind.rawValue)),
      walletID: unsafe message.wallet_id, walletVersion: unsafe message.wallet_version, amount: unsafe message.amount,
      heldChange: unsafe message.held_change, balance: unsafe message.balance, held: unsafe message.held,
      overdraftLimit: unsafe message.overdraft_limit, counterAccount: unsafe message.counter_account.text,
      counterWalletID: unsafe message.counter_wallet_id, holdID: unsafe message.hold_id,
      relatedTransactionID: unsafe message.related_transaction_id, actor: unsafe message.actor.text,
      onBehalfOf: unsafe message.on_behalf_of.text, reason: unsafe message.reason.text, note: unsafe message.note.text,
      reference: unsafe message.reference.text, idempotencyKey: unsafe message.idempotency_key.text,
      requestDigest: unsafe message.request_digest.bytes, correlationID: unsafe message.correlation_id.text,
      source: unsafe message.source.text, clientName: unsafe message.client_name.text,
      metadata: unsafe metadata(message.metadata, count: message.n_metadata),
      occurredAtMicros: unsafe message.occurred_at_micros, createdAtMicros: unsafe message.created_at_micros,
      detail: unsafe message.detail.bytes, digest: unsafe message.digest.bytes, lane: unsafe message.lane,
      rowFormat: unsafe message.row_format)
  }

  @unsafe
  static func metadata(
    _ entries: UnsafeMutablePointer<UnsafeMutablePointer<Wallet__V1__MetadataEntry>?>?, count: Int
  ) -> [MetadataEntry] {
    let entries = unsafe UnsafeBufferPointer(start: entries, count: count)
    return unsafe entries.compactMap { entry in
      unsafe entry.map { MetadataEntry(key: unsafe $0.pointee.key.text, value: unsafe $0.pointee.value.text) }
    }
  }
}
