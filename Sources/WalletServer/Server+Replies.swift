import WalletCore
import WalletSystem
import WalletWire

/// From a queue to the sockets.
extension Server {
  /// Answers what a queue has done.
  package func deliver(_ completions: Completions) {
    readTime()
    answer(completions)
    if completions.isAwaited { queues?.ledger.delivered() }
    if !streams.noneWaits { wakeStreams() }
    passOnGathered()
    finishDrainIfDone()
  }

  /// One write for each connection.
  func answer(_ completions: Completions) {
    let outcomes = completions.outcomes.span
    for index in completions.tickets.indices {
      answer(completions.tickets[index], outcomes[index], completions.notes)
    }
    flushTouched()
  }

  func touch(_ connection: Connection) {
    if connection.isTouched { return }
    connection.isTouched = true
    touched.append(connection)
  }

  func flushTouched() {
    for connection in touched {
      connection.isTouched = false
      // A place in flight is free: what has arrived may go on.
      if connections[connection.socket] != nil { process(connection) }
    }
    touched.removeAll(keepingCapacity: true)
  }

  private func answer(_ ticket: Ticket, _ outcome: borrowing LedgerOutcome, _ notes: [CallNote]) {
    queuedRequests -= 1
    queuedBytes -= ticket.byteCount
    if ticket.verb == .explainBalance { explanations -= 1 }
    lastCommitSeq = max(lastCommitSeq, commitSeq(of: outcome))
    answerConnection(ticket, outcome, notes)
    // Behind its own answer, and before that leaves.
    switch outcome {
    case .administered(let row, _): adopt(row)
    default: break
    }
  }

  private func answerConnection(_ ticket: Ticket, _ outcome: borrowing LedgerOutcome, _ notes: [CallNote]) {
    guard let connection = connections[ticket.socket] else { return }
    connection.leftQueue(ticket.byteCount, isExplanation: ticket.verb == .explainBalance)
    if connection.isClosing { return }
    note(ticket, outcome, notes, connection)
    connection.answered(ticket.requestID)
    touch(connection)
    let before = beginWriting(connection)
    append(outcome, to: ticket, into: &connection.output)
    endWriting(connection, before)
  }

  private func append(_ outcome: borrowing LedgerOutcome, to ticket: Ticket, into output: inout [UInt8]) {
    switch outcome {
    case .info(_, let head, let unavailable):
      encoder.appendServerInfo(
        description, head: head, mutationsUnavailableBecause: unavailable, time: time.wallMicroseconds,
        schemaDigest: schemaDigest, requestID: ticket.requestID, into: &output)
    case .failed(let failure, LedgerOutcome.placeUnknown, let replayed):
      // The deadline passed in the queue.
      encoder.append(
        failure, commitSeq: lastCommitSeq, replayed: replayed, requestID: ticket.requestID, into: &output)
    default: encoder.append(outcome, to: ticket.verb, requestID: ticket.requestID, into: &output)
    }
  }

  /// Adds to a connection's output, and counts it.
  func write(_ connection: Connection, _ body: (inout [UInt8]) -> Void) {
    let before = beginWriting(connection)
    body(&connection.output)
    endWriting(connection, before)
  }

  private func beginWriting(_ connection: Connection) -> Int {
    if connection.outputWaiting == 0 { connection.outputMovedAt = now }
    return connection.output.count
  }

  private func endWriting(_ connection: Connection, _ countBefore: Int) {
    let byteCount = connection.output.count - countBefore
    outputBytes += byteCount
    connection.principal.outputBytes += byteCount
  }

  /// Sends what waits, as far as the socket takes it.
  func flush(_ connection: Connection) {
    while connection.outputWaiting > 0, !connection.isBlocked {
      switch transport.write(connection.socket, connection.output, from: connection.outputStart) {
      case .bytes(let count):
        connection.outputMovedAt = now
        counters.bytesOut &+= UInt64(count)
        outputBytes -= count
        connection.principal.outputBytes -= count
        connection.consumeOutput(count)
      case .wouldBlock: connection.isBlocked = true
      case .broken:
        if !connection.isClosing { connection.end = .broken }
        return close(connection)
      }
    }
    // Long replies to batches are no sign of a peer that doesn't read.
    let outputMax =
      connection.isGreeting
      ? limits.greetingOutputBytesMax : limits.connectionOutputBytesMax + connection.batchReplyBytesWaiting
    if connection.outputWaiting > outputMax {
      logPutOut(connection, "\(connection.outputWaiting) bytes wait and it doesn't read", end: .unread)
      return close(connection, isUnread: true)
    }
    if outputBytes > limits.outputBytesMax || connection.principal.outputBytes > principalLimits.outputBytesMax {
      shedOutput(connection.principal)
      guard connections[connection.socket] != nil else { return }
    }
    if connection.isClosing, connection.outputWaiting == 0 { return close(connection) }
    if !connection.streams.isEmpty { pull(connection) }
    watch(connection)
  }

  private func watch(_ connection: Connection) {
    let mayTakeMore = mayTakeMore(connection)
    let reading = connection.isClosing || mayTakeMore
    if reading, !connection.isReading, connection.frameBeganAt != nil {
      // Nobody could finish it meanwhile.
      connection.frameBeganAt = now
    }
    connection.isReading = reading
    // A socket that can be written brings its turn in the next round, where the others have theirs too.
    let goesOn = connection.hasMore && mayTakeMore
    transport.watch(connection.socket, reading: reading, writing: connection.outputWaiting > 0 || goesOn)
  }
}

/// The place in the journal that the outcome tells of; 0 where it tells of none.
private func commitSeq(of outcome: borrowing LedgerOutcome) -> Int64 {
  switch outcome {
  case .posted(let row, _, _, _): row.seq
  case .transferred(_, let destination, _, _, _): destination.seq
  case .administered(let row, _): row.seq
  case .failed(_, let commitSeq, _): commitSeq
  case .batch(_, let commitSeq, _, _): commitSeq
  case .projected(_, let commitSeq): commitSeq
  case .wallet(_, let commitSeq): commitSeq
  case .transactions(_, _, _, _, let commitSeq): commitSeq
  case .wallets(_, _, let commitSeq): commitSeq
  case .balanceAt(_, let commitSeq): commitSeq
  case .refusals(_, _, let commitSeq): commitSeq
  case .trialBalance(_, let commitSeq): commitSeq
  case .tokens(_, _, let commitSeq): commitSeq
  case .explanation(let explanation): explanation.commitSeq
  case .deferred: 0
  case .info(_, let head, _): head.seq
  }
}
