import Dispatch
import Glibc
import TestSupport
import Testing

@testable import WalletSystem

/// Who is at the other end, as the kernel says.
@Suite struct PeerUserTests {
  private final class Handler: TransportHandler {
    var accepted: [(socket: SocketID, peer: String)] = []

    func accepted(_ socket: SocketID, peer: String) { accepted.append((socket, peer)) }
    func ready(_ socket: SocketID, reading: Bool, writing: Bool) {}
    func roundEnded() {}
  }

  @Test("a Unix socket tells the user at its other end; TCP tells nothing")
  func identities() throws {
    let folder = try ScratchFolder("peer")
    let queue = DispatchQueue(label: "test")
    let loop = try EventLoop(queue: queue)
    let handler = Handler()
    let unix = try ListeningSocket(unix: "\(folder.path)/s", mode: 0o600)
    let tcp = try ListeningSocket(SocketAddress("127.0.0.1:0"))
    let descriptors = [
      socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0), socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0),
    ]
    defer { for descriptor in descriptors { close(descriptor) } }
    for (descriptor, listener) in zip(descriptors, [unix, tcp]) {
      let address = try SocketAddress(boundTo: listener.descriptor)
      let result = unsafe address.withPointer { unsafe connect(descriptor, $0, $1) }
      #expect(result == 0)
    }
    try queue.sync {
      loop.start(handler)
      try loop.listen(on: unix)
      try loop.listen(on: tcp)
    }
    var identities: [String: PeerIdentity] = [:]
    for _ in 0..<2000 where identities.count < 2 {
      usleep(1000)
      queue.sync {
        for (socket, peer) in handler.accepted { identities[peer] = loop.identity(of: socket) }
      }
    }
    #expect(identities == ["local": .unixUser(getuid()), "127.0.0.1": .unknown])
    queue.sync { loop.stop() }
    let isThere = unsafe access("\(folder.path)/s", F_OK) == 0
    #expect(!isThere)
  }
}
