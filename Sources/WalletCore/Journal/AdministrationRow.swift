/// One immutable row of the journal: what an administrator did. It changes no wallet.
package struct AdministrationRow: JournalRow, Equatable, Sendable {
  /// The version of the canonical encoding that rows are written with (docs/ROW.md).
  package static let formatCurrent: Int64 = 1

  package var seq: Int64
  package var format: Int64 = AdministrationRow.formatCurrent
  /// The chain of digests that the row belongs to; 0 in an embedded ledger.
  package var lane: Int64 = 0
  package var verb: Verb
  package var attribution: Attribution
  /// The first 16 bytes of SHA-256 over the request's compared fields.
  package var requestDigest = ShortBytes()
  package var createdAt: Int64
  /// What was done: the parameters of the request.
  package var detail: [UInt8]
  /// SHA-256 over the digest of the row before it in its lane and this row's encoding.
  package var digest = ShortBytes()

  package init(seq: Int64, verb: Verb, attribution: Attribution, createdAt: Int64, detail: [UInt8]) {
    self.seq = seq
    self.verb = verb
    self.attribution = attribution
    self.createdAt = createdAt
    self.detail = detail
  }

  package var key: IdempotencyKey? { attribution.key }

  /// Appends the canonical encoding, without the digest.
  package func encode(into writer: inout CanonicalWriter) {
    writer.byte(UInt8(ascii: "A"))
    writer.integer(format)
    writer.integer(lane)
    writer.integer(seq)
    writer.integer(Int64(verb.rawValue))
    writer.encode(attribution, requestDigest)
    writer.integer(createdAt)
    writer.blob(detail)
  }
}
