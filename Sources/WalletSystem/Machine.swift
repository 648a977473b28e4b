internal import CLinux
internal import Glibc

/// What the machine says of itself, for who looks after it.
package enum Machine {
  /// Such as `6.1.0`; empty where it isn't said.
  package static var kernel: String {
    let bytes = (try? SystemFiles().contents(of: "/proc/sys/kernel/osrelease", countMax: 256)) ?? nil
    return bytes.map { String(decoding: $0.prefix { $0 > 0x20 }, as: UTF8.self) } ?? ""
  }

  /// Whether the kernel says that its clock follows another one; `nil` where it doesn't say.
  package static var clockIsSynchronised: Bool? {
    switch walletd_clock_state() {
    case 0: true
    case 1: false
    default: nil
    }
  }

  /// Files that this process could have open, since a server raises its own limit; what a service manager sets may differ.
  package static var openFilesMax: Int64 { walletd_open_files_max() }

  package static var userID: UInt32 { geteuid() }

  package struct Mode: Equatable, Sendable {
    /// The permissions, such as 0o600.
    package var bits: UInt32
    package var owner: UInt32
  }

  package static func mode(of path: String) throws(SystemError) -> Mode {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .last("stat \(path)") }
    return Mode(bits: status.st_mode & 0o7777, owner: status.st_uid)
  }

  /// All bytes of the file system of a path.
  package static func diskBytes(of path: String) throws(SystemError) -> Int64 {
    var status = statvfs()
    guard retryingInterrupts({ unsafe statvfs(path, &status) }) == 0 else { throw .last("statvfs \(path)") }
    return Int64(clamping: UInt64(status.f_blocks).multipliedFullWidth(by: UInt64(status.f_frsize)).low)
  }

  /// How long it takes to bring 4 KiB to the disk, microseconds, the shortest first. The file is made and removed.
  package static func syncMicroseconds(in folder: String, count: Int, time: any TimeSource) throws(SystemError)
    -> [Int64]
  {
    let path = "\(folder)/.doctor"
    let descriptor = retryingInterrupts { unsafe walletd_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600) }
    guard descriptor >= 0 else { throw .last("open \(path)") }
    defer {
      Glibc.close(descriptor)
      unsafe unlink(path)
    }
    let page = [UInt8](repeating: 0x57, count: 4096)
    var times: [Int64] = []
    for _ in 0..<count {
      let begun = time.monotonicMicroseconds
      let written = retryingInterrupts { unsafe Glibc.write(descriptor, page, page.count) }
      guard written == page.count else { throw .last("write \(path)") }
      guard retryingInterrupts({ fdatasync(descriptor) }) == 0 else { throw .last("fdatasync \(path)") }
      times.append(time.monotonicMicroseconds - begun)
    }
    return times.sorted()
  }
}
