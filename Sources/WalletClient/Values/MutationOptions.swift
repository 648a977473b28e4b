/// What a mutation says besides its wallet and amount. Text is UTF-8 without control characters.
public struct MutationOptions: Sendable {
  /// Why the wallet changes: a short code of at most 64 bytes of `[a-z0-9._-]`, such as `esim.purchase`. Required.
  public var reason: String

  /// 8 to 64 printable ASCII characters that name this mutation for ever: the same key with the same request never takes
  /// effect twice. `nil`: the client makes a UUID (version 7), which errors and the result give back.
  public var idempotencyKey: String?

  /// The version that the wallet must have, from 1; `nil`: not checked. A transfer's is its source's.
  public var expectedVersion: Int64?

  /// For people, at most 256 bytes.
  public var note: String = ""
  /// The caller's own name of the matter, such as an order number; at most 128 bytes.
  public var reference: String = ""
  /// For whom the caller acts; at most 64 bytes of `[A-Za-z0-9._:@-]`.
  public var onBehalfOf: String = ""
  /// Ties this mutation to a trace; at most 64 bytes of `[A-Za-z0-9._:@-]`.
  public var correlationID: String = ""
  /// At most 16 pairs and 1 KiB, kept in this order.
  public var metadata: [MetadataEntry] = []
  /// When it happened for the business, in microseconds since 1970 UTC; 0: not given. No rule looks at it.
  public var occurredAtMicros: Int64 = 0
  /// The account that stands against the wallet; empty: `sales` for a debit or a capture, `funding` for a credit,
  /// `refunds` for a refund. Other mutations post against none and leave it out.
  public var counterAccount: String = ""
  /// Check everything and give the figures that would follow, but write nothing: no row, no refusal, and the key stays
  /// new. A key that is known already is answered as ever. Not for items of a batch: ``BatchOptions/dryRun`` is for all.
  public var dryRun = false

  /// The time for this call; `nil`: that of ``WalletClientOptions/timeout``.
  public var timeout: Duration?

  /// An earlier call with this key ended with ``WalletError/outcomeUnknown(key:cause:)``. Then an answer that speaks of
  /// this attempt alone can't settle the matter, and is given as `outcomeUnknown` again.
  public var earlierOutcomeUnknown = false

  public init(reason: String, idempotencyKey: String? = nil) {
    self.reason = reason
    self.idempotencyKey = idempotencyKey
  }
}

/// One pair of a mutation's metadata.
public struct MetadataEntry: Sendable, Hashable {
  public var key: String
  public var value: String

  public init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}
