import ArgumentParser
import Foundation
import WalletClient

/// Who calls, and how the server is recognised. Each file may be named in the environment instead.
struct IdentityOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A file with the token that says who calls. (else $WALLETD_TOKEN_FILE)", valueName: "file"))
  var tokenFile: String?

  @Flag(help: "Speak TLS, and trust the authorities that this machine does. The options below say it too.")
  var tls = false

  @Option(
    help: ArgumentHelp(
      "Speak TLS, and trust the authorities of this PEM file. (else $WALLETCTL_TLS_CA)", valueName: "file"))
  var tlsCa: String?

  @Option(
    help: ArgumentHelp("A certificate to show the server, PEM. (else $WALLETCTL_TLS_CERT)", valueName: "file"))
  var tlsCert: String?

  @Option(help: ArgumentHelp("Its key, which not everybody may read. (else $WALLETCTL_TLS_KEY)", valueName: "file"))
  var tlsKey: String?

  @Option(
    help: ArgumentHelp("The name that the server's certificate must have. (default: the host)", valueName: "name"))
  var tlsName: String?

  private func file(_ option: String?, _ variable: String) -> String? {
    if let option { return option }
    let value = ProcessInfo.processInfo.environment[variable] ?? ""
    return value.isEmpty ? nil : value
  }

  private var certificate: String? { file(tlsCert, "WALLETCTL_TLS_CERT") }
  private var key: String? { file(tlsKey, "WALLETCTL_TLS_KEY") }

  func validate() throws {
    guard (certificate == nil) == (key == nil) else {
      throw ValidationError("--tls-cert and --tls-key (WALLETCTL_TLS_CERT and WALLETCTL_TLS_KEY) belong together")
    }
  }

  /// `nil` without TLS.
  var tlsOptions: WalletTLSOptions? {
    let authorities = file(tlsCa, "WALLETCTL_TLS_CA")
    guard tls || authorities != nil || certificate != nil || tlsName != nil else { return nil }
    var options = WalletTLSOptions(serverName: tlsName)
    if let authorities { options.trust = .authorities(file: authorities) }
    if let certificate, let key { options.certificate = .init(file: certificate, keyFile: key) }
    return options
  }

  func token() throws -> String? { try file(tokenFile, "WALLETD_TOKEN_FILE").map { try TokenFile.read($0) } }
}
