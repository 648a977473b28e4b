import TestSupport
import Testing

@Suite("A server with too few descriptors")
struct DescriptorTests {
  private static let descriptorsMax = 200

  @Test("the operator is told, whoever comes too late is told, and those who are there don't notice")
  func tooFew() throws {
    let folder = try ScratchFolder("descriptors")
    let server = try ServerProcess.serve(folder.path + "/data", descriptorsMax: Self.descriptorsMax)
    let warning = "walletd: 200 descriptors are too few for --max-connections 10000, which needs 10128"
    #expect(server.lines.contains { $0.hasPrefix(warning) })

    let client = try TestClient(port: server.port)
    var sockets: [PeerSocket] = []
    while sockets.count < Self.descriptorsMax, sockets.last?.isPutOut != true {
      let socket = try PeerSocket(port: server.port)
      socket.send(PeerSocket.hello)
      wait {
        socket.receivedBytes > 0 || socket.isPutOut
      } meanwhile: {
        socket.drain()
      }
      wait {
        socket.isPutOut
      } meanwhile: {
        socket.drain()
      } unless: {
        !Self.isRefusal(socket)
      }
      sockets.append(socket)
    }
    // More than the soft limit would have allowed.
    #expect(sockets.count > Self.descriptorsMax / 2)
    let refused = try #require(sockets.last)
    #expect(refused.isPutOut && Self.isRefusal(refused))
    #expect(try client.call(.info).isOK)

    for socket in sockets { socket.close() }
    // The server learns of it by and by.
    var isServed = false
    wait {
      isServed
    } meanwhile: {
      isServed = (try? TestClient(port: server.port).call(.info).isOK) ?? false
    }
    #expect(isServed)
    #expect(try client.call(.info).isOK)
    #expect(try server.terminate() == .exited(0))
  }

  private static func isRefusal(_ socket: PeerSocket) -> Bool {
    String(decoding: socket.lastPiece, as: UTF8.self).contains("no descriptor left for another connection")
  }

  private func wait(
    until isDone: () -> Bool, meanwhile work: () -> Void, unless isNeedless: () -> Bool = { false }
  ) {
    let end = microsecondsNow() + 20_000_000
    while !isDone(), !isNeedless(), microsecondsNow() < end {
      work()
      Threads.sleep(milliseconds: 2)
    }
  }
}
