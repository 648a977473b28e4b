import WalletCore

/// The twelve columns that `transactions` and `refusals` share: actor, on_behalf_of, reason, note, reference,
/// idempotency_key, request_digest, correlation_id, source, client_name, metadata, occurred_at.
extension Statement {
  func bindOriginAndAudit(
    from index: Int32, origin: Origin, audit: Command.Audit, key: IdempotencyKey?, requestDigest: [UInt8]
  ) {
    bind(index, origin.actor)
    bindNonempty(index + 1, audit.onBehalfOf)
    bindNonempty(index + 2, audit.reason)
    bindNonempty(index + 3, audit.note)
    bindNonempty(index + 4, audit.reference)
    bind(index + 5, key)
    bindNonempty(index + 6, requestDigest)
    bindNonempty(index + 7, audit.correlationID)
    bindNonempty(index + 8, origin.source)
    bindNonempty(index + 9, origin.clientName)
    bindNonempty(index + 10, MetadataText.encode(audit.metadata))
    bindNonzero(index + 11, audit.occurredAt)
  }

  /// - Parameter column: Of the actor.
  func originAndAudit(from column: Int32) -> (Origin, Command.Audit) {
    let origin = Origin(actor: text(column), source: text(column + 8), clientName: text(column + 9))
    let audit = Command.Audit(
      reason: text(column + 2), note: text(column + 3), reference: text(column + 4), onBehalfOf: text(column + 1),
      correlationID: text(column + 7), occurredAt: integer(column + 11),
      metadata: MetadataText.decode(text(column + 10)))
    return (origin, audit)
  }
}

/// Metadata as text that a person can read: a line `key=value` for each pair. Keys have no "=", and neither side has
/// control characters, so it reads back exactly.
enum MetadataText {
  static func encode(_ pairs: [MetadataPair]) -> Text {
    if pairs.isEmpty { return "" }
    return Text(pairs.map { "\($0.key)=\($0.value)" }.joined(separator: "\n"))
  }

  static func decode(_ text: Text) -> [MetadataPair] {
    if text.isEmpty { return [] }
    return text.string.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      let parts = line.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      return MetadataPair(
        key: Text(String(Substring(parts[0]))), value: Text(parts.count == 2 ? String(Substring(parts[1])) : ""))
    }
  }
}
