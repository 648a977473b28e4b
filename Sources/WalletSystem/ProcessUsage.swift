internal import CLinux
internal import Glibc

/// What this process takes of its machine; `nil` where the machine doesn't tell.
package struct ProcessUsage: Sendable {
  package var processorMicroseconds: Int64?
  package var residentBytes: Int64?
  package var descriptors: Int?
  package var descriptorsMax: Int?

  package init() {
    var usage = rusage()
    if unsafe getrusage(RUSAGE_SELF.rawValue, &usage) == 0 {
      processorMicroseconds =
        Int64(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1_000_000
        + Int64(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    }
    residentBytes = Self.residentPages().map { $0 * Int64(sysconf(Int32(_SC_PAGESIZE))) }
    // The folder that is being read is among them.
    do { descriptors = try SystemFiles().names(in: "/proc/self/fd").count - 1 } catch { descriptors = nil }
    var limit = rlimit()
    if unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      descriptorsMax = Int(clamping: limit.rlim_cur)
    }
  }

  /// The second number of /proc/self/statm.
  private static func residentPages() -> Int64? {
    let descriptor = unsafe walletd_open("/proc/self/statm", O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return nil }
    defer { Glibc.close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      retryingInterrupts { unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
    }
    guard count > 0 else { return nil }
    let fields = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: " ")
    return fields.count > 1 ? Int64(fields[1]) : nil
  }
}
