import ArgumentParser
import Foundation
import WalletTLS

/// Certificates for trying TLS out. No server is asked.
struct DevCertsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dev-certs",
    abstract: "Makes an authority, a server's and a client's certificate for trying TLS out.",
    discussion: """
      Writes ca.pem, server.pem, client.pem and their keys (ca.key and so on), P-256, which only their owner may read. \
      Nobody trusts them who isn't told to; for production take certificates of an authority of your own. Nothing that is \
      there is replaced.
      """)

  @Option(help: ArgumentHelp("The folder, made when it is missing.", valueName: "folder"))
  var out: String

  @Option(help: "A host name or address of the server; may be given more than once.")
  var name = ["localhost", "127.0.0.1", "::1"]

  @Option(help: ArgumentHelp("The client's name.", valueName: "name"))
  var client = "client"

  @Option(help: "Days until they end, 1 to 3650.")
  var days = 30

  func validate() throws {
    for text in name where !DevelopmentCertificate.isName(text) {
      throw ValidationError("--name must be a host name or a numeric address, not '\(text)'")
    }
    guard (1...3650).contains(days) else { throw ValidationError("--days must be 1 to 3650, not \(days)") }
    guard (1...64).contains(client.count), DevelopmentCertificate.isName(client) else {
      throw ValidationError("--client must have 1 to 64 characters of A-Z, a-z, 0-9, '.', '-', '_' and ':'")
    }
  }

  func run() throws {
    let now = Int64(Date.now.timeIntervalSince1970)
    // A clock beside may be a little behind.
    let time = now - 300..<now + Int64(days) * 86_400
    let authority = try DevelopmentCertificate(
      .authority, commonName: "walletd development authority", validSeconds: time)
    let server = try DevelopmentCertificate(
      .server, commonName: "walletd", names: name, validSeconds: time, issuer: authority)
    let client = try DevelopmentCertificate(.client, commonName: client, validSeconds: time, issuer: authority)
    let files = [("ca", authority), ("server", server), ("client", client)].flatMap { file, certificate in
      [("\(file).pem", certificate.pem), ("\(file).key", certificate.keyPEM)]
    }
    try write(files)
    print(
      """
      walletd serve --tls-cert \(path("server.pem")) --tls-key \(path("server.key")) --tls-client-ca \(path("ca.pem"))
      walletctl ping --tls-ca \(path("ca.pem")) --tls-cert \(path("client.pem")) --tls-key \(path("client.key"))
      """)
  }

  private func path(_ file: String) -> String { out.hasSuffix("/") ? out + file : "\(out)/\(file)" }

  private func write(_ files: [(name: String, bytes: [UInt8])]) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: out, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw CommandFailure.usage("--out \(out): \(error.localizedDescription)", json: false)
    }
    for file in files where FileManager.default.fileExists(atPath: path(file.name)) {
      throw CommandFailure.usage("\(path(file.name)) is there already, and nothing was written", json: false)
    }
    for file in files { try PrivateFile.create(path(file.name), file.bytes) }
  }
}
