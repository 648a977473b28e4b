import WalletCore

/// The ten columns that the tables of the journal share: origin_id, on_behalf_of, reason, note, reference,
/// idempotency_key, request_digest, correlation_id, metadata, occurred_at.
extension Statement {
  func bindAudit(
    from index: Int32, originID: Int64, audit: Command.Audit, key: IdempotencyKey?, requestDigest: ShortBytes
  ) {
    bind(index, originID)
    bindNonempty(index + 1, audit.onBehalfOf)
    bindNonempty(index + 2, audit.reason)
    bindNonempty(index + 3, audit.note)
    bindNonempty(index + 4, audit.reference)
    bind(index + 5, key)
    bindNonempty(index + 6, requestDigest)
    bindNonempty(index + 7, audit.correlationID)
    bindNonempty(index + 8, MetadataText.encode(audit.metadata))
    bindNonzero(index + 9, audit.occurredAt)
  }

  /// - Parameter column: Of on_behalf_of.
  func audit(from column: Int32) -> Command.Audit {
    Command.Audit(
      reason: text(column + 1), note: text(column + 2), reference: text(column + 3), onBehalfOf: text(column),
      correlationID: text(column + 6), occurredAt: integer(column + 8),
      metadata: MetadataText.decode(text(column + 7)))
  }
}

/// Metadata as text that a person can read: a line `key=value` for each pair. Keys have no "=", and neither side has
/// control characters, so it reads back exactly.
enum MetadataText {
  static func encode(_ pairs: [MetadataPair]) -> Text {
    if pairs.isEmpty { return Text() }
    return Text(pairs.map { "\($0.key)=\($0.value)" }.joined(separator: "\n"))
  }

  static func decode(_ text: Text) -> [MetadataPair] {
    if text.isEmpty { return [] }
    return text.string.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      let parts = line.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      return MetadataPair(
        key: Text(String(Substring(parts[0]))), value: parts.count == 2 ? Text(String(Substring(parts[1]))) : Text())
    }
  }
}
