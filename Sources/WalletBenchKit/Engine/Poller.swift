import CLinux
import Glibc
import WalletSystem

/// Waits for many sockets, and for a point in time that is more exact than the milliseconds of `epoll_wait`. Times are
/// microseconds of the monotonic clock.
@safe
final class Poller {
  /// The token of the timer.
  static let timerToken = Int.max

  private let descriptor: Int32
  /// In the epoll set too. It runs on the clock of `TimeSource.monotonicMicroseconds`.
  private let timer: Int32
  private var timerAt: Int64 = 0
  private var events: [epoll_event]

  init() {
    descriptor = epoll_create1(Int32(O_CLOEXEC))
    precondition(descriptor >= 0, "epoll_create1 failed with \(errno)")
    timer = walletd_timer_create()
    precondition(timer >= 0, "timerfd_create failed with \(errno)")
    unsafe events = unsafe Array(repeating: epoll_event(), count: 256)
    add(timer, token: Self.timerToken)
  }

  deinit {
    Glibc.close(timer)
    Glibc.close(descriptor)
  }

  /// Sleeps, whatever becomes ready meanwhile.
  func rest(until time: Int64) {
    let result = walletd_sleep(time)
    precondition(result == 0 || result == EINTR, "clock_nanosleep failed with \(result)")
  }

  /// Ends the waiting at this time. The last call counts.
  func wake(at time: Int64) {
    if time == timerAt { return }
    timerAt = time
    // A time of 0 would mean never.
    let result = walletd_timer_set(timer, max(1, time))
    precondition(result == 0, "timerfd_settime failed with \(errno)")
  }

  func add(_ socket: Int32, token: Int) { control(EPOLL_CTL_ADD, socket, WALLETD_EPOLLIN, token) }

  func watch(_ socket: Int32, writing: Bool, token: Int) {
    control(EPOLL_CTL_MOD, socket, writing ? WALLETD_EPOLLIN | WALLETD_EPOLLOUT : WALLETD_EPOLLIN, token)
  }

  /// How many sockets are ready; `ready` tells which.
  func wait(timeoutMilliseconds: Int32) -> Int {
    let count = retryingInterrupts { unsafe epoll_wait(descriptor, &events, Int32(events.count), timeoutMilliseconds) }
    precondition(count >= 0, "epoll_wait failed with \(errno)")
    return Int(count)
  }

  func ready(_ index: Int) -> (token: Int, reading: Bool, writing: Bool) {
    let bits = unsafe walletd_epoll_events(&events[index])
    let broken = bits & (WALLETD_EPOLLHUP | WALLETD_EPOLLERR) != 0
    let token = unsafe Int(walletd_epoll_token(&events[index]))
    if token == Self.timerToken { calm() }
    return (token, bits & WALLETD_EPOLLIN != 0 || broken, bits & WALLETD_EPOLLOUT != 0)
  }

  /// The timer has expired and is ready until that is read.
  private func calm() {
    timerAt = 0
    var expirations: UInt64 = 0
    _ = unsafe Glibc.read(timer, &expirations, MemoryLayout<UInt64>.size)
  }

  private func control(_ operation: Int32, _ socket: Int32, _ events: UInt32, _ token: Int) {
    let result = walletd_epoll_control(descriptor, operation, socket, events, UInt64(token))
    precondition(result == 0, "epoll_ctl failed with \(errno)")
  }
}
