internal import CLinux
internal import Glibc

/// The few things that a store asks of the file system beside its database; a simulation passes its own.
package protocol Files: Sendable {
  /// Creates a folder that only its owner may enter; those above it must be there, since a ledger made below a mount point
  /// whose disk is missing would be an empty one. Nothing happens when the folder is there.
  func createFolder(_ path: String) throws(SystemError)
  func exists(_ path: String) -> Bool
  /// Names in a folder, without `.` and `..`.
  func names(in path: String) throws(SystemError) -> [String]
  /// Takes an exclusive lock on a file, which is created when it is missing; `nil` when somebody else holds it.
  func lock(_ path: String) throws(SystemError) -> (any FileLock)?
  /// Creates an empty file that only its owner may read.
  func createPrivateFile(_ path: String) throws(SystemError)
  func syncFolder(_ path: String) throws(SystemError)
  /// Removes a file; nothing happens when there is none.
  func remove(_ path: String) throws(SystemError)
  /// Bytes that an ordinary user may still write on the file system of `path`.
  func availableBytes(_ path: String) throws(SystemError) -> Int64
  /// Puts a file in the place of another one, or where there is none.
  func rename(_ path: String, to other: String) throws(SystemError)
  /// Removes an empty folder; nothing happens when there is none.
  func removeFolder(_ path: String) throws(SystemError)
  func byteCount(of path: String) throws(SystemError) -> Int64
  /// Brings what was written to a file to the disk.
  func syncFile(_ path: String) throws(SystemError)
  func reader(of path: String) throws(SystemError) -> any FileReader
  /// Creates a file that only its owner may read, or empties it.
  func writer(of path: String) throws(SystemError) -> any FileWriter
}

/// A lock that is held until it is released or the process ends.
package protocol FileLock: AnyObject, Sendable {
  func release()
}

package struct SystemFiles: Files {
  package init() {}

  package func createFolder(_ path: String) throws(SystemError) {
    if unsafe mkdir(path, 0o700) == 0 { return }
    guard errno == EEXIST else { throw .last("mkdir \(path)") }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .last("stat \(path)") }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw SystemError(call: "mkdir \(path)", number: ENOTDIR) }
  }

  package func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  package func names(in path: String) throws(SystemError) -> [String] {
    guard let folder = unsafe opendir(path) else { throw .last("opendir \(path)") }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  package func lock(_ path: String) throws(SystemError) -> (any FileLock)? {
    let descriptor = retryingInterrupts { unsafe walletd_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
    guard descriptor >= 0 else { throw .last("open \(path)") }
    guard retryingInterrupts({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 else {
      let error = SystemError.last("flock \(path)")
      Glibc.close(descriptor)
      if error.number == EWOULDBLOCK { return nil }
      throw error
    }
    return SystemFileLock(descriptor: descriptor)
  }

  package func createPrivateFile(_ path: String) throws(SystemError) {
    let descriptor = retryingInterrupts { unsafe walletd_open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    guard descriptor >= 0 else { throw .last("create \(path)") }
    Glibc.close(descriptor)
  }

  package func syncFolder(_ path: String) throws(SystemError) {
    let descriptor = retryingInterrupts { unsafe walletd_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
    guard descriptor >= 0 else { throw .last("open \(path)") }
    defer { Glibc.close(descriptor) }
    guard retryingInterrupts({ fsync(descriptor) }) == 0 else { throw .last("fsync \(path)") }
  }

  package func remove(_ path: String) throws(SystemError) {
    guard unsafe unlink(path) != 0, errno != ENOENT else { return }
    throw .last("unlink \(path)")
  }

  package func availableBytes(_ path: String) throws(SystemError) -> Int64 {
    var status = statvfs()
    guard retryingInterrupts({ unsafe statvfs(path, &status) }) == 0 else { throw .last("statvfs \(path)") }
    return Int64(clamping: UInt64(status.f_bavail).multipliedFullWidth(by: UInt64(status.f_frsize)).low)
  }
}

/// `flock` on an open file: it goes when the descriptor closes, whichever way the process ends.
private final class SystemFileLock: FileLock {
  private let descriptor: Int32

  init(descriptor: Int32) { self.descriptor = descriptor }

  func release() { flock(descriptor, LOCK_UN) }

  deinit { Glibc.close(descriptor) }
}
