import NIOCore
import NIOHTTP1

/// Puts out whoever takes too long, and tells of whoever sends a head that goes on past `AdminLimits.headBytesMax`
/// (`HTTPParserError.headerOverflow`, the only kind of error that the pipeline lets be answered). It stands before the parser,
/// which keeps what isn't whole to itself.
final class ConnectionClock: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private enum Phase {
    case waiting
    case receivingHead(byteCount: Int)
    case receivingBody
    case working
    /// What comes is thrown away.
    case closing
  }

  private let limits: AdminLimits
  private var phase = Phase.waiting
  private var alarm: Scheduled<Void>?
  private var context: ChannelHandlerContext?

  init(_ limits: AdminLimits) { self.limits = limits }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    alarm?.cancel()
    self.context = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    setAlarm(limits.requestMilliseconds)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    alarm?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let count = unwrapInboundIn(data).readableBytes
    switch phase {
    case .closing: return
    case .waiting:
      setAlarm(limits.requestMilliseconds)
      phase = .receivingHead(byteCount: count)
    case .receivingHead(let before): phase = .receivingHead(byteCount: before + count)
    case .receivingBody, .working: break
    }
    context.fireChannelRead(data)
    // The parser has taken the whole head by now if it is there.
    if case .receivingHead(let count) = phase, count > limits.headBytesMax {
      phase = .working
      context.fireErrorCaught(HTTPParserError.headerOverflow)
    }
  }

  func gotHead() { phase = .receivingBody }

  /// The request is whole: from here on time is the server's.
  func gotRequest() {
    phase = .working
    alarm?.cancel()
  }

  /// The answer is written, and has to be taken.
  func answering() { setAlarm(limits.writeMilliseconds) }

  func answered() {
    phase = .waiting
    setAlarm(limits.idleMilliseconds)
  }

  /// The last answer is being written: of what comes only the end matters, for which there is as much time as for taking the
  /// answer.
  func closing() { phase = .closing }

  private func setAlarm(_ milliseconds: Int64) {
    alarm?.cancel()
    guard let context, context.channel.isActive else { return }
    alarm = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(milliseconds)) { [weak self] in
      self?.context?.close(promise: nil)
    }
  }
}
