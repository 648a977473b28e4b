public import WalletCore
public import WalletTLS

/// Why a call has no result. The three cases differ in what is known about the money.
public enum WalletError: Error, Sendable, Equatable {
  /// The server decided against it. Nothing moved. A remembered refusal (`Rejection.isRemembered`) answers its key for
  /// ever: a new attempt takes a new key.
  case rejected(Rejection)

  /// Nothing was done, in no attempt of this call; for a read, there is simply no answer. The same call, with the same
  /// key, may be made again.
  case notExecuted(key: String?, cause: FailureCause)

  /// The mutation may or may not have taken effect. Call again with the same `key` (and set
  /// ``MutationOptions/earlierOutcomeUnknown``): that is always safe, and tells.
  case outcomeUnknown(key: String, cause: FailureCause)
}

/// What stood in the way of an answer.
public enum FailureCause: Sendable, Equatable {
  /// No connection could be made.
  case unreachable(String)
  /// The two sides can't have a TLS connection: such as a certificate of another name or authority, or a server without
  /// TLS. It would be the same again.
  case tls(TLSProblem, String)
  /// What answered there doesn't speak the protocol.
  case notAWalletServer(String)
  /// The connection broke before the answer.
  case connectionLost(String)
  /// The server's last answer, such as UNAVAILABLE.
  case answered(Rejection)
  /// The call's time passed; with what had gone wrong before that, if anything had.
  case timedOut(String)
  /// The task was cancelled.
  case cancelled
  /// The server's answer can't be read.
  case invalidReply(String)
  /// The request can't be sent as it is.
  case invalidRequest(String)
  /// More calls wait than ``WalletClientOptions/callsMax`` allows.
  case tooManyCalls(limit: Int)
  /// More bytes of a stream's events waited for their reader than ``WalletClientOptions/streamBufferBytesMax`` allows.
  case readerTooSlow(limit: Int)
  /// The client was closed.
  case clientClosed
}

/// The server's word that a request was not carried out, with the figures that decided it.
public struct Rejection: Sendable, Equatable {
  /// The code; `nil` when this client is older than the code (then see ``code``).
  public var reason: ErrorReason?
  /// The code's name on the wire, such as `INSUFFICIENT_FUNDS`.
  public var code: String
  /// The figures.
  public var detail: RejectionDetail
  /// For people; programs read ``reason`` and ``detail``.
  public var message: String
  /// The gRPC status, from 1 to 16.
  public var status: UInt16
  /// A remembered refusal, answered again with its first figures.
  public var replayed: Bool
  /// The refusal's place in the journal when it was recorded, else the last durable place.
  public var commitSeq: Int64
  /// The idempotency key of the request; `nil` for a read.
  public var key: String?
  /// How long the server asks to wait before another attempt, in milliseconds; 0: it doesn't say.
  public var retryAfterMillis: UInt32
}

/// The typed figures of a ``Rejection``. Amounts are minor units of the wallet's currency.
public enum RejectionDetail: Sendable, Equatable {
  case none
  case invalidArgument(field: String, rule: String)
  case unimplemented(method: UInt32, feature: String)
  case frameLimit(rule: String, limit: UInt32)
  case retryAfter(millis: UInt32)
  case idempotencyMismatch(field: String)
  case currency(wallet: String, request: String)
  case counterAccount(String)
  case wallet(id: Int64, owner: String, currency: String, name: String)
  case versionConflict(expected: Int64, actual: Int64, balance: Int64)
  case insufficientFunds(InsufficientFunds)
  case amountOverflow(field: String)
  case `internal`(id: String)
  /// Why a watch ended before its time: it may be taken up again with this token.
  case streamEnd(resumeToken: String)
  /// Why the caller was turned away: `rule` is `scope` (which one says `scope`), `wallet`, `max_amount` (`maxAmount`, in minor
  /// units) or `whole_ledger`, or of a connection `missing`, `wrong`, `expired`, `revoked`, `certificate` or `unix_user`.
  /// `omitted` stands in lists of refusals: denied calls of the same principal before it that have no row.
  case denied(rule: String, scope: String, maxAmount: Int64, omitted: Int64)
  /// The transaction that isn't there or can't be refunded.
  case transaction(id: Int64)
  case hold(HoldFigures)
  /// Minor units: what the debit or capture took, what of it was refunded until now, and what may still be.
  case refundExceeds(original: Int64, refunded: Int64, remaining: Int64)
  case walletFrozen(WalletFrozen)
  /// Why a wallet can't be closed.
  case walletNotEmpty(balance: Int64, openHolds: Int64)
  case limitExceeded(LimitExceeded)
  /// Minor units: what the balance may reach, what it is, and what may still be put in.
  case maxBalanceExceeded(limit: Int64, balance: Int64, remaining: Int64)
  /// The item of a batch of all or nothing that was refused, counted from 0, and why; nothing of the batch was done.
  indirect case batchAborted(index: Int, cause: Rejection)
}

extension Rejection {
  /// The refusal is kept: the same key gets the same answer for ever, and a new attempt takes a new key. A batch's is kept
  /// when that of its item would have been.
  public var isRemembered: Bool {
    if case .batchAborted(_, let cause) = detail { return cause.isRemembered }
    return reason?.isRemembered ?? false
  }
}

/// The figures of INSUFFICIENT_FUNDS, in minor units.
public struct InsufficientFunds: Sendable, Equatable {
  public var requested: Int64
  public var available: Int64
  public var balance: Int64
  public var held: Int64
  public var overdraftLimit: Int64
  /// `requested - available`.
  public var shortfall: Int64
  /// The wallet's version at the decision.
  public var version: Int64
}

/// The figures of HOLD_NOT_FOUND, HOLD_CAPTURED, HOLD_RELEASED, HOLD_EXPIRED and HOLD_AMOUNT_EXCEEDED.
public struct HoldFigures: Sendable, Equatable {
  public var holdID: Int64
  /// When it was captured, released or ended; else when it will end. Microseconds since 1970 UTC; 0: there is no such hold.
  public var atMicros: Int64
  /// What is left of it, in minor units.
  public var remaining: Int64
}

/// The figures of WALLET_FROZEN.
public struct WalletFrozen: Sendable, Equatable {
  public var walletID: Int64
  /// What the freeze stops; `nil` for a scope that is newer than this client.
  public var scope: FreezeScope?
  /// The reason that the freeze was given.
  public var reason: String
  /// Microseconds since 1970 UTC.
  public var sinceMicros: Int64
  /// Microseconds since 1970 UTC; 0: until it is lifted.
  public var untilMicros: Int64
}

/// The figures of LIMIT_EXCEEDED: minor units, or numbers of mutations where the kind counts them (``LimitKind/isCount``).
public struct LimitExceeded: Sendable, Equatable {
  /// `nil` for a kind that is newer than this client.
  public var kind: LimitKind?
  public var limit: Int64
  /// Until now, of the window that is open.
  public var used: Int64
  public var remaining: Int64
  /// When the window ends, microseconds since 1970 UTC; 0 where there is no window.
  public var windowEndMicros: Int64
}
