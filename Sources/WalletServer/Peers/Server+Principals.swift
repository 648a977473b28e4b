import WalletCore
import WalletWire

/// No principal takes so much that the others notice.
extension Server {
  /// A connection that was a stranger's until now is this principal's.
  ///
  /// - Throws: RESOURCE_EXHAUSTED where it has all the connections that it may have.
  func admit(_ connection: Connection, as name: Text) throws(Failure) {
    let principal = principals[name] ?? Principal(name)
    guard principal.connections < principalLimits.connectionsMax else {
      throw Failure(
        .resourceExhausted,
        .message(
          "\(name.string) has all the \(principalLimits.connectionsMax) connections that one principal may have"),
        retryAfterMilliseconds: 1000)
    }
    principals[name] = principal
    connection.move(to: principal)
  }

  /// Forgets those who are gone. Called now and then.
  func forgetIdlePrincipals() {
    let idle = principals.values.filter { $0.isIdle(now: now) }
    for principal in idle { principals[principal.name] = nil }
  }

  // MARK: Requests

  /// Whether one more request may be queued. This is all that a request pays for the limits.
  @inline(__always)
  func mayQueue(_ byteCount: Int, _ connection: Connection) -> Bool {
    let principal = connection.principal
    return queuedRequests < limits.queuedRequestsMax && queuedBytes + byteCount <= limits.queuedBytesMax
      && principal.queuedRequests < principalLimits.queuedRequestsMax
      && principal.queuedBytes + byteCount <= principalLimits.queuedBytesMax
      && (!principalLimits.hasRates || takesRates(byteCount, principal))
  }

  private func takesRates(_ byteCount: Int, _ principal: Principal) -> Bool {
    guard ratesWait(requests: 1, bytes: byteCount, principal) == 0 else { return false }
    if !limits.requestRate.isNone { principal.requestRate.take(1, limits.requestRate, now: now) }
    if !limits.byteRate.isNone { principal.byteRate.take(Int64(byteCount), limits.byteRate, now: now) }
    return true
  }

  /// A batch has paid for one item before it was read; the others are paid for when their number is known.
  func takesRestOfBatch(_ count: Int, _ principal: Principal) -> Bool {
    let limit = limits.requestRate
    if limit.isNone { return true }
    let isPayable = principal.requestRate.wait(for: min(Int64(count), limit.burst) - 1, limit, now: now) == 0
    principal.requestRate.take(isPayable ? Int64(count) - 1 : -1, limit, now: now)
    return isPayable
  }

  /// Microseconds until the rates let so much pass.
  private func ratesWait(requests: Int, bytes: Int, _ principal: Principal) -> Int64 {
    let forRequests =
      limits.requestRate.isNone ? 0 : principal.requestRate.wait(for: Int64(requests), limits.requestRate, now: now)
    let forBytes = limits.byteRate.isNone ? 0 : principal.byteRate.wait(for: Int64(bytes), limits.byteRate, now: now)
    return max(forRequests, forBytes)
  }

  /// Why a request isn't queued, once that is so.
  func refusal(requests: Int, bytes: Int, _ principal: Principal) -> Failure {
    if queuedRequests >= limits.queuedRequestsMax || queuedBytes + bytes > limits.queuedBytesMax {
      return Failure(.resourceExhausted, .message("the server's queue is full"), retryAfterMilliseconds: 100)
    }
    let wait = principalLimits.hasRates ? ratesWait(requests: requests, bytes: bytes, principal) : 0
    if wait > 0 {
      return Failure(
        .resourceExhausted, .message("\(principal.name.string) asks more than its rate allows"),
        retryAfterMilliseconds: UInt32(clamping: (wait + 999) / 1000))
    }
    return Failure(
      .resourceExhausted, .message("\(principal.name.string) has all its share of the server's queue"),
      retryAfterMilliseconds: 100)
  }

  // MARK: Memory

  /// Puts out who has most of the output that waits, while it is too much: of the principal that is beyond its share, else
  /// of the one that has most.
  func shedOutput(_ principal: Principal) {
    while true {
      let greediest: Principal
      if principal.outputBytes > principalLimits.outputBytesMax {
        greediest = principal
      } else if outputBytes > limits.outputBytesMax, let other = greediestPrincipal(by: \.outputBytes) {
        greediest = other
      } else {
        return
      }
      guard let connection = greediestConnection(of: greediest, by: { $0.outputWaiting }) else { return }
      logPutOut(connection, "\(connection.outputWaiting) bytes wait, and replies take too much memory together")
      close(connection, isUnread: true)
    }
  }

  /// The same of what has arrived and isn't whole. Memory that buffers keep for later goes first.
  func shedInput(_ principal: Principal) {
    for connection in connections where connection.inputIsEmpty && connection.inputBytes > 0 {
      connection.releaseInput()
      uncountInput(connection)
    }
    while true {
      let greediest: Principal
      if principal.inputBytes > principalLimits.inputBytesMax {
        greediest = principal
      } else if inputBytes > limits.inputBytesMax, let other = greediestPrincipal(by: \.inputBytes) {
        greediest = other
      } else {
        return
      }
      guard let connection = greediestConnection(of: greediest, by: { $0.inputBytes }) else { return }
      logPutOut(connection, "\(connection.inputBytes) bytes of a request wait, and such take too much memory together")
      putOut(
        connection,
        Failure(.resourceExhausted, .message("requests that haven't arrived whole take too much memory together")))
    }
  }

  private func uncountInput(_ connection: Connection) {
    inputBytes -= connection.inputBytes
    connection.principal.inputBytes -= connection.inputBytes
    connection.inputBytes = 0
  }

  private func greediestPrincipal(by bytes: KeyPath<Principal, Int>) -> Principal? {
    var greediest = strangers
    for principal in principals.values where principal[keyPath: bytes] > greediest[keyPath: bytes] {
      greediest = principal
    }
    return greediest
  }

  private func greediestConnection(of principal: Principal, by bytes: (Connection) -> Int) -> Connection? {
    var greediest: Connection?
    for connection in connections where connection.principal === principal {
      if bytes(connection) > (greediest.map(bytes) ?? 0) { greediest = connection }
    }
    return greediest
  }

  /// Says why as far as the socket takes it, and closes at once.
  func putOut(_ connection: Connection, _ failure: Failure) {
    fail(connection, failure)
    if connections[connection.socket] != nil { close(connection) }
  }

  /// At most a few lines a second: whoever is put out comes again at once.
  func logPutOut(_ connection: Connection, _ why: String, end: ConnectionEnd = .limit) {
    connection.end = end
    connection.isEndLogged = true
    guard logRate.wait(for: 1, Self.logLimit, now: now) == 0 else {
      logLinesLeftOut += 1
      return
    }
    logRate.take(1, Self.logLimit, now: now)
    let leftOut = logLinesLeftOut > 0 ? " (\(logLinesLeftOut) more like it since the last line)" : ""
    logLinesLeftOut = 0
    log("connection from \(connection.peer) closed: \(why)\(leftOut)")
  }

  private static let logLimit = RateLimit(perSecond: 5, burst: 20)
}
