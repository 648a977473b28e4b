import Foundation
import TestSupport
import Testing
import WalletClient
import WalletWire

@Suite("Batches over a socket")
struct BatchTests {
  private static let itemsMax = 8_190

  private func key(_ index: Int) -> String {
    UUIDv7.text(milliseconds: 1_700_000_000_000 + UInt64(index), random: (5, 7))
  }

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

  @Test("the Swift client: wallets opened and used in one batch, refusals typed, replays in both modes")
  func swiftClient() async throws {
    let service = try Service()
    let wallet = WalletReference.owner("u1", currency: "USD")
    let items: [BatchItem] = [
      .openWallet(owner: "u1", currency: "USD"),
      .credit(wallet, amount: 1_000, MutationOptions(reason: "top-up")),
      .debit(wallet, amount: 450, MutationOptions(reason: "esim.purchase")),
    ]
    var options = BatchOptions()
    options.fullResults = true
    for replayed in [false, true] {
      let result = try await service.client.batch(items, mode: .allOrNothing(key: "batch-0000001"), options)
      #expect(result.replayed == replayed && result.items.count == 3)
      guard case .done(let done) = result.items[2] else { throw TestFailure("\(result.items[2])") }
      #expect(done.balance == 550 && done.version == 3 && done.currency == "USD" && done.exponent == 2)
      #expect(done.transaction?.amount == -450 && done.transaction?.idempotencyKey == "batch-0000001\u{B7}2")
      #expect(done.replayed == replayed && done.transactionID == 3 && result.commitSeq == 3)
    }
    let tooMuch = items.dropFirst() + [.debit(wallet, amount: 5_000, MutationOptions(reason: "esim.purchase"))]
    do throws(WalletError) {
      _ = try await service.client.batch(Array(tooMuch), mode: .allOrNothing())
      Issue.record("it was done")
    } catch {
      guard case .rejected(let rejection) = error, case .batchAborted(2, let cause) = rejection.detail,
        case .insufficientFunds(let figures) = cause.detail
      else { throw TestFailure("\(error)") }
      #expect(figures.requested == 5_000 && figures.available == 1_100 && rejection.isRemembered)
    }
    let single = try await service.client.batch(Array(tooMuch))
    let again = try await service.client.batch(Array(tooMuch), mode: .itemByItem(key: single.idempotencyKey))
    for (first, second) in zip(single.items, again.items) {
      switch (first, second) {
      case (.done(let first), .done(let second)):
        #expect(first.transactionID == second.transactionID && second.replayed && !first.replayed)
      case (.rejected(let first), .rejected(let second)):
        #expect(first.detail == second.detail && second.replayed && second.key == first.key)
      default: Issue.record("\(first), then \(second)")
      }
    }
    #expect(try await service.client.balance(wallet).balance == 1_100)
    let list = try await service.client.transactionsPage(wallet)
    #expect(list.transactions.count == 5)
  }

  @Test("the Swift client takes a reply of several MiB to a batch")
  func longReplyToSwiftClient() async throws {
    let service = try Service()
    let owner = String(repeating: "o", count: 64)
    let name = String(repeating: "n", count: 32)
    let items = (0..<Self.itemsMax).map { _ in BatchItem.openWallet(owner: owner, currency: "USD", name: name) }
    var options = BatchOptions()
    options.timeout = .seconds(60)
    let result = try await service.client.batch(items, options)
    let refused = result.items.count { item in
      if case .rejected(let rejection) = item { rejection.reason == .walletExists } else { false }
    }
    #expect(refused == Self.itemsMax - 1)
  }

  @Test("walletctl batch: a file item by item and all or nothing, and again")
  func program() throws {
    let service = try Service()
    let folder = try ScratchFolder("batch")
    let path = "\(folder.path)/items.jsonl"
    let wallet = #"{"ownerId":"u1","currency":"USD"}"#
    try """
    {"openWallet":{"wallet":\(wallet),"reason":"wallet.open"}}
    {"credit":{"wallet":\(wallet),"amount":"1000","reason":"top-up"}}

    {"debit":{"wallet":\(wallet),"amount":"450","reason":"esim.purchase"}}
    """.write(toFile: path, atomically: true, encoding: .utf8)
    let address = "127.0.0.1:\(service.server.port)"
    let first = try walletctl(["batch", path, "--atomic", "--key", "batch-0000001", "--server", address])
    #expect(first.status == 0 && first.output.contains("   4  done         1   5.50 USD        3   3"))
    let again = try walletctl(["batch", path, "--atomic", "--key", "batch-0000001", "--server", address])
    #expect(again.status == 0 && again.output.contains("done before"))
    let single = try walletctl(["batch", path, "--server", address, "--json"])
    #expect(single.status == 1 && single.output.contains(#""code":"WALLET_EXISTS""#))
    #expect(single.output.contains(#""line":4,"outcome":"done""#))
    let called = try walletctl([
      "call", "Batch", #"{"items":[{"credit":{"wallet":\#(wallet),"amount":"1","reason":"x"}}]}"#, "--server", address,
    ])
    #expect(called.status == 0 && called.output.contains(#""balance":"1101""#))
    try "{\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try walletctl(["batch", path, "--server", address]).status == 2)
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
