package import WalletCore
import WalletSystem

/// A call that failed or was slow, or a connection that was refused, for the log.
package struct CallRecord: Sendable {
  package enum Severity: Int, Comparable, Sendable {
    case info, warning, error

    package static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
  }

  package var severity: Severity
  /// Empty: the connection as a whole.
  package var verb = ""
  /// `nil`: it succeeded, and was slow.
  package var failure: Failure?
  package var principal: Text
  package var client: Text
  package var peer: String
  package var microseconds: Int64 = 0
  package var wallet: WalletReference?
  package var correlationID: Text = ""
  /// Records that were left out since the last one, for want of room in the log.
  package var leftOut = 0
}

/// Which calls are told, and to whom.
package struct CallLogging: Sendable {
  package static let off = CallLogging(slowMicroseconds: .max, severityMin: .error, write: nil)

  let slowMicroseconds: Int64
  let severityMin: CallRecord.Severity
  /// Must not wait for anything.
  let write: (@Sendable (CallRecord) -> Void)?
  /// Records of one second; the others are counted.
  var recordsPerSecondMax = 50

  package init(
    slowMicroseconds: Int64, severityMin: CallRecord.Severity, write: (@Sendable (CallRecord) -> Void)?
  ) {
    self.slowMicroseconds = slowMicroseconds
    self.severityMin = severityMin
    self.write = write
  }

  func tells(of failure: Failure) -> Bool { write != nil && failure.reason.severity >= severityMin }

  /// What only the requests of a gather say about its failed and slow calls. A few of them: no second has room for more.
  func notes(
    _ gather: borrowing Gather<LedgerRequest>, _ outcomes: [LedgerOutcome], now: @autoclosure () -> Int64
  ) -> [CallNote] {
    if write == nil { return [] }
    var notes: [CallNote] = []
    let now = now()
    let span = outcomes.span
    for index in span.indices where notes.count < recordsPerSecondMax {
      switch span[index] {
      case .failed(let failure, _, _): if !tells(of: failure) { continue }
      case .deferred: continue
      default: if now - gather.tickets[index].receivedAt < slowMicroseconds { continue }
      }
      notes.append(CallNote(gather.tickets[index], gather.requests[index]))
    }
    return notes
  }
}

/// Of which wallet a call is, and what its caller calls it.
package struct CallNote: Sendable {
  let socket: SocketID
  let requestID: UInt32
  let wallet: WalletReference?
  let correlationID: Text

  init(_ ticket: Ticket, _ request: borrowing LedgerRequest) {
    socket = ticket.socket
    requestID = ticket.requestID
    switch request {
    case .mutation(let command), .dryRun(.mutation(let command)):
      wallet = command.wallet == .none ? nil : command.wallet
      correlationID = command.audit.correlationID
    case .batch(let batch), .dryRun(.batch(let batch)):
      wallet = nil
      if case .command(let first)? = batch.items.first {
        correlationID = first.audit.correlationID
      } else {
        correlationID = ""
      }
    case .balance(let reference), .history(let reference, _, _), .filteredHistory(let reference, _, _, _),
      .balanceAt(let reference, _), .explanation(let reference, _, _):
      wallet = reference
      correlationID = ""
    case .refusals, .wallets, .trialBalance, .info:
      wallet = nil
      correlationID = ""
    }
  }
}

extension ErrorReason {
  /// A refusal is the server's ordinary work; what keeps it from its work is not.
  var severity: CallRecord.Severity {
    switch self {
    case .internal: .error
    case .unauthenticated, .permissionDenied, .resourceExhausted, .deadlineExceeded, .unavailable: .warning
    default: .info
    }
  }
}

/// Keeps the records of a second within their number. Confined to the loop's queue.
struct CallLog {
  var logging = CallLogging.off
  private var secondBeganAt: Int64 = 0
  private var recordsInSecond = 0
  private var leftOut = 0

  mutating func add(_ record: @autoclosure () -> CallRecord, now: Int64) {
    guard let write = logging.write else { return }
    if now - secondBeganAt >= 1_000_000 {
      secondBeganAt = now
      recordsInSecond = 0
    }
    guard recordsInSecond < logging.recordsPerSecondMax else {
      leftOut += 1
      return
    }
    recordsInSecond += 1
    var record = record()
    record.leftOut = leftOut
    leftOut = 0
    write(record)
  }
}
