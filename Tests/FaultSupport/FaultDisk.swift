internal import CFaultDisk
internal import Synchronization

/// A disk in memory that fails where a test says so and, when its power goes, forgets what was never synced. SQLite knows it
/// as the file system `vfs`; a store takes it for its `Files`.
///
/// `@unchecked Sendable`: the disk has a lock of its own.
@safe
package final class FaultDisk: @unchecked Sendable {
  /// What a disk is asked for.
  package struct Calls: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    private init(_ value: Int) { rawValue = UInt32(value) }

    package static let read = Calls(WALLETD_DISK_READ)
    package static let write = Calls(WALLETD_DISK_WRITE)
    package static let sync = Calls(WALLETD_DISK_SYNC)
    package static let truncate = Calls(WALLETD_DISK_TRUNCATE)
    package static let open = Calls(WALLETD_DISK_OPEN)
    package static let remove = Calls(WALLETD_DISK_REMOVE)
    /// A piece of the memory that connections share.
    package static let share = Calls(WALLETD_DISK_SHARE)
    /// A file's size, or whether it is there.
    package static let look = Calls(WALLETD_DISK_LOOK)
    /// What changes a disk.
    package static let changes: Calls = [.write, .sync, .truncate, .remove]
    package static let all: Calls = [.read, .write, .sync, .truncate, .open, .remove, .share, .look]
  }

  package enum Fault: Sendable, CaseIterable {
    /// EIO. What a sync should have brought to the disk no later one brings there.
    case error
    /// ENOSPC; nothing of a write has happened.
    case full
    /// ENOSPC in the middle of a write.
    case short
    /// The power goes.
    case power

    fileprivate var number: Int32 {
      switch self {
      case .error: Int32(WALLETD_DISK_ERROR)
      case .full: Int32(WALLETD_DISK_FULL)
      case .short: Int32(WALLETD_DISK_SHORT)
      case .power: Int32(WALLETD_DISK_POWER)
      }
    }
  }

  /// Who holds which file's lock, by number.
  struct Locks {
    var holders: [String: Int] = [:]
    var count = 0
  }

  let handle: OpaquePointer
  /// SQLite's name for it.
  package let vfs: String
  let folders = Mutex<Set<String>>([])
  let locks = Mutex(Locks())

  package init() {
    guard let made = unsafe walletd_disk_create() else { preconditionFailure("no memory for a disk") }
    unsafe handle = made
    vfs = unsafe String(cString: walletd_disk_vfs(made))
  }

  /// With the files of another one, all of them safely on the disk.
  package convenience init(copyOf other: FaultDisk) {
    self.init()
    unsafe walletd_disk_copy(handle, other.handle)
    folders.withLock { folders in folders = other.folders.withLock { $0 } }
  }

  deinit { unsafe walletd_disk_destroy(handle) }

  // MARK: Faults

  /// Has the `number`th call from now on, of those kinds, fail, and with `lasts` each one behind it.
  package func fail(_ calls: Calls, number: Int, _ fault: Fault, lasts: Bool = false) {
    unsafe walletd_disk_fail(handle, calls.rawValue, Int64(number), fault.number, lasts ? 1 : 0)
  }

  /// Nothing fails any more.
  package func recover() { unsafe walletd_disk_fail(handle, 0, 0, 0, 0) }

  /// Whether the fault has come that was asked for last.
  package var hasFailed: Bool { unsafe walletd_disk_has_failed(handle) != 0 }

  /// Calls of those kinds since the disk was made.
  package func count(_ calls: Calls) -> Int { unsafe Int(walletd_disk_calls(handle, calls.rawValue)) }

  /// A disk that says that it has synced what it hasn't.
  package func lieAboutSyncs(_ lies: Bool) { unsafe walletd_disk_lie(handle, lies ? 1 : 0) }

  // MARK: Ends

  /// Whether the power has gone.
  package var isOff: Bool { unsafe walletd_disk_is_off(handle) != 0 }

  /// Whoever uses it dies: what was written is seen by those who come, and nothing is open or locked any more.
  package func restart() {
    unsafe walletd_disk_restart(handle)
    locks.withLock { $0.holders = [:] }
  }

  /// The power goes, if it is there still, and comes back.
  ///
  /// - Parameters:
  ///   - seed: Draws what has become of that which wasn't synced.
  ///   - sector: Bytes that are written whole or not at all, unless they are the last that were written.
  package func losePower(seed: UInt64, sector: Int = 512) {
    unsafe walletd_disk_lose_power(handle, seed, sector)
    locks.withLock { $0.holders = [:] }
  }

  // MARK: Looks

  /// The paths of all files.
  package var paths: [String] {
    var paths: [String] = []
    while let path = unsafe walletd_disk_path(handle, paths.count) { paths.append(unsafe String(cString: path)) }
    return paths
  }

  /// A file as it is seen; empty when there is none.
  package func contents(of path: String) -> [UInt8] {
    let count = unsafe max(0, Int(walletd_disk_size(handle, path)))
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
      guard let base = room.baseAddress else { return }
      filled = unsafe max(0, Int(walletd_disk_read(handle, path, 0, base, count)))
    }
  }
}
