import WalletWire

/// The load: a warm-up, then the measured time.
final class RunPhase: Phase {
  let depth: Int
  let insists = false
  private let book: WalletBook
  private let display: any Display
  private let warmUp: Int64
  private let duration: Int64
  private var source: OperationSource
  /// Begins with the first request.
  private var measuredFrom: Int64 = 0
  private var measuredTo: Int64 = 0
  private(set) var tally = Tally()
  /// What has come since the last live line.
  private var interval = Tally()
  private var intervalFrom: Int64 = 0
  /// Answers out of the store to requests that were sent for the first time: their keys were used by somebody else.
  private(set) var foreignReplays = 0
  private(set) var unknown = 0
  private(set) var lastCommitSeq: Int64 = 0

  init(_ settings: BenchSettings, book: WalletBook, source: OperationSource, display: any Display) {
    depth = settings.inFlight
    warmUp = Int64(settings.warmUpSeconds) * 1_000_000
    duration = Int64(settings.seconds) * 1_000_000
    self.book = book
    self.source = source
    self.display = display
  }

  func next(_ now: Int64) -> Operation? {
    if measuredTo == 0 {
      measuredFrom = now + warmUp
      measuredTo = measuredFrom + duration
      intervalFrom = now
    }
    return now < measuredTo ? source.drawn() : nil
  }

  func succeeded(
    _ operation: Operation, _ header: FrameHeader, _ bytes: Span<UInt8>, _ payload: Range<Int>, _ now: Int64
  ) throws(BenchFailure) {
    guard let reply = ReplyReader.reply(to: operation.kind, bytes, payload) else { throw .malformed(operation) }
    if operation.kind.isMutation {
      if header.flags.contains(.replayed), operation.repetitions == 0 {
        foreignReplays += 1
        return
      }
      book.posted(operation.wallet, change: operation.change)
    } else if operation.kind == .list, reply.rows == 0 {
      // Every wallet has rows since the set-up.
      throw .unreachable("the server listed no transactions of wallet \(operation.walletID), which has some")
    }
    lastCommitSeq = max(lastCommitSeq, reply.commitSeq)
    let latency = now - operation.sentAt
    if now >= measuredFrom, now < measuredTo { tally.add(operation.kind, microseconds: latency) }
    if display.isLive { interval.add(operation.kind, microseconds: latency) }
  }

  func refused(_ operation: Operation, _ refusal: Refusal, _ now: Int64) throws(BenchFailure) {
    if now >= measuredFrom, now < measuredTo { tally.add(refusal: refusal.name) }
    interval.add(refusal: refusal.name)
  }

  func gaveUp(_ operation: Operation) throws(BenchFailure) {
    guard operation.kind.isMutation else { return }
    unknown += 1
    book.becameUncertain(operation.wallet)
  }

  func tick(_ now: Int64) {
    guard display.isLive, now - intervalFrom >= 1_000_000 else { return }
    let elapsed = now - (measuredFrom - warmUp)
    let perSecond = interval.total * 1_000_000 / Int(now - intervalFrom)
    let latency = interval.latency
    display.live(
      "\(now < measuredFrom ? "warming up" : "measuring") \(elapsed / 1_000_000) s: \(Figures.grouped(perSecond))/s, p50 "
        + "\(Figures.milliseconds(latency.p50)), p99 \(Figures.milliseconds(latency.p99)), "
        + "refused \(Figures.grouped(interval.refused))")
    interval.reset()
    intervalFrom = now
  }
}
