import Dispatch
import Foundation

/// ^C and SIGTERM as the wish to end well.
enum Interruption {
  /// Cancels a task when the program is interrupted while `body` waits for it.
  static func cancels<Success: Sendable, Failure: Error, Result>(
    _ task: Task<Success, Failure>, _ body: () async -> Result
  ) async -> Result {
    let sources = [SIGINT, SIGTERM].map { number in
      // The source hears of it only when nobody else does.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { task.cancel() }
      source.activate()
      return source
    }
    defer { sources.forEach { $0.cancel() } }
    return await body()
  }
}
