import NIOCore
import NIOHTTP1

/// Gathers a request, hands it on, and writes its answer: one at a time, since the pipeline holds the next one back.
final class HTTPHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    case idle
    case receiving(HTTPRequestHead)
    case answering
    /// The last answer is written. What still comes is of no interest.
    case closing

    /// No answer has begun, and none was given to what is being received.
    var takesAnswer: Bool {
      switch self {
      case .idle, .receiving: true
      case .answering, .closing: false
      }
    }
  }

  private let limits: AdminLimits
  private let clock: ConnectionClock
  private let budget: BodyBudget
  private let respond: (Exchange) -> Void
  private var context: ChannelHandlerContext?
  private var state = State.idle
  private var body: [UInt8] = []
  private var bodyBytesTaken = 0
  private var isHead = false
  private var keepsAlive = true
  private weak var exchange: Exchange?

  init(
    _ limits: AdminLimits, clock: ConnectionClock, budget: BodyBudget, respond: @escaping (Exchange) -> Void
  ) {
    self.limits = limits
    self.clock = clock
    self.budget = budget
    self.respond = respond
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    giveBack()
    self.context = nil
  }

  func channelInactive(context: ChannelHandlerContext) {
    exchange?.gone()
    giveBack()
    context.fireChannelInactive()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { exchange?.whenWritable() }
    context.fireChannelWritabilityChanged()
  }

  /// What can't be parsed, or has a head without end, gets an answer where none has begun, and ends the connection.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard state.takesAnswer else {
      // Behind the last answer nothing has to be understood.
      if case .closing = state, error is HTTPParserError { return }
      return context.close(promise: nil)
    }
    isHead = false
    switch error {
    case HTTPParserError.headerOverflow:
      refuse(
        .text(431, "the head of a request may have \(limits.headBytesMax) bytes and \(limits.headerFieldsMax) fields\n")
      )
    case is HTTPParserError: refuse(.text(400, "this is no request of HTTP/1.1: \(error)\n"))
    default: context.close(promise: nil)
    }
  }

  // MARK: Receiving

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      if case .closing = state { return }
      clock.gotHead()
      isHead = head.method == .HEAD
      keepsAlive = head.isKeepAlive
      body = []
      state = .receiving(head)
      let announced = head.headers.first(name: "content-length").flatMap { Int($0.withoutSpaceAround) } ?? 0
      if announced > limits.bodyBytesMax { refuseBody() }
    case .body(let bytes): take(bytes)
    case .end:
      guard case .receiving(let head) = state else { return }
      clock.gotRequest()
      state = .answering
      let exchange = Exchange(request(head, context), context.eventLoop, self)
      self.exchange = exchange
      body = []
      respond(exchange)
    }
  }

  private func take(_ bytes: ByteBuffer) {
    guard case .receiving = state else { return }
    guard body.count + bytes.readableBytes <= limits.bodyBytesMax else { return refuseBody() }
    guard budget.take(bytes.readableBytes) else {
      return refuse(.text(503, "the bodies of other requests take all the room there is\n"))
    }
    bodyBytesTaken += bytes.readableBytes
    body.append(contentsOf: bytes.readableBytesView)
  }

  private func refuseBody() { refuse(.text(413, "a body may have \(limits.bodyBytesMax) bytes\n")) }

  private func refuse(_ response: HTTPResponse) {
    keepsAlive = false
    state = .answering
    answer(response)
  }

  private func request(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) -> HTTPRequest {
    HTTPRequest(
      method: head.method.rawValue, path: String(head.uri.prefix { $0 != "?" }),
      headers: head.headers.map { ($0.name.lowercased(), $0.value.withoutSpaceAround) }, body: body,
      peer: context.remoteAddress?.ipAddress ?? "unknown")
  }

  private func giveBack() {
    budget.give(bodyBytesTaken)
    bodyBytesTaken = 0
    body = []
  }

  // MARK: Answering

  var isWritable: Bool { context?.channel.isWritable ?? false }

  func answer(_ response: HTTPResponse) {
    var head = response
    head.headers.append(("content-length", "\(response.body.count)"))
    begin(head)
    if !isHead { send(response.body) }
    end()
  }

  func begin(_ response: HTTPResponse) {
    guard let context, case .answering = state else { return }
    var headers = HTTPHeaders()
    for (name, value) in response.headers { headers.add(name: name, value: value) }
    if !keepsAlive { headers.add(name: "connection", value: "close") }
    // What is answered is of this moment, and of whoever asked.
    headers.add(name: "cache-control", value: "no-store")
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
  }

  func send(_ bytes: [UInt8]) {
    guard let context, case .answering = state, !bytes.isEmpty else { return }
    context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
  }

  func end() {
    guard let context, case .answering = state else { return }
    state = keepsAlive ? .idle : .closing
    giveBack()
    clock.answering()
    if !keepsAlive { clock.closing() }
    let promise = context.eventLoop.makePromise(of: Void.self)
    promise.futureResult.assumeIsolated().whenComplete { [weak self] result in
      guard let self, let context = self.context else { return }
      guard case .success = result else { return context.close(promise: nil) }
      if self.keepsAlive { return self.clock.answered() }
      // Closed at once, an answer would be lost to a client that still sends: the kernel answers what nobody reads with a
      // reset, which may overtake it (RFC 9112, 9.6). So it is told the end, and may take the answer and close.
      context.close(mode: .output, promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
  }
}

extension String {
  /// The value of a header field: space and tabs around it aren't part of it (RFC 9110, 5.5), and the parser leaves those behind it.
  fileprivate var withoutSpaceAround: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let last = lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(self[...last].drop(while: isSpace))
  }
}
