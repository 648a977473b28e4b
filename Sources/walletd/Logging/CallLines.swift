import Dispatch
import Logging
import Synchronization
import WalletCore
import WalletServer
import WalletSystem

/// Lines about calls that failed or were slow, written on a queue of their own: the loop must not wait for whoever reads
/// the log.
final class CallLines: Sendable {
  static let shared = CallLines()

  private static let waitingMax = 1000
  private static let flushMicroseconds: Int64 = 1_000_000

  private struct State {
    var waiting = 0
    /// Records that found no room here, or said so of others.
    var leftOut = 0
  }

  private let queue = DispatchQueue(label: "walletd.log", qos: .utility)
  private let state = Mutex(State())

  func add(_ record: CallRecord) {
    let leftOut: Int? = state.withLock { state in
      guard state.waiting < Self.waitingMax else {
        state.leftOut += 1 + record.leftOut
        return nil
      }
      state.waiting += 1
      defer { state.leftOut = 0 }
      return state.leftOut
    }
    guard let leftOut else { return }
    queue.async { [self] in
      let line = CallLine(record, leftOut: leftOut)
      Console.say(line.message, level: line.level, fields: line.fields)
      state.withLock { $0.waiting -= 1 }
    }
  }

  /// Waits until what was added is written, unless nobody reads it.
  func flush() {
    let isWritten = TimedSemaphore()
    queue.async { isWritten.signal() }
    _ = isWritten.wait(microseconds: Self.flushMicroseconds)
  }
}

/// A record in words. What is a secret isn't in a record.
struct CallLine {
  let message: String
  let level: Logger.Level
  let fields: Logger.Metadata

  init(_ record: CallRecord, leftOut: Int) {
    let what = record.verb.isEmpty ? "connection" : record.verb
    message =
      record.failure.map { "\(what): \($0.reason.name): \($0.message)" }
      ?? "\(what) took \(record.microseconds / 1000) ms"
    level =
      switch record.severity {
      case .info: .info
      case .warning: .warning
      case .error: .error
      }
    var fields: Logger.Metadata = ["peer": "\(record.peer)"]
    func add(_ name: String, _ value: String) {
      if !value.isEmpty { fields[name] = "\(value)" }
    }
    add("verb", record.verb)
    add("code", record.failure?.reason.name ?? "OK")
    add("principal", record.principal.string)
    add("client", record.client.string)
    add("wallet", record.wallet.map(Self.text) ?? "")
    add("correlation_id", record.correlationID.string)
    add("trace_id", TraceContext.traceID(in: record.correlationID.string) ?? "")
    if !record.verb.isEmpty { add("duration_ms", Self.milliseconds(record.microseconds)) }
    if record.leftOut + leftOut > 0 { add("left_out", "\(record.leftOut + leftOut)") }
    self.fields = fields
  }

  private static func text(_ wallet: WalletReference) -> String {
    switch wallet {
    case .id(let id, _): "\(id)"
    case .name(let name): "\(name.owner)/\(name.currency)/\(name.name)"
    }
  }

  private static func milliseconds(_ microseconds: Int64) -> String {
    let fraction = String(microseconds % 1000)
    return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
  }
}
