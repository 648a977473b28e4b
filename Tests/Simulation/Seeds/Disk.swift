import CMemoryDisk
import Synchronization
import WalletSystem

/// A disk in memory, with the folder of one ledger on it.
///
/// `@unchecked Sendable`: one thread runs a simulation.
@safe
final class Disk: @unchecked Sendable {
  /// What a crash leaves.
  enum Crash: Int32, CaseIterable {
    /// The process dies; the system has what was written.
    case kill = 0
    /// The power goes: nothing is left of what wasn't synced.
    case lose = 1
    /// The power goes: any sectors are left of what wasn't synced.
    case tear = 2
  }

  static let folder = "/ledger"
  private static let count = Atomic<Int>(0)

  private let disk: OpaquePointer
  /// SQLite's name of its file system.
  let vfs: String
  /// What it says of its free space, bytes.
  var availableBytes: Int64 = 1 << 40

  init(seed: UInt64) {
    vfs = Self.newName()
    guard let disk = unsafe memory_disk_new(vfs, seed) else { preconditionFailure("no disk in memory") }
    unsafe self.disk = disk
  }

  private init(_ disk: OpaquePointer, _ vfs: String) {
    unsafe self.disk = disk
    self.vfs = vfs
  }

  deinit { unsafe memory_disk_free(disk) }

  private static func newName() -> String { "memory-\(count.add(1, ordering: .relaxed).newValue)" }

  // MARK: What happens to it

  /// Writes, truncations, syncs and removals so far.
  var operations: UInt64 { unsafe memory_disk_operations(disk) }
  var hasCrashed: Bool { unsafe memory_disk_has_crashed(disk) != 0 }
  /// Operations that have failed.
  var failures: UInt64 { unsafe memory_disk_failures(disk) }

  /// Keeps what a crash leaves before the operation that comes after so many others.
  func crash(after count: UInt64, _ how: Crash, seed: UInt64) {
    unsafe memory_disk_crash_at(disk, operations + count, how.rawValue, seed)
  }

  func forgetCrash() { unsafe memory_disk_forget_crash(disk) }

  /// The disk after the crash.
  func survivor(seed: UInt64) -> Disk? {
    let name = Self.newName()
    return unsafe memory_disk_survivor(disk, name, seed).map { unsafe Disk($0, name) }
  }

  /// Lets the operation that comes after so many others fail.
  func fail(after count: UInt64, isFull: Bool, staysSo: Bool) {
    unsafe memory_disk_fail_at(disk, operations + count, isFull ? 1 : 0, staysSo ? 1 : 0)
  }

  /// Syncs do nothing from here on, and say that they did.
  func lie() { unsafe memory_disk_lie(disk) }

  /// It fails no more.
  func mend() { unsafe memory_disk_fail_at(disk, .max, 0, 0) }
}

extension Disk: Files {
  private final class Lock: FileLock {
    func release() {}
  }

  private func unsupported(_ call: String) -> SystemError { SystemError(call: call, number: 38) }

  func createFolder(_ path: String) throws(SystemError) {}
  func exists(_ path: String) -> Bool { unsafe memory_disk_exists(disk, path) != 0 }

  func names(in path: String) throws(SystemError) -> [String] {
    var names: [String] = []
    while let name = unsafe memory_disk_file(disk, names.count) {
      let file = unsafe String(cString: name)
      names.append(String(file.dropFirst(file.hasPrefix(path + "/") ? path.count + 1 : 0)))
    }
    return names
  }

  func lock(_ path: String) throws(SystemError) -> (any FileLock)? { Lock() }

  func createPrivateFile(_ path: String) throws(SystemError) {
    if unsafe memory_disk_create(disk, path) != 0 { throw SystemError(call: "create \(path)", number: 17) }
  }

  func syncFolder(_ path: String) throws(SystemError) { unsafe memory_disk_sync_folder(disk) }
  func remove(_ path: String) throws(SystemError) { unsafe memory_disk_remove(disk, path) }
  func availableBytes(_ path: String) throws(SystemError) -> Int64 { availableBytes }
  func rename(_ path: String, to other: String) throws(SystemError) { throw unsupported("rename") }
  func removeFolder(_ path: String) throws(SystemError) { throw unsupported("rmdir") }
  func byteCount(of path: String) throws(SystemError) -> Int64 { unsafe memory_disk_file_size(disk, path) }
  func syncFile(_ path: String) throws(SystemError) { throw unsupported("fsync") }
  func reader(of path: String) throws(SystemError) -> any FileReader { throw unsupported("open") }
  func writer(of path: String) throws(SystemError) -> any FileWriter { throw unsupported("open") }
}
