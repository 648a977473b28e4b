import WalletCore
import WalletWire

/// What a connection's bytes mean, and which frame may come when. Pure: bytes in, events out, no IO, no clock.
struct ConnectionState {
  enum Phase: Equatable {
    case preface
    case hello
    case open
  }

  /// What a client asked for. Ranges lie in the buffer that was read.
  enum Event: Equatable {
    case hello(payload: Range<Int>)
    case request(FrameHeader, payload: Range<Int>)
    case cancel(requestID: UInt32)
    case ping(requestID: UInt32, payload: Range<Int>)
    /// A frame that needs no answer.
    case nothing
  }

  private static let pingByteCount = 8
  private static let firstByteOfTLS: UInt8 = 0x16

  private(set) var phase = Phase.preface
  /// Ids of requests that have no response yet.
  private(set) var inFlight = RequestIDSet()

  /// The next event from `start`, and where the one after it begins; `nil` until more bytes come.
  ///
  /// - Throws: Why the stream can't be trusted; CONNECTION_ERROR goes out and the connection closes.
  mutating func next(
    in bytes: Span<UInt8>, from start: Int, limits: ServerLimits
  ) throws(Failure) -> (event: Event, end: Int)? {
    if phase == .preface { return try preface(bytes, start) }
    let slice: FrameSlice?
    do {
      slice = try FrameParser.frame(in: bytes, from: start, frameBytesMax: frameBytesMax(bytes, start, limits))
    } catch {
      throw error.failure
    }
    guard let slice else { return nil }
    return (try event(slice, limits), slice.end)
  }

  mutating func accepted() { phase = .open }

  mutating func answered(_ requestID: UInt32) {
    let isKnown = inFlight.remove(requestID)
    precondition(isKnown, "a second response to one request")
  }

  /// Only a batch may be long. Its method stands in bytes 6 and 7, before the payload.
  private func frameBytesMax(_ bytes: Span<UInt8>, _ start: Int, _ limits: ServerLimits) -> Int {
    if phase == .hello { return limits.helloFrameBytesMax }
    let mayBeBatch =
      bytes.count - start < 8
      || UInt16(bytes[start + 6]) << 8 | UInt16(bytes[start + 7]) == Verb.batch.rawValue
    return (mayBeBatch ? limits.batchRequestBytesMax : limits.requestBytesMax) + FrameHeader.byteCount
  }

  private mutating func preface(_ bytes: Span<UInt8>, _ start: Int) throws(Failure) -> (event: Event, end: Int)? {
    let expected = FrameHeader.preface
    if start < bytes.count, bytes[start] == Self.firstByteOfTLS {
      throw Self.invalid("the connection begins with TLS, and this port doesn't speak it")
    }
    for index in 0..<min(expected.count, bytes.count - start) where bytes[start + index] != expected[index] {
      throw Self.invalid("the connection doesn't begin with the preface of WRP/1")
    }
    guard bytes.count - start >= expected.count else { return nil }
    phase = .hello
    return (.nothing, start + expected.count)
  }

  private mutating func event(_ slice: FrameSlice, _ limits: ServerLimits) throws(Failure) -> Event {
    let header = slice.header
    if phase == .hello {
      guard header.type == .hello else { throw Self.invalid("the first frame must be HELLO") }
      return .hello(payload: slice.payload)
    }
    switch header.type {
    case .request:
      guard header.requestID != 0 else { throw Self.invalid("a request must have an id other than 0") }
      guard inFlight.insert(header.requestID) else {
        throw Self.invalid("the request id \(header.requestID) is in flight already")
      }
      return .request(header, payload: slice.payload)
    case .cancel:
      return .cancel(requestID: header.requestID)
    case .ping:
      guard slice.payload.count == Self.pingByteCount else { throw Self.invalid("a PING carries exactly 8 bytes") }
      return .ping(requestID: header.requestID, payload: slice.payload)
    case .pong:
      return .nothing
    case .hello:
      throw Self.invalid("HELLO may come only once")
    case .helloAck, .response, .goAway, .connectionError, .event:
      throw Self.invalid("only a server sends frames of type \(header.type.rawValue)")
    }
  }

  private static func invalid(_ rule: String) -> Failure { Failure(.invalidFrame, .frame(rule: rule, limit: 0)) }
}

extension FrameError {
  var failure: Failure {
    switch self {
    case .lengthBelowHeader(let length):
      Failure(.invalidFrame, .frame(rule: "the length \(length) is below 16", limit: 0))
    case .lengthAboveLimit(let length, let limit):
      Failure(
        .invalidFrame, .frame(rule: "a frame of \(length) bytes is too long", limit: UInt32(clamping: limit)))
    case .checksum: Failure(.invalidFrame, .frame(rule: "the checksum is wrong", limit: 0))
    case .unknownType(let type): Failure(.invalidFrame, .frame(rule: "the frame type \(type) is unknown", limit: 0))
    case .unknownFlags(let flags): Failure(.invalidFrame, .frame(rule: "the flags \(flags) are unknown", limit: 0))
    }
  }
}
