import Dispatch
import Glibc

/// The loop of a client in the world: a serial dispatch queue and the machine's clocks.
package final class DispatchLoop: ClientLoop {
  let queue = DispatchQueue(label: "WalletClient")

  package init() {}

  package func nowNanoseconds() -> UInt64 { DispatchTime.now().uptimeNanoseconds }

  package func wallMilliseconds() -> UInt64 {
    var time = timespec()
    // It can't fail for this clock and a valid address.
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(max(0, time.tv_sec)) * 1_000 + UInt64(time.tv_nsec) / 1_000_000
  }

  package func execute(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }

  package func execute(atNanoseconds time: UInt64, _ work: @escaping @Sendable () -> Void) {
    queue.asyncAfter(deadline: DispatchTime(uptimeNanoseconds: time), execute: work)
  }

  package func assertOnLoop() { dispatchPrecondition(condition: .onQueue(queue)) }
}

extension ClientEnvironment {
  /// Real time, real randomness, real sockets; a loop of its own for each client.
  package static func system() -> ClientEnvironment {
    let loop = DispatchLoop()
    return ClientEnvironment(
      loop: loop,
      random: {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
      },
      openTransport: { endpoint, timeout, events in
        let transport = SocketTransport(queue: loop.queue, timeoutNanoseconds: timeout, events: events)
        transport.open(endpoint)
        return transport
      })
  }
}
