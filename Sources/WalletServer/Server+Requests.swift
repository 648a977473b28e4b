import WalletCore
import WalletSystem
import WalletWire

/// From a frame to a queue.
extension Server {
  /// - Parameter input: What has arrived on the connection; `payload` lies in it.
  func request(
    _ header: FrameHeader, _ input: Span<UInt8>, _ payload: Range<Int>, _ connection: Connection
  ) {
    if drain != nil {
      // When another server will be there nobody here knows: the client's own back-off is as good as any figure.
      return answer(connection, header, Failure(.unavailable, .message("the server is shutting down")))
    }
    guard mayQueue(payload.count, connection) else {
      return turnAway(connection, header, refusal(requests: 1, bytes: payload.count, connection.principal))
    }
    do throws(Failure) {
      let bytes = input.extracting(payload)
      if let verb = Verb(rawValue: header.code),
        try decoder.appendPosting(verb, bytes, connection.origin, to: &gathered.requests)
      {
        gathered.tickets.append(ticket(verb, header, payload.count, connection))
        return
      }
      let request = try decoder.decode(method: header.code, payload: bytes, origin: connection.origin)
      submit(request, header, byteCount: payload.count, connection)
    } catch {
      answer(connection, header, error)
    }
  }

  private func submit(
    _ request: consuming ServerRequest, _ header: FrameHeader, byteCount: Int, _ connection: Connection
  ) {
    switch consume request {
    case .ping:
      connection.answered(header.requestID)
      counters.answered(header.code, code: ServerCounters.ok, after: 0)
      write(connection) { output in
        encoder.appendPing(
          time: time.wallMicroseconds, commitSeq: lastCommitSeq, requestID: header.requestID, into: &output)
      }
    case .getSchema:
      connection.answered(header.requestID)
      counters.answered(header.code, code: ServerCounters.ok, after: 0)
      write(connection) { output in
        encoder.appendSchema(
          digest: schemaDigest, commitSeq: lastCommitSeq, requestID: header.requestID, into: &output)
      }
    case .getServerInfo: enqueue(.info, .getServerInfo, header, byteCount, connection)
    case .getBalance(let wallet): enqueue(.balance(wallet), .getBalance, header, byteCount, connection)
    case .getWallet(let wallet): enqueue(.balance(wallet), .getWallet, header, byteCount, connection)
    case .mutation(let command):
      let verb = command.verb
      enqueue(.mutation(command), verb, header, byteCount, connection)
    case .batch(let batch): enqueue(.batch(batch), batch, header, byteCount, connection)
    case .dryRun(.batch(let batch)): enqueue(.dryRun(.batch(batch)), batch, header, byteCount, connection)
    case .dryRun(.mutation(let command)):
      enqueue(.dryRun(.mutation(command)), command.verb, header, byteCount, connection)
    case .list(let list, .explainBalance): enqueueExplanation(list, header, byteCount, connection)
    case .list(let list, let verb): enqueue(list, verb, header, byteCount, connection)
    case .stream(let request): open(request, header, connection)
    }
  }

  private func enqueue(
    _ request: consuming LedgerRequest, _ verb: Verb, _ header: FrameHeader, _ byteCount: Int, _ connection: Connection,
    weight: Int = 1
  ) {
    gathered.append(ticket(verb, header, byteCount, connection, weight: weight), request)
  }

  /// The ticket of a request that is queued, and counted from here on.
  private func ticket(
    _ verb: Verb, _ header: FrameHeader, _ byteCount: Int, _ connection: Connection, weight: Int = 1
  ) -> Ticket {
    queuedRequests += 1
    queuedBytes += byteCount
    connection.queued(byteCount, isExplanation: verb == .explainBalance)
    return Ticket(
      socket: connection.socket, requestID: header.requestID, verb: verb, deadline: deadline(header), receivedAt: now,
      byteCount: byteCount, weight: weight)
  }

  private func enqueue(
    _ request: LedgerRequest, _ batch: BatchCommand, _ header: FrameHeader, _ byteCount: Int, _ connection: Connection
  ) {
    let principal = connection.principal
    let count = batch.items.count
    guard takesRestOfBatch(count, principal) else {
      return turnAway(connection, header, refusal(requests: count, bytes: 0, principal))
    }
    let byteCount = max(byteCount, count * limits.batchItemBytesMin)
    guard queuedBytes + byteCount <= limits.queuedBytesMax,
      principal.queuedBytes + byteCount <= principalLimits.queuedBytesMax
    else { return turnAway(connection, header, refusal(requests: 0, bytes: byteCount, principal)) }
    connection.expectBatchReply(to: header.requestID, bytesMax: batch.replyBytesMax)
    enqueue(request, .batch, header, byteCount, connection, weight: batch.items.count)
  }

  /// Each is read in slices, and what it has read is kept until its next turn: so there are few at a time.
  private func enqueueExplanation(
    _ request: LedgerRequest, _ header: FrameHeader, _ byteCount: Int, _ connection: Connection
  ) {
    guard explanations < limits.explanationsMax,
      connection.principal.explanations < principalLimits.explanationsMax
    else {
      return turnAway(
        connection, header,
        Failure(.resourceExhausted, .message("too many explanations are under way"), retryAfterMilliseconds: 100))
    }
    explanations += 1
    // A slice takes as long as many pages: it goes alone.
    enqueue(request, .explainBalance, header, byteCount, connection, weight: limits.listGatherMax)
  }

  private func deadline(_ header: FrameHeader) -> Int64 {
    let milliseconds = header.millis == 0 ? limits.defaultDeadlineMilliseconds : Int64(header.millis)
    return now + milliseconds * 1000
  }

  /// Takes a request back unless it has been taken up; then its normal response comes.
  func cancel(_ requestID: UInt32, _ connection: Connection) {
    // What this very round has read isn't in the queues yet.
    if !gathered.isEmpty { queues?.ledger.submit(&gathered) }
    guard let queues, connection.state.inFlight.contains(requestID) else { return }
    if cancelStream(requestID, connection) { return }
    guard
      let ticket = queues.ledger.cancel(requestID, of: connection.socket)
        ?? queues.reads.cancel(requestID, of: connection.socket)
    else { return }
    forget(ticket)
    connection.leftQueue(ticket.byteCount, isExplanation: ticket.verb == .explainBalance)
    counters.answered(
      ticket.verb.rawValue, code: ErrorReason.cancelled.rawValue, after: now - ticket.receivedAt)
    answer(connection, requestID, Failure(.cancelled))
  }

  /// Answers a request that was no work, and must not become one by its number.
  private func turnAway(_ connection: Connection, _ header: FrameHeader, _ failure: Failure) {
    answer(connection, header, failure)
    chargeSpareFrame(connection, isControl: false)
  }

  /// Answers a request with a failure before it got to a queue.
  func answer(_ connection: Connection, _ header: FrameHeader, _ failure: Failure) {
    counters.answered(header.code, code: failure.reason.rawValue, after: 0)
    tell(connection, failure, verb: Verb(rawValue: header.code)?.methodName ?? "method \(header.code)")
    answer(connection, header.requestID, failure)
  }

  /// Answers with a failure that no queue has seen.
  func answer(_ connection: Connection, _ requestID: UInt32, _ failure: Failure) {
    connection.answered(requestID)
    write(connection) { output in
      encoder.append(failure, commitSeq: lastCommitSeq, requestID: requestID, into: &output)
    }
  }
}
