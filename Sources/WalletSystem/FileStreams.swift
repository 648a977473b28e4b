internal import CLinux
internal import Glibc

/// A file that is read from its begin to its end.
package protocol FileReader: AnyObject {
  /// The next bytes, `countMax` at most; none at the end.
  func read(_ countMax: Int) throws(SystemError) -> [UInt8]
}

/// A file that is written from its begin on.
package protocol FileWriter: AnyObject {
  func write(_ bytes: [UInt8]) throws(SystemError)
  /// Brings it to the disk.
  func sync() throws(SystemError)
}

extension Files {
  /// Makes a small file, and brings it to the disk.
  package func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
    let writer = try writer(of: path)
    try writer.write(bytes)
    try writer.sync()
  }

  /// A file that should be small.
  ///
  /// - Returns: `nil` for one that is longer than `countMax`.
  package func contents(of path: String, countMax: Int) throws(SystemError) -> [UInt8]? {
    let reader = try reader(of: path)
    var bytes: [UInt8] = []
    while bytes.count <= countMax {
      let more = try reader.read(countMax + 1 - bytes.count)
      if more.isEmpty { return bytes }
      bytes += more
    }
    return nil
  }

  /// Removes a folder with the files in it; nothing happens when there is none.
  package func removeFolderOfFiles(_ path: String) throws(SystemError) {
    guard exists(path) else { return }
    for name in try names(in: path) { try remove("\(path)/\(name)") }
    try removeFolder(path)
  }
}

extension SystemFiles {
  package func rename(_ path: String, to other: String) throws(SystemError) {
    guard unsafe Glibc.rename(path, other) == 0 else { throw .last("rename \(path) to \(other)") }
  }

  package func removeFolder(_ path: String) throws(SystemError) {
    guard unsafe rmdir(path) != 0, errno != ENOENT else { return }
    throw .last("rmdir \(path)")
  }

  package func byteCount(of path: String) throws(SystemError) -> Int64 {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .last("stat \(path)") }
    return Int64(status.st_size)
  }

  package func syncFile(_ path: String) throws(SystemError) {
    let file = try OpenFile(path, O_RDWR)
    try file.sync()
  }

  package func reader(of path: String) throws(SystemError) -> any FileReader { try OpenFile(path, O_RDONLY) }

  package func writer(of path: String) throws(SystemError) -> any FileWriter {
    try OpenFile(path, O_WRONLY | O_CREAT | O_TRUNC)
  }
}

private final class OpenFile: FileReader, FileWriter {
  private let path: String
  private let descriptor: Int32

  init(_ path: String, _ flags: Int32) throws(SystemError) {
    self.path = path
    descriptor = retryingInterrupts { unsafe walletd_open(path, flags | O_CLOEXEC, 0o600) }
    guard descriptor >= 0 else { throw .last("open \(path)") }
  }

  deinit { Glibc.close(descriptor) }

  func read(_ countMax: Int) throws(SystemError) -> [UInt8] {
    var count = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: countMax) { room, filled in
      count = retryingInterrupts { unsafe Glibc.read(descriptor, room.baseAddress, countMax) }
      filled = max(0, count)
    }
    guard count >= 0 else { throw .last("read \(path)") }
    return bytes
  }

  func write(_ bytes: [UInt8]) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        retryingInterrupts {
          unsafe Glibc.write(descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done)
        }
      }
      guard count >= 0 else { throw .last("write \(path)") }
      done += count
    }
  }

  func sync() throws(SystemError) {
    guard retryingInterrupts({ fsync(descriptor) }) == 0 else { throw .last("fsync \(path)") }
  }
}
