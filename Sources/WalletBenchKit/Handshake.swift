import WalletSystem
import WalletWire

/// Opens connections one by one: a server takes only so many of one address before they have said HELLO.
struct Handshake {
  let server: String
  /// How long a server may take for an answer before it counts as gone, microseconds.
  static let patience: Int64 = 10_000_000
  /// The longest frame that a server may send.
  static let frameBytesMax = 4 << 20

  /// - Returns: The descriptor, and the server's own name.
  func open(_ time: any TimeSource) throws(BenchFailure) -> (descriptor: Int32, serverName: String) {
    let deadline = time.monotonicMicroseconds + Self.patience
    let descriptor = try ClientSocket.connect(server, timeoutMilliseconds: Int32(Self.patience / 1000))
    do throws(BenchFailure) {
      return (descriptor, try greet(descriptor, deadline, time))
    } catch {
      ClientSocket.close(descriptor)
      throw error
    }
  }

  private func greet(_ descriptor: Int32, _ deadline: Int64, _ time: any TimeSource) throws(BenchFailure) -> String {
    var hello: [UInt8] = []
    RequestEncoder.appendHello(to: &hello)
    // A new socket's buffer has room for it.
    guard ClientSocket.send(descriptor, hello, from: 0) == hello.count else { throw isNotWalletd("it closed") }
    var input: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let left = Int32(clamping: (deadline - time.monotonicMicroseconds) / 1000)
      guard left > 0, ClientSocket.waitToRead(descriptor, timeoutMilliseconds: left) else {
        throw .unreachable("\(server) takes connections and says nothing for 10 s")
      }
      guard let count = ClientSocket.receive(descriptor, into: &buffer) else { continue }
      guard count > 0 else { throw isNotWalletd("it closed the connection") }
      input.append(contentsOf: buffer[..<count])
      if let name = try serverName(input.span) { return name }
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
