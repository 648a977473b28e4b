import FoundationEssentials
import Glibc
import WalletSystem

/// What the service manager (systemd) is told, where there is one. Confined to the loop's queue.
final class ServiceManager {
  private static let unsentMax = 8

  private let notifier: ServiceNotifier?
  private var watchdog: Watchdog?
  /// What the manager wasn't ready to read.
  private var unsent: [ServiceState] = []

  init(notifier: ServiceNotifier?, watchdog: Watchdog?) {
    self.notifier = notifier
    self.watchdog = notifier == nil ? nil : watchdog
  }

  /// The manager that the environment names; without one all that follows does nothing.
  static func ofEnvironment() -> ServiceManager {
    let environment = ProcessInfo.processInfo.environment
    guard let path = environment[ServiceNotifier.variable] else { return ServiceManager(notifier: nil, watchdog: nil) }
    do throws(SystemError) {
      return ServiceManager(
        notifier: try ServiceNotifier(path: path), watchdog: Watchdog(environment: environment, processID: getpid()))
    } catch {
      Console.say("the service manager can't be told anything: \(error)")
      return ServiceManager(notifier: nil, watchdog: nil)
    }
  }

  func ready(_ status: String) { tell([.ready, .status(status)]) }

  func status(_ status: String) { tell([.status(status)]) }

  func stopping() { tell([.stopping, .status("draining")]) }

  /// Around a reload of what can be read anew.
  func reloading(_ reload: () -> Void) {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    tell([.reloading(Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)])
    reload()
    tell([.ready])
  }

  /// Called a few times a second.
  ///
  /// - Parameter ask: Puts a question to every queue that serves, whose answer is `answered`.
  func tick(now: Int64, ask: () -> Void) {
    if !unsent.isEmpty { tell([]) }
    if watchdog?.shouldAsk(now: now) == true { ask() }
  }

  func answered() {
    watchdog?.answered()
    tell([.watchdog])
  }

  private func tell(_ states: [ServiceState]) {
    guard let notifier else { return }
    let all = unsent + states
    unsent = []
    do throws(SystemError) { try notifier.send(all) } catch {
      // A sign of life is worth nothing later.
      if error.number == SystemError.wouldBlock { unsent = all.filter { $0 != .watchdog }.suffix(Self.unsentMax) }
    }
  }
}
