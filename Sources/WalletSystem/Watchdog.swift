/// When a service manager is told that the process is well: only once every queue that serves has answered a question
/// that was put to it after the last time. One that hangs isn't asked again, so the manager hears nothing more.
package struct Watchdog: Equatable, Sendable {
  private let intervalMicroseconds: Int64
  private var askNextAt: Int64 = .min
  private var isAsking = false

  /// - Parameter timeoutMicroseconds: What the manager waits before it ends the process. It is told three times as often.
  package init(timeoutMicroseconds: Int64) { intervalMicroseconds = timeoutMicroseconds / 3 }

  /// Of the variables that systemd sets; `nil` where it has no watchdog for this process.
  package init?(environment: [String: String], processID: Int32) {
    guard let timeout = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), timeout > 0 else { return nil }
    if let meant = environment["WATCHDOG_PID"], meant != String(processID) { return nil }
    self.init(timeoutMicroseconds: timeout)
  }

  /// Whether the queues are to be asked now. `answered` must be called when they have answered.
  package mutating func shouldAsk(now: Int64) -> Bool {
    guard !isAsking, now >= askNextAt else { return false }
    isAsking = true
    askNextAt = now + intervalMicroseconds
    return true
  }

  package mutating func answered() { isAsking = false }
}
