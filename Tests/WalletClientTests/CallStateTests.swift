import Testing

@testable import WalletClient

/// Promise 8: an answer that speaks of one attempt doesn't settle another.
@Suite struct CallStateTests {
  static func rejection(_ reason: ErrorReason, retryAfter: UInt32 = 0) -> Rejection {
    Rejection(
      reason: reason, code: reason.name, detail: .none, message: "", status: reason.status, replayed: false,
      commitSeq: 0, key: nil, retryAfterMillis: retryAfter)
  }

  func state(unknown: Bool, isMutation: Bool = true, attemptsMax: Int = 1) -> CallState {
    var state = CallState(isMutation: isMutation, attemptsMax: attemptsMax, earlierOutcomeUnknown: unknown)
    state.attemptBegan()
    return state
  }

  @Test(arguments: ErrorReason.allCases) func afterAnUnknownAttemptOnlyARememberedRefusalResolves(reason: ErrorReason) {
    let rejection = Self.rejection(reason)
    var state = state(unknown: true)
    let expected: CallResult = reason.isRemembered ? .rejected(rejection) : .outcomeUnknown(.answered(rejection))
    #expect(state.refused(rejection, notExecuted: true) == .finish(expected))
  }

  @Test(arguments: ErrorReason.allCases) func withoutOneNothingIsUnknown(reason: ErrorReason) {
    let rejection = Self.rejection(reason)
    var state = state(unknown: false)
    let passing: [ErrorReason] = [.unavailable, .resourceExhausted, .cancelled, .deadlineExceeded, .internal]
    let expected: CallResult = passing.contains(reason) ? .notExecuted(.answered(rejection)) : .rejected(rejection)
    #expect(state.refused(rejection, notExecuted: true) == .finish(expected))
  }

  @Test func aFailureWithoutThePromiseIsUnknown() {
    let rejection = Self.rejection(.internal)
    var mutation = state(unknown: false)
    #expect(mutation.refused(rejection, notExecuted: false) == .finish(.outcomeUnknown(.answered(rejection))))
    var read = state(unknown: false, isMutation: false)
    #expect(read.refused(rejection, notExecuted: false) == .finish(.notExecuted(.answered(rejection))))
  }

  @Test func aLostConnectionIsTriedAgainUpToTheLastAttempt() {
    var state = state(unknown: false, attemptsMax: 2)
    #expect(state.lost(.connectionLost("gone"), wasSent: true) == .retry(afterMillis: 0))
    state.attemptBegan()
    let last = state.lost(.connectionLost("gone"), wasSent: true)
    #expect(last == .finish(.outcomeUnknown(.connectionLost("gone"))))
  }

  @Test func whatWasNeverSentIsNotUnknown() {
    var state = state(unknown: false)
    let last = state.lost(.connectionLost("gone"), wasSent: false)
    #expect(last == .finish(.notExecuted(.connectionLost("gone"))))
  }

  @Test func theServersPauseIsTaken() {
    var state = state(unknown: false, attemptsMax: 3)
    let decision = state.refused(Self.rejection(.unavailable, retryAfter: 700), notExecuted: true)
    #expect(decision == .retry(afterMillis: 700))
  }

  @Test func aReadIsNeverUnknown() {
    var state = state(unknown: true, isMutation: false)
    #expect(state.timedOut(isInFlight: true) == .notExecuted(.timedOut("")))
  }
}
