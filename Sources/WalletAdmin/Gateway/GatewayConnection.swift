import NIOCore
import WalletCore
import WalletWire

/// A client of the server within its own process: it speaks the wire over a pair of sockets, so that whatever holds for
/// other clients holds for the gateway's. Confined to the event loop.
final class GatewayConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Who waits for an answer.
  struct Waiting {
    var whenEvent: (_ payload: [UInt8]) -> Void = { _ in }
    var whenDone: (_ outcome: Outcome) -> Void
  }

  enum Outcome {
    case response(FrameHeader, payload: [UInt8])
    /// The server has said why it closes: a wallet.v1.Error.
    case refused(payload: [UInt8])
    /// The connection broke: nobody knows whether a mutation was carried out.
    case lost
  }

  private static let frameBytesMax = 8 << 20
  private static let clientName = "connect"

  private let token: String
  private var context: ChannelHandlerContext?
  private var input: [UInt8] = []
  /// Frames that wait for HELLO_ACK: before it only short ones are taken.
  private var early: [UInt8] = []
  private var isOpen = false
  private var isOver = false
  private var lastID: UInt32 = 0
  private var waiting: [UInt32: Waiting] = [:]
  /// Nothing new may be asked here any more.
  private(set) var isLeaving = false
  private(set) var lastUsed: NIODeadline = .now()
  var whenLeaving: () -> Void = {}

  init(token: String) { self.token = token }

  var isIdle: Bool { waiting.isEmpty }

  // MARK: Asking

  /// - Returns: The number to cancel it by.
  func ask(_ method: UInt16, millis: UInt32, _ payload: [UInt8], _ who: Waiting) -> UInt32 {
    lastUsed = .now()
    guard !isOver else {
      who.whenDone(.lost)
      return 0
    }
    repeat { lastID &+= 1 } while lastID == 0 || waiting[lastID] != nil
    waiting[lastID] = who
    var frame: [UInt8] = []
    frame.appendFrame(
      FrameHeader(type: .request, code: method, requestID: lastID, millis: millis), payload: payload)
    if isOpen { write(frame) } else { early += frame }
    return lastID
  }

  /// Nobody waits for the answer any more.
  func cancel(_ id: UInt32) {
    guard waiting[id] != nil, isOpen else { return }
    waiting[id] = Waiting { _ in }
    var frame: [UInt8] = []
    frame.appendFrame(FrameHeader(type: .cancel, requestID: id), payload: [])
    write(frame)
  }

  /// What has come is held back until more of it is wanted.
  func setReading(_ reads: Bool) {
    context?.channel.setOption(.autoRead, value: reads).whenFailure { _ in }
  }

  func close() {
    isLeaving = true
    context?.close(promise: nil)
  }

  private func write(_ bytes: [UInt8]) {
    context?.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
  }

  // MARK: The channel

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    write(FrameHeader.preface + hello())
    context.fireChannelActive()
  }

  private func hello() -> [UInt8] {
    var members: [JSONValue.Member] = [
      JSONValue.Member("versions", .array([.integer(1)])), JSONValue.Member("clientName", .string(Self.clientName)),
    ]
    if !token.isEmpty {
      members.append(JSONValue.Member("credentials", .object([JSONValue.Member("token", .string(token))])))
    }
    guard let schema = SchemaRegistry.wallet.message("wallet.v1.Hello") else {
      preconditionFailure("the schema has no Hello")
    }
    var frame: [UInt8] = []
    do {
      frame.appendFrame(FrameHeader(type: .hello), payload: try ProtobufJSON.bytes(.object(members), as: schema))
    } catch {
      preconditionFailure("a HELLO of ours isn't one: \(error)")
    }
    return frame
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(.lost)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  /// The pair of sockets never came to be a channel.
  func failed() { end(.lost) }

  private func end(_ outcome: Outcome) {
    if isOver { return }
    isOver = true
    leave()
    let those = waiting
    waiting = [:]
    for (_, who) in those.sorted(by: { $0.key < $1.key }) { who.whenDone(outcome) }
  }

  private func leave() {
    if isLeaving { return }
    isLeaving = true
    whenLeaving()
  }

  // MARK: Frames

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    input.append(contentsOf: unwrapInboundIn(data).readableBytesView)
    var start = 0
    do throws(FrameError) {
      while let frame = try FrameParser.frame(in: input.span, from: start, frameBytesMax: Self.frameBytesMax) {
        start = frame.end
        take(frame.header, Array(input[frame.payload]))
      }
    } catch {
      context.close(promise: nil)
    }
    input.removeFirst(start)
  }

  private func take(_ header: FrameHeader, _ payload: [UInt8]) {
    switch header.type {
    case .helloAck:
      isOpen = true
      write(early)
      early = []
    case .response:
      lastUsed = .now()
      waiting.removeValue(forKey: header.requestID)?.whenDone(.response(header, payload: payload))
    case .event: waiting[header.requestID]?.whenEvent(payload)
    case .goAway: leave()
    case .connectionError: end(.refused(payload: payload))
    case .ping:
      var frame: [UInt8] = []
      frame.appendFrame(FrameHeader(type: .pong, requestID: header.requestID), payload: payload)
      write(frame)
    case .hello, .request, .cancel, .pong: break
    }
  }
}
