/// One immutable row of the journal: what an administrator did. It changes no wallet.
public struct AdministrationRow: JournalRow, Equatable, Sendable {
  /// The version of the canonical encoding that rows are written with (docs/ROW.md).
  public static let formatCurrent: Int64 = 1

  public var seq: Int64
  public var format: Int64 = AdministrationRow.formatCurrent
  /// The chain of digests that the row belongs to; 0 in an embedded ledger.
  public var lane: Int64 = 0
  public var verb: Verb
  public var attribution: Attribution
  /// The first 16 bytes of SHA-256 over the request's compared fields.
  public var requestDigest = ShortBytes()
  public var createdAt: Int64
  /// What was done: the parameters of the request.
  public var detail: [UInt8]
  /// SHA-256 over the digest of the row before it in its lane and this row's encoding.
  public var digest = ShortBytes()

  public init(seq: Int64, verb: Verb, attribution: Attribution, createdAt: Int64, detail: [UInt8]) {
    self.seq = seq
    self.verb = verb
    self.attribution = attribution
    self.createdAt = createdAt
    self.detail = detail
  }

  public var key: IdempotencyKey? { attribution.key }

  /// Appends the canonical encoding, without the digest.
  public func encode(into writer: inout CanonicalWriter) {
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
