import WalletCore
import WalletSystem
import WalletWire

extension WRP {
  private static let infoRequestID: UInt32 = 1

  /// HELLO, and GetServerInfo behind it.
  func greet(_ channel: Channel, deadline: Int64, _ time: any TimeSource) throws(BenchFailure) -> Peer {
    var hello: [UInt8] = []
    RequestEncoder.appendHello(token: token, to: &hello)
    hello.appendFrame(
      FrameHeader(type: .request, code: Verb.getServerInfo.rawValue, requestID: Self.infoRequestID))
    // A new socket's buffer has room for it.
    guard channel.send(hello, from: 0) == hello.count else { throw isNotWalletd("it closed") }
    var conversation = Conversation(channel: channel, deadline: deadline, time: time)
    while true {
      guard try conversation.receive() else {
        throw conversation.isSilent
          ? .unreachable("\(server) takes connections and says nothing for 10 s")
          : isNotWalletd("it closed the connection")
      }
      if let peer = try peer(conversation.input.span) { return peer }
    }
  }

  /// `nil` until both answers are there.
  func peer(_ input: Span<UInt8>) throws(BenchFailure) -> Peer? {
    guard let (name, end) = try serverName(input) else { return nil }
    var position = end
    while let message = try message(in: input, from: position) {
      position = message.end
      if message.kind == .answer { return Peer(name: name, build: ReplyReader.text(13, input, message.payload)) }
      // A server that refuses to tell isn't worse for it.
      if message.kind == .refusal { return Peer(name: name) }
    }
    return nil
  }

  /// `nil` until the frame is whole.
  private func serverName(_ input: Span<UInt8>) throws(BenchFailure) -> (name: String, end: Int)? {
    let slice: FrameSlice?
    do throws(FrameError) {
      slice = try FrameParser.frame(in: input, from: 0, frameBytesMax: Self.frameBytesMax)
    } catch {
      throw isNotWalletd("what it sends are not frames")
    }
    guard let slice else { return nil }
    switch slice.header.type {
    case .helloAck: return (ReplyReader.text(2, input, slice.payload), slice.end)
    case .connectionError:
      throw .unreachable("\(server) refuses the connection: \(ReplyReader.text(2, input, slice.payload))")
    default: throw isNotWalletd("it answers HELLO with a frame of type \(slice.header.type.rawValue)")
    }
  }

  private func isNotWalletd(_ why: String) -> BenchFailure {
    .unreachable("\(server) isn't a walletd that speaks WRP/1: \(why)")
  }
}
