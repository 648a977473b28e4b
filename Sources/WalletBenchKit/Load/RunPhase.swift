/// The load: a warm-up, then the measured time.
final class RunPhase: Phase {
  private static let silencesMax = 10_000

  let depth: Int
  let insists = false
  let isPaced: Bool
  private let book: WalletBook
  private let batcher: Batcher
  private let probes: Probes
  private let ackLog: AckLog?
  private let display: any Display
  private let warmUp: Int64
  private let duration: Int64
  private let rate: Int?
  /// Mutations to make, instead of a time.
  private let fill: Int?
  private var drawn = 0
  private var source: OperationSource
  /// In requests, which a batch is one of.
  private var schedule: Schedule?
  /// Begins with the first request.
  private(set) var measuredFrom: Int64 = 0
  private(set) var measuredTo: Int64 = 0
  private(set) var tally = Tally()
  private(set) var seconds: LatencySeconds
  private(set) var behind = Behind()
  /// What has come since the last live line.
  private var interval = Tally()
  private var intervalFrom: Int64 = 0
  /// Answers out of the store to requests that were sent for the first time: their keys were used by somebody else.
  private(set) var foreignReplays = 0
  private(set) var unknown = 0
  /// Of the server, while requests were outstanding.
  private(set) var silences: [Range<Int64>] = []
  private(set) var lastCommitSeq: Int64 = 0

  init(
    _ settings: BenchSettings, book: WalletBook, source: OperationSource, batcher: Batcher, probes: Probes,
    ackLog: AckLog?, display: any Display
  ) {
    depth = settings.fill == nil ? settings.inFlight : settings.pipelineDepth
    isPaced = settings.rate != nil
    fill = settings.fill
    warmUp = fill == nil ? Int64(settings.warmUpSeconds) * 1_000_000 : 0
    duration = Int64(settings.seconds) * 1_000_000
    seconds = LatencySeconds(secondsMax: settings.seconds)
    rate = settings.rate.map { max(1, $0 / batcher.size) }
    self.book = book
    self.source = source
    self.batcher = batcher
    self.probes = probes
    self.ackLog = ackLog
    self.display = display
  }

  func next(_ now: Int64) -> Next {
    if measuredTo == 0 { begin(now) }
    var due = now
    if let next = schedule?.nextDue {
      // What is due after the end isn't asked for; until then the timer still ends the waiting.
      guard next < measuredTo, now < measuredTo else { return now < measuredTo ? .notBefore(measuredTo) : .nothing }
      guard let taken = schedule?.take(now) else { return .notBefore(next) }
      due = taken
      if due >= measuredFrom { behind.lateMicrosMax = max(behind.lateMicrosMax, now - due) }
    } else if now >= measuredTo {
      return .nothing
    }
    if drawn == fill { return .nothing }
    var operation = batcher.next(&source, now, itemsMax: (fill ?? .max) - drawn) { source in
      drawn += 1
      return source.drawn(now)
    }
    operation.sentAt = due
    return .operation(operation)
  }

  private func begin(_ now: Int64) {
    measuredFrom = now + warmUp
    measuredTo = fill == nil ? measuredFrom + duration : .max
    intervalFrom = now
    schedule = rate.map { Schedule(rate: $0, start: now) }
  }

  func succeeded(_ operation: Operation, _ reply: Reply, isReplay: Bool, _ now: Int64) throws(BenchFailure) {
    if operation.kind.isMutation {
      if isReplay, operation.repetitions == 0 {
        foreignReplays += 1
        return
      }
      book.posted(operation.wallet, change: operation.change)
      ackLog?.add(operation, reply)
    } else if operation.kind == .list, reply.rows == 0 {
      // Every wallet has rows since the set-up.
      throw .unreachable("the server listed no transactions of wallet \(operation.walletID), which has some")
    }
    lastCommitSeq = max(lastCommitSeq, reply.commitSeq)
    // A hold and its capture are one operation.
    if operation.kind == .hold { return }
    if now >= measuredFrom, now < measuredTo { tally.count(operation.kind) }
    if display.isLive { interval.count(operation.kind) }
  }

