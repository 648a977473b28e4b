import Testing
import WalletCore
import WalletWire

@testable import WalletBenchKit

/// What the generator writes by hand, read as the server reads it.
struct RequestEncoderTests {
  private let key = OperationKey(milliseconds: 1_790_000_000_123, random: (0xFEDC, 0x0123_4567_89AB_CDEF))
  private let origin = Origin(actor: "local", source: "127.0.0.1", clientName: "walletbench")

  private func decode(_ operation: Operation) throws -> ServerRequest {
    var output: [UInt8] = []
    RequestEncoder(ownerPrefix: "bench-r1-x-").append(operation, requestID: 77, to: &output)
    let slice = try #require(try FrameParser.frame(in: output.span, from: 0, frameBytesMax: 4096))
    #expect(slice.end == output.count)
    #expect(slice.header == FrameHeader(type: .request, code: operation.kind.verb.rawValue, requestID: 77))
    let payload = Array(output[slice.payload])
    return try RequestDecoder(budget: 1 << 16, batchBudget: 32 << 20).decode(
      method: slice.header.code, payload: payload.span, origin: origin)
  }

  @Test(arguments: [Operation.Kind.debit, .credit], [Int64(1), 127, 128, 1 << 40])
  func postings(kind: Operation.Kind, amount: Int64) throws {
    let operation = Operation(kind: kind, wallet: 5, walletID: 300, amount: amount, key: key, reference: 35)
    guard case .mutation(let command) = try decode(operation) else {
      Issue.record("not a mutation")
      return
    }
    #expect(command.verb == kind.verb)
    #expect(command.wallet == .id(300, currency: ""))
    #expect(command.amount == amount)
    #expect(command.violation == nil)
    #expect(command.key == .uuid(high: key.high, low: key.low))
    #expect(command.key.text == UUIDv7.text(milliseconds: 1_790_000_000_123, random: (0xFEDC, 0x0123_4567_89AB_CDEF)))
    // The canonical debit: 12 bytes of reason, 12 of reference, 16 of correlation id.
    #expect(command.audit.reason.byteCount == 12)
    #expect(command.audit.reference == "000000000013")
    #expect(command.audit.correlationID.byteCount == 16)
  }

  @Test func openings() throws {
    guard case .mutation(let command) = try decode(Operation(kind: .open, wallet: 99_999, key: key)) else {
      Issue.record("not a mutation")
      return
    }
    #expect(command.violation == nil)
    #expect(command.wallet == .name(WalletName(owner: "bench-r1-x-99999", currency: "USD", name: "main")))
  }

  @Test func referencesRiseAsText() {
    let references: [UInt64] = [0, 9, 10, 31, 32, 1023, 1 << 40, 1_790_000_000_000_000, 1 << 59]
    let texts = references.map { reference in
      var output: [UInt8] = []
      let operation = Operation(kind: .debit, wallet: 0, walletID: 1, amount: 1, key: key, reference: reference)
      RequestEncoder(ownerPrefix: "").append(operation, requestID: 1, to: &output)
      return String(decoding: output.suffix(30).prefix(12), as: UTF8.self)
    }
    #expect(texts[1] == "000000000009" && texts[2] == "00000000000a" && texts[4] == "000000000010")
    #expect(texts == texts.sorted())
    #expect(Set(texts).count == texts.count)
  }

  @Test func lookUps() throws {
    guard case .getWallet(let wallet) = try decode(Operation(kind: .lookUp, wallet: 7)) else {
      Issue.record("not a GetWallet")
      return
    }
    #expect(wallet == .name(WalletName(owner: "bench-r1-x-7", currency: "USD", name: "main")))
  }

  @Test func reads() throws {
    guard case .getBalance(let wallet) = try decode(Operation(kind: .balance, wallet: 0, walletID: Int64.max)) else {
      Issue.record("not a GetBalance")
      return
    }
    #expect(wallet == .id(Int64.max, currency: ""))
    guard
      case .list(.history(let listed, let page, let oldestFirst), _) = try decode(
        Operation(kind: .list, wallet: 0, walletID: 1))
    else {
      Issue.record("not a list")
      return
    }
    #expect(listed == .id(1, currency: ""))
    #expect(page.rowsMax == 50)
    #expect(!oldestFirst)
  }
}
