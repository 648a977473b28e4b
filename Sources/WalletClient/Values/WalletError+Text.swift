extension WalletError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .rejected(let rejection): rejection.description
    case .notExecuted(nil, let cause): "no answer: \(cause)"
    case .notExecuted(_, let cause): "not executed: \(cause)"
    case .outcomeUnknown(let key, let cause): "outcome unknown: \(cause); the same call with key \(key) tells"
    }
  }

  /// The idempotency key of the failed mutation; `nil` for a read.
  public var key: String? {
    switch self {
    case .rejected(let rejection): rejection.key
    case .notExecuted(let key, _): key
    case .outcomeUnknown(let key, _): key
    }
  }
}

extension Rejection: CustomStringConvertible {
  public var description: String { message.isEmpty ? code : "\(code): \(message)" }
}

extension FailureCause: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreachable(let text), .notAWalletServer(let text), .connectionLost(let text), .tls(_, let text): text
    case .answered(let rejection): rejection.description
    case .timedOut(let before):
      before.isEmpty ? "the time for the call passed" : "the time for the call passed (\(before))"
    case .cancelled: "the task was cancelled"
    case .invalidReply(let text): "the server's answer can't be read: \(text)"
    case .invalidRequest(let text): "the request can't be sent: \(text)"
    case .tooManyCalls(let limit): "\(limit) calls wait already"
    case .readerTooSlow(let limit): "more than \(limit) bytes of events wait to be read"
    case .clientClosed: "the client was closed"
    }
  }
}
