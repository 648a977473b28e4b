internal import CFaultDisk
internal import Glibc
internal import Synchronization
package import WalletSystem

/// Folders are on the disk as soon as they are made; which files are in one only when it, or the file, is synced.
extension FaultDisk: Files {
  package func createFolder(_ path: String) throws(SystemError) {
    _ = folders.withLock { $0.insert(path) }
  }

  package func exists(_ path: String) -> Bool {
    let isFile = unsafe walletd_disk_has_file(handle, path) != 0
    return isFile || folders.withLock { $0.contains(path) }
  }

  package func names(in path: String) throws(SystemError) -> [String] {
    let below = paths + folders.withLock { Array($0) }
    return below.compactMap { other in
      guard other.hasPrefix("\(path)/") else { return nil }
      let name = other.dropFirst(path.count + 1)
      return name.isEmpty || name.contains("/") ? nil : String(name)
    }
  }

  package func lock(_ path: String) throws(SystemError) -> (any FileLock)? {
    if !exists(path) { try expect(unsafe walletd_disk_make_file(handle, path, 1), "open \(path)") }
    let holder: Int? = locks.withLock { locks in
      guard locks.holders[path] == nil else { return nil }
      locks.count += 1
      locks.holders[path] = locks.count
      return locks.count
    }
    return holder.map { MemoryLock(self, path, $0) }
  }

  package func createPrivateFile(_ path: String) throws(SystemError) {
    try expect(unsafe walletd_disk_make_file(handle, path, 1), "create \(path)")
  }

  package func syncFolder(_ path: String) throws(SystemError) {
    try expect(unsafe walletd_disk_sync_folder(handle, path), "fsync \(path)")
  }

  package func remove(_ path: String) throws(SystemError) {
    let number = unsafe walletd_disk_remove_file(handle, path)
    if number != ENOENT { try expect(number, "unlink \(path)") }
  }

  package func availableBytes(_ path: String) throws(SystemError) -> Int64 { 1 << 40 }

  package func rename(_ path: String, to other: String) throws(SystemError) {
    try expect(unsafe walletd_disk_rename_file(handle, path, other), "rename \(path) to \(other)")
  }

  package func removeFolder(_ path: String) throws(SystemError) {
    _ = folders.withLock { $0.remove(path) }
  }

  package func byteCount(of path: String) throws(SystemError) -> Int64 {
    let size = unsafe walletd_disk_size(handle, path)
    if size < 0 { throw SystemError(call: "stat \(path)", number: Int32(-size)) }
    return size
  }

  package func syncFile(_ path: String) throws(SystemError) {
    try expect(unsafe walletd_disk_sync_file(handle, path), "fsync \(path)")
  }

  package func reader(of path: String) throws(SystemError) -> any FileReader {
    guard unsafe walletd_disk_has_file(handle, path) != 0 else {
      throw SystemError(call: "open \(path)", number: ENOENT)
    }
    return MemoryFile(self, path)
  }

  package func writer(of path: String) throws(SystemError) -> any FileWriter {
    try expect(unsafe walletd_disk_make_file(handle, path, 0), "open \(path)")
    return MemoryFile(self, path)
  }

  fileprivate func expect(_ number: Int32, _ call: String) throws(SystemError) {
    if number != 0 { throw SystemError(call: call, number: number) }
  }
}

/// It is held until it is released, or the disk restarts.
private final class MemoryLock: FileLock {
  private let disk: FaultDisk
  private let path: String
  private let holder: Int

  init(_ disk: FaultDisk, _ path: String, _ holder: Int) {
    self.disk = disk
    self.path = path
    self.holder = holder
  }

  func release() {
    disk.locks.withLock { locks in
      if locks.holders[path] == holder { locks.holders[path] = nil }
    }
  }

  deinit { release() }
}

private final class MemoryFile: FileReader, FileWriter {
  private let disk: FaultDisk
  private let path: String
  private var offset: Int64 = 0

  init(_ disk: FaultDisk, _ path: String) {
    self.disk = disk
    self.path = path
  }

  func read(_ countMax: Int) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: countMax)
    let count = unsafe walletd_disk_read(disk.handle, path, offset, &bytes, countMax)
    if count < 0 { throw SystemError(call: "read \(path)", number: Int32(-count)) }
    offset += count
    return Array(bytes.prefix(Int(count)))
  }

  func write(_ bytes: [UInt8]) throws(SystemError) {
    try disk.expect(unsafe walletd_disk_append(disk.handle, path, bytes, bytes.count), "write \(path)")
  }

  func sync() throws(SystemError) {
    try disk.expect(unsafe walletd_disk_sync_file(disk.handle, path), "fsync \(path)")
  }
}
