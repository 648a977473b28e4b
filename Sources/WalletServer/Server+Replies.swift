import WalletCore
import WalletSystem
import WalletWire

/// From a queue to the sockets.
extension Server {
  /// Answers what a queue has done: one write for each connection.
  package func deliver(_ completions: Completions) {
    for index in completions.tickets.indices {
      let ticket = completions.tickets[index]
      queuedRequests -= 1
      queuedBytes -= ticket.byteCount
      lastCommitSeq = max(lastCommitSeq, completions.outcomes[index].commitSeq)
      guard let connection = connections[ticket.socket], !connection.isClosing else { continue }
      connection.answered(ticket.requestID)
      if !connection.isTouched {
        connection.isTouched = true
        touched.append(connection)
      }
      write(connection) { output in append(completions.outcomes[index], to: ticket, into: &output) }
    }
    for connection in touched {
      connection.isTouched = false
      // A place in flight is free: what has arrived may go on.
      if connections[connection.socket] != nil { process(connection) }
    }
    touched.removeAll(keepingCapacity: true)
    roundEnded()
    finishDrainIfDone()
  }

  private func append(_ outcome: LedgerOutcome, to ticket: Ticket, into output: inout [UInt8]) {
    if case .info(_, let head, let unavailable) = outcome {
      encoder.appendServerInfo(
        description, head: head, mutationsUnavailableBecause: unavailable, time: time.wallMicroseconds,
        schemaDigest: schemaDigest, requestID: ticket.requestID, into: &output)
    } else if case .failed(let failure, 0, let replayed) = outcome {
      // The deadline passed in the queue, where nobody knows the last durable place.
      encoder.append(
        failure, commitSeq: lastCommitSeq, replayed: replayed, requestID: ticket.requestID, into: &output)
    } else {
      encoder.append(outcome, to: ticket.verb, requestID: ticket.requestID, into: &output)
    }
  }

  /// Adds to a connection's output, and counts it.
  func write(_ connection: Connection, _ body: (inout [UInt8]) -> Void) {
    let before = connection.output.count
    if connection.outputWaiting == 0 { connection.outputMovedAt = time.monotonicMicroseconds }
    body(&connection.output)
    outputBytes += connection.output.count - before
  }

  /// Sends what waits, as far as the socket takes it.
  func flush(_ connection: Connection) {
    while connection.outputWaiting > 0, !connection.isBlocked {
      switch transport.write(connection.socket, connection.output, from: connection.outputStart) {
      case .bytes(let count):
        connection.outputMovedAt = time.monotonicMicroseconds
        outputBytes -= count
        connection.consumeOutput(count)
      case .wouldBlock: connection.isBlocked = true
      case .broken: return close(connection)
      }
    }
    // Long replies to batches are no sign of a peer that doesn't read.
    let outputMax =
      connection.isGreeting
      ? limits.greetingOutputBytesMax : limits.connectionOutputBytesMax + connection.batchReplyBytesWaiting
    if connection.outputWaiting > outputMax || outputBytes > limits.outputBytesMax && connection.outputWaiting > 0 {
      log("connection from \(connection.peer) closed: \(connection.outputWaiting) bytes wait and it doesn't read")
      return close(connection)
    }
    if connection.isClosing, connection.outputWaiting == 0 { return close(connection) }
    watch(connection)
  }

  private func watch(_ connection: Connection) {
    let reading = connection.isClosing || mayTakeMore(connection)
    connection.isReading = reading
    transport.watch(connection.socket, reading: reading, writing: connection.outputWaiting > 0)
  }
}

extension LedgerOutcome {
  /// The place in the journal that the outcome tells of; 0 where it tells of none.
  fileprivate var commitSeq: Int64 {
    switch self {
    case .posted(let row, _, _, _): row.seq
    case .failed(_, let commitSeq, _): commitSeq
    case .batch(_, let commitSeq, _, _): commitSeq
    case .wallet(_, let commitSeq): commitSeq
    case .transactions(_, _, _, _, let commitSeq): commitSeq
    case .wallets(_, _, let commitSeq): commitSeq
    case .history(let request): request.commitSeq
    case .info(_, let head, _): head.seq
    }
  }
}
