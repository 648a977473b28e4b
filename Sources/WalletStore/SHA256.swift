import COpenSSL
import WalletCore

/// SHA-256 by libcrypto, through one context that is used again and again: half the time of a context for each digest.
@safe
final class SHA256 {
  static let byteCount = 32

  private let context: OpaquePointer
  private let algorithm: OpaquePointer

  init() {
    guard let context = unsafe EVP_MD_CTX_new(), let algorithm = unsafe EVP_MD_fetch(nil, "SHA2-256", nil) else {
      preconditionFailure("libcrypto has no SHA-256")
    }
    unsafe self.context = context
    unsafe self.algorithm = algorithm
  }

  deinit {
    unsafe EVP_MD_free(algorithm)
    unsafe EVP_MD_CTX_free(context)
  }

  /// The digest of both, one after the other.
  func digest(_ first: ShortBytes = [], _ second: borrowing CanonicalWriter, prefix: Int = SHA256.byteCount)
    -> ShortBytes
  {
    unsafe second.withUnsafeBytes { unsafe digest(first, $0, prefix) }
  }

  func digest(_ bytes: [UInt8]) -> ShortBytes { unsafe bytes.withUnsafeBytes { unsafe digest([], $0, Self.byteCount) } }

  @unsafe
  private func digest(_ first: ShortBytes, _ second: UnsafeRawBufferPointer, _ prefix: Int) -> ShortBytes {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    return unsafe withUnsafeMutableBytes(of: &words) { result in
      var length: UInt32 = 0
      var done = unsafe EVP_DigestInit_ex2(context, algorithm, nil) == 1
      if !first.isEmpty {
        done = unsafe first.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1 } && done
      }
      done = unsafe EVP_DigestUpdate(context, second.baseAddress, second.count) == 1 && done
      done = unsafe EVP_DigestFinal_ex(context, result.baseAddress, &length) == 1 && done
      precondition(done && length == Self.byteCount, "SHA-256 failed")
      return unsafe ShortBytes(UnsafeRawBufferPointer(rebasing: result[..<prefix]))
    }
  }
}

/// Digests for those who have no SHA-256 of their own.
package enum Digests {
  package static func sha256(_ bytes: [UInt8]) -> [UInt8] { SHA256().digest(bytes).bytes }
}
