import WalletCore
import WalletSystem
import WalletWire

/// What time does to connections, and how the server leaves.
extension Server {
  /// Puts out whoever has had his time. Called a few times a second.
  package func tick() {
    readTime()
    for connection in connections where connections[connection.socket] != nil {
      if let failure = overdue(connection, now) {
        if !connection.isClosing { connection.end = failure.reason == .resourceExhausted ? .unread : .overdue }
        if connection.isClosing || connection.outputWaiting > 0 { close(connection) } else { fail(connection, failure) }
        continue
      }
      if connection.heldBackUntil != 0, connection.heldBackUntil <= now {
        connection.heldBackUntil = 0
        process(connection)
      } else if now - connection.lastHeardAt > Self.idleMicroseconds {
        connection.releaseIdleBuffers()
        countInput(connection)
      }
    }
    passOnGathered()
    forgetIdlePrincipals()
    if !streams.isEmpty { tickStreams() }
    queues?.ledger.tick()
    finishDrainIfDone()
  }

  /// After it a connection's buffers are given back.
  private static let idleMicroseconds: Int64 = 2_000_000

  private func overdue(_ connection: Connection, _ now: Int64) -> Failure? {
    let milliseconds = { (since: Int64) in (now - since) / 1000 }
    if connection.isGreeting, milliseconds(connection.openedAt) > limits.helloTimeoutMilliseconds {
      return Failure(.invalidFrame, .frame(rule: "HELLO took too long", limit: 0))
    }
    if connection.outputWaiting > 0, milliseconds(connection.outputMovedAt) > limits.outputStallMilliseconds {
      return Failure(.resourceExhausted, .message("replies wait and aren't read"))
    }
    if let began = connection.frameBeganAt, connection.isReading, milliseconds(began) > limits.frameTimeoutMilliseconds
    {
      return Failure(.invalidFrame, .frame(rule: "a frame took too long to arrive", limit: 0))
    }
    if connection.state.inFlight.isEmpty, milliseconds(connection.lastHeardAt) > limits.idleTimeoutMilliseconds {
      return Failure(.deadlineExceeded, .message("the connection was idle for too long"))
    }
    return nil
  }

  /// Takes no more work, finishes what it has, and calls `finished` once every connection is closed.
  package func beginDrain(finished: @escaping () -> Void) {
    guard drain == nil else { return }
    readTime()
    drain = Drain(beganAt: now, finished: finished)
    transport.stopListening()
    for connection in connections where !connection.isGreeting && !connection.isClosing {
      sayGoAway(connection)
      flush(connection)
    }
    drainStreams()
    finishDrainIfDone()
  }

  func sayGoAway(_ connection: Connection) {
    write(connection) { output in encoder.appendGoAway("the server is shutting down", into: &output) }
  }

  func finishDrainIfDone() {
    guard let drain else { return }
    let elapsed = (now - drain.beganAt) / 1000
    if elapsed >= limits.drainTimeoutMilliseconds {
      for connection in connections {
        connection.end = .drained
        close(connection)
      }
    } else if elapsed >= limits.drainLingerMilliseconds {
      for connection in connections
      where connection.state.inFlight.isEmpty && connection.outputWaiting == 0 {
        connection.end = .drained
        close(connection)
      }
    }
    guard connections.isEmpty, queuedRequests == 0 else { return }
    self.drain = nil
    drain.finished()
  }
}
