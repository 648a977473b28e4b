internal import WalletSystem

/// Both clocks of a machine, which stand still until a test moves them.
///
/// `@unchecked Sendable`: one thread runs a test and everything that it starts.
package final class ManualTime: TimeSource, @unchecked Sendable {
  package var wallMicroseconds: Int64
  package var monotonicMicroseconds: Int64

  package init(wall: Int64 = 1_000_000_000, monotonic: Int64 = 1_000_000_000) {
    wallMicroseconds = wall
    monotonicMicroseconds = monotonic
  }

  package func pass(milliseconds: Int64) { pass(microseconds: milliseconds * 1000) }

  package func pass(microseconds: Int64) {
    wallMicroseconds += microseconds
    monotonicMicroseconds += microseconds
  }
}
