import NIOCore
import NIOPosix
import WalletCore
import WalletSystem
import WalletWire

/// Calls by HTTP: the Connect protocol, with JSON or protobuf, translated to the wire and sent to the server as any other
/// client would. Confined to the event loop.
final class Gateway {
  static let pathPrefix = "/wallet.v1.WalletService/"

  /// Calls of one token that come from one address share a connection.
  private struct Key: Hashable {
    var peer: String
    var token: String
  }

  private let source: any AdminSource
  private let limits: AdminLimits
  private let eventLoop: any NIOCore.EventLoop
  private var connections: [Key: GatewayConnection] = [:]
  /// Of the connections above and those of streams.
  private var count = 0

  init(_ source: any AdminSource, _ limits: AdminLimits, _ eventLoop: any NIOCore.EventLoop) {
    self.source = source
    self.limits = limits
    self.eventLoop = eventLoop
  }

  func respond(_ exchange: Exchange) {
    do throws(ConnectCall.Refusal) {
      let call = try ConnectCall(exchange.request, limits: limits)
      if call.method.isStream { stream(call, exchange) } else { ask(call, exchange) }
    } catch {
      exchange.answer(error.response)
    }
  }

  // MARK: One answer

  private func ask(_ call: ConnectCall, _ exchange: Exchange) {
    let connection: GatewayConnection
    do throws(ConnectError) {
      connection = try self.connection(Key(peer: exchange.request.peer, token: call.token))
    } catch {
      return exchange.answer(error.response)
    }
    let id = connection.ask(
      call.method.number, millis: call.deadlineMilliseconds, call.payload,
      GatewayConnection.Waiting { outcome in exchange.answer(Self.response(outcome, call)) })
    exchange.whenGone = { [weak connection] in connection?.cancel(id) }
  }

  private static func response(_ outcome: GatewayConnection.Outcome, _ call: ConnectCall) -> HTTPResponse {
    switch result(outcome, call) {
    case .success(let (header, body)):
      return HTTPResponse(
        status: 200, headers: [("content-type", "application/\(call.codec.rawValue)")] + WalletHeaders.of(header.flags),
        body: body)
    case .failure(let error): return error.response
    }
  }

  private static func result(
    _ outcome: GatewayConnection.Outcome, _ call: ConnectCall
  ) -> Result<(FrameHeader, [UInt8]), ConnectError> {
    switch outcome {
    case .response(let header, let payload):
      guard header.code == 0 else {
        return .failure(
          ConnectError(
            status: header.code, payload: payload, flags: header.flags, retryAfterMilliseconds: header.millis))
      }
      return encoded(payload, call).map { (header, $0) }
    case .refused(let payload): return .failure(ConnectError(status: nil, payload: payload))
    case .lost:
      return .failure(
        call.method.isMutation
          ? ConnectError(
            .unknown, "the connection to the server broke: ask again with the same idempotency key for the outcome")
          : ConnectError(.unavailable, "the connection to the server broke"))
    }
  }

  private static func encoded(_ payload: [UInt8], _ call: ConnectCall) -> Result<[UInt8], ConnectError> {
    guard call.codec == .json else { return .success(payload) }
    do {
      return .success(Array(try ProtobufJSON.text(payload, as: call.method.response, includeDefaults: true).utf8))
    } catch {
      return .failure(ConnectError(.internal, "the answer isn't a \(call.method.response.name): \(error)"))
    }
  }

  // MARK: A stream

  /// On a connection of its own, which is read as the caller takes what has come.
  private func stream(_ call: ConnectCall, _ exchange: Exchange) {
    let connection: GatewayConnection
    do throws(ConnectError) { connection = try open(token: call.token, peer: exchange.request.peer) } catch {
      return exchange.answer(error.streamResponse)
    }
    exchange.begin(
      HTTPResponse(status: 200, headers: [("content-type", "application/connect+\(call.codec.rawValue)")]))
    func finish(_ error: ConnectError?) {
      exchange.send(Envelope.end(error))
      exchange.end()
      connection.close()
    }
    let who = GatewayConnection.Waiting(
      whenEvent: { payload in
        switch Self.encoded(payload, call) {
        case .success(let message): exchange.send(Envelope.wrap(message))
        case .failure(let error): return finish(error)
        }
        if !exchange.isWritable { connection.setReading(false) }
      },
      whenDone: { outcome in
        if case .response(let header, _) = outcome, header.code == 0 { return finish(nil) }
        switch Self.result(outcome, call) {
        case .success: finish(nil)
        case .failure(let error): finish(error)
        }
      })
    exchange.whenWritable = { [weak connection] in connection?.setReading(true) }
    exchange.whenGone = { [weak connection] in connection?.close() }
    _ = connection.ask(call.method.number, millis: call.deadlineMilliseconds, call.payload, who)
  }

  // MARK: Connections

  private func connection(_ key: Key) throws(ConnectError) -> GatewayConnection {
    if let connection = connections[key], !connection.isLeaving, !isUnused(connection) { return connection }
    let connection = try open(token: key.token, peer: key.peer)
    connections[key] = connection
    connection.whenLeaving = { [weak self, weak connection] in
      guard let self, self.connections[key] === connection else { return }
      self.connections[key] = nil
    }
    return connection
  }

  private func open(token: String, peer: String) throws(ConnectError) -> GatewayConnection {
    closeUnused()
    guard count < limits.gatewayConnectionsMax || closeOldestIdle() else {
      throw ConnectError(.resourceExhausted, "the gateway has all the connections it may have")
    }
    let ends: (Int32, Int32)
    do throws(SystemError) { ends = try SocketPair.make() } catch {
      throw ConnectError(.resourceExhausted, "the gateway can't reach the server: \(error)")
    }
    let connection = GatewayConnection(token: token)
    let handler = NIOLoopBound(connection, eventLoop: eventLoop)
    source.adopt(ends.1, peer: peer)
    count += 1
    let opening = ClientBootstrap(group: eventLoop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(handler.value) }
      }
      .withConnectedSocket(ends.0)
    opening.assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel):
        channel.closeFuture.assumeIsolated().whenComplete { _ in self.count -= 1 }
      case .failure:
        self.count -= 1
        connection.failed()
      }
    }
    return connection
  }

  /// Those that nobody has used for a while. Looked at when another one is needed, so no timer keeps them in mind; the
  /// server puts out what is left.
  private func closeUnused() {
    for connection in Array(connections.values) where isUnused(connection) { close(connection) }
  }

  /// The server may be about to close it: what was asked then would have an unknown outcome.
  private func isUnused(_ connection: GatewayConnection) -> Bool {
    connection.isIdle && connection.lastUsed < NIODeadline.now() - .milliseconds(limits.gatewayIdleMilliseconds)
  }

  private func closeOldestIdle() -> Bool {
    guard let oldest = connections.values.filter(\.isIdle).min(by: { $0.lastUsed < $1.lastUsed }) else { return false }
    close(oldest)
    return true
  }

  private func close(_ connection: GatewayConnection) {
    connections = connections.filter { $0.value !== connection }
    connection.close()
  }
}
