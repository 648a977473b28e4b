/// The code of a failed call. Numbers are those of `ErrorReason` in wallet.proto and are never reused.
///
/// In a decision the lowest number that applies, from `idempotencyMismatch` on, is the answer: the order of the cases is
/// the order of precedence.
public enum ErrorReason: UInt8, Sendable, CaseIterable {
  case invalidFrame = 1
  case unauthenticated = 2
  case permissionDenied = 3
  case unimplemented = 4
  case resourceExhausted = 5
  case cancelled = 6
  case deadlineExceeded = 7
  case unavailable = 8
  case invalidArgument = 9
  case resumeInvalid = 10
  case idempotencyMismatch = 11
  case currencyUnknown = 12
  case currencyExists = 13
  case currencyMismatch = 14
  case counterAccountUnknown = 15
  case walletNotFound = 16
  case walletExists = 17
  case sameWallet = 18
  case transactionNotFound = 19
  case notRefundable = 20
  case walletClosed = 21
  case walletFrozen = 22
  case walletNotEmpty = 23
  case versionConflict = 24
  case holdNotFound = 25
  case holdCaptured = 26
  case holdReleased = 27
  case holdExpired = 28
  case holdAmountExceeded = 29
  case refundExceedsOriginal = 30
  case limitExceeded = 31
  case maxBalanceExceeded = 32
  case insufficientFunds = 33
  case amountOverflow = 34
  case batchAborted = 35
  case `internal` = 36
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
}
