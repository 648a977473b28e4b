import TestSupport
import WalletCore

/// What clients write.
extension Simulator {
  func writeRequests() {
    let link = links[draw(links.count)]
    if link.isOver || link.isSpoiled { return }
    if isOneOf(12) { return link.cancel(scribe.draw) }
    if isOneOf(40) { return link.ping() }
    let before = figures.sent
    for _ in 0..<(1 + draw(profile.burstMax)) where link.pending.count < profile.limits.requestsInFlightMax + 5 {
      figures.sent += 1
      writeRequest(to: link)
    }
    note("client \(link.client) writes \(figures.sent - before)")
  }

  private func writeRequest(to link: Link) {
    switch draw(1000) {
    case 0..<3:
      let figures = ProtobufWriter.message { $0.integer(1, 9999) }
      let sent = write(.unknownMethod, 9999, [], link)
      sent.door = .atDoor(Failure(code: .unimplemented, detail: 17, figures: figures))
    case 3..<220:
      let read = anyRead()
      write(.read(read), read.method, read.encoded, link)
    case 220..<250: writeItems(to: link)
    case 250..<280: writeBatch(to: link)
    default: writeMutation(to: link)
    }
  }

  @discardableResult
  private func write(_ content: Sent.Content, _ method: UInt16, _ payload: [UInt8], _ link: Link) -> Sent {
    let millis: UInt32 = isOneOf(12) ? UInt32([1, 20, 300, 60_000][draw(4)]) : 0
    return link.write(
      content, method: method, payload, millis: millis, moment: nextMoment(), at: time.monotonicMicroseconds)
  }

  /// When the request will be decided nobody knows: about now.
  private var now: Int64 { max(judge.clock.lastStored, time.wallMicroseconds) }

  private func writeMutation(to link: Link) {
    let request = scribe.request(now: now)
    let sent = write(.mutation(request), request.verb.rawValue, request.encoded(), link)
    if let fault = request.fault, fault.isUnreadable { sent.door = .atDoor(.invalid(fault.field)) }
    // Somebody is impatient, and sends it twice.
    if isOneOf(30) { lose([request]) }
  }

  private func writeItems(to link: Link) {
    let requests = (0..<(1 + draw(12))).map { index in
      var request = scribe.item(now: now)
      request.placeFault(below: "items[\(index)]")
      return request
    }
    let isFull = isOneOf(4)
    write(.items(requests, isFull: isFull), 272, Request.batch(requests, key: nil, isFull: isFull), link)
  }

  private func writeBatch(to link: Link) {
    let (key, requests) = anyBatch()
    let isFull = isOneOf(4)
    let sent = write(
      .batch(key, requests, isFull: isFull), 272, Request.batch(requests, key: key, isFull: isFull), link)
    if let fault = requests.compactMap(\.fault).first(where: \.isUnreadable) {
      sent.door = .atDoor(.invalid(fault.field))
    }
  }

  /// A new one, or one that was sent before, as it was or changed.
  private func anyBatch() -> (key: String, requests: [Request]) {
    if !batches.isEmpty, isOneOf(3) {
      var batch = batches[draw(batches.count)]
      switch draw(8) {
      case 0: batch.requests.removeLast(batch.requests.count > 1 ? 1 : 0)
      case 1:
        let index = draw(batch.requests.count)
        // What is wrong with it may be its note.
        if batch.requests[index].fault == nil { batch.requests[index].note = "another" }
      default: break
      }
      return batch
    }
    let requests = (0..<(1 + draw(10))).map { index in
      var request = scribe.item(now: now)
      if request.fault?.field == "idempotency_key" { request.fault = nil }
      // Most are to be carried out.
      if request.verb == .debit, request.fault == nil, !isOneOf(3) { request.verb = .credit }
      request.placeFault(below: "items[\(index)]")
      return request
    }
    let batch = (key: scribe.newKey(), requests: requests)
    if batches.count < 100 { batches.append(batch) }
    return batch
  }

  // MARK: Reads

  private func anyRead() -> Read {
    if !announced.isEmpty, isOneOf(3) { return announced.remove(at: draw(announced.count)) }
    if announced.count > 40 { announced.removeFirst(20) }
    switch draw(20) {
    case 0: return isOneOf(2) ? .info : .trialBalance(currency: ["", "USD", "KWD", "XXQ"][draw(4)])
    case 1: return strangeCursor()
    case 2: return .wallets(owner: "owner-\(draw(25))", size: 1 + draw(8), cursor: "", after: 0)
    case 3..<6: return .wallet(scribe.anyAddress())
    case 6..<9:
      return .transactions(
        scribe.anyAddress(), size: 1 + draw([4, 20, 60][draw(3)]), cursor: "", oldestFirst: isOneOf(2), version: 0)
    default: return .balance(scribe.anyAddress())
    }
  }

  private func strangeCursor() -> Read {
    var cursor = Cursor(
      ledgerID: Text(host.store.description.ledgerID), epoch: 1, list: .wallets, subject: "owner-1", position: 1)
    switch draw(4) {
    case 0: cursor.epoch = 2
    case 1: cursor.ledgerID = "another"
    case 2: cursor.subject = "owner-2"
    default: return .strange(cursor: "no-cursor", .invalid("cursor"))
    }
    let isOfAnother = cursor.subject == "owner-1"
    return .strange(cursor: cursor.encoded, isOfAnother ? Failure(code: .resumeInvalid) : .invalid("cursor"))
  }
}
