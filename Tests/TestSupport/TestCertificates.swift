internal import Foundation
package import WalletTLS

/// Authorities and what they have signed, as files in a scratch folder.
///
/// `@unchecked Sendable`: the authorities don't change once they are made.
package final class TestCertificates: @unchecked Sendable {
  package enum Signer: Sendable {
    case authority
    /// One of the same name, whom nobody trusts.
    case stranger
  }

  private let folder: ScratchFolder
  private let authorities: (trusted: DevelopmentCertificate, stranger: DevelopmentCertificate)

  /// Makes both authorities, and a server's certificate for localhost.
  package init() throws {
    folder = try ScratchFolder("certificates")
    let make = {
      try DevelopmentCertificate(
        .authority, commonName: "test authority", validSeconds: Self.hours(from: -48, until: 48))
    }
    authorities = (try make(), try make())
    try write(authorities.trusted, "authority")
    try write(authorities.stranger, "stranger")
    try makeServer("server")
  }

  package func path(_ name: String) -> String { "\(folder.path)/\(name)" }
  package var authority: String { path("authority.pem") }
  package func credentials(_ name: String) -> TLSContext.Credentials {
    TLSContext.Credentials(certificate: path("\(name).pem"), key: path("\(name).key"))
  }

  /// Options of `walletd serve`.
  package func serverOptions(_ name: String = "server") -> [String] {
    ["--tls-cert", path("\(name).pem"), "--tls-key", path("\(name).key")]
  }

  /// Makes `NAME.pem` and `NAME.key`, in place of what is there.
  package func makeServer(
    _ name: String, hosts: [String] = ["localhost", "127.0.0.1"], by signer: Signer = .authority,
    hours: ClosedRange<Int> = -1...24
  ) throws {
    try make(.server, name, names: hosts, signer, hours)
  }

  package func makeClient(
    _ name: String, names: [String] = [], by signer: Signer = .authority, hours: ClosedRange<Int> = -1...24
  ) throws {
    try make(.client, name, names: names, signer, hours)
  }

  private func make(
    _ kind: DevelopmentCertificate.Kind, _ name: String, names: [String], _ signer: Signer, _ hours: ClosedRange<Int>
  ) throws {
    let issuer = signer == .authority ? authorities.trusted : authorities.stranger
    try write(
      DevelopmentCertificate(
        kind, commonName: name, names: names,
        validSeconds: Self.hours(from: hours.lowerBound, until: hours.upperBound), issuer: issuer), name)
  }

  /// In place of what is there.
  package func copy(_ name: String, to other: String) throws {
    try Data(contentsOf: URL(filePath: path(name))).write(to: URL(filePath: path(other)))
  }

  package func setMode(_ mode: Int, of name: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
  }

  private func write(_ certificate: DevelopmentCertificate, _ name: String) throws {
    for (bytes, ending) in [(certificate.pem, "pem"), (certificate.keyPEM, "key")] {
      let path = path("\(name).\(ending)")
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
  }

  private static func hours(from: Int, until: Int) -> Range<Int64> {
    let now = Int64(Date.now.timeIntervalSince1970)
    return now + Int64(from) * 3600..<now + Int64(until) * 3600
  }
}
