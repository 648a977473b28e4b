import Testing

@testable import WalletClient

@Suite struct EndpointTests {
  @Test func whatIsAnEndpoint() {
    #expect(WalletEndpoint("127.0.0.1:7431") == .tcp(host: "127.0.0.1", port: 7_431))
    #expect(WalletEndpoint("[::1]:7431") == .tcp(host: "::1", port: 7_431))
    #expect(WalletEndpoint("[::1]:7431")?.description == "[::1]:7431")
    #expect(WalletEndpoint("unix:/run/walletd") == .unix(path: "/run/walletd"))
    for text in ["", "host", "host:", ":1", "host:0", "host:65536", "::1:7431", "unix:", "host:x"] {
      #expect(WalletEndpoint(text) == nil, "\(text)")
    }
  }
}
