import WalletClient

/// Connects with TLS and a token. Its arguments are the server's address, the file of the authority that signed its
/// certificate, and the file of the token.
@main
struct Secure {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count == 3, let endpoint = WalletEndpoint(arguments[1]) else {
      fatalError("address, authority and token, please")
    }
    var options = WalletClientOptions()
    options.tls = WalletTLSOptions(trust: .authorities(file: arguments[2]))
    options.tokenFile = arguments[3]
    let client = WalletClient(endpoint, options: options)
    let info = try await client.serverInfo()
    print("served by", info.serverName)
  }
}
