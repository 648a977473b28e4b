import WalletCore
import WalletWire

extension Engine {
  func read<P: Phase>(_ connection: Connection, _ buffer: inout [UInt8], _ phase: P) throws(BenchFailure) {
    // Lost earlier in the same round.
    guard let channel = connection.channel else { return }
    guard let count = channel.receive(into: &buffer) else { return }
    guard count > 0 else { return lose(connection) }
    let now = time.monotonicMicroseconds
    if connection.input.isEmpty {
      let used = try consume(connection, buffer.span.extracting(0..<count), phase, now)
      if used < count { connection.input.append(contentsOf: buffer[used..<count]) }
    } else {
      var input: [UInt8] = []
      swap(&input, &connection.input)
      input.append(contentsOf: buffer[..<count])
      let used = try consume(connection, input.span, phase, now)
      input.removeFirst(used)
      swap(&input, &connection.input)
    }
    try phase.settle()
    // At a fixed rate this connection has nothing to send because of an answer, except to a PING.
    if phase.isPaced { flush(connection) } else { advance(connection, phase, now) }
  }

  /// - Returns: The bytes of whole messages.
  private func consume<P: Phase>(
    _ connection: Connection, _ bytes: Span<UInt8>, _ phase: P, _ now: Int64
  ) throws(BenchFailure) -> Int {
    var start = 0
    while let message = try wire.message(in: bytes, from: start) {
      start = message.end
      switch message.kind {
      case .answer, .refusal:
        guard let operation = connection.take(message.requestID) else {
          throw .unreachable("the server answered request \(message.requestID), which isn't in flight")
        }
        outstanding -= 1
        lastAnswerAt = now
        if message.kind == .refusal {
          try refused(operation, message, bytes, phase, now)
        } else if operation.kind == .batch {
          try batchDone(operation, message, bytes, phase, now)
        } else {
          guard let reply = wire.reply(to: operation, message, bytes) else { throw .malformed(operation) }
          try phase.succeeded(operation, reply, isReplay: message.isReplay, now)
          if let next = phase.next(after: operation, reply, isReplay: message.isReplay, now) {
            followUps.append(next)
          } else {
            phase.completed(operation, now)
          }
        }
      case .leaving: connection.isLeaving = true
      case .ping: connection.output.appendFrame(FrameHeader(type: .pong), payload: message.payload.map { bytes[$0] })
      }
    }
    if lastAnswerAt == now, let stall = stallWatch.answered(now) {
      phase.stalled(from: stall.lowerBound, to: stall.upperBound)
    }
    return start
  }

  private func batchDone<P: Phase>(
    _ batch: Operation, _ message: Incoming, _ bytes: Span<UInt8>, _ phase: P, _ now: Int64
  ) throws(BenchFailure) {
    let items = batches.items(batch)
    var results = 0
    let isBatch = try wire.batchResults(message, bytes) { index, result throws(BenchFailure) in
      guard index < items.count else { throw .malformed(batch) }
      results += 1
      var item = items[index]
      item.repetitions = batch.repetitions
      item.sentAt = batch.sentAt
      switch result {
      case .done(let reply, let isReplay): try phase.succeeded(item, reply, isReplay: isReplay, now)
      case .refused(let refusal): try phase.refused(item, refusal, now)
      }
    }
    guard isBatch, results == items.count else { throw .malformed(batch) }
    phase.completed(batch, now)
    batches.remove(batch)
  }

  private func refused<P: Phase>(
    _ operation: Operation, _ message: Incoming, _ bytes: Span<UInt8>, _ phase: P, _ now: Int64
  ) throws(BenchFailure) {
    guard let refusal = wire.refusal(message, bytes) else { throw .malformed(operation) }
    var operation = operation
    let isRemembered = refusal.reason?.isRemembered ?? false
    // Without the promise the mutation may still have happened; and once one attempt was left open, only a remembered
    // refusal closes it (proto/WIRE.md).
    if operation.kind.isMutation, !message.isNotExecuted { operation.isUnknown = true }
    let isKnown = !operation.isUnknown || isRemembered
    let mayPass = refusal.reason.map(mayPass) ?? false
    if isKnown, !(phase.insists && mayPass) {
      try forEachItem(operation) { item throws(BenchFailure) in try phase.refused(item, refusal, now) }
      if operation.kind == .batch { batches.remove(operation) }
      return
    }
    try repeatLater(operation, phase, due: now + max(repetitionPause, Int64(message.retryAfterMillis) * 1000))
  }

  private func repeatLater<P: Phase>(_ operation: Operation, _ phase: P, due: Int64) throws(BenchFailure) {
    var operation = operation
    operation.repetitions += 1
    if operation.repetitions > repetitionsMax { return try giveUp(operation, phase) }
    repetitions.append((operation, due))
  }

  func giveUp<P: Phase>(_ operation: Operation, _ phase: P) throws(BenchFailure) {
    try forEachItem(operation) { item throws(BenchFailure) in try phase.gaveUp(item) }
    if operation.kind == .batch { batches.remove(operation) }
  }

  private func forEachItem(
    _ operation: Operation, _ body: (Operation) throws(BenchFailure) -> Void
  ) throws(BenchFailure) {
    guard operation.kind == .batch else { return try body(operation) }
    for item in batches.items(operation) { try body(item) }
  }
}

/// Repetitions, 100 ms apart, after which an outcome counts as unknowable.
private let repetitionsMax = 100
private let repetitionPause: Int64 = 100_000

/// Refusals of a server that may take the same request later.
private func mayPass(_ reason: ErrorReason) -> Bool {
  switch reason {
  case .resourceExhausted, .unavailable, .deadlineExceeded, .cancelled: true
  default: false
  }
}
