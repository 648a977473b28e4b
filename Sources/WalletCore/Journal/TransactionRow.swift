/// A row of the journal: it has a place, and a link in the chain of digests.
public protocol JournalRow {
  var seq: Int64 { get }
  var requestDigest: ShortBytes { get set }
  var digest: ShortBytes { get set }
  /// Appends the canonical encoding, without the digest.
  func encode(into writer: inout CanonicalWriter)
}

/// One immutable row of the journal: a change of a wallet.
public struct TransactionRow: JournalRow, Equatable, Sendable {
  /// The version of the canonical encoding that rows are written with (docs/ROW.md).
  public static let formatCurrent: Int64 = 1

  public var seq: Int64
  public var format: Int64 = TransactionRow.formatCurrent
  /// The chain of digests that the row belongs to; 0 in an embedded ledger.
  public var lane: Int64 = 0
  public var kind: TransactionKind
  public var walletID: Int64
  /// The wallet's version after this row.
  public var version: Int64
  /// Signed change of the balance, minor units.
  public var amount: Int64
  public var heldChange: Int64 = 0
  public var balance: Int64
  public var held: Int64
  public var overdraftLimit: Int64
  public var counterAccount: Text
  public var counterWalletID: Int64 = 0
  public var holdID: Int64 = 0
  public var relatedSeq: Int64 = 0
  /// The seq of the wallet's row before this one; 0 for its first. It chains the rows of a wallet, newest first.
  public var previousSeq: Int64 = 0
  public var attribution: Attribution
  /// The first 16 bytes of SHA-256 over the request's compared fields.
  public var requestDigest = ShortBytes()
  public var createdAt: Int64
  /// What the row sets beyond figures, versioned; an open sets the wallet's name.
  public var detail: [UInt8] = []
  /// SHA-256 over the digest of the row before it in its lane and this row's encoding.
  public var digest = ShortBytes()

  @inlinable
  public init(
    seq: Int64, kind: TransactionKind, walletID: Int64, version: Int64, amount: Int64, balance: Int64, held: Int64,
    overdraftLimit: Int64, counterAccount: Text, attribution: Attribution, createdAt: Int64, previousSeq: Int64 = 0
  ) {
    self.seq = seq
    self.kind = kind
    self.walletID = walletID
    self.version = version
    self.amount = amount
    self.balance = balance
    self.held = held
    self.overdraftLimit = overdraftLimit
    self.counterAccount = counterAccount
    self.attribution = attribution
    self.createdAt = createdAt
    self.previousSeq = previousSeq
  }

  public var key: IdempotencyKey? { attribution.key }

  public var available: Int64 { Wallet.available(balance: balance, held: held, overdraftLimit: overdraftLimit) }

  /// Appends the canonical encoding, without the digest.
  public func encode(into writer: inout CanonicalWriter) {
    writer.byte(UInt8(ascii: "T"))
    writer.integer(format)
    writer.integer(lane)
    writer.integer(seq)
    writer.integer(Int64(kind.rawValue))
    writer.integer(walletID)
    writer.integer(version)
    writer.integer(amount)
    writer.integer(heldChange)
    writer.integer(balance)
    writer.integer(held)
    writer.integer(overdraftLimit)
    writer.text(counterAccount)
    writer.integer(counterWalletID)
    writer.integer(holdID)
    writer.integer(relatedSeq)
    writer.integer(previousSeq)
    writer.encode(attribution, requestDigest)
    writer.integer(createdAt)
    writer.blob(detail)
  }
}

extension CanonicalWriter {
  /// What all rows of the journal have in common, in the order of docs/ROW.md.
  mutating func encode(_ attribution: Attribution, _ requestDigest: ShortBytes) {
    let origin = attribution.origin.storage
    text(origin.actor)
    text(attribution.audit.onBehalfOf)
    text(attribution.audit.reason)
    text(attribution.audit.note)
    text(attribution.audit.reference)
    if let (high, low) = attribution.uuid { uuid(high, low) } else { key(attribution.key) }
    blob(requestDigest)
    text(attribution.audit.correlationID)
    text(origin.source)
    text(origin.clientName)
    metadata(attribution.audit.metadata)
    integer(attribution.audit.occurredAt)
  }

  mutating func metadata(_ pairs: [MetadataPair]) {
    integer(Int64(pairs.count))
    for pair in pairs {
      text(pair.key)
      text(pair.value)
    }
  }
}
