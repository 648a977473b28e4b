import WalletCore
import WalletWire

/// A client of a wallet server.
///
/// One client serves a whole program: any number of tasks may call it at once, and their calls share its few connections.
/// It connects when it is first needed, connects again when a connection is lost, and repeats a call where that is safe:
/// always with the same idempotency key, and never past the call's time.
///
/// Amounts are `Int64` minor units of the wallet's currency (1230 is 12.30 USD); `Money` of WalletCore turns decimal text
/// into them and back. Times are microseconds since 1970 UTC.
///
/// ```swift
/// let client = WalletClient(host: "127.0.0.1", port: 7431)
/// let wallet = WalletReference.owner("u1", currency: "USD")
/// let result = try await client.debit(wallet, amount: 1230, MutationOptions(reason: "esim.purchase"))
/// ```
public final class WalletClient: Sendable {
  private let engine: ClientEngine
  private let environment: ClientEnvironment
  /// The options that it was made with.
  public let options: WalletClientOptions

  /// A client of the server at a TCP address. Nothing is connected yet.
  public convenience init(host: String, port: UInt16, options: WalletClientOptions = WalletClientOptions()) {
    self.init(.tcp(host: host, port: port), options: options)
  }

  /// A client of the server at an endpoint. Nothing is connected yet.
  public convenience init(_ endpoint: WalletEndpoint, options: WalletClientOptions = WalletClientOptions()) {
    self.init(endpoint, options: options, environment: .system(tls: options.tls))
  }

  package init(_ endpoint: WalletEndpoint, options: WalletClientOptions, environment: ClientEnvironment) {
    self.options = options
    self.environment = environment
    engine = ClientEngine(endpoint: endpoint, options: options, environment: environment)
  }

  deinit {
    environment.loop.execute { [engine] in engine.close() }
  }

  /// Closes the connections. Calls under way end at once: reads and what was never sent with `notExecuted`, mutations
  /// that were sent with `outcomeUnknown`. Later calls end with ``FailureCause/clientClosed``.
  public func close() {
    environment.loop.execute { [engine] in engine.close() }
  }

  /// A new idempotency key: a UUID of version 7.
  public func makeIdempotencyKey() -> String {
    UUIDv7.text(
      milliseconds: environment.loop.wallMilliseconds(), random: (environment.random(), environment.random()))
  }

  // MARK: Calling

  /// Calls a method by its number with a request that is encoded already.
  ///
  /// - Parameters:
  ///   - method: Its number in `Method` of wallet.proto.
  ///   - payload: The request on the wire.
  ///   - isMutation: Whether it may change something. Then a lost attempt leaves its outcome unknown until it is repeated;
  ///     the repetition sends the same bytes, hence the same key.
  ///   - key: The idempotency key inside `payload`, for errors.
  ///   - timeout: `nil`: that of the client's options.
  /// - Returns: The response on the wire.
  public func call(
    method: UInt16, payload: [UInt8], isMutation: Bool, key: String? = nil, timeout: Duration? = nil,
    earlierOutcomeUnknown: Bool = false
  ) async throws(WalletError) -> [UInt8] {
    let state = CallState(
      isMutation: isMutation, attemptsMax: max(1, options.attemptsMax), earlierOutcomeUnknown: earlierOutcomeUnknown)
    return try await outcome(method: method, payload: payload, state, key: key, timeout: timeout).reply
  }

  /// Asks for a stream.
  ///
  /// - Parameter timeout: Until its first event.
  func openStream(_ method: UInt16, _ payload: [UInt8], timeout: Duration?) -> EventStream {
    EventStream(engine, method: method, payload: payload, timeout: timeout ?? options.timeout)
  }

  var nowNanoseconds: UInt64 { environment.loop.nowNanoseconds() }

  func pauseNanoseconds(failures: Int, atLeastMillis millis: UInt32) -> UInt64 {
    max(engine.backoff(failures: failures), UInt64(millis) * 1_000_000)
  }

  func wake(afterNanoseconds nanoseconds: UInt64, _ work: @escaping @Sendable () -> Void) {
    environment.loop.execute(atNanoseconds: environment.loop.nowNanoseconds() + nanoseconds, work)
  }

  /// The response, and whether an attempt before it ended unknown.
  func outcome(
    method: UInt16, payload: [UInt8], _ state: CallState, key: String?, timeout: Duration?
  ) async throws(WalletError) -> (reply: [UInt8], afterUnknown: Bool) {
    switch await result(method, payload, state, timeout ?? options.timeout) {
    case .reply(let payload, _, let afterUnknown): return (payload, afterUnknown)
    case .rejected(var rejection):
      rejection.key = key
      throw .rejected(rejection)
    case .notExecuted(let cause): throw .notExecuted(key: key, cause: cause)
    case .outcomeUnknown(let cause): throw .outcomeUnknown(key: key ?? "", cause: cause)
    }
  }

  private func result(
    _ method: UInt16, _ payload: [UInt8], _ state: CallState, _ timeout: Duration
  ) async -> CallResult {
    let cell = CallCell()
    let engine = engine
    let loop = environment.loop
    let deadline = loop.nowNanoseconds() + timeout.nanoseconds
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let call = Call(method: method, payload: payload, state: state, deadline: deadline) { result in
          continuation.resume(returning: result)
        }
        cell.set(call)
        loop.execute { engine.submit(call) }
      }
    } onCancel: {
      if let call = cell.cancel() { loop.execute { engine.cancel(call) } }
    }
  }
}
