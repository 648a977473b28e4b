import Dispatch
import Glibc
import Testing

@testable import WalletSystem

@Suite("A peer that doesn't read")
struct UnreadPeerTests {
  private final class Handler: TransportHandler {
    var accepted: SocketID?

    func accepted(_ socket: SocketID, peer: String) { accepted = socket }
    func ready(_ socket: SocketID, reading: Bool, writing: Bool) {}
    func roundEnded() {}
  }

  @Test("what the machine keeps for it is little, so the server soon learns of it")
  func keepsLittle() throws {
    let queue = DispatchQueue(label: "test")
    let loop = try EventLoop(queue: queue)
    let handler = Handler()
    let listener = try ListeningSocket(SocketAddress("127.0.0.1:0"))
    let peer = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(peer) }
    var receiveBytes: Int32 = 4096
    unsafe setsockopt(peer, SOL_SOCKET, SO_RCVBUF, &receiveBytes, socklen_t(MemoryLayout<Int32>.size))
    let address = try SocketAddress(boundTo: listener.descriptor)
    let result = unsafe address.withPointer { unsafe connect(peer, $0, $1) }
    try #require(result == 0)
    try queue.sync {
      loop.start(handler)
      try loop.listen(on: listener)
    }
    var accepted: SocketID?
    for _ in 0..<2000 where accepted == nil {
      usleep(1000)
      accepted = queue.sync { handler.accepted }
    }
    let socket = try #require(accepted)
    let piece = [UInt8](repeating: 7, count: 64 * 1024)
    var taken = 0
    queue.sync {
      while taken < 16 << 20, case .bytes(let count) = loop.write(socket, piece, from: 0) { taken += count }
    }
    #expect(taken > 0 && taken < 1 << 20, "the machine took \(taken) bytes for a peer that reads none")
    queue.sync {
      loop.abort(socket)
      loop.stop()
    }
  }
}
