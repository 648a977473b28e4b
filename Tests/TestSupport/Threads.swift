internal import Foundation
internal import Synchronization

/// Threads of their own for code that blocks on sockets, which the threads of Swift's concurrency must not.
package enum Threads {
  /// Runs `body` `count` times at once and waits for all.
  ///
  /// - Throws: The first error that one of them threw.
  package static func run<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    try start(count, body).wait()
  }

  /// Runs `body` `count` times at once.
  package static func start<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Result
  ) -> Running<Result> {
    let running = Running<Result>()
    for index in 0..<count {
      running.group.enter()
      Thread {
        let result = Swift.Result { try body(index) }
        running.results.withLock { $0[index] = result }
        running.group.leave()
      }.start()
    }
    return running
  }

  package final class Running<Result: Sendable>: Sendable {
    fileprivate let group = DispatchGroup()
    fileprivate let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])

    /// The results in the order of their threads.
    package func wait() throws -> [Result] {
      group.wait()
      return try results.withLock { results in
        try results.sorted { $0.key < $1.key }.map { try $0.value.get() }
      }
    }
  }

  package static func sleep(milliseconds: Int) { usleep(UInt32(milliseconds) * 1000) }
}
