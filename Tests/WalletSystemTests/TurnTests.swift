import Dispatch
import Glibc
import TestSupport
import Testing

@testable import WalletSystem

@Suite("Turns of the event loop")
struct TurnTests {
  /// Reads all that comes, and has a piece of other work in the queue at all times.
  ///
  /// `@unchecked Sendable`: touched on the loop's queue only.
  private final class Handler: TransportHandler, @unchecked Sendable {
    let queue: DispatchQueue
    let loop: EventLoop
    var sockets: [SocketID] = []
    /// From which sockets was read, by their slots.
    private(set) var order: [UInt32] = []
    private(set) var readInAll = 0
    /// What was read from one piece of other work to the next, at most.
    private(set) var readBetweenMax = 0
    private var readAtLast = 0
    private let expected: Int

    init(_ queue: DispatchQueue, _ loop: EventLoop, expected: Int) {
      self.queue = queue
      self.loop = loop
      self.expected = expected
    }

    func accepted(_ socket: SocketID, peer: String) {}
    func adopted(_ socket: SocketID, peer: String) { sockets.append(socket) }

    func ready(_ socket: SocketID, reading: Bool, writing: Bool) {
      var bytes: [UInt8] = []
      guard reading, case .bytes(let count) = loop.read(socket, into: &bytes, countMax: EventLoop.readBytesMax)
      else { return }
      if readInAll == 0 { otherWork() }
      readInAll += count
      order.append(socket.slot)
    }

    func roundEnded() {}

    private func otherWork() {
      readBetweenMax = max(readBetweenMax, readInAll - readAtLast)
      readAtLast = readInAll
      if readInAll < expected { queue.async { self.otherWork() } }
    }
  }

  /// A loop with sockets that it has adopted, and their other ends.
  private final class Fixture {
    let queue = DispatchQueue(label: "turns")
    let loop: EventLoop
    let handler: Handler
    let peers: [Int32]
    private let adopted: [Int32]

    init(sockets: Int, bytesOfEach: Int) throws {
      loop = try EventLoop(queue: queue)
      handler = Handler(queue, loop, expected: sockets * bytesOfEach)
      let pairs = try (0..<sockets).map { _ in try SocketPair.make() }
      peers = pairs.map(\.0)
      adopted = pairs.map(\.1)
    }

    deinit { for peer in peers { SocketPair.close(peer) } }

    func start() {
      queue.sync {
        loop.start(handler)
        for socket in adopted { loop.adopt(socket, peer: "127.0.0.1") }
      }
    }

    func wait(for bytes: Int) {
      for _ in 0..<10_000 where queue.sync(execute: { handler.readInAll }) < bytes { usleep(1000) }
    }

    func stop() {
      queue.sync {
        for socket in handler.sockets { loop.close(socket) }
        loop.stop()
      }
    }
  }

  private static let readBytes = EventLoop.readBytesMax

  @Test("however much comes, other work of the queue waits for a few reads only")
  func otherWorkGoesBetween() throws {
    let (count, bytesOfEach) = (12, 4 << 20)
    let fixture = try Fixture(sockets: count, bytesOfEach: bytesOfEach)
    fixture.start()
    let peers = fixture.peers
    // They write as they can, so that something new becomes ready all the time.
    let writing = Threads.start(count) { index in
      let piece = [UInt8](repeating: 7, count: 2 * Self.readBytes)
      var written = 0
      while written < bytesOfEach {
        let result = unsafe send(peers[index], piece, min(piece.count, bytesOfEach - written), Int32(MSG_NOSIGNAL))
        if result > 0 { written += result } else { usleep(100) }
      }
    }
    _ = try writing.wait()
    fixture.wait(for: count * bytesOfEach)
    fixture.stop()
    #expect(fixture.handler.readInAll == count * bytesOfEach)
    #expect(fixture.handler.readBetweenMax <= 3 * Self.readBytes, "\(fixture.handler.readBetweenMax)")
  }

  @Test("what a turn has no room for comes first in the next one: each socket is read once before any is read twice")
  func eachHasItsTurn() throws {
    let count = 7
    let fixture = try Fixture(sockets: count, bytesOfEach: 2 * Self.readBytes)
    let piece = [UInt8](repeating: 7, count: 2 * Self.readBytes)
    for peer in fixture.peers {
      let sent = unsafe send(peer, piece, piece.count, Int32(MSG_NOSIGNAL))
      try #require(sent == piece.count)
    }
    fixture.start()
    fixture.wait(for: count * piece.count)
    fixture.stop()
    let order = fixture.handler.order
    #expect(order.count == 2 * count)
    for pass in [order.prefix(count), order.suffix(count)] { #expect(Set(pass).count == count, "\(order)") }
  }
}