  func next(after operation: Operation, _ reply: Reply, isReplay: Bool, _ now: Int64) -> Operation? {
    // A hold of somebody else's isn't ours to capture.
    guard operation.kind == .hold, !isReplay || operation.repetitions > 0 else { return nil }
    return source.capture(operation, holdID: reply.transactionID, now)
  }

  func completed(_ operation: Operation, _ now: Int64) {
    let latency = now - operation.sentAt
    // At a fixed rate all that was due in the measured time counts, however late its answer came.
    let at = isPaced ? operation.sentAt : now
    if at >= measuredFrom, at < measuredTo {
      tally.record(microseconds: latency)
      if fill == nil { seconds.record(microseconds: latency, at: now - measuredFrom) }
    }
    if display.isLive { interval.record(microseconds: latency) }
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

  func settle() throws(BenchFailure) { try ackLog?.write() }

  func stalled(from start: Int64, to end: Int64) {
    if start < measuredTo, end > measuredFrom, silences.count < Self.silencesMax { silences.append(start..<end) }
  }

  func round(_ now: Int64) throws(BenchFailure) {
    try ackLog?.sync()
    if measuredTo == 0 || now < measuredFrom { return }
    probes.begin()
    if now >= measuredTo, probes.end() { takeStock() }
  }

  /// Everything is answered: the end, where no time was given.
  func finish(_ now: Int64) throws(BenchFailure) {
    if fill != nil { measuredTo = now }
    try round(now)
  }

  /// The run is given up.
  func abandon(_ now: Int64) {
    if fill != nil { measuredTo = now }
    _ = probes.end()
  }

  /// - Returns: At least a microsecond, since rates divide by it.
  var measuredSeconds: Double { Double(max(1, measuredTo - measuredFrom)) / 1_000_000 }

  /// At the end of the measured time: what was due and will never be sent counts with the time that it has waited, which is
  /// the least that it would have taken.
  private func takeStock() {
    guard let schedule else { return }
    let due = schedule.dueBefore(measuredTo)
    behind.atEnd = max(0, due - schedule.taken) * batcher.size
    behind.most = max(behind.most, behind.atEnd)
    for number in schedule.taken..<max(schedule.taken, due) where schedule.due(number) >= measuredFrom {
      tally.record(microseconds: measuredTo - schedule.due(number))
    }
  }

  func tick(_ now: Int64) {
    let late = now < measuredTo ? (schedule?.behind(now) ?? 0) * batcher.size : 0
    if now >= measuredFrom { behind.most = max(behind.most, late) }
    guard display.isLive, now - intervalFrom >= 1_000_000 else { return }
    let elapsed = now - (measuredFrom - warmUp)
    let perSecond = interval.total * 1_000_000 / Int(now - intervalFrom)
    let latency = interval.latency
    if let fill {
      display.live(
        "filling: \(Figures.grouped(tally.total)) of \(Figures.grouped(fill)), \(Figures.grouped(perSecond))/s, refused "
          + Figures.grouped(tally.refused))
      interval.reset()
      intervalFrom = now
      return
    }
    display.live(
      "\(now < measuredFrom ? "warming up" : "measuring") \(elapsed / 1_000_000) s: \(Figures.grouped(perSecond))/s, p50 "
        + "\(Figures.milliseconds(latency.p50)), p99 \(Figures.milliseconds(latency.p99)), "
        + "refused \(Figures.grouped(interval.refused))\(late > 0 ? ", behind \(Figures.grouped(late))" : "")")
    interval.reset()
    intervalFrom = now
  }
}

/// How far a load of a fixed rate lags behind its schedule. Operations are due and not sent when no connection has room.
package struct Behind: Codable, Equatable, Sendable {
  /// Operations that were due by the end of the measured time and weren't sent.
  package var atEnd = 0
  /// The most at any time, looked at ten times a second.
  package var most = 0
  /// The longest from the time at which an operation was due to its sending.
  package var lateMicrosMax: Int64 = 0

  package init() {}
}
