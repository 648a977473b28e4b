import WalletCore
import WalletSystem
import WalletWire

/// Streams: what a queue of theirs reads goes out as their connection takes it.
///
/// A stream is told to work only while its connection has room for what it brings, so a client that doesn't read costs
/// no more than that room. Nothing here is touched by a gather, but for one look whether anybody waits for commits.
extension Server {
  // MARK: Beginning

  func open(_ request: StreamRequest, _ header: FrameHeader, _ connection: Connection) {
    let kind = request.kind
    if let failure = refusal(of: kind, header, connection) { return answer(connection, header, failure) }
    let stream = OpenStream(
      streams.newID(), kind, connection.socket, requestID: header.requestID, now: now)
    streams.insert(stream)
    connection.streams.append(stream)
    if kind == .watch { connection.principal.watches += 1 }
    streamQueues?.queue(of: kind).open(stream.id, request, requestID: header.requestID)
    pull(connection)
  }

  private func refusal(of kind: OpenStream.Kind, _ header: FrameHeader, _ connection: Connection) -> Failure? {
    guard streamQueues != nil else { return .unimplemented(header.code) }
    let principal = connection.principal
    let (count, countMax) =
      switch kind {
      case .watch: (streams.count(of: .watch), limits.watchesMax)
      case .verify: (streams.count(of: .verify), limits.verificationsMax)
      }
    let rule =
      if connection.streams.count >= limits.connectionStreamsMax {
        "the connection has all the \(limits.connectionStreamsMax) streams it may have"
      } else if connection.streams.count + 1 >= limits.requestsInFlightMax {
        "the connection has all the requests in flight it may have, and a stream could not be cancelled"
      } else if kind == .watch, principal.watches >= principalLimits.watchesMax, count < countMax {
        "\(principal.name.string) has all the \(principalLimits.watchesMax) watches that one principal may have"
      } else if count < countMax {
        ""
      } else if kind == .watch {
        "the server has all the \(countMax) watches it may have"
      } else {
        "a verification is under way, and there may be only \(countMax)"
      }
    return rule.isEmpty ? nil : Failure(.resourceExhausted, .message(rule), retryAfterMilliseconds: 1000)
  }

  // MARK: Going on

  /// Tells a connection's streams to work, one after the other, as far as there is room.
  func pull(_ connection: Connection) {
    guard let streamQueues, !connection.isClosing, drain == nil else { return }
    var turn = 0
    while turn < connection.streams.count {
      let stream = connection.streams[turn]
      guard stream.isBlocked else {
        turn += 1
        continue
      }
      let room = room(for: connection)
      guard room >= limits.streamRoomBytesMin else { return }
      let granted = min(room, limits.streamStepBytesMax)
      connection.streamBytesGranted += granted
      streams.grantedBytes += granted
      stream.phase = .advancing(roomBytes: granted)
      stream.askedAtSeq = lastCommitSeq
      streamQueues.queue(of: stream.kind).advance(stream.id, roomBytes: granted)
      // The others come first next time.
      connection.streams.remove(at: turn)
      connection.streams.append(stream)
    }
  }

  private func room(for connection: Connection) -> Int {
    min(
      limits.connectionStreamBytesMax - connection.outputWaiting - connection.streamBytesGranted,
      limits.streamBytesMax - outputBytes - streams.grantedBytes,
      principalLimits.outputBytesMax / 2 - connection.principal.outputBytes)
  }

  /// Writes what a queue has brought.
  package func deliver(_ deliveries: [StreamDelivery]) {
    readTime()
    for delivery in deliveries { take(delivery) }
    flushTouched()
    passOnGathered()
    finishDrainIfDone()
  }

  private func take(_ delivery: StreamDelivery) {
    if let line = delivery.line { log(line) }
    if let report = delivery.report {
      operations.verified(VerifyStatus(at: time.wallMicroseconds, seq: report.head.seq, findings: report.findings))
    }
    // It may have ended meanwhile.
    guard let stream = streams[delivery.stream], let connection = connections[stream.socket] else { return }
    connection.streamBytesGranted -= stream.grantedBytes
    streams.grantedBytes -= stream.grantedBytes
    stream.phase = .blocked(since: now)
    if connection.isClosing { return }
    touch(connection)
    if !delivery.frames.isEmpty {
      write(connection) { output in output.append(contentsOf: delivery.frames) }
      stream.place = delivery.place
      stream.toldAt = now
    }
    switch delivery.next {
    case .finished:
      remove(stream, connection)
      counters.ended(stream: stream.kind.verb, code: ServerCounters.ok)
      connection.answered(stream.requestID)
      write(connection) { output in
        encoder.appendStreamFinished(requestID: stream.requestID, into: &output)
      }
    case .failed(let failure):
      remove(stream, connection)
      counters.ended(stream: stream.kind.verb, code: failure.reason.rawValue)
      tell(connection, failure, verb: stream.kind.verb.methodName)
      answer(connection, stream.requestID, failure)
    case .more, .waiting:
      if drain != nil {
        end(stream, connection, .unavailable)
      } else if case .waiting = delivery.next, lastCommitSeq <= stream.askedAtSeq {
        streams.wait(stream)
      }
    }
  }

