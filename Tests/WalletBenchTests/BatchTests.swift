import TestSupport
import Testing
import WalletCore
import WalletWire

@testable import WalletBenchKit

struct BatchTests {
  private let key = OperationKey(milliseconds: 1_790_000_000_123, random: (0xFEDC, 0x0123_4567_89AB_CDEF))

  private func encoded(_ items: [Operation], _ mode: BatchMode) throws -> ProtobufMessage {
    var output: [UInt8] = []
    let encoder = RequestEncoder(ownerPrefix: "bench-p-", batchMode: mode)
    encoder.append(Operation(kind: .batch, wallet: 0, key: key), requestID: 9, items: items, to: &output)
    let slice = try #require(try FrameParser.frame(in: output.span, from: 0, frameBytesMax: 4 << 20))
    #expect(slice.end == output.count)
    #expect(slice.header == FrameHeader(type: .request, code: 272, requestID: 9))
    return try ProtobufMessage(output[slice.payload])
  }

  private func operation(_ kind: Operation.Kind, _ number: Int) -> Operation {
    Operation(
      kind: kind, wallet: number, walletID: 300, amount: 17,
      key: OperationKey(milliseconds: 1_790_000_000_000, random: (0, UInt64(number))), reference: UInt64(number))
  }

  @Test func itemsAreTheRequestsThatTheyStandFor() throws {
    let items = [operation(.open, 5), operation(.debit, 6), operation(.credit, 7)]
    let batch = try encoded(items, .items)
    #expect(batch.text(3).isEmpty)
    #expect(batch.integer(14) == 0 && batch.integer(16) == 0)
    let found = batch.all(15)
    #expect(found.count == 3)
    for (index, item) in items.enumerated() {
      let message = try ProtobufMessage(found[index])
      // The request of the verb itself, as it is sent alone.
      var alone: [UInt8] = []
      RequestEncoder(ownerPrefix: "bench-p-").append(item, requestID: 1, to: &alone)
      #expect(message.bytes(UInt32(index + 1)) == Array(alone.dropFirst(FrameHeader.byteCount)))
      #expect(alone.count > 100)
    }
  }

  @Test func anAtomicBatchHasTheOnlyKey() throws {
    let batch = try encoded([operation(.debit, 6), operation(.credit, 7)], .atomic)
    #expect(batch.text(3) == UUIDv7.text(high: key.high, low: key.low))
    #expect(batch.integer(14) == 1)
    for (index, bytes) in batch.all(15).enumerated() {
      let posting = try ProtobufMessage(try ProtobufMessage(bytes).bytes(UInt32(index + 2)))
      #expect(posting.text(3).isEmpty)
      #expect(posting.integer(2) == 17 && posting.text(4) == "bench.charge")
      #expect(posting.text(5) == "00000000000\(index + 6)")
      #expect(posting.text(6).utf8.count == 16)
    }
  }

  @Test func theLargestBatchStaysWithinTheLimit() throws {
    let items = (0..<BenchSettings.batchMax).map { number in
      Operation(kind: .debit, wallet: number, walletID: .max, amount: 100, key: key, reference: .max)
    }
    var output: [UInt8] = []
    RequestEncoder(ownerPrefix: "").append(Operation(kind: .batch, wallet: 0), requestID: 1, items: items, to: &output)
    #expect(output.count < 4 << 20)
  }

  // MARK: Answers

  private func results(_ bytes: [UInt8]) throws -> (results: [BatchItemResult], isBatch: Bool) {
    var results: [BatchItemResult] = []
    let isBatch = try ReplyReader.batchResults(bytes.span, 0..<bytes.count) { index, result in
      #expect(index == results.count)
      results.append(result)
    }
    return (results, isBatch)
  }

  @Test func resultsOfEachKind() throws {
    var writer = ProtobufWriter()
    writer.message(1) {
      $0.integer(1, 77)
      $0.integer(2, 3)
      $0.integer(3, -5)
    }
    writer.message(1) {
      $0.message(5) {
        $0.integer(1, 33)
        $0.text(2, "short")
      }
    }
    writer.message(1) {
      $0.integer(2, 4)
      $0.integer(6, 1)
    }
    // Behind the results that it belongs to.
    writer.integer(2, 99)
    let (found, isBatch) = try results(writer.bytes)
    #expect(isBatch)
    #expect(found.count == 3)
    #expect(found[0] == .done(Reply(balance: -5, version: 3, commitSeq: 99), isReplay: false))
    #expect(found[1] == .refused(Refusal(reason: .insufficientFunds, message: "short")))
    #expect(found[2] == .done(Reply(version: 4, commitSeq: 99), isReplay: true))
    #expect(try !results(Array(writer.bytes.dropLast())).isBatch)
  }

  @Test func placesAreUsedAgain() {
    let pool = BatchPool()
    let batcher = Batcher(size: 3, batches: pool)
    var source = OperationSource(
      BenchSettings(wallets: 10), book: WalletBook(count: 10), time: GivenTime(), startedAt: 1)
    let first = batcher.next(&source, 0) { $0.drawn(0) }
    let second = batcher.next(&source, 0, itemsMax: 2) { $0.drawn(0) }
    #expect(first.kind == .batch && pool.items(first).count == 3 && pool.items(second).count == 2)
    #expect(Set((pool.items(first) + pool.items(second)).map(\.reference)).count == 5)
    pool.remove(first)
    let third = batcher.next(&source, 0) { $0.drawn(0) }
    #expect(third.batch == first.batch && pool.items(third).count == 3)
    #expect(pool.batches.count == 2)
  }
}
