import Glibc
import WalletSystem

/// The processor time that threads and processes have used, microseconds.
enum ProcessorTime {
  /// Of the calling thread.
  static func own() -> Int64 {
    var time = timespec()
    let result = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    precondition(result == 0, "clock_gettime failed with \(errno)")
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }

  /// Of another process, in steps of a clock tick (10 ms); `nil` when there is no such process.
  static func of(_ processID: Int32) -> Int64? {
    let descriptor = unsafe open("/proc/\(processID)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      retryingInterrupts { unsafe read(descriptor, bytes.baseAddress, bytes.count) }
    }
    guard count > 0, let ticks = ticks(String(decoding: buffer[..<count], as: UTF8.self)) else { return nil }
    return ticks * 1_000_000 / Int64(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// User and system time out of a line of /proc/PID/stat (proc(5): fields 14 and 15). The second field is the program's
  /// name in parentheses, which may hold anything.
  static func ticks(_ line: String) -> Int64? {
    guard let name = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: name)...].split(separator: " ")
    guard fields.count > 12, let user = Int64(fields[11]), let system = Int64(fields[12]) else { return nil }
    return user + system
  }
}
