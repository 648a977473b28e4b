import Glibc
import TestSupport

/// Monotonic microseconds.
func microsecondsNow() -> Int64 {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
}

/// How long things took, and when they began.
struct Latencies: Sendable {
  private(set) var samples: [(at: Int64, took: Int64)] = []

  mutating func add(at: Int64, took: Int64) { samples.append((at, took)) }
  mutating func add(_ other: Latencies) { samples += other.samples }

  func sorted(in window: Range<Int64>) -> [Int64] {
    samples.filter { window.contains($0.at) }.map(\.took).sorted()
  }
}

/// Healthy clients beside an attack: some that are there all the time, and newcomers one after the other.
final class Bystanders: Sendable {
  private static let residentCount = 4
  /// A rest between two calls, so that they measure the server and not themselves.
  private static let restMilliseconds = 2

  private let over = Flag()
  private let residents: Threads.Running<Latencies>
  private let newcomers: Threads.Running<Latencies>

  /// - Parameter wallets: One for each resident, with money.
  init(port: UInt16, wallets: [Int64]) {
    let over = over
    residents = Threads.start(Self.residentCount) { index in
      let client = try TestClient(port: port, timeoutSeconds: 60)
      var latencies = Latencies()
      var count = 0
      while !over.isSet {
        let start = microsecondsNow()
        let reply = try client.call(.debit(wallets[index], 1, key: "resident-\(index)-\(count)"))
        guard reply.isOK else { throw TestFailure("a resident's debit failed with status \(reply.status)") }
        latencies.add(at: start, took: microsecondsNow() - start)
        count += 1
        Threads.sleep(milliseconds: Self.restMilliseconds)
      }
      return latencies
    }
    newcomers = Threads.start(1) { _ in
      var latencies = Latencies()
      while !over.isSet {
        let start = microsecondsNow()
        let reply = try TestClient(port: port, timeoutSeconds: 60).call(.balance(wallets[0]))
        guard reply.isOK else { throw TestFailure("a newcomer's balance failed with status \(reply.status)") }
        latencies.add(at: start, took: microsecondsNow() - start)
        Threads.sleep(milliseconds: 20)
      }
      return latencies
    }
  }

  /// - Throws: What happened to the first of them that wasn't served as ever.
  func finish() throws -> (residents: Latencies, newcomers: Latencies) {
    over.set()
    let residents = try residents.wait().reduce(into: Latencies()) { $0.add($1) }
    return (residents, try newcomers.wait()[0])
  }
}
