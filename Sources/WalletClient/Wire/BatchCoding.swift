import CProtobufC
import CWalletProto
import WalletWire

extension RequestEncoding {
  static func batch(_ items: [BatchItem], _ keys: BatchKeys, _ itemKeys: [String], _ options: BatchOptions) -> [UInt8] {
    // What is too long is found out when it is sent, by the limit that the server says.
    let arena = MessageArena(budget: .max / 2)
    let request = unsafe arena.new(Wallet__V1__BatchRequest.self, wallet__v1__batch_request__init)
    var itemKeys = itemKeys
    if case .ofAll(let key) = keys {
      itemKeys = Array(repeating: "", count: items.count)
      unsafe request.pointee.idempotency_key = arena.text(key)
      unsafe request.pointee.atomic = 1
    }
    unsafe request.pointee.full_results = options.fullResults ? 1 : 0
    unsafe request.pointee.dry_run = options.dryRun ? 1 : 0
    let pointers = unsafe arena.array(of: UnsafeMutablePointer<Wallet__V1__BatchItem>?.self, count: items.count)
    for (index, item) in items.enumerated() {
      let builder = MutationBuilder(options: item.options, key: itemKeys[index], arena: arena)
      unsafe (pointers + index).initialize(to: builder.item(item.mutation))
    }
    unsafe request.pointee.items = unsafe pointers
    unsafe request.pointee.n_items = items.count
    return unsafe packed(request)
  }
}

extension ReplyDecoding {
  /// - Parameters:
  ///   - keys: Of the items.
  ///   - unsettled: The items of which an attempt before this answer ended unknown.
  static func batch(_ payload: [UInt8], keys: [String], unsettled: [Bool]) throws(DecodeError) -> BatchResult {
    if NestedErrors.areTooDeep(inBatchResponse: payload[...]) { throw DecodeError(text: "errors within errors") }
    return try unsafe withUnpacked(payload, wallet__v1__batch_response__unpack) { reply throws(DecodeError) in
      let messages = unsafe UnsafeBufferPointer(start: reply.results, count: reply.n_results)
      guard messages.count == keys.count else {
        throw DecodeError(text: "\(messages.count) results to a batch of \(keys.count)")
      }
      var results: [BatchItemResult] = []
      results.reserveCapacity(keys.count)
      for (index, key) in keys.enumerated() {
        guard let message = unsafe messages[index]?.pointee else { throw DecodeError(text: "a missing result") }
        unsafe results.append(result(message, key: key, afterUnknown: unsettled[index]))
      }
      return BatchResult(
        items: results, commitSeq: unsafe reply.commit_seq, replayed: unsafe reply.replayed != 0, idempotencyKey: "",
        isDryRun: unsafe reply.dry_run != 0)
    }
  }

  private static func result(
    _ message: Wallet__V1__BatchResult, key: String, afterUnknown: Bool
  ) -> BatchItemResult {
    if let error = unsafe message.error?.pointee {
      let rejection = unsafe Rejection(error, key: key)
      return afterUnknown && !rejection.isRemembered ? .outcomeUnknown(rejection) : .rejected(rejection)
    }
    return .done(
      BatchItemDone(
        transactionID: unsafe message.transaction_id, walletID: unsafe message.wallet_id,
        version: unsafe message.wallet_version, balance: unsafe message.balance, held: unsafe message.held,
        available: unsafe message.available, currency: unsafe message.currency.text,
        exponent: Int(unsafe message.exponent), replayed: unsafe message.replayed != 0,
        transaction: unsafe message.transaction == nil ? nil : unsafe transaction(message.transaction),
        idempotencyKey: key))
  }
}
