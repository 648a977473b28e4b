import CLinux
import Glibc
import WalletSystem

/// A file of a run. It is made at the start, so that a wrong path is found then.
final class OutputFile {
  private let descriptor: Int32
  private let path: String

  /// Makes the file, or empties it.
  init(path: String) throws(BenchFailure) {
    self.path = path
    descriptor = retryingInterrupts { unsafe walletd_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) }
    guard descriptor >= 0 else { throw failed("open") }
  }

  deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

  /// Hands all bytes to the operating system.
  func write(_ bytes: [UInt8]) throws(BenchFailure) {
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        retryingInterrupts {
          unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + start }, buffer.count - start)
        }
      }
      guard count >= 0 else { throw failed("write") }
      start += count
    }
  }

  func sync() throws(BenchFailure) {
    guard retryingInterrupts({ fdatasync(descriptor) }) == 0 else { throw failed("fdatasync") }
  }

  private func failed(_ call: String) -> BenchFailure { .refused("\(SystemError.last("\(call) \(path)"))") }
}
