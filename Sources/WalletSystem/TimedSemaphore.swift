internal import Glibc

/// A semaphore whose waits are measured by the monotonic clock. Dispatch's own are measured by the wall clock on Linux: one that is
/// set back by an hour in the middle of a wait of a millisecond lets it wait for an hour.
///
/// `@unchecked Sendable`: the count is touched with the mutex held.
@safe
package final class TimedSemaphore: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var count = 0

  package init() {
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    let code = unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    precondition(code == 0, "a condition can't be timed by the monotonic clock: \(code)")
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
    unsafe pthread_mutex_init(mutex, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  package func signal() {
    unsafe pthread_mutex_lock(mutex)
    count += 1
    unsafe pthread_mutex_unlock(mutex)
    unsafe pthread_cond_signal(condition)
  }

  package func wait() {
    unsafe pthread_mutex_lock(mutex)
    while count == 0 { unsafe pthread_cond_wait(condition, mutex) }
    count -= 1
    unsafe pthread_mutex_unlock(mutex)
  }

  /// Waits for a signal, but no longer than that.
  ///
  /// - Returns: Whether there was one.
  package func wait(microseconds: Int64) -> Bool {
    var end = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &end)
    let nanoseconds = Int64(end.tv_nsec) + microseconds % 1_000_000 * 1000
    end.tv_sec += Int(microseconds / 1_000_000 + nanoseconds / 1_000_000_000)
    end.tv_nsec = Int(nanoseconds % 1_000_000_000)
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while count == 0 {
      if unsafe pthread_cond_timedwait(condition, mutex, &end) == ETIMEDOUT { break }
    }
    guard count > 0 else { return false }
    count -= 1
    return true
  }
}
