import Glibc
import Testing

@testable import WalletSystem

@Suite struct PassedSocketsTests {
  @Test func aListeningSocketIsTakenOverWithItsAddress() throws {
    let original = try ListeningSocket(SocketAddress("127.0.0.1:0"))
    defer { close(original.descriptor) }
    // As a manager opens it: without O_NONBLOCK, not closed on exec.
    let copy = dup(original.descriptor)
    defer { close(copy) }
    let adopted = try ListeningSocket(adopting: copy)
    #expect(adopted.address.description == original.address.description)
    #expect(!adopted.address.description.hasSuffix(":0"))
    let accepted = accept(copy, nil, nil)
    let number = errno
    #expect(accepted == -1)
    #expect(number == EAGAIN)
  }

  @Test func whatDoesNotListenIsRefused() throws {
    let datagrams = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    let stream = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    for descriptor in [datagrams, stream] {
      let error = #expect(throws: SystemError.self) { _ = try ListeningSocket(adopting: descriptor) }
      #expect(error?.call == "descriptor \(descriptor) isn't a stream socket that listens")
      close(descriptor)
    }
    #expect(throws: SystemError.self) { _ = try ListeningSocket(adopting: 1_000_000) }
  }

  @Test func onlyTheProcessThatIsMeantTakesThem() throws {
    #expect(try PassedSockets.take(environment: [:], processID: 7).isEmpty)
    #expect(try PassedSockets.take(environment: ["LISTEN_FDS": "1"], processID: 7).isEmpty)
    #expect(try PassedSockets.take(environment: ["LISTEN_PID": "8", "LISTEN_FDS": "1"], processID: 7).isEmpty)
    for count in ["x", "-1", "65"] {
      #expect(throws: SystemError.self) {
        _ = try PassedSockets.take(environment: ["LISTEN_PID": "7", "LISTEN_FDS": count], processID: 7)
      }
    }
  }
}
