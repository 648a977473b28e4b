import COpenSSL
import WalletCore

/// SHA-256 by libcrypto.
enum SHA256 {
  static let byteCount = 32

  /// The digest of both, one after the other.
  static func digest(
    _ first: ShortBytes = [], _ second: borrowing CanonicalWriter, prefix: Int = SHA256.byteCount
  ) -> ShortBytes {
    unsafe second.withUnsafeBytes { unsafe digest(first, $0, prefix) }
  }

  static func digest(_ bytes: [UInt8]) -> ShortBytes {
    unsafe bytes.withUnsafeBytes { unsafe digest([], $0, byteCount) }
  }

  /// Where the chain of a ledger begins.
  static func genesis(ledgerID: String) -> ShortBytes { digest(Array("walletd ledger \(ledgerID)".utf8)) }

  @unsafe
  private static func digest(_ first: ShortBytes, _ second: UnsafeRawBufferPointer, _ prefix: Int) -> ShortBytes {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    return unsafe withUnsafeMutableBytes(of: &words) { result in
      let done = unsafe first.withUnsafeBytes { first in
        unsafe walletd_sha256(first.baseAddress, first.count, second.baseAddress, second.count, result.baseAddress)
      }
      precondition(done == 1, "SHA-256 failed")
      return unsafe ShortBytes(UnsafeRawBufferPointer(rebasing: result[..<prefix]))
    }
  }
}

/// Digests for those who have no SHA-256 of their own.
package enum Digests {
  package static func sha256(_ bytes: [UInt8]) -> [UInt8] { SHA256.digest(bytes).bytes }
}
