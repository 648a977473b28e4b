internal import CLinux
internal import Glibc

/// A file system in memory, of a size of its own, mounted on a scratch folder and unmounted with the last reference.
package final class MountedFolder: Sendable {
  /// Why this process can't mount; `nil` when it can.
  package static let unavailableBecause: String? = {
    do {
      _ = try MountedFolder(megabytes: 1)
      return nil
    } catch {
      return "\(error)"
    }
  }()

  private let scratch: ScratchFolder

  package var path: String { scratch.path }

  package init(megabytes: Int) throws {
    scratch = try ScratchFolder("mount")
    guard unsafe mount("tmpfs", scratch.path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
      throw TestFailure("mount: errno \(errno)")
    }
  }

  deinit { unsafe umount2(scratch.path, Int32(MNT_DETACH)) }

  package func makeReadOnly() throws {
    guard unsafe mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0 else {
      throw TestFailure("remount: errno \(errno)")
    }
  }

  package var freeBytes: Int {
    var status = statvfs()
    guard unsafe statvfs(path, &status) == 0 else { return 0 }
    return Int(status.f_bavail * status.f_frsize)
  }

  /// Takes all but `rest` bytes, by a file that `release` removes.
  package func fill(leaving rest: Int) throws {
    let descriptor = unsafe walletd_open("\(path)/ballast", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    guard descriptor >= 0 else { throw TestFailure("ballast: errno \(errno)") }
    defer { close(descriptor) }
    let block = [UInt8](repeating: 1, count: 4096)
    while freeBytes > rest, unsafe write(descriptor, block, block.count) > 0 {}
  }

  package func release() { unsafe unlink("\(path)/ballast") }
}
