/// A stream that was asked for once. It is cancelled when nobody has it any more.
final class EventStream: Sendable {
  private let buffer: EventBuffer
  private let call: Call
  private let engine: ClientEngine

  /// - Parameter timeout: Until the first event, attempts and connecting included.
  init(_ engine: ClientEngine, method: UInt16, payload: [UInt8], timeout: Duration) {
    let buffer = EventBuffer(bytesMax: engine.options.streamBufferBytesMax)
    let state = CallState(isMutation: false, attemptsMax: max(1, engine.options.attemptsMax))
    let loop = engine.environment.loop
    let call = Call(
      method: method, payload: payload, state: state, deadline: loop.nowNanoseconds() + timeout.nanoseconds,
      onEvent: { event in buffer.put(event) },
      complete: { result in buffer.end(EventBuffer.Item(result)) })
    loop.execute { engine.submit(call) }
    (self.buffer, self.call, self.engine) = (buffer, call, engine)
  }

  deinit { Self.cancel(call, engine) }

  /// The next event or the end; `failed` with ``FailureCause/cancelled`` when the task is cancelled.
  func next() async -> EventBuffer.Item {
    await withTaskCancellationHandler {
      await buffer.next()
    } onCancel: {
      Self.cancel(call, engine)
    }
  }

  private static func cancel(_ call: Call, _ engine: ClientEngine) {
    call.requestCancel()
    engine.environment.loop.execute { engine.cancel(call) }
  }
}

extension EventBuffer.Item {
  fileprivate init(_ result: CallResult) {
    switch result {
    case .reply: self = .finished
    case .rejected(let rejection): self = .failed(.rejected(rejection))
    case .notExecuted(let cause), .outcomeUnknown(let cause): self = .failed(.notExecuted(key: nil, cause: cause))
    }
  }
}
