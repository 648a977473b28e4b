import ArgumentParser
import FoundationEssentials
import WalletTLS

/// How the server shows who it is, and whom it asks the same.
struct TLSOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The certificate chain, PEM, the server's own first. With it all TCP addresses speak TLS. Read again at SIGHUP.",
      valueName: "file"))
  var tlsCert: String?

  @Option(help: ArgumentHelp("Its key, PEM without a password, which not everybody may read.", valueName: "file"))
  var tlsKey: String?

  @Option(
    help: ArgumentHelp("Authorities, PEM, that sign clients' certificates; a client may show one.", valueName: "file"))
  var tlsClientCa: String?

  @Flag(help: "A client without a certificate is put out.")
  var tlsRequireClientCert = false

  @Option(help: ArgumentHelp("The lowest version of TLS: 1.3 or 1.2.", valueName: "version"))
  var tlsMin: TLSVersion?

  enum TLSVersion: String, ExpressibleByArgument, CaseIterable {
    case version12 = "1.2"
    case version13 = "1.3"
  }

  var isOn: Bool { tlsCert != nil }

  func validate() throws {
    if tlsCert == nil, tlsKey != nil { throw ValidationError("--tls-key needs --tls-cert") }
    if tlsCert != nil, tlsKey == nil { throw ValidationError("--tls-cert needs --tls-key") }
    if tlsCert == nil, tlsClientCa != nil { throw ValidationError("--tls-client-ca needs --tls-cert and --tls-key") }
    if tlsCert == nil, tlsMin != nil { throw ValidationError("--tls-min needs --tls-cert and --tls-key") }
    if tlsClientCa == nil, tlsRequireClientCert {
      throw ValidationError("--tls-require-client-cert needs --tls-client-ca")
    }
  }

  /// Reads the files; `nil` without TLS.
  func load() throws(TLSContext.Unusable) -> TLSContext? {
    guard let tlsCert, let tlsKey else { return nil }
    return try .server(
      TLSContext.Credentials(certificate: tlsCert, key: tlsKey), clientAuthorities: tlsClientCa,
      requiresClientCertificate: tlsRequireClientCert, allowsVersion12: tlsMin == .version12)
  }
}

extension TLSContext.Unusable {
  /// With the option that names the file.
  var message: String {
    switch file {
    case .certificate: "--tls-cert: \(self)"
    case .key: "--tls-key: \(self)"
    case .authorities: "--tls-client-ca: \(self)"
    case .none: "\(self)"
    }
  }
}

extension TLSContext {
  /// Whose certificate it is and until when, for the operator.
  var summary: String {
    let name = ownNames.first ?? "without a name"
    guard let endsAtSeconds else { return name }
    let end = Date(timeIntervalSince1970: TimeInterval(endsAtSeconds))
    let day = end.formatted(.iso8601.year().month().day())
    return end < .now ? "\(name), which EXPIRED on \(day)" : "\(name), valid until \(day)"
  }
}
