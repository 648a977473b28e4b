/// The code of a failed call. Numbers are those of `ErrorReason` in wallet.proto and are never reused.
///
/// In a decision the lowest number that applies, from `idempotencyMismatch` on, is the answer: the order of the cases is
/// the order of precedence. docs/ERRORS.md is made of this file: what stands above a case is said there as it is.
public enum ErrorReason: UInt8, Sendable, CaseIterable {
  /// What came is no frame, is too long, has a wrong checksum or may not come now. The connection closes.
  case invalidFrame = 1
  /// The connection has no identity, or a wrong one: it closes.
  case unauthenticated = 2
  /// The identity hasn't the scope that the verb takes, or is kept from that wallet or amount.
  case permissionDenied = 3
  /// The verb, or a field of it, isn't served here.
  case unimplemented = 4
  /// Too much is queued already, or a stream is not read fast enough.
  case resourceExhausted = 5
  /// The caller took the request back before its commit.
  case cancelled = 6
  /// The deadline passed before the commit began.
  case deadlineExceeded = 7
  /// The server is leaving, or its clock or its disk can't be relied upon now.
  case unavailable = 8
  /// A field is missing, too long, out of range or unknown.
  case invalidArgument = 9
  /// A cursor or a token of another ledger, or of the time before a restore.
  case resumeInvalid = 10
  /// The key belongs to another request. The field is the first that differs.
  case idempotencyMismatch = 11
  /// The request names a currency that nobody knows.
  case currencyUnknown = 12
  /// The currency is known already.
  case currencyExists = 13
  /// The request's currency isn't the wallet's, or two wallets have different ones.
  case currencyMismatch = 14
  /// There is no such counter-account.
  case counterAccountUnknown = 15
  /// The address leads to no wallet.
  case walletNotFound = 16
  /// The name is taken, if by a closed wallet.
  case walletExists = 17
  /// Source and destination are one wallet.
  case sameWallet = 18
  /// There is no such transaction.
  case transactionNotFound = 19
  /// The transaction is neither a debit nor a capture.
  case notRefundable = 20
  /// The wallet is closed.
  case walletClosed = 21
  /// The wallet is frozen for what was asked.
  case walletFrozen = 22
  /// A wallet that has a balance or open holds can't be closed.
  case walletNotEmpty = 23
  /// `expected_version` isn't the wallet's version.
  case versionConflict = 24
  /// There is no such hold.
  case holdNotFound = 25
  /// The hold has ended: its last capture is done.
  case holdCaptured = 26
  /// The hold has ended: it was released.
  case holdReleased = 27
  /// The hold has ended: its time was over.
  case holdExpired = 28
  /// More is captured than is left of the hold.
  case holdAmountExceeded = 29
  /// All refunds together would be more than was taken.
  case refundExceedsOriginal = 30
  /// A limit of what may be taken out, of one transaction or of a day, week or month.
  case limitExceeded = 31
  /// The balance would pass its maximum.
  case maxBalanceExceeded = 32
  /// More is asked for than is available.
  case insufficientFunds = 33
  /// A sum would leave the range of 64-bit integers.
  case amountOverflow = 34
  /// An item of a batch of all or nothing was refused, so nothing was done.
  case batchAborted = 35
  /// A bug. The server has logged it under the id.
  case `internal` = 36
  /// The counter-account is there already.
  case counterAccountExists = 37

  /// The name on the wire without its prefix, such as `INSUFFICIENT_FUNDS`.
  public var name: String {
    var name = ""
    for character in "\(self)" {
      if character.isUppercase { name.append("_") }
      name.append(character.uppercased())
    }
    return name
  }

  /// Whether its row in the journal is that of a call that nobody was let do: it has no key.
  public var isDenial: Bool { self == .permissionDenied || self == .unauthenticated }

  /// Whether a refusal for this reason has a row in the journal and answers its key for ever.
  public var isRemembered: Bool {
    switch rawValue {
    case Self.currencyUnknown.rawValue...Self.amountOverflow.rawValue: self != .versionConflict
    case Self.counterAccountExists.rawValue: true
    default: false
    }
  }

  /// The gRPC status number that travels in the frame's header.
  public var status: UInt16 {
    switch self {
    case .cancelled: 1
    case .invalidFrame, .invalidArgument: 3
    case .deadlineExceeded: 4
    case .currencyUnknown, .counterAccountUnknown, .walletNotFound, .transactionNotFound, .holdNotFound: 5
    case .idempotencyMismatch, .currencyExists, .counterAccountExists, .walletExists: 6
    case .permissionDenied: 7
    case .resourceExhausted: 8
    case .versionConflict, .batchAborted: 10
    case .amountOverflow: 11
    case .unimplemented: 12
    case .internal: 13
    case .unavailable: 14
    case .unauthenticated: 16
    case .resumeInvalid, .currencyMismatch, .sameWallet, .notRefundable, .walletClosed, .walletFrozen,
      .walletNotEmpty, .holdCaptured, .holdReleased, .holdExpired, .holdAmountExceeded, .refundExceedsOriginal,
      .limitExceeded, .maxBalanceExceeded, .insufficientFunds:
      9
    }
  }

  /// The fields of `Error.detail` in wallet.proto that may hold its figures.
  public var detailFields: [String] {
    switch self {
    case .cancelled, .deadlineExceeded, .resumeInvalid: []
    case .invalidFrame: ["frame_limit"]
    case .unauthenticated, .permissionDenied: ["scope"]
    case .unimplemented: ["unimplemented"]
    case .resourceExhausted: ["retry_after", "stream_end"]
    case .unavailable: ["retry_after", "stream_end"]
    case .invalidArgument: ["invalid_argument"]
    case .idempotencyMismatch: ["idempotency_mismatch"]
    case .currencyUnknown, .currencyExists, .currencyMismatch: ["currency"]
    case .counterAccountUnknown, .counterAccountExists: ["counter_account"]
    case .walletNotFound, .walletExists, .sameWallet, .walletClosed: ["wallet"]
    case .transactionNotFound, .notRefundable: ["transaction"]
    case .walletFrozen: ["wallet_frozen"]
    case .walletNotEmpty: ["wallet_not_empty"]
    case .versionConflict: ["version_conflict"]
    case .holdNotFound, .holdCaptured, .holdReleased, .holdExpired, .holdAmountExceeded: ["hold"]
    case .refundExceedsOriginal: ["refund_exceeds"]
    case .limitExceeded: ["limit_exceeded"]
    case .maxBalanceExceeded: ["max_balance_exceeded"]
    case .insufficientFunds: ["insufficient_funds"]
    case .amountOverflow: ["amount_overflow"]
    case .batchAborted: ["batch_aborted"]
    case .internal: ["internal"]
    }
  }
}
