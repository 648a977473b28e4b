import Dispatch
import Glibc
import Histogram
import Synchronization
import WalletSystem

/// The machine's own stalls: a thread that sleeps a millisecond again and again and records how late it wakes. What it sees
/// no server is to blame for.
final class HiccupMeter: Sendable {
  private static let sleepMicros: Int64 = 1000

  private let time: any TimeSource
  private let isStopped = Atomic(false)
  private let record = Mutex(HiccupRecord())
  private let thread = DispatchGroup()

  init(time: any TimeSource) { self.time = time }

  func start() {
    DispatchQueue(label: "walletbench.hiccups", qos: .userInteractive).async(group: thread) { self.watch() }
  }

  /// - Returns: What it has seen since `start`.
  func stop() -> HiccupRecord {
    isStopped.store(true, ordering: .relaxed)
    thread.wait()
    return record.withLock { $0 }
  }

  private func watch() {
    while !isStopped.load(ordering: .relaxed) {
      let due = time.monotonicMicroseconds + Self.sleepMicros
      var pause = timespec(tv_sec: 0, tv_nsec: Int(Self.sleepMicros) * 1000)
      _ = unsafe nanosleep(&pause, nil)
      let now = time.monotonicMicroseconds
      record.withLock { $0.woke(due: due, now) }
    }
  }
}

/// How late a sleeper woke. Times are microseconds.
struct HiccupRecord {
  /// Shorter ones are only counted.
  static let listedMin: Int64 = 5_000
  static let listedMax = 10_000

  private var latenesses = Histogram<UInt64>(
    highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: .three)
  /// The long ones: from when it should have woken until it did.
  private(set) var listed: [Range<Int64>] = []

  mutating func woke(due: Int64, _ now: Int64) {
    let late = max(0, now - due)
    _ = latenesses.record(UInt64(min(late, 3_600_000_000)))
    if late >= Self.listedMin, listed.count < Self.listedMax { listed.append(due..<now) }
  }

  var hiccups: Hiccups {
    if latenesses.totalCount == 0 { return Hiccups() }
    let most = latenesses.maxRecorded
    return Hiccups(
      p99: Int64(clamping: min(latenesses.valueAtPercentile(99), most)),
      p999: Int64(clamping: min(latenesses.valueAtPercentile(99.9), most)), max: Int64(clamping: most))
  }
}

/// How late a thread woke that had slept a millisecond, microseconds.
package struct Hiccups: Codable, Equatable, Sendable {
  package var p99: Int64 = 0
  package var p999: Int64 = 0
  package var max: Int64 = 0
}
