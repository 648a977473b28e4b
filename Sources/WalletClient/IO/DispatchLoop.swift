import Dispatch
import Glibc
import WalletTLS

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
  package static func system(tls: WalletTLSOptions? = nil) -> ClientEnvironment {
    let loop = DispatchLoop()
    let context = tls?.makeContext()
    return ClientEnvironment(
      loop: loop,
      random: {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
      },
      openTransport: { endpoint, timeout, events in
        let open = { (events: @escaping @Sendable (TransportEvent) -> Void) in
          let transport = SocketTransport(queue: loop.queue, timeoutNanoseconds: timeout, events: events)
          transport.open(endpoint)
          return transport
        }
        guard let context, case .tcp(let host, _) = endpoint else { return open(events) }
        switch context {
        case .failure(let unusable):
          return UnusableTransport(.tls(.configuration, "TLS: \(unusable)"), loop: loop, events: events)
        case .success(let context):
          return secured(context, expecting: tls?.serverName ?? host, endpoint, loop, events, open)
        }
      })
  }

  private static func secured(
    _ context: TLSContext, expecting name: String, _ endpoint: WalletEndpoint, _ loop: DispatchLoop,
    _ events: @escaping @Sendable (TransportEvent) -> Void,
    _ open: (@escaping @Sendable (TransportEvent) -> Void) -> any Transport
  ) -> any Transport {
    do throws(TLSFailure) {
      let transport = try TLSTransport(context, expecting: name, endpoint: endpoint, events: events)
      transport.open(open)
      return transport
    } catch {
      return UnusableTransport(.tls(error.problem, "TLS: \(error)"), loop: loop, events: events)
    }
  }
}
