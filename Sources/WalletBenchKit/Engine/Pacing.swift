/// When the rounds of a load at a fixed rate begin. Times are microseconds.
///
/// To wake for each operation that is due, and for each answer, would cost more than the operation itself, on a machine
/// that the server may need. What is sent and what is read waits for the next round instead. Latencies count from the time
/// at which an operation was due until its answer was read, so both waits are in them.
struct Pacing: Equatable {
  /// From one round to the next, beside what the system takes to wake a thread (some 50 us).
  static let quantum: Int64 = 200

  var roundAt: Int64 = 0
  /// `nil` when nothing more is due, or nothing more can be sent: only answers are waited for.
  var nextDue: Int64?

  /// Until when nothing is looked at.
  var restUntil: Int64 { roundAt + Self.quantum }

  /// There is something to send after the rest, so that nothing is waited for.
  var isDueAfterRest: Bool { nextDue.map { $0 <= restUntil } ?? false }
}