  /// Something was committed. Called once for each delivery, and only while somebody waits for it.
  func wakeStreams() {
    guard lastCommitSeq > wokenAtSeq else { return }
    wokenAtSeq = lastCommitSeq
    for stream in streams.wake(now: now) {
      if let connection = connections[stream.socket] { pull(connection) }
    }
  }

  /// What time does to streams. Called a few times a second, and only while there are any.
  func tickStreams() {
    for stream in Array(streams.all) {
      guard streams[stream.id] != nil, let connection = connections[stream.socket], !connection.isClosing else {
        continue
      }
      switch stream.phase {
      case .advancing: break
      case .blocked(let since):
        if (now - since) / 1000 >= limits.streamStallMilliseconds {
          end(stream, connection, .resourceExhausted)
        } else {
          // The room of all together may have grown.
          pull(connection)
        }
      case .waiting:
        guard (now - stream.toldAt) / 1000 >= limits.streamSilenceMilliseconds, let place = stream.place,
          room(for: connection) >= limits.streamRoomBytesMin
        else { break }
        stream.toldAt = now
        write(connection) { output in
          encoder.append(.token(place), isLast: false, requestID: stream.requestID, into: &output)
        }
      }
      flush(connection)
    }
  }

  // MARK: Ending

  /// Ends a stream before its time and says where it may be taken up again.
  func end(_ stream: OpenStream, _ connection: Connection, _ reason: ErrorReason) {
    streamQueues?.queue(of: stream.kind).cancel(stream.id)
    remove(stream, connection)
    let detail: FailureDetail =
      stream.place.map { .streamEnd(resumeToken: $0.resumeToken.string) }
      ?? (reason == .unavailable
        ? .message("the server is shutting down") : .message("the events weren't taken in time"))
    counters.ended(stream: stream.kind.verb, code: reason.rawValue)
    answer(connection, stream.requestID, Failure(reason, detail))
  }

  /// Leaving: what is under way is still delivered.
  func drainStreams() {
    for stream in Array(streams.all) {
      guard let connection = connections[stream.socket], !connection.isClosing, stream.grantedBytes == 0 else {
        continue
      }
      end(stream, connection, .unavailable)
      flush(connection)
    }
  }

  /// - Returns: Whether the request was a stream's.
  func cancelStream(_ requestID: UInt32, _ connection: Connection) -> Bool {
    guard let stream = connection.streams.first(where: { $0.requestID == requestID }) else { return false }
    streamQueues?.queue(of: stream.kind).cancel(stream.id)
    remove(stream, connection)
    counters.ended(stream: stream.kind.verb, code: ErrorReason.cancelled.rawValue)
    answer(connection, requestID, Failure(.cancelled, .message("cancelled by its client")))
    return true
  }

  /// Nobody is there any more.
  func dropStreams(of connection: Connection) {
    for stream in connection.streams {
      streamQueues?.queue(of: stream.kind).cancel(stream.id)
      streams.remove(stream)
      if stream.kind == .watch { connection.principal.watches -= 1 }
    }
    connection.streams.removeAll()
    connection.streamBytesGranted = 0
  }

  private func remove(_ stream: OpenStream, _ connection: Connection) {
    connection.streamBytesGranted -= stream.grantedBytes
    streams.remove(stream)
    if stream.kind == .watch { connection.principal.watches -= 1 }
    connection.streams.removeAll { $0 === stream }
  }
}

extension OpenStream.Kind {
  fileprivate var verb: Verb {
    switch self {
    case .watch: .watchTransactions
    case .verify: .verify
    }
  }
}

extension StreamRequest {
  fileprivate var kind: OpenStream.Kind {
    switch self {
    case .watch: .watch
    case .verify: .verify
    }
  }
}
