package import WalletTLS

/// How a client recognises its server over TLS, and shows who it is itself. It holds for TCP; over a Unix socket there is no
/// TLS.
public struct WalletTLSOptions: Sendable, Equatable {
  public enum Trust: Sendable, Equatable {
    /// The authorities that the machine trusts.
    case system
    /// Those whose certificates are in a PEM file.
    case authorities(file: String)
  }

  /// A certificate chain and its key, PEM. The key has no password, and not everybody may read its file.
  public struct Certificate: Sendable, Equatable {
    public var file: String
    public var keyFile: String

    public init(file: String, keyFile: String) {
      self.file = file
      self.keyFile = keyFile
    }
  }

  public var trust: Trust
  /// What this program shows a server that asks for a certificate.
  public var certificate: Certificate?
  /// The name or numeric address that the server's certificate must have; `nil`: the host of the endpoint.
  public var serverName: String?

  public init(trust: Trust = .system, certificate: Certificate? = nil, serverName: String? = nil) {
    self.trust = trust
    self.certificate = certificate
    self.serverName = serverName
  }

  /// Reads the files.
  package func makeContext() -> Result<TLSContext, TLSContext.Unusable> {
    let credentials = certificate.map { TLSContext.Credentials(certificate: $0.file, key: $0.keyFile) }
    do throws(TLSContext.Unusable) {
      switch trust {
      case .system: return .success(try .client(.system, credentials))
      case .authorities(let file): return .success(try .client(.file(file), credentials))
      }
    } catch {
      return .failure(error)
    }
  }
}
