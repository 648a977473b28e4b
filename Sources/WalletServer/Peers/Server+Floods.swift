import WalletCore

/// Frames that take no place in flight, so that the number in flight doesn't bound them.
extension Server {
  /// Then others have their turn.
  static let spareFramesInTurnMax = 64

  /// Counts one. Past the rate the connection isn't read for a while; whoever goes on with frames that only he has a use for
  /// is put out.
  func chargeSpareFrame(_ connection: Connection, isControl: Bool) {
    let limit = limits.spareFrameRate
    if isControl, connection.floods > 0, connection.spareFrames.isFull(now: now) { connection.floods = 0 }
    connection.spareFramesInTurn += 1
    connection.spareFrames.take(1, limit, now: now)
    let wait = connection.spareFrames.wait(for: 1, limit, now: now)
    guard wait > 0, connection.heldBackUntil == 0 else { return }
    connection.heldBackUntil = now + wait
    guard isControl else { return }
    connection.floods += 1
    guard connection.floods > limits.floodsMax, !connection.isGreeting else { return }
    logPutOut(connection, "it floods the server with PING, PONG and CANCEL")
    fail(
      connection,
      Failure(
        .resourceExhausted,
        .message("PING, PONG and CANCEL come too fast for too long: \(limit.perSecond) a second are taken")))
  }
}
