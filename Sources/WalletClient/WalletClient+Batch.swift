import WalletCore

extension WalletClient {
  /// Does up to 8,190 mutations in one request and one commit, in order; each sees those before it.
  ///
  /// Item by item, the call ends well when the server has looked at all items, and each result says what became of its
  /// item. Of all or nothing, the first item that is refused ends it with BATCH_ABORTED, whose detail has the item's index
  /// and its refusal; nothing was done then.
  ///
  /// It is repeated like any mutation, always with the same keys. After ``WalletError/outcomeUnknown(key:cause:)`` call
  /// again with the same items and the key that the error gives.
  public func batch(
    _ items: [BatchItem], mode: BatchMode = .itemByItem(), _ options: BatchOptions = BatchOptions()
  ) async throws(WalletError) -> BatchResult {
    let keys: BatchKeys
    switch mode {
    case .itemByItem(let key): keys = .ofItems(from: key ?? makeIdempotencyKey())
    case .allOrNothing(let key): keys = .ofAll(key ?? makeIdempotencyKey())
    }
    // What can't be sent isn't built first.
    if let rule = keys.rule(brokenBy: items) {
      throw .unsent(key: keys.key, rule, earlierOutcomeUnknown: options.earlierOutcomeUnknown)
    }
    let itemKeys = items.enumerated().map { index, item in keys.ofItem(index, own: item.options.idempotencyKey) }
    return try await sendBatch(
      RequestEncoding.batch(items, keys, itemKeys, options), keys: itemKeys, of: keys.key,
      unsettled: items.map(\.options.earlierOutcomeUnknown), options)
  }

  /// Sends a Batch that is encoded already.
  ///
  /// - Parameters:
  ///   - keys: Of its items.
  ///   - key: Its own.
  ///   - unsettled: The items of which an earlier attempt ended unknown.
  package func sendBatch(
    _ payload: [UInt8], keys: [String], of key: String, unsettled: [Bool], _ options: BatchOptions
  ) async throws(WalletError) -> BatchResult {
    let state = CallState(
      isMutation: !options.dryRun, attemptsMax: max(1, self.options.attemptsMax),
      earlierOutcomeUnknown: options.earlierOutcomeUnknown)
    let (reply, afterUnknown) = try await outcome(
      method: Verb.batch.rawValue, payload: payload, state, key: key, timeout: options.timeout)
    do throws(DecodeError) {
      var result = try ReplyDecoding.batch(reply, keys: keys, unsettled: unsettled.map { $0 || afterUnknown })
      result.idempotencyKey = key
      return result
    } catch {
      if options.dryRun { throw .notExecuted(key: key, cause: .invalidReply(error.text)) }
      // It was done, but nobody can say what: another call with the same keys gives the reply again.
      throw .outcomeUnknown(key: key, cause: .invalidReply(error.text))
    }
  }
}

/// The keys of a batch.
package enum BatchKeys: Sendable {
  /// Counted up from a UUID, where an item has none of its own.
  case ofItems(from: String)
  case ofAll(String)

  package static let itemsMax = BatchCommand.itemsMax

  package var key: String {
    switch self {
    case .ofItems(let key), .ofAll(let key): key
    }
  }

  package func ofItem(_ index: Int, own key: String?) -> String {
    guard case .ofItems(let first) = self else { return self.key }
    if let key { return key }
    guard let (high, low) = UUIDv7.bits(first) else { return first }
    // Only in the bits that are neither version nor variant.
    let counted: UInt64 = 0x3FFF_FFFF_FFFF_FFFF
    return UUIDv7.text(high: high, low: low & ~counted | (low &+ UInt64(index)) & counted)
  }

  package func rule(brokenBy items: [BatchItem]) -> String? {
    guard (1...Self.itemsMax).contains(items.count) else {
      return "\(items.count) items; a batch has 1 to \(Self.itemsMax)"
    }
    for (index, item) in items.enumerated() {
      if let rule = item.mutation.brokenRule { return "item \(index): \(rule)" }
      if item.options.dryRun {
        return "item \(index) is a dry run of its own; a batch is one as a whole, or none of it"
      }
    }
    switch self {
    case .ofItems(let first):
      return UUIDv7.bits(first) == nil ? "the key that items get theirs from must be a UUID in lower case" : nil
    case .ofAll:
      let index = items.firstIndex { $0.options.idempotencyKey != nil }
      return index.map { "item \($0) has a key; a batch of all or nothing has one for all" }
    }
  }
}
