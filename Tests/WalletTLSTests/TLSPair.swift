import WalletTLS

/// Both ends of a TLS connection, in memory.
struct TLSPair {
  let server: TLSEngine
  let client: TLSEngine
  /// On the way, encrypted.
  var toServer: [UInt8] = []
  var toClient: [UInt8] = []
  /// What has arrived, decrypted.
  var serverRead: [UInt8] = []
  var clientRead: [UInt8] = []

  init(_ server: TLSContext, _ client: TLSContext, expecting name: String? = "localhost") throws {
    let pipe = TLSPipe()
    self.server = try TLSEngine(server, pipe: pipe)
    self.client = try TLSEngine(client, pipe: pipe, expecting: name)
  }

  /// Lets both talk until neither has anything to say.
  ///
  /// - Parameter slice: How many of so many bytes arrive at once.
  mutating func exchange(slice: (Int) -> Int = { $0 }) throws(TLSFailure) {
    if !client.isEstablished, toServer.isEmpty, toClient.isEmpty { try client.start(output: &toServer) }
    while !toServer.isEmpty || !toClient.isEmpty {
      if !toServer.isEmpty {
        let piece = Self.take(slice(toServer.count), &toServer)
        try server.receive(piece, into: &serverRead, output: &toClient)
      }
      if !toClient.isEmpty {
        let piece = Self.take(slice(toClient.count), &toClient)
        try client.receive(piece, into: &clientRead, output: &toServer)
      }
    }
  }

  private static func take(_ count: Int, _ bytes: inout [UInt8]) -> [UInt8] {
    defer { bytes.removeFirst(count) }
    return Array(bytes.prefix(count))
  }
}
