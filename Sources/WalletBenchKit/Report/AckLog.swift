import CLinux
import Glibc
import WalletCore
import WalletSystem

/// One line for each acknowledged mutation of the load, `key commit_seq wallet version balance`, so that a server that was
/// killed can be compared with what it had promised. Lines are written before anything else is sent to the server, and
/// synced after each look at the sockets.
final class AckLog {
  private let descriptor: Int32
  private let path: String
  private var lines: [UInt8] = []
  private var isUnsynced = false

  /// Makes the file, or empties it.
  init(path: String) throws(BenchFailure) {
    self.path = path
    descriptor = retryingInterrupts { unsafe walletd_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) }
    guard descriptor >= 0 else { throw .refused("\(SystemError.last("open \(path)"))") }
  }

  deinit { Glibc.close(descriptor) }

  func add(_ operation: Operation, _ reply: Reply) {
    let key = UUIDv7.text(high: operation.key.high, low: operation.key.low)
    let line = "\(key) \(reply.commitSeq) \(operation.walletID) \(reply.version) \(reply.balance)\n"
    lines.append(contentsOf: line.utf8)
  }

  /// Hands the lines to the operating system.
  func write() throws(BenchFailure) {
    var start = 0
    while start < lines.count {
      let count = unsafe lines.withUnsafeBytes { bytes in
        retryingInterrupts {
          unsafe Glibc.write(descriptor, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start)
        }
      }
      guard count >= 0 else { throw .refused("\(SystemError.last("write \(path)"))") }
      start += count
    }
    if start > 0 { isUnsynced = true }
    lines.removeAll(keepingCapacity: true)
  }

  func sync() throws(BenchFailure) {
    guard isUnsynced else { return }
    guard retryingInterrupts({ fdatasync(descriptor) }) == 0 else {
      throw .refused("\(SystemError.last("fdatasync \(path)"))")
    }
    isUnsynced = false
  }
}
