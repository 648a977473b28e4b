internal import Glibc

/// Where time comes from; a simulation passes its own.
package protocol TimeSource: Sendable {
  /// Microseconds since 1970-01-01 UTC.
  var wallMicroseconds: Int64 { get }
  /// Microseconds of a clock that never steps and goes on while the machine sleeps.
  var monotonicMicroseconds: Int64 { get }
}

package struct SystemTime: TimeSource {
  package init() {}

  package var wallMicroseconds: Int64 { Self.read(CLOCK_REALTIME) }
  package var monotonicMicroseconds: Int64 { Self.read(CLOCK_BOOTTIME) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    let result = unsafe clock_gettime(clock, &time)
    precondition(result == 0, "clock_gettime failed with \(errno)")
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}

/// Where randomness comes from; a simulation passes a seeded one.
package protocol RandomSource: Sendable {
  func next() -> UInt64
}

package struct SystemRandom: RandomSource {
  package init() {}

  package func next() -> UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }
}
