import Dispatch
import Testing

@testable import WalletSystem

@Suite("A socket from within the process")
struct AdoptionTests {
  private final class Handler: TransportHandler {
    var accepted: [String] = []
    var adopted: [SocketID] = []

    func accepted(_ socket: SocketID, peer: String) { accepted.append(peer) }
    func adopted(_ socket: SocketID, peer: String) { adopted.append(socket) }
    func ready(_ socket: SocketID, reading: Bool, writing: Bool) {}
    func roundEnded() {}
  }

  @Test("nobody is taken for this process's own user because a socket of its own speaks for him")
  func identity() throws {
    let queue = DispatchQueue(label: "adoption")
    let ends = try SocketPair.make()
    defer { SocketPair.close(ends.0) }
    try queue.sync {
      let loop = try EventLoop(queue: queue)
      let handler = Handler()
      loop.start(handler)
      loop.adopt(ends.1, peer: "127.0.0.1")
      #expect(handler.accepted.isEmpty)
      let socket = try #require(handler.adopted.first)
      #expect(loop.identity(of: socket) == .unknown)
      loop.close(socket)
      loop.stop()
    }
  }
}
