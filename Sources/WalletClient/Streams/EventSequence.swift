extension WalletClient {
  /// Calls a method that answers with a stream, by its number, with a request that is encoded already.
  ///
  /// Going through it asks the server; going through it again asks again. A lost connection ends it with `notExecuted`, as
  /// does a reader that is slower than its events for longer than ``WalletClientOptions/streamBufferBytesMax`` lasts
  /// (``FailureCause/readerTooSlow(limit:)``). When the task is cancelled, or the iterator goes, the stream is cancelled.
  ///
  /// - Parameter timeout: Until the first event; `nil`: that of the client's options. From then on it may last.
  /// - Returns: The events on the wire.
  public func events(method: UInt16, payload: [UInt8], timeout: Duration? = nil) -> EventSequence {
    EventSequence(client: self, method: method, payload: payload, timeout: timeout)
  }
}

/// See ``WalletClient/events(method:payload:timeout:)``.
public struct EventSequence: AsyncSequence, Sendable {
  public typealias Element = [UInt8]
  public typealias Failure = WalletError

  let client: WalletClient
  let method: UInt16
  let payload: [UInt8]
  let timeout: Duration?

  public func makeAsyncIterator() -> Iterator { Iterator(sequence: self) }

  public struct Iterator: AsyncIteratorProtocol {
    private let sequence: EventSequence
    private var stream: EventStream?
    private var isOver = false

    init(sequence: EventSequence) { self.sequence = sequence }

    public mutating func next() async throws(WalletError) -> [UInt8]? { try await next(isolation: nil) }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws(WalletError) -> [UInt8]? {
      if isOver { return nil }
      let stream =
        stream ?? sequence.client.openStream(sequence.method, sequence.payload, timeout: sequence.timeout)
      self.stream = stream
      let item = await stream.next()
      if case .event(let event) = item { return event }
      isOver = true
      self.stream = nil
      switch item {
      case .event, .finished: return nil
      case .overrun:
        let limit = sequence.client.options.streamBufferBytesMax
        throw .notExecuted(key: nil, cause: .readerTooSlow(limit: limit))
      case .failed(.notExecuted(_, .cancelled)): return nil
      case .failed(let error): throw error
      }
    }
  }
}
