import ArgumentParser
import Foundation
import WalletClient

/// What every command takes.
struct ConnectionOptions: ParsableArguments {
  @Option(help: "The server, as HOST:PORT or unix:PATH. (default: $WALLETD_SERVER, else 127.0.0.1:7431)")
  var server: String?

  @Flag(help: "Print the reply as JSON, on one line; errors too.")
  var json = false

  @Option(help: ArgumentHelp("The time for each call, with everything in it.", valueName: "seconds"))
  var timeout: Double = 10

  @OptionGroup(title: "Identity and TLS") var identity: IdentityOptions

  static let defaultServer = "127.0.0.1:7431"

  var serverText: String {
    if let server { return server }
    let environment = ProcessInfo.processInfo.environment["WALLETD_SERVER"] ?? ""
    return environment.isEmpty ? Self.defaultServer : environment
  }

  func validate() throws {
    guard WalletEndpoint(serverText) != nil else {
      throw ValidationError("the server must be HOST:PORT, [IPV6]:PORT or unix:PATH, not '\(serverText)'")
    }
    guard timeout > 0, timeout <= 86_400 else { throw ValidationError("--timeout must be from above 0 to 86400") }
    try identity.validate()
  }

  func makeSession(connections: Int = 1) throws -> Session {
    guard let endpoint = WalletEndpoint(serverText) else {
      throw ValidationError("the server must be HOST:PORT, not '\(serverText)'")
    }
    var options = WalletClientOptions()
    options.timeout = .milliseconds(max(1, Int64(timeout * 1_000)))
    options.connections = connections
    options.clientName = "walletctl"
    do {
      options.token = try identity.token()
    } catch let rule as TokenFile.Unusable {
      throw CommandFailure.usage("\(rule)", json: json)
    }
    options.tls = identity.tlsOptions
    return Session(client: WalletClient(endpoint, options: options), server: endpoint.description, json: json)
  }
}
