import WalletCore
import WalletWire

/// One connection's protocol, without its socket: bytes in, events out; calls in, bytes out.
struct ConnectionState {
  enum Phase: Equatable {
    /// The greeting was sent; nothing else goes out before the answer, so a stranger never sees a request.
    case greeting
    case ready
    /// The server said GOAWAY: calls in flight finish, no new ones.
    case leaving
    case failed
  }

  enum Event: Equatable {
    case ready
    case response(call: UInt64, Response)
    /// One item of a call's stream.
    case event(call: UInt64, [UInt8])
    case leaving(String)
    case failed(Failure)
  }

  struct Response: Equatable {
    var status: UInt16
    var flags: FrameFlags
    var retryAfterMillis: UInt32
    var payload: [UInt8]
  }

  struct Failure: Equatable {
    var cause: FailureCause
    /// The same would happen again at the next attempt.
    var isPermanent: Bool
  }

  /// The longest frame taken before the server has said its limits: a greeting is far shorter.
  static let greetingBytesMax = 64 << 10
  /// The longest frame ever taken, whatever a server says.
  static let frameBytesCeiling = 64 << 20

  private(set) var phase = Phase.greeting
  private(set) var limits: ConnectionLimits?
  private var inbound = FrameBuffer(frameBytesMax: Self.greetingBytesMax)
  private var outbound: [UInt8]
  private var callsByRequest: [UInt32: UInt64] = [:]
  private var lastRequestID: UInt32 = 0

  init(hello: [UInt8]) {
    outbound = FrameHeader.preface
    outbound.appendFrame(FrameHeader(type: .hello), payload: hello)
  }

  // MARK: Calls

  var inFlight: Int { callsByRequest.count }

  /// The calls in flight, in the order in which they were made.
  var calls: [UInt64] { callsByRequest.values.sorted() }

  /// Whether one more request may go out now.
  var hasRoom: Bool { phase == .ready && inFlight < inFlightMax }

  /// Past it the server stops reading, so more would only wait in the socket.
  private var inFlightMax: Int {
    guard let limit = limits?.requestsInFlightMax, limit > 0 else { return 1_024 }
    return min(Int(limit), 65_536)
  }

  /// What the server takes of a request; `nil` when it hasn't said.
  func requestBytesMax(method: UInt16) -> Int? {
    let limit = method == Verb.batch.rawValue ? limits?.batchRequestBytesMax : limits?.requestBytesMax
    return limit.flatMap { $0 > 0 ? Int($0) : nil }
  }

  /// Puts a request among the bytes to send and returns its id.
  mutating func send(call: UInt64, method: UInt16, payload: [UInt8], deadlineMillis: UInt32) -> UInt32 {
    assert(hasRoom)
    repeat { lastRequestID &+= 1 } while lastRequestID == 0 || callsByRequest[lastRequestID] != nil
    callsByRequest[lastRequestID] = call
    outbound.appendFrame(
      FrameHeader(type: .request, code: method, requestID: lastRequestID, millis: deadlineMillis), payload: payload)
    return lastRequestID
  }

  /// Asks the server to drop a request. Its answer is still awaited.
  mutating func cancel(request: UInt32) {
    guard callsByRequest[request] != nil else { return }
    outbound.appendFrame(FrameHeader(type: .cancel, requestID: request))
  }

  /// Waits for a request no longer: its answer, when it comes, is a late one.
  mutating func forget(request: UInt32) { callsByRequest[request] = nil }

  mutating func ping() {
    outbound.appendFrame(FrameHeader(type: .ping), payload: Array(repeating: 0, count: 8))
  }

  mutating func takeOutbound() -> [UInt8] {
    defer { outbound.removeAll(keepingCapacity: false) }
    return outbound
  }

  // MARK: Bytes

  mutating func received(_ bytes: [UInt8]) -> [Event] {
    guard phase != .failed else { return [] }
    inbound.append(bytes)
    var events: [Event] = []
    do throws(Violation) {
      while let (header, payload) = try nextFrame() { try handle(header, payload, &events) }
    } catch {
      phase = .failed
      events.append(.failed(error.failure))
    }
    return events
  }

  private mutating func nextFrame() throws(Violation) -> (header: FrameHeader, payload: [UInt8])? {
    do throws(FrameError) {
      return try inbound.next()
    } catch {
      throw violation("\(error)")
    }
  }

  private mutating func handle(_ header: FrameHeader, _ payload: [UInt8], _ events: inout [Event]) throws(Violation) {
    switch header.type {
    case .helloAck: try greet(header, payload, &events)
    case .connectionError:
      let rejection = Rejection(payload: payload, status: 0)
      throw Violation(Failure(cause: .answered(rejection), isPermanent: !rejection.isPassing))
    case .ping:
      guard payload.count == 8 else { throw violation("a PING of \(payload.count) bytes") }
      outbound.appendFrame(FrameHeader(type: .pong, requestID: header.requestID), payload: payload)
    case .pong: break
    case _ where phase == .greeting: throw violation("\(header.type) before the greeting")
    case .response:
      // An unknown id is a late reply.
      guard let call = callsByRequest.removeValue(forKey: header.requestID) else { return }
      let response = Response(
        status: header.code, flags: header.flags, retryAfterMillis: header.millis, payload: payload)
      events.append(.response(call: call, response))
    case .goAway:
      phase = .leaving
      events.append(.leaving(ReplyDecoding.goAway(payload)))
    case .event:
      // An unknown id is a late event of a stream that was given up.
      if let call = callsByRequest[header.requestID] { events.append(.event(call: call, payload)) }
    case .hello, .request, .cancel: throw violation("\(header.type) from the server")
    }
  }

  private mutating func greet(
    _ header: FrameHeader, _ payload: [UInt8], _ events: inout [Event]
  ) throws(Violation) {
    guard phase == .greeting else { throw violation("a second greeting") }
    do throws(DecodeError) {
      limits = try ReplyDecoding.helloAck(payload)
    } catch {
      throw violation(error.text)
    }
    // The response to a batch may be as long as its request.
    let responseBytesMax = max(
      Int(limits?.responseBytesMax ?? 0), Int(limits?.batchRequestBytesMax ?? 0), 1 << 20)
    inbound.frameBytesMax = min(responseBytesMax + FrameHeader.byteCount, Self.frameBytesCeiling)
    phase = .ready
    events.append(.ready)
  }

  private struct Violation: Error {
    var failure: Failure
    init(_ failure: Failure) { self.failure = failure }
  }

  /// Before the greeting the other side is a stranger, and will be one again next time. After it, something broke.
  private func violation(_ rule: String) -> Violation {
    guard phase == .greeting else {
      return Violation(Failure(cause: .connectionLost("the server broke the protocol: \(rule)"), isPermanent: false))
    }
    var stranger = "what answers there doesn't speak WRP/1"
    if inbound.begins(with: Array("HTTP/".utf8)) { stranger += ", but HTTP" }
    if inbound.begins(with: [0x15, 0x03]) { stranger += ", but TLS" }
    return Violation(Failure(cause: .notAWalletServer("\(stranger) (\(rule))"), isPermanent: true))
  }
}

extension Rejection {
  /// Whether a server that closes a connection for this may take the next one.
  fileprivate var isPassing: Bool { reason == .unavailable || reason == .resourceExhausted || reason == .internal }
}
