import CWalletProto
import Testing
import WalletCore

@testable import WalletWire

@Suite("Replies written by hand")
struct ReplyEncoderTests {
  private static let seeds = 0..<UInt64(400)

  private func reply(_ outcome: LedgerOutcome, _ verb: Verb) -> [UInt8] {
    let encoder = ReplyEncoder()
    var output: [UInt8] = []
    // The second goes into memory that was used before.
    encoder.append(outcome, to: verb, requestID: 7, into: &output)
    let first = output
    encoder.append(outcome, to: verb, requestID: 7, into: &output)
    #expect(output == first + first)
    return first
  }

  @Test("a MutationResponse has the bytes of protobuf-c", arguments: seeds)
  func mutations(_ seed: UInt64) {
    var values = RandomValues(seed: seed)
    let packed = PackedReplies()
    let (row, currency, exponent, replayed) = (values.row(), values.text(), values.byte(), values.flag())
    let message = unsafe packed.mutationResponse(row, currency, exponent, replayed: replayed, commitSeq: row.seq)
    let expected = unsafe packed.frame(message, flags: replayed ? .replayed : [])
    #expect(
      reply(.posted(row, currency: currency, exponent: exponent, replayed: replayed), .debit) == expected)
  }

  @Test("so has a TransferResponse", arguments: seeds)
  func transfers(_ seed: UInt64) {
    var values = RandomValues(seed: seed)
    let packed = PackedReplies()
    let outcome = values.transferred()
    guard case .transferred(let source, let destination, let currency, let exponent, let replayed) = outcome else {
      return
    }
    let message = unsafe packed.transferResponse(
      source, destination, currency, exponent, replayed: replayed, commitSeq: destination.seq)
    let expected = unsafe packed.frame(message, flags: replayed ? .replayed : [])
    #expect(reply(outcome, .transfer) == expected)
  }

  @Test("so have the responses of dry runs", arguments: seeds)
  func dryRuns(_ seed: UInt64) {
    var values = RandomValues(seed: seed)
    let packed = PackedReplies()
    let (row, other, currency, exponent) = (values.row(), values.row(), values.text(), values.byte())
    let commitSeq = values.integer()
    func expect(_ outcome: LedgerOutcome, _ verb: Verb, _ expected: [UInt8]) {
      #expect(reply(.projected(outcome, commitSeq: commitSeq), verb) == expected)
    }
    expect(
      .posted(row, currency: currency, exponent: exponent, replayed: false), .debit,
      unsafe packed.frame(
        packed.mutationResponse(row, currency, exponent, replayed: false, commitSeq: commitSeq, isDryRun: true)))
    expect(
      .transferred(source: row, destination: other, currency: currency, exponent: exponent, replayed: false), .transfer,
      unsafe packed.frame(
        packed.transferResponse(
          row, other, currency, exponent, replayed: false, commitSeq: commitSeq, isDryRun: true)))
    let items = (0..<3).map { _ in values.itemOutcome() }
    expect(
      .batch(items, commitSeq: 5, replayed: false, isFull: true), .batch,
      unsafe packed.frame(packed.batchResponse(items, commitSeq, replayed: false, isFull: true, isDryRun: true)))
  }

  @Test("so has a GetBalanceResponse", arguments: seeds)
  func balances(_ seed: UInt64) {
    var values = RandomValues(seed: seed)
    let packed = PackedReplies()
    let (wallet, commitSeq) = (values.wallet(), values.integer())
    let expected = unsafe packed.frame(packed.getBalanceResponse(wallet, commitSeq))
    #expect(reply(.wallet(wallet, commitSeq: commitSeq), .getBalance) == expected)
  }

  @Test("so has a ListTransactionsResponse", arguments: [0, 1, 2, 30])
  func lists(_ count: Int) {
    for seed in 0..<UInt64(20) {
      var values = RandomValues(seed: seed)
      let packed = PackedReplies()
      let rows = (0..<count).map { _ in values.row() }
      let (cursor, currency, exponent, commitSeq) = (
        values.text().string, values.text(), values.byte(), values.integer()
      )
      let message = unsafe packed.listTransactionsResponse(rows, cursor, currency, exponent, commitSeq)
      let expected = unsafe packed.frame(message)
      let outcome = LedgerOutcome.transactions(
        rows, nextCursor: cursor, currency: currency, exponent: exponent, commitSeq: commitSeq)
      #expect(reply(outcome, .listTransactions) == expected)
    }
  }

  @Test("so has a BatchResponse", arguments: [0, 1, 2, 50], [false, true])
  func batches(_ count: Int, _ isFull: Bool) {
    for seed in 0..<UInt64(20) {
      var values = RandomValues(seed: seed)
      let packed = PackedReplies()
      let outcomes = (0..<count).map { _ in values.itemOutcome() }
      let (commitSeq, replayed) = (values.integer(), values.flag())
      let message = unsafe packed.batchResponse(outcomes, commitSeq, replayed: replayed, isFull: isFull)
      let expected = unsafe packed.frame(message, flags: replayed ? .replayed : [])
      #expect(
        reply(.batch(outcomes, commitSeq: commitSeq, replayed: replayed, isFull: isFull), .batch) == expected)
    }
  }
}
