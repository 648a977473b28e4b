extension Engine {
  /// Sends as much on a connection as the phase and its depth allow.
  func advance<P: Phase>(_ connection: Connection, _ phase: P, _ now: Int64) {
    guard connection.channel != nil else { return }
    // Out of the class for as long as it is written to, which spares a check for exclusive access each time.
    var output: [UInt8] = []
    swap(&output, &connection.output)
    while !connection.isLeaving, connection.outstanding < phase.depth {
      if let operation = followUps.popLast() ?? dueRepetition(now) {
        put(operation, on: connection, &output, now)
        continue
      }
      guard case .operation(var operation) = phase.next(now) else {
        isExhausted = true
        break
      }
      operation.sentAt = now
      put(operation, on: connection, &output, now)
    }
    swap(&output, &connection.output)
    flush(connection)
  }

  /// Sends what is due, each operation on the next connection with room: one write for each connection.
  func pace<P: Phase>(_ phase: P, _ now: Int64) {
    pacing = Pacing(roundAt: now)
    while let connection = connectionWithRoom(phase.depth) {
      if let operation = dueRepetition(now) {
        put(operation, on: connection, &connection.output, now)
      } else {
        switch phase.next(now) {
        case .operation(let operation): put(operation, on: connection, &connection.output, now)
        case .notBefore(let due):
          pacing.nextDue = due
          return flushUnsent()
        case .nothing:
          isExhausted = true
          return flushUnsent()
        }
      }
      if !connection.isMarked {
        connection.isMarked = true
        unsent.append(connection.token)
      }
      turn = connection.token + 1
    }
    flushUnsent()
  }

  private func connectionWithRoom(_ depth: Int) -> Connection? {
    for _ in connections.indices {
      if turn >= connections.count { turn = 0 }
      let connection = connections[turn]
      if connection.channel != nil, !connection.isLeaving, connection.outstanding < depth { return connection }
      turn += 1
    }
    return nil
  }

  private func put(_ operation: Operation, on connection: Connection, _ output: inout [UInt8], _ now: Int64) {
    if outstanding == 0 { stallWatch.began(now) }
    let id = connection.keep(operation)
    outstanding += 1
    wire.append(operation, requestID: id, batches, to: &output)
  }

  private func dueRepetition(_ now: Int64) -> Operation? {
    guard let last = repetitions.last, last.due <= now else { return nil }
    repeated += 1
    return repetitions.removeLast().operation
  }

  private func flushUnsent() {
    for token in unsent {
      connections[token].isMarked = false
      flush(connections[token])
    }
    unsent.removeAll(keepingCapacity: true)
  }

  func flush(_ connection: Connection) {
    guard let channel = connection.channel else { return }
    // What waits for room goes when there is some.
    while connection.outputStart < connection.output.count {
      guard let count = channel.send(connection.output, from: connection.outputStart) else {
        if !connection.isBlocked { poller.watch(channel.descriptor, writing: true, token: connection.token) }
        connection.isBlocked = true
        return
      }
      if count < 0 { return lose(connection) }
      connection.outputStart += count
    }
    connection.output.removeAll(keepingCapacity: true)
    connection.outputStart = 0
    if connection.isBlocked { poller.watch(channel.descriptor, writing: false, token: connection.token) }
    connection.isBlocked = false
  }
}
