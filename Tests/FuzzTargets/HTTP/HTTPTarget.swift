import NIOCore
import NIOEmbedded
import WalletAdmin
import WalletWire

extension FuzzTarget {
  /// The bytes of a connection of the admin port, up to the call that the gateway would make.
  ///
  /// However they are cut, the answers are the same. Nobody can tell two lengths of one body, and a body that is refused or
  /// too long isn't handed on.
  package static let http = FuzzTarget("http", bytesMax: 4096, seeds: { try $0.exchanges() }) { bytes in
    var input = Input(bytes)
    var slices = Slices(input.byte())
    let stream = Array(input.rest)
    let whole = try HTTPConnection()
    let outcome = try whole.outcome(of: [stream])
    try check(outcome, requests: whole.requests)
    let cut = try HTTPConnection()
    try demand(try cut.outcome(of: slices.cut(stream)) == outcome, "another outcome in pieces")
    try demand(cut.requests == whole.requests, "\(cut.requests) requests in pieces, \(whole.requests) in one")
  }

  private static func check(_ outcome: HTTPConnection.Outcome, requests: Int) throws {
    let text = String(decoding: outcome.sent, as: UTF8.self)
    if outcome.sent.isEmpty { return try demand(requests == 0, "\(requests) requests without an answer") }
    try demand(text.hasPrefix("HTTP/1.1 "), "an answer begins with \(text.prefix(20).debugDescription)")
    // Each answer has its length, so none of them can hide in another.
    var rest = outcome.sent[...]
    var answers = 0
    while !rest.isEmpty {
      guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else { throw Violation("an answer without an end") }
      let head = String(decoding: rest[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
      let lengths = head.filter { $0.lowercased().hasPrefix("content-length:") }
      let length = lengths.first.flatMap { Int($0.drop { $0 != ":" }.dropFirst(2)) } ?? 0
      rest = rest[end.upperBound...]
      answers += 1
      // An answer to HEAD has the length of a body that isn't there.
      if rest.count >= length, !rest.starts(with: Array("HTTP/1.1 ".utf8)) { rest = rest.dropFirst(length) }
    }
    try demand(answers >= requests, "\(answers) answers to \(requests) requests")
  }
}

/// A connection of the admin port in memory. Its requests are answered with what the gateway makes of them.
private final class HTTPConnection {
  struct Outcome: Equatable {
    var sent: [UInt8] = []
    var isClosed = false
  }

  /// What the handler of requests has seen.
  private final class Record {
    var requests = 0
    var violation: (any Error)?
  }

  private let record = Record()
  private let channel = EmbeddedChannel()

  var requests: Int { record.requests }

  init() throws {
    var limits = AdminLimits()
    limits.bodyBytesMax = 1000
    limits.bodiesBytesMax = 1500
    let (record, limit) = (record, limits)
    let pipeline = HTTPPipeline(limits) { exchange in
      record.requests += 1
      do { try Self.check(exchange.request, limit) } catch { record.violation = error }
      exchange.answer(Self.response(exchange.request, limit))
    }
    try pipeline.add(to: channel)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 7432)).wait()
  }

  private static func response(_ request: HTTPRequest, _ limits: AdminLimits) -> HTTPResponse {
    do throws(ConnectCall.Refusal) {
      let call = try ConnectCall(request, limits: limits)
      return HTTPResponse(status: 200, body: Array("\(call.method.name) \(call.token) ".utf8) + call.payload)
    } catch {
      return error.response
    }
  }

  private static func check(_ request: HTTPRequest, _ limits: AdminLimits) throws {
    try demand(request.body.count <= limits.bodyBytesMax, "a body of \(request.body.count) bytes is handed on")
    let lengths = request.headers("content-length")
    try demand(lengths.count <= 1, "a request with the lengths \(lengths)")
    if let length = lengths.first {
      try demand(request.header("transfer-encoding") == nil, "a request with a length and an encoding")
      try demand(Int(length) == request.body.count, "a body of \(request.body.count) bytes was announced as \(length)")
    }
    for (name, value) in request.headers {
      try demand(name == name.lowercased(), "the header \(name)")
      try demand(!value.utf8.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0 }, "a header of two lines: \(name)")
    }
    try demand(request.headers.count <= limits.headerFieldsMax, "\(request.headers.count) headers")
  }

  func outcome(of pieces: [[UInt8]]) throws -> Outcome {
    for piece in pieces where channel.isActive {
      // What the pipeline makes of it, it tells the peer.
      do { try channel.writeInbound(ByteBuffer(bytes: piece)) } catch {}
      channel.embeddedEventLoop.run()
    }
    var outcome = Outcome(isClosed: !channel.isActive)
    while let part = try channel.readOutbound(as: ByteBuffer.self) { outcome.sent += part.readableBytesView }
    if channel.isActive { _ = try? channel.finish() }
    if let violation = record.violation { throw violation }
    return outcome
  }
}
