import COpenSSL
import WalletCore

/// SHA-256 over bytes that come one piece after the other.
struct RunningDigest {
  private var context = SHA256_CTX()

  init() {
    let done = unsafe SHA256_Init(&context)
    precondition(done == 1, "SHA-256 failed")
  }

  mutating func add(_ bytes: [UInt8]) {
    let done = unsafe SHA256_Update(&context, bytes, bytes.count)
    precondition(done == 1, "SHA-256 failed")
  }

  mutating func finish() -> ShortBytes {
    var digest = [UInt8](repeating: 0, count: SHA256.byteCount)
    let done = unsafe SHA256_Final(&digest, &context)
    precondition(done == 1, "SHA-256 failed")
    return ShortBytes(digest)
  }
}
