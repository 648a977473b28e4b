import TestSupport
import Testing
import WalletClient
import WalletWire

@Suite("Batches over a socket")
struct BatchTests {
  private static let itemsMax = 8_190

  private func key(_ index: Int) -> String { UUIDv7.text(milliseconds: 1_700_000_000_000 + UInt64(index), random: (5, 7)) }

  @Test("8,190 canonical items in one frame, in both modes, and again as replays")
  func largest() throws {
    let service = try Service()
    let client = try TestClient(port: service.server.port, timeoutSeconds: 60)
    #expect(try client.call(.open(owner: "u1", currency: "USD", key: "open-wallet-1")).isOK)
    let items = (0..<Self.itemsMax).map { TestRequest.credit(1, 1, key: key($0)) }
    let batch = TestRequest.batch(items)
    let atomic = TestRequest.batch(items.map { _ in .credit(1, 1, key: "") }, atomicKey: "batch-0000001")
    for round in 0..<2 {
      let results = try client.call(batch).results()
      #expect(results.count == Self.itemsMax && results.allSatisfy { $0.reason == 0 && $0.isReplayed == (round == 1) })
      #expect(zip(results, 2...).allSatisfy { $0.version == $1 })
      let whole = try client.call(atomic)
      #expect(try whole.results().count == Self.itemsMax && whole.isReplayed == (round == 1))
    }
    #expect(try client.call(.balance(1)).message().integer(2) == Int64(2 * Self.itemsMax))
    let tooMany = try client.call(.batch(items + [items[0]]))
    #expect(try tooMany.error().reason == 9 && tooMany.isNotExecuted)
  }

  @Test("replies of 4 MiB to several batches at once close no connection, and nobody reads them in a hurry")
  func longReplies() throws {
    let service = try Service()
    let client = try TestClient(port: service.server.port, timeoutSeconds: 60)
    // Refusals with long names, whose text is in the reply twice.
    let owner = String(repeating: "o", count: 64)
    let name = String(repeating: "n", count: 32)
    let open = TestRequest.open(owner: owner, currency: "USD", key: "open-wallet-1", name: name)
    #expect(try client.call(open).isOK)
    let requests = (0..<4).map { batch in
      TestRequest.batch(
        (0..<Self.itemsMax).map {
          .open(owner: owner, currency: "USD", key: key(batch * 10_000 + $0), name: name)
        })
    }
    let ids = try client.send(requests)
    Threads.sleep(milliseconds: 1_500)
    for id in ids {
      guard case .reply(let reply) = try client.receive() else { throw TestFailure("no reply to \(id)") }
      #expect(reply.header.requestID == id && reply.payload.count > 2 << 20 && reply.payload.count < 4 << 20)
      #expect(try reply.results().allSatisfy { $0.reason == 17 })
    }
  }

  @Test("a request that is no batch may not be as long as one, and is refused before it has arrived")
  func longRequests() throws {
    let service = try Service()
    let connection = try RawConnection(port: service.server.port)
    connection.send(FrameBytes.opening + FrameBytes.header(length: 16 + (1 << 20) + 1, method: 260))
    let (frames, hasEnded) = connection.receive(count: 2, untilEnd: true)
    #expect(frames.count == 2 && hasEnded)
  }
}

private enum FrameBytes {
  /// The preface and a HELLO.
  static var opening: [UInt8] {
    var bytes = FrameHeader.preface
    bytes.appendFrame(FrameHeader(type: .hello), payload: [0x0A, 0x01, 0x01])
    return bytes
  }

  /// The first bytes of a REQUEST.
  static func header(length: UInt32, method: UInt16) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + [3, 0, UInt8(method >> 8), UInt8(method & 0xFF)]
  }
}
