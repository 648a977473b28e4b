import COpenSSL

/// What has happened, as one digest of it all, and the last of it in words.
struct Trace {
  private static let linesMax = 40

  private var digest = [UInt8](repeating: 0, count: 32)
  private var lines: [String] = []
  /// Takes each line as it comes.
  var tell: ((String) -> Void)?

  mutating func note(_ line: String, _ bytes: [UInt8] = []) {
    let text = Array(line.utf8) + bytes
    var next = [UInt8](repeating: 0, count: 32)
    let done = unsafe walletd_sha256(digest, digest.count, text, text.count, &next)
    precondition(done == 1, "SHA-256 failed")
    digest = next
    lines.append(line)
    if lines.count > 2 * Self.linesMax { lines.removeFirst(Self.linesMax) }
    tell?(line)
  }

  /// In hexadecimal.
  var summary: String {
    digest.prefix(16).map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }

  var last: [String] { lines.suffix(Self.linesMax) }
}
