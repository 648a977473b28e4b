/// The codes of docs/ERRORS.md.
enum Code: Int64, CaseIterable {
  case invalidFrame = 1
  case unauthenticated
  case permissionDenied
  case unimplemented
  case resourceExhausted
  case cancelled
  case deadlineExceeded
  case unavailable
  case invalidArgument
  case resumeInvalid
  case idempotencyMismatch
  case currencyUnknown
  case currencyExists
  case currencyMismatch
  case counterAccountUnknown
  case walletNotFound
  case walletExists
  case sameWallet
  case transactionNotFound
  case notRefundable
  case walletClosed
  case walletFrozen
  case walletNotEmpty
  case versionConflict
  case holdNotFound
  case holdCaptured
  case holdReleased
  case holdExpired
  case holdAmountExceeded
  case refundExceedsOriginal
  case limitExceeded
  case maxBalanceExceeded
  case insufficientFunds
  case amountOverflow
  case batchAborted
  case `internal`
  case counterAccountExists

  /// gRPC's number.
  var status: UInt16 {
    switch self {
    case .cancelled: 1
    case .invalidFrame, .invalidArgument: 3
    case .deadlineExceeded: 4
    case .currencyUnknown, .counterAccountUnknown, .walletNotFound, .transactionNotFound, .holdNotFound: 5
    case .idempotencyMismatch, .currencyExists, .walletExists, .counterAccountExists: 6
    case .permissionDenied: 7
    case .resourceExhausted: 8
    case .versionConflict, .batchAborted: 10
    case .amountOverflow: 11
    case .unimplemented: 12
    case .internal: 13
    case .unavailable: 14
    case .unauthenticated: 16
    default: 9
    }
  }

  /// Whether a refusal is written down, and answers its key for ever.
  var isRemembered: Bool {
    switch self {
    case .versionConflict: false
    case .counterAccountExists: true
    default: rawValue >= Code.currencyUnknown.rawValue && rawValue <= Code.amountOverflow.rawValue
    }
  }
}
