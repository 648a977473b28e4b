internal import CTLS
internal import Glibc

/// What connections of one side have in common: its certificate, and whom it trusts.
///
/// `@unchecked Sendable`: it doesn't change once it is made, and libssl counts its references atomically.
@safe
package final class TLSContext: @unchecked Sendable {
  let pointer: OpaquePointer
  let isServer: Bool

  /// A certificate chain and its key, as PEM files.
  package struct Credentials: Sendable, Equatable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
      self.certificate = certificate
      self.key = key
    }
  }

  package enum Trust: Sendable, Equatable {
    /// The authorities that the machine trusts.
    case system
    /// Those of a PEM file.
    case file(String)
  }

  /// Which file can't be used, and why.
  package struct Unusable: Error, Equatable, Sendable, CustomStringConvertible {
    package enum File: Sendable { case certificate, key, authorities, none }

    package var file: File
    package var description: String
  }

  /// - Parameters:
  ///   - clientAuthorities: A PEM file of those who sign the certificates of clients; `nil`: clients aren't asked for one.
  ///   - requiresClientCertificate: Whoever has none is put out.
  package static func server(
    _ credentials: Credentials, clientAuthorities: String? = nil, requiresClientCertificate: Bool = false,
    allowsVersion12: Bool = false
  ) throws(Unusable) -> TLSContext {
    let context = try TLSContext(isServer: true, allowsVersion12: allowsVersion12)
    try context.use(credentials)
    if let clientAuthorities {
      try context.trust(clientAuthorities)
      unsafe walletd_tls_verify(context.pointer, requiresClientCertificate ? 1 : 0)
    }
    return context
  }

  package static func client(
    _ trust: Trust, _ credentials: Credentials? = nil, allowsVersion12: Bool = false
  ) throws(Unusable) -> TLSContext {
    let context = try TLSContext(isServer: false, allowsVersion12: allowsVersion12)
    switch trust {
    case .system:
      guard unsafe walletd_tls_trust_system(context.pointer) == 1 else {
        throw Unusable(file: .authorities, description: "the authorities that this machine trusts can't be read")
      }
    case .file(let path): try context.trust(path)
    }
    if let credentials { try context.use(credentials) }
    unsafe walletd_tls_verify(context.pointer, 1)
    return context
  }

  private init(isServer: Bool, allowsVersion12: Bool) throws(Unusable) {
    guard let pointer = unsafe walletd_tls_context_new(isServer ? 1 : 0, allowsVersion12 ? 1 : 0) else {
      throw Unusable(file: .none, description: "libssl can't be used: \(TLSFailure.lastText)")
    }
    unsafe self.pointer = unsafe pointer
    self.isServer = isServer
  }

  deinit { unsafe walletd_tls_context_free(pointer) }

  // MARK: Files

  private func use(_ credentials: Credentials) throws(Unusable) {
    let (certificate, key) = (credentials.certificate, credentials.key)
    try Self.checkReadable(certificate, .certificate)
    try Self.checkReadable(key, .key)
    try Self.checkPrivate(key)
    switch unsafe walletd_tls_use_certificate(pointer, certificate, key) {
    case 0: return
    case Int32(WALLETD_TLS_CERTIFICATE):
      throw Unusable(
        file: .certificate, description: "\(certificate) has no certificate as PEM (\(TLSFailure.lastText))")
    case Int32(WALLETD_TLS_KEY):
      throw Unusable(
        file: .key, description: "\(key) has no key as PEM without a password (\(TLSFailure.lastText))")
    default: throw Unusable(file: .key, description: "\(key) isn't the key of the certificate in \(certificate)")
    }
  }

  private func trust(_ path: String) throws(Unusable) {
    try Self.checkReadable(path, .authorities)
    guard unsafe walletd_tls_trust(pointer, path, isServer ? 1 : 0) == 1 else {
      throw Unusable(file: .authorities, description: "\(path) has no certificate as PEM (\(TLSFailure.lastText))")
    }
  }

  private static func checkReadable(_ path: String, _ file: Unusable.File) throws(Unusable) {
    guard unsafe access(path, R_OK) != 0 else { return }
    throw Unusable(file: file, description: "\(path) can't be read: \(unsafe String(cString: strerror(errno)))")
  }

  /// A key that others may read is theirs too.
  private static func checkPrivate(_ path: String) throws(Unusable) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      throw Unusable(file: .key, description: "\(path) can't be read: \(unsafe String(cString: strerror(errno)))")
    }
    guard status.st_mode & 0o007 == 0 else {
      let mode = String(status.st_mode & 0o777, radix: 8)
      throw Unusable(
        file: .key, description: "\(path) can be read or changed by everybody (mode 0\(mode)): chmod o= \(path)")
    }
  }

  // MARK: Its own certificate

  /// When it ends, in seconds since 1970; `nil` without one.
  package var endsAtSeconds: Int64? {
    let seconds = unsafe walletd_tls_ends_at(pointer)
    return seconds < 0 ? nil : seconds
  }

  package var ownNames: [String] {
    unsafe Self.names { unsafe walletd_tls_own_names(pointer, $0.baseAddress, $0.count) }
  }

  /// What the names of one certificate may take; names beyond it don't count.
  private static let namesBytesMax = 8 * 1024

  @unsafe
  static func names(_ write: (UnsafeMutableBufferPointer<CChar>) -> Int) -> [String] {
    let bytes = unsafe [CChar](unsafeUninitializedCapacity: namesBytesMax) { buffer, count in
      count = unsafe write(buffer)
    }
    var names: [String] = []
    for name in bytes.split(separator: 0) {
      let text = String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if !names.contains(text) { names.append(text) }
    }
    return names
  }
}
