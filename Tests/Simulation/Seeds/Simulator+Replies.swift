import TestSupport
import WalletWire

/// What clients read.
extension Simulator {
  func read(_ link: Link, all: Bool = false) throws {
    if link.isOver || link.inbox.isEmpty { return }
    for frame in try link.read(all ? .max : 1 + draw(link.chunkMax)) {
      if link.isOver { return }
      try receive(frame, link)
    }
  }

  private func receive(_ frame: Frames.Frame, _ link: Link) throws {
    switch frame.header.type {
    case .helloAck, .goAway, .pong: return
    case .connectionError:
      let reason = Code(rawValue: try ProtobufMessage(frame.payload).integer(1))
      note("client \(link.client) is put out: \(reason.map { "\($0)" } ?? "?")")
      codes[reason ?? .internal, default: 0] += 1
      // Bytes that are no frame, or a time that has passed.
      let isDue = time.monotonicMicroseconds - link.openedAt >= 5_000_000
      try expect(
        link.isSpoiled && reason == .invalidFrame || isDue && (reason == .invalidFrame || reason == .deadlineExceeded),
        "a connection error without a reason: \(dump(frame.payload))")
      giveUp(link)
    case .response:
      guard let sent = link.answered(frame.header.requestID) else {
        throw failure("a second answer to request \(frame.header.requestID) of client \(link.client)")
      }
      figures.replies += 1
      note("client \(link.client) reads the answer to \(frame.header.requestID)")
      try compare(frame, sent, link)
    default: throw failure("a frame of type \(frame.header.type)")
    }
  }

  private func compare(_ frame: Frames.Frame, _ sent: Sent, _ link: Link) throws {
    let check = ReplyCheck(world: self)
    // A list may be called back, or come too late, when it was taken up already.
    if sent.isList, [Code.cancelled.status, Code.deadlineExceeded.status].contains(frame.header.code) {
      sent.expected = nil
      sent.next = nil
    }
    let expected = try sent.expected ?? doorReply(to: sent, frame)
    if case .read(.info) = sent.content, sent.expected != nil {
      return try check.compareInfo(frame.payload, seq: sent.seq)
    }
    let found = try check.compare(frame.header, frame.payload, expected, asked: "\(sent.content)")
    for code in expected.codes { codes[code, default: 0] += 1 }
    if sent.expected == nil { lose(sent.requests) }
    try expect(
      found.cursor.isEmpty == (sent.next == nil), "a cursor: \(!found.cursor.isEmpty), to come: \(sent.next != nil)")
    if let page = sent.next?.goingOn(at: String(decoding: found.cursor, as: UTF8.self)) { announced.append(page) }
    try recorder.answered(sent, link, frame, at: nextMoment())
  }

  /// The answer to a request that never got to the ledger, for one of the reasons that there may be.
  private func doorReply(to sent: Sent, _ frame: Frames.Frame) throws -> ExpectedReply {
    guard let code = Code(rawValue: try ProtobufMessage(frame.payload).integer(1)) else {
      throw failure("\(sent.content) is answered with \(dump(frame.payload)), and the ledger hasn't seen it")
    }
    let waited = time.monotonicMicroseconds - sent.writtenAt
    let deadline = sent.millis == 0 ? profile.limits.defaultDeadlineMilliseconds : Int64(sent.millis)
    switch code {
    case .unavailable where host.isDraining: return .atDoor(Failure(code: code))
    case .resourceExhausted where profile.hasShortQueue: return .atDoor(Failure(code: code, retryMillis: 100))
    case .cancelled where sent.isCancelled && sent.door == nil: return .atDoor(Failure(code: code))
    case .deadlineExceeded where waited >= deadline * 1000 && sent.door == nil: return .atDoor(Failure(code: code))
    default: break
    }
    guard let door = sent.door else {
      throw failure("\(sent.content) is answered with \(code), without a reason: \(dump(frame.payload))")
    }
    return door
  }
}
