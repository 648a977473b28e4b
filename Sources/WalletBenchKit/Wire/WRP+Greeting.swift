import WalletSystem
import WalletWire

extension WRP {
  /// HELLO.
  func greet(_ descriptor: Int32, deadline: Int64, _ time: any TimeSource) throws(BenchFailure) -> Peer {
    var hello: [UInt8] = []
    RequestEncoder.appendHello(to: &hello)
    // A new socket's buffer has room for it.
    guard ClientSocket.send(descriptor, hello, from: 0) == hello.count else { throw isNotWalletd("it closed") }
    var conversation = Conversation(descriptor: descriptor, deadline: deadline, time: time)
    while true {
      guard try conversation.receive() else {
        throw conversation.isSilent
          ? .unreachable("\(server) takes connections and says nothing for 10 s")
          : isNotWalletd("it closed the connection")
      }
      if let name = try serverName(conversation.input.span) { return Peer(name: name) }
    }
  }

  /// `nil` until the frame is whole.
  private func serverName(_ input: Span<UInt8>) throws(BenchFailure) -> String? {
    let slice: FrameSlice?
    do throws(FrameError) {
      slice = try FrameParser.frame(in: input, from: 0, frameBytesMax: Self.frameBytesMax)
    } catch {
      throw isNotWalletd("what it sends are not frames")
    }
    guard let slice else { return nil }
    switch slice.header.type {
    case .helloAck: return ReplyReader.text(2, input, slice.payload)
    case .connectionError:
      throw .unreachable("\(server) refuses the connection: \(ReplyReader.text(2, input, slice.payload))")
    default: throw isNotWalletd("it answers HELLO with a frame of type \(slice.header.type.rawValue)")
    }
  }

  private func isNotWalletd(_ why: String) -> BenchFailure {
    .unreachable("\(server) isn't a walletd that speaks WRP/1: \(why)")
  }
}
