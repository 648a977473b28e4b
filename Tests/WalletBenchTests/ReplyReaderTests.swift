import Testing
import WalletCore
import WalletWire

@testable import WalletBenchKit

/// What the server's encoder writes, read by the generator.
struct ReplyReaderTests {
  private let wallet = Wallet(
    id: 7, name: WalletName(owner: "o", currency: "USD", name: "main"), exponent: 2, version: 1, createdAt: 1,
    createdBy: "local", updatedAt: 1, updatedBy: "local", lastSeq: 1)

  @Test func balances() {
    var wallet = wallet
    wallet.balance = -5
    wallet.version = 300
    var output: [UInt8] = []
    ReplyEncoder().append(.wallet(wallet, commitSeq: 12), to: .getBalance, requestID: 1, into: &output)
    let reply = ReplyReader.reply(to: .balance, output.span, FrameHeader.byteCount..<output.count)
    #expect(reply == Reply(walletID: 7, balance: -5, version: 300, commitSeq: 12))
  }

  @Test func refusals() throws {
    var output: [UInt8] = []
    ReplyEncoder().append(.invalidArgument("amount", "must be positive"), commitSeq: 1, requestID: 1, into: &output)
    let read = ReplyReader.refusal(output.span, FrameHeader.byteCount..<output.count)
    let refusal = try #require(read)
    #expect(refusal.name == "INVALID_ARGUMENT")
    #expect(refusal.message.contains("amount"))
  }

  @Test(arguments: [
    [0x10], [0x0A, 0x05, 0x00], [0x0F], [0x09, 0x00],
    [0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
  ])
  func whatIsNoMessage(bytes: [UInt8]) {
    #expect(ReplyReader.reply(to: .balance, bytes.span, 0..<bytes.count) == nil)
  }
}
