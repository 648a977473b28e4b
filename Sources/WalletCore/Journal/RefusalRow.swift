/// One immutable row of the journal: a mutation refused for a business reason, with the figures that decided it.
public struct RefusalRow: JournalRow, Equatable, Sendable {
  /// The version of the canonical encoding of a request with parameters; others are as they were before there were any.
  public static let formatWithParameters: Int64 = 2

  public var seq: Int64
  public var format: Int64 = TransactionRow.formatCurrent
  public var lane: Int64 = 0
  public var verb: Verb
  public var reason: ErrorReason
  /// The wallet that the request's address led to; 0 where there was none.
  public var walletID: Int64
  /// The address as it was given.
  public var address: WalletReference
  public var amount: Int64
  public var counterAccount: Text
  public var parameters: Command.Parameters = .none
  public var attribution: Attribution
  public var requestDigest = ShortBytes()
  public var createdAt: Int64
  /// The canonical encoding of the figures.
  public var figures: [UInt8]
  public var digest = ShortBytes()

  public init(refusing command: Command, walletID: Int64?, failure: Failure, seq: Int64, createdAt: Int64) {
    self.seq = seq
    verb = command.verb
    reason = failure.reason
    self.walletID = walletID ?? 0
    address = command.wallet
    amount = command.amount
    counterAccount = command.effectiveCounterAccount
    parameters = command.parameters
    if parameters != .none { format = Self.formatWithParameters }
    attribution = command.attribution
    self.createdAt = createdAt
    figures = failure.detail.encoded
  }

  /// The refusal of a whole batch, made of the one of its item: whose wallet, amount and reason it was stays with it.
  ///
  /// - Parameter refusal: The item's, which is not recorded itself.
  public init(abortingBatch key: IdempotencyKey, at index: Int, because refusal: RefusalRow, seq: Int64) {
    self = refusal
    self.seq = seq
    attribution = Attribution(key: key, audit: refusal.attribution.audit, origin: refusal.attribution.origin)
    verb = .batch
    reason = .batchAborted
    figures = FailureDetail.batchAborted(index: index, cause: refusal.failure).encoded
  }

  /// A call that was denied. It has no key, and where nobody has read what was asked no digest of the request either.
  public init(_ call: DeniedCall, omitted: Int64, seq: Int64, createdAt: Int64) {
    self.seq = seq
    verb = call.verb
    walletID = call.walletID
    address = call.address
    amount = call.amount
    counterAccount = call.counterAccount
    parameters = call.parameters
    if parameters != .none { format = Self.formatWithParameters }
    attribution = Attribution(key: nil, audit: call.audit, origin: call.origin)
    self.createdAt = createdAt
    var denial = call.denial
    denial.omitted = omitted
    reason = denial.failure.reason
    figures = denial.failure.detail.encoded
  }

  /// A row as it was stored.
  public init(
    seq: Int64, format: Int64, lane: Int64, verb: Verb, reason: ErrorReason, walletID: Int64, address: WalletReference,
    amount: Int64, counterAccount: Text, parameters: Command.Parameters = .none, attribution: Attribution,
    requestDigest: ShortBytes, createdAt: Int64,
    figures: [UInt8], digest: ShortBytes
  ) {
    self.seq = seq
    self.format = format
    self.lane = lane
    self.verb = verb
    self.reason = reason
    self.walletID = walletID
    self.address = address
    self.amount = amount
    self.counterAccount = counterAccount
    self.parameters = parameters
    self.attribution = attribution
    self.requestDigest = requestDigest
    self.createdAt = createdAt
    self.figures = figures
    self.digest = digest
  }

  public var key: IdempotencyKey? { attribution.key }

  /// The refusal as its caller was told.
  public var failure: Failure { Failure(reason, FailureDetail(encoded: figures, of: reason) ?? .none) }

  /// Appends the canonical encoding, without the digest.
  public func encode(into writer: inout CanonicalWriter) {
    writer.byte(UInt8(ascii: "R"))
    writer.integer(format)
    writer.integer(lane)
    writer.integer(seq)
    writer.integer(Int64(verb.rawValue))
    writer.integer(Int64(reason.rawValue))
    writer.integer(walletID)
    writer.address(address)
    writer.integer(amount)
    writer.text(counterAccount)
    writer.encode(attribution, requestDigest)
    writer.integer(createdAt)
    writer.blob(figures)
    if format >= Self.formatWithParameters { writer.blob(parameters.encoded) }
  }
}

extension CanonicalWriter {
  /// Id (0 where a name was given), owner, currency, name.
  mutating func address(_ reference: WalletReference) {
    switch reference {
    case .id(let id, let currency): address(id: id, currency: currency)
    case .name(let name):
      integer(0)
      text(name.owner)
      text(name.currency)
      text(name.name)
    }
  }

  mutating func address(id: Int64, currency: Text) {
    integer(id)
    text(Text())
    text(currency)
    text(Text())
  }
}
