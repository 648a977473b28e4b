import COpenSSL

/// SHA-256 as libcrypto computes it.
enum SHA256 {
  static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var length: UInt32 = 0
    let digest = unsafe [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
      let status = unsafe EVP_Digest(bytes, bytes.count, buffer.baseAddress, &length, EVP_sha256(), nil)
      // It fails for want of memory only.
      precondition(status == 1, "EVP_Digest failed")
      count = Int(length)
    }
    return digest
  }
}
