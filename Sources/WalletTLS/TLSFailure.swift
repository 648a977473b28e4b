internal import CTLS

/// What stands between two programs and a TLS connection.
public enum TLSProblem: Sendable, Hashable {
  /// The other side speaks something else.
  case noTLS
  /// The two have no version of TLS in common.
  case version
  /// The certificate is that of another name or address.
  case wrongName
  /// Nobody who is trusted has signed the certificate.
  case unknownAuthority
  case expired
  case notYetValid
  /// The certificate isn't good for another reason.
  case badCertificate
  /// A certificate was asked for and none came.
  case noCertificate
  /// The other side ended it, with this alert of RFC 8446, such as 45 for a certificate that has expired or 116 for one
  /// that is missing.
  case refused(alert: Int32)
  /// A file of one's own can't be used.
  case configuration
  /// Bytes that are no TLS, or a failure of the library.
  case other
}

/// Why a TLS connection can't be had, or can't go on.
package struct TLSFailure: Error, Equatable, Sendable, CustomStringConvertible {
  package var problem: TLSProblem
  package var description: String

  package init(_ problem: TLSProblem, _ description: String) {
    self.problem = problem
    self.description = description
  }
}

extension TLSFailure {
  static let noTLS = TLSFailure(.noTLS, "the other side doesn't speak TLS")

  /// Why the last call about a connection failed.
  @unsafe
  static func last(_ ssl: OpaquePointer) -> TLSFailure {
    var alert: Int32 = 0
    var cText: UnsafePointer<CChar>?
    let problem = unsafe walletd_tls_why(ssl, &alert, &cText)
    let text = unsafe cText.map { unsafe String(cString: $0) } ?? ""
    switch problem {
    case WALLETD_TLS_NO_TLS: return noTLS
    case WALLETD_TLS_NO_VERSION: return TLSFailure(.version, "the two sides have no version of TLS in common")
    case WALLETD_TLS_NO_PROTOCOL:
      return TLSFailure(.other, "the two sides have no protocol in common (ALPN): it is wrp/1")
    case WALLETD_TLS_WRONG_NAME: return TLSFailure(.wrongName, "the certificate is that of another name")
    case WALLETD_TLS_UNKNOWN_AUTHORITY:
      return TLSFailure(.unknownAuthority, "the certificate isn't signed by an authority that is trusted")
    case WALLETD_TLS_EXPIRED: return TLSFailure(.expired, "the certificate has expired")
    case WALLETD_TLS_NOT_YET_VALID: return TLSFailure(.notYetValid, "the certificate isn't valid yet")
    case WALLETD_TLS_BAD_CERTIFICATE: return TLSFailure(.badCertificate, "the certificate isn't good: \(text)")
    case WALLETD_TLS_NO_CERTIFICATE: return TLSFailure(.noCertificate, "it shows no certificate, and one is required")
    case WALLETD_TLS_ALERT:
      return TLSFailure(.refused(alert: alert), "the other side ended it with the TLS alert \"\(text)\"")
    default: return TLSFailure(.other, "TLS failed: \(text)")
    }
  }

  /// What the library says of its first error, for people.
  static var lastText: String { unsafe String(cString: walletd_tls_error_text()) }
}
