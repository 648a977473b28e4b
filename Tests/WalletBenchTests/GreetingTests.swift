import Testing
import WalletWire

@testable import WalletBenchKit

/// What a greeting says of the server.
struct GreetingTests {
  private let wire = WRP(server: "host:1", encoder: RequestEncoder(ownerPrefix: "bench-"))

  private func answers(_ last: FrameHeader, _ payload: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendFrame(FrameHeader(type: .helloAck)) { $0.appendField(2, bytes: Array("walletd/9".utf8)) }
    bytes.appendFrame(FrameHeader(type: .ping), payload: [UInt8](repeating: 0, count: 8))
    bytes.appendFrame(last, payload: payload)
    return bytes
  }

  @Test func nameAndBuildOnceBothAnswersAreWhole() throws {
    var info: [UInt8] = []
    info.appendField(1, bytes: Array("walletd/9".utf8))
    info.appendField(13, bytes: Array("debug".utf8))
    let bytes = answers(FrameHeader(type: .response, requestID: 1), info)
    for cut in 0..<bytes.count {
      let prefix = Array(bytes[..<cut])
      #expect(try wire.peer(prefix.span) == nil)
    }
    #expect(try wire.peer(bytes.span) == Peer(name: "walletd/9", build: "debug"))
  }

  @Test func aServerThatDoesntTellIsTaken() throws {
    let bytes = answers(FrameHeader(type: .response, flags: .notExecuted, code: 12, requestID: 1), [])
    #expect(try wire.peer(bytes.span) == Peer(name: "walletd/9", build: ""))
  }
}
