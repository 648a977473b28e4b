internal import CTLS

/// A certificate and its key for trying things out and for tests: made here, and trusted by nobody who isn't told to.
@safe
package final class DevelopmentCertificate {
  package enum Kind: Sendable { case authority, server, client }

  private var value = unsafe walletd_certificate()

  /// - Parameters:
  ///   - commonName: 1 to 64 characters.
  ///   - names: Host names and numeric addresses that it is good for.
  ///   - issuer: Who signs it; without one it signs itself.
  /// - Throws: When the library can't, as for a name that can't be one.
  package init(
    _ kind: Kind, commonName: String, names: [String] = [], validSeconds: Range<Int64>,
    issuer: DevelopmentCertificate? = nil
  ) throws(TLSFailure) {
    let kindNumber =
      switch kind {
      case .authority: WALLETD_CERTIFICATE_AUTHORITY
      case .server: WALLETD_CERTIFICATE_SERVER
      case .client: WALLETD_CERTIFICATE_CLIENT
      }
    let alternatives = names.isEmpty ? nil : names.map(Self.alternative).joined(separator: ",")
    var issuerValue = unsafe issuer?.value ?? walletd_certificate()
    let done = unsafe withUnsafePointer(to: &issuerValue) { issuerPointer in
      unsafe walletd_certificate_make(
        &value, Int32(kindNumber), commonName, alternatives, validSeconds.lowerBound, validSeconds.upperBound,
        issuer == nil ? nil : issuerPointer)
    }
    guard done == 1 else { throw TLSFailure(.other, "no certificate for \(commonName): \(TLSFailure.lastText)") }
  }

  deinit { unsafe walletd_certificate_free(&value) }

  /// As X509V3_EXT takes it. What could be taken for more than one name isn't one.
  private static func alternative(_ name: String) -> String {
    let isAddress = name.contains(":") || name.allSatisfy { $0.isNumber || $0 == "." }
    return (isAddress ? "IP:" : "DNS:") + name
  }

  /// Whether text can be a host name or a numeric address in a certificate.
  package static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 253
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
          UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  package var pem: [UInt8] { unsafe Self.text { unsafe walletd_certificate_pem(&value, $0.baseAddress, $0.count) } }
  package var keyPEM: [UInt8] {
    unsafe Self.text { unsafe walletd_certificate_key_pem(&value, $0.baseAddress, $0.count) }
  }

  @unsafe
  private static func text(_ write: (UnsafeMutableBufferPointer<CChar>) -> Int) -> [UInt8] {
    let bytes = unsafe [CChar](unsafeUninitializedCapacity: 16 * 1024) { buffer, count in count = unsafe write(buffer) }
    precondition(!bytes.isEmpty, "libcrypto can't write PEM")
    return bytes.map { UInt8(bitPattern: $0) }
  }
}
