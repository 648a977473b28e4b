import WalletCore
import WalletSystem
import WalletWire

/// What is counted of a call, and told of one that failed or was slow.
extension Server {
  /// A reply is being written.
  func note(_ ticket: Ticket, _ outcome: borrowing LedgerOutcome, _ notes: [CallNote], _ connection: Connection) {
    let microseconds = now - ticket.receivedAt
    switch outcome {
    case .failed(let failure, _, _):
      counters.answered(ticket.verb.rawValue, code: failure.reason.rawValue, after: microseconds)
      if calls.logging.tells(of: failure) { tell(ticket, failure, microseconds, notes, connection) }
    default:
      counters.answered(ticket.verb.rawValue, code: ServerCounters.ok, after: microseconds)
      if microseconds >= calls.logging.slowMicroseconds { tell(ticket, nil, microseconds, notes, connection) }
    }
  }

  private func tell(
    _ ticket: Ticket, _ failure: Failure?, _ microseconds: Int64, _ notes: [CallNote], _ connection: Connection
  ) {
    let note = notes.first { $0.requestID == ticket.requestID && $0.socket == ticket.socket }
    var record = record(connection, failure)
    record.verb = ticket.verb.methodName
    record.microseconds = microseconds
    record.wallet = note?.wallet
    record.correlationID = note?.correlationID ?? ""
    calls.add(record, now: now)
  }

  /// A call that no queue has seen, or, without a verb, a connection.
  func tell(_ connection: Connection, _ failure: Failure, verb: @autoclosure () -> String = "") {
    guard calls.logging.tells(of: failure) else { return }
    var record = record(connection, failure)
    record.verb = verb()
    calls.add(record, now: now)
  }

  private func record(_ connection: Connection, _ failure: Failure?) -> CallRecord {
    CallRecord(
      severity: failure?.reason.severity ?? .warning, failure: failure, principal: connection.origin.actor,
      client: connection.origin.clientName, peer: connection.peer)
  }
}
