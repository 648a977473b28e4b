/// A change of a wallet that the rules allow: what the row of the journal says beyond the request.
public struct Posting: Sendable {
  public var seq: Int64
  public var kind: TransactionKind
  /// The wallet after it.
  public var wallet: WalletAccount
  /// Signed change of the balance, minor units.
  public var amount: Int64
  /// The wallet's row before this one; 0 for its first.
  public var previousSeq: Int64
  public var counterAccount: Text
  public var createdAt: Int64
  /// What only few postings have.
  public var extras: Extras?

  /// What debits and credits of plain wallets don't have. One object, so that those don't carry it around.
  public final class Extras: Sendable {
    public let heldChange: Int64
    public let counterWalletID: Int64
    public let holdID: Int64
    public let relatedSeq: Int64
    public let detail: [UInt8]
    /// Where it isn't the command's.
    public let attribution: Attribution?
    /// The wallet's controls after it; `nil` where they stay as they are.
    public let controls: WalletControls?
    /// A hold that it makes or changes, after it.
    public let hold: Hold?
    /// What was refunded of `relatedSeq` with this posting; `nil` for all but refunds.
    public let refunded: Int64?

    public init(
      heldChange: Int64 = 0, counterWalletID: Int64 = 0, holdID: Int64 = 0, relatedSeq: Int64 = 0,
      detail: [UInt8] = [], attribution: Attribution? = nil, controls: WalletControls? = nil, hold: Hold? = nil,
      refunded: Int64? = nil
    ) {
      self.heldChange = heldChange
      self.counterWalletID = counterWalletID
      self.holdID = holdID
      self.relatedSeq = relatedSeq
      self.detail = detail
      self.attribution = attribution
      self.controls = controls
      self.hold = hold
      self.refunded = refunded
    }
  }
}

extension TransactionRow {
  /// The row of a posting, without its digests.
  public init(_ posting: borrowing Posting, for attribution: Attribution) {
    self.init(
      seq: posting.seq, kind: posting.kind, walletID: posting.wallet.id, version: posting.wallet.version,
      amount: posting.amount, balance: posting.wallet.balance, held: posting.wallet.held,
      overdraftLimit: posting.wallet.overdraftLimit, counterAccount: posting.counterAccount,
      attribution: attribution, createdAt: posting.createdAt, previousSeq: posting.previousSeq)
    if let extras = posting.extras { add(extras) }
  }

  @inline(never)
  private mutating func add(_ extras: Posting.Extras) {
    heldChange = extras.heldChange
    counterWalletID = extras.counterWalletID
    holdID = extras.holdID
    relatedSeq = extras.relatedSeq
    detail = extras.detail
    if let other = extras.attribution { attribution = other }
  }
}
