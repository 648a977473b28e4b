import WalletCore

/// What a call has been through, and what follows from it. Pure: events in, decisions out.
///
/// The rule that matters (promise 8): once any attempt of a mutation has ended unknown, an answer that speaks of a later
/// attempt alone ("not executed") can't settle it. Only OK, a replay or a remembered refusal does.
struct CallState {
  let isMutation: Bool
  let attemptsMax: Int
  private(set) var attempts = 0
  private(set) var anyUnknown: Bool
  private(set) var lastCause: FailureCause?
  private(set) var isCancelled = false
  /// It has had an event of its stream: to begin again would tell the same once more.
  private(set) var hasEvents = false

  enum Decision: Equatable {
    case finish(CallResult)
    /// Try again, not before the given time; 0: after the client's own pause.
    case retry(afterMillis: UInt32)
  }

  init(isMutation: Bool, attemptsMax: Int, earlierOutcomeUnknown: Bool = false) {
    self.isMutation = isMutation
    self.attemptsMax = attemptsMax
    anyUnknown = isMutation && earlierOutcomeUnknown
  }

  mutating func attemptBegan() { attempts += 1 }

  /// The server answered with a status other than 0.
  mutating func refused(_ rejection: Rejection, notExecuted: Bool) -> Decision {
    if rejection.isRemembered { return .finish(.rejected(rejection)) }
    lastCause = .answered(rejection)
    if isMutation, !notExecuted { anyUnknown = true }
    switch rejection.reason {
    case .unavailable, .resourceExhausted:
      if mayTryAgain { return .retry(afterMillis: rejection.retryAfterMillis) }
      return .finish(failure(.answered(rejection)))
    case .cancelled, .deadlineExceeded, .internal:
      return .finish(failure(isCancelled ? .cancelled : .answered(rejection)))
    default:
      return .finish(anyUnknown ? .outcomeUnknown(.answered(rejection)) : .rejected(rejection))
    }
  }

  /// The connection of an attempt broke.
  mutating func lost(_ cause: FailureCause, wasSent: Bool) -> Decision {
    if isMutation, wasSent { anyUnknown = true }
    lastCause = cause
    return mayTryAgain ? .retry(afterMillis: 0) : .finish(failure(isCancelled ? .cancelled : cause))
  }

  /// No connection could be made for this call. A permanent failure would come again at each attempt.
  mutating func unconnected(_ cause: FailureCause, isPermanent: Bool) -> CallResult? {
    attempts += 1
    lastCause = cause
    if mayTryAgain, !isPermanent { return nil }
    if isPermanent, !anyUnknown, case .answered(let rejection) = cause { return .rejected(rejection) }
    return failure(cause)
  }

  /// The call's time is over.
  mutating func timedOut(isInFlight: Bool) -> CallResult {
    if isMutation, isInFlight { anyUnknown = true }
    if isCancelled { return failure(.cancelled) }
    // A call that never got through has more to say than that its time passed.
    if !isInFlight, let lastCause { return failure(lastCause) }
    return failure(.timedOut(lastCause.map { "\($0)" } ?? ""))
  }

  mutating func cancel() { isCancelled = true }

  mutating func eventCame() { hasEvents = true }

  /// An end without an answer, as it stands.
  func failure(_ cause: FailureCause) -> CallResult {
    anyUnknown ? .outcomeUnknown(cause) : .notExecuted(cause)
  }

  private var mayTryAgain: Bool { !isCancelled && !hasEvents && attempts < attemptsMax }
}

/// The end of a call.
package enum CallResult: Sendable, Equatable {
  /// `afterUnknown`: an attempt before this answer ended unknown, which is of interest to what the answer says of a part.
  case reply([UInt8], replayed: Bool, afterUnknown: Bool = false)
  case rejected(Rejection)
  case notExecuted(FailureCause)
  case outcomeUnknown(FailureCause)
}
