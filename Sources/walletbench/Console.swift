import Glibc
import WalletBenchKit

/// Standard error. A live line is rewritten in place, when a terminal is there to see it.
final class Console: Display {
  let isLive = isatty(STDERR_FILENO) == 1
  private var hasLiveLine = false

  func live(_ line: String) {
    hasLiveLine = true
    Self.write("\r\u{1B}[K\(line)")
  }

  func line(_ line: String) {
    end()
    Self.say(line)
  }

  /// Takes the live line away.
  func end() {
    if hasLiveLine { Self.write("\r\u{1B}[K") }
    hasLiveLine = false
  }

  static func say(_ line: String) { write(line + "\n") }

  private static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      // Nobody is left to be told that standard error is closed.
      _ = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
    }
  }
}
