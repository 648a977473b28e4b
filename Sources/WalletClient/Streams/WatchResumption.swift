/// Where a watch goes on, and whether. Pure: what came in, what follows out.
struct WatchResumption {
  enum Next: Equatable {
    case atOnce
    /// After so many failures, one after the other, and not before the time that the server asked for.
    case pause(failures: Int, atLeastMillis: UInt32)
  }

  /// Where the next stream begins.
  private(set) var start: WatchStart
  private(set) var isOver = false
  private let patience: UInt64?
  private var hasStood = false
  private var failures = 0
  private var lostSince: UInt64?

  /// - Parameter patience: Nanoseconds that the server may be away.
  init(start: WatchStart, patience: UInt64?) {
    self.start = start
    self.patience = patience
  }

  mutating func end() { isOver = true }

  /// An event came.
  ///
  /// - Returns: What its reader gets; `nil` for a token that he has already.
  mutating func told(_ event: WatchEvent) -> WatchEvent? {
    let isKnown = start == .token(event.resumeToken)
    start = .token(event.resumeToken)
    hasStood = true
    lostSince = nil
    // A server that takes every watch in and sends it away at once isn't asked without a pause.
    if event.transaction != nil { failures = 0 }
    return event.transaction == nil && isKnown ? nil : event
  }

  /// A stream is over.
  ///
  /// - Parameter now: Monotonic nanoseconds.
  /// - Throws: Why the watch is too.
  mutating func ended(_ item: EventBuffer.Item, now: UInt64) throws(WalletError) -> Next {
    switch item {
    case .event, .overrun: return .atOnce
    case .finished, .failed(.notExecuted(_, .cancelled)):
      isOver = true
      return .atOnce
    case .failed(let error):
      let since = lostSince ?? now
      guard hasStood, let millis = error.pauseMillis, now - since <= patience ?? .max else {
        isOver = true
        throw error
      }
      lostSince = since
      failures += 1
      return .pause(failures: failures, atLeastMillis: millis)
    }
  }
}

extension WalletError {
  /// How long the server asks to be left alone; `nil` for what would come again.
  fileprivate var pauseMillis: UInt32? {
    guard case .notExecuted(_, let cause) = self else { return nil }
    switch cause {
    case .unreachable, .connectionLost, .timedOut: return 0
    case .answered(let rejection):
      switch rejection.reason {
      case .unavailable, .resourceExhausted, .deadlineExceeded, .cancelled: return rejection.retryAfterMillis
      default: return nil
      }
    default: return nil
    }
  }
}
