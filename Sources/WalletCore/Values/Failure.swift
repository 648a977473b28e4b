/// Why a request has no result: one code with its figures.
public struct Failure: Error, Equatable, Sendable {
  public var reason: ErrorReason
  public var detail: FailureDetail
  /// 0 unless the caller should wait before it asks again.
  public var retryAfterMilliseconds: UInt32

  public init(_ reason: ErrorReason, _ detail: FailureDetail = .none, retryAfterMilliseconds: UInt32 = 0) {
    self.reason = reason
    self.detail = detail
    self.retryAfterMilliseconds = retryAfterMilliseconds
  }

  /// A field that breaks a rule of form.
  public static func invalidArgument(_ field: String, _ rule: String) -> Failure {
    Failure(.invalidArgument, .invalidArgument(field: field, rule: rule))
  }

  public static func unimplemented(_ method: UInt16, feature: String = "") -> Failure {
    Failure(.unimplemented, .unimplemented(method: method, feature: feature))
  }
}

/// The figures of a failure, as typed fields. Those of remembered refusals have a canonical encoding (docs/ROW.md). Few
/// words, since every command and every outcome has room for one.
public enum FailureDetail: Equatable, Sendable {
  case none
  case invalidArgument(field: String, rule: String)
  case unimplemented(method: UInt16, feature: String)
  case frame(rule: String, limit: UInt32)
  case message(String)
  case mismatch(field: String)
  indirect case currency(wallet: Text, request: Text)
  indirect case counterAccount(Text)
  indirect case wallet(id: Int64, WalletName?)
  case versionConflict(expected: Int64, actual: Int64, balance: Int64)
  indirect case insufficientFunds(InsufficientFunds)
  case transaction(Int64)
  /// - Parameters:
  ///   - at: When it was captured, released or expired; else when it will end.
  ///   - remaining: What is left of it.
  case hold(Int64, at: Int64, remaining: Int64)
  case refund(original: Int64, refunded: Int64)
  indirect case frozen(walletID: Int64, Freeze)
  case notEmpty(balance: Int64, openHolds: Int64)
  /// - Parameter windowEnd: 0 for a limit that isn't counted over time.
  indirect case limit(LimitKind, limit: Int64, used: Int64, windowEnd: Int64)
  case balanceMax(Int64, balance: Int64)
  case overflow(field: String)
  /// The item of a batch that was refused, by its index, and why.
  indirect case batchAborted(index: Int, cause: Failure)
  /// A watch may be asked for again from here.
  case streamEnd(resumeToken: String)
  case incident(id: String)
  /// Of PERMISSION_DENIED and UNAUTHENTICATED.
  indirect case denied(AccessDenial)
}

public struct InsufficientFunds: Equatable, Sendable {
  public var requested: Int64
  public var available: Int64
  public var balance: Int64
  public var held: Int64
  public var overdraftLimit: Int64
  public var version: Int64
  /// What is missing: requested - available.
  public var shortfall: Int64 { Int64(clamping: Int128(requested) - Int128(available)) }

  public init(requested: Int64, available: Int64, balance: Int64, held: Int64, overdraftLimit: Int64, version: Int64) {
    self.requested = requested
    self.available = available
    self.balance = balance
    self.held = held
    self.overdraftLimit = overdraftLimit
    self.version = version
  }
}
