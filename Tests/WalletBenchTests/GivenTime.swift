import Synchronization
import WalletSystem

@testable import WalletBenchKit

/// A clock that a test turns.
final class GivenTime: TimeSource {
  private let now = Mutex<Int64>(0)

  var wallMicroseconds: Int64 { 1_790_000_000_000_000 + monotonicMicroseconds }
  var monotonicMicroseconds: Int64 { now.withLock { $0 } }

  func set(_ time: Int64) { now.withLock { $0 = time } }
}

struct Silence: Display {
  let isLive = false
  func live(_ line: String) {}
  func line(_ line: String) {}
}
