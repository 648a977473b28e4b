import TestSupport
import WalletCore
import WalletWire

/// Rounds of requests from several clients, restarts and kills between them.
final class Rounds {
  /// A batch of all or nothing that was sent.
  private struct Batch {
    var key: String
    var requests: [Request]
  }

  /// What becomes of a round.
  private enum Fate {
    case settles
    /// It is committed, and the server is killed before it answers.
    case losesAnswers
    /// The server is killed before the requests are taken up.
    case isInVain
  }

  let world: World
  private let reference: ReferenceLedger
  private let scribe: Scribe
  private var batches: [Batch] = []
  /// How far the wall clock has left the monotonic one.
  private var drift: Int64 = 0
  /// Rows up to here were held against the reference.
  private var checkedSeq: Int64 = 0
  private(set) var commands = 0
  private(set) var rounds = 0
  private(set) var restarts = 0
  private(set) var kills = 0
  private(set) var replays = 0

  private var roundsWithoutTime = 0

  // Of the round that is being written.
  private var now: Int64?
  private var readTime: Int64 = 0
  private var delay: Int64 = 0
  private var queued = 0
  private var weight = 0
  private var fate = Fate.settles

  init(seed: UInt64, _ shape: World.Shape) throws {
    world = try World(seed: seed, shape)
    reference = world.reference
    scribe = Scribe(seed: seed, reference)
  }

  func step() throws {
    rounds += 1
    // One of each at least, however few rounds there are.
    let event = [20: 0, 40: 1][rounds] ?? scribe.draw(60)
    switch event {
    case 0:
      try world.restart()
      restarts += 1
      try beganAnew()
    case 1: try kill()
    case 2: fate = .losesAnswers
    case 3: fate = .isInVain
    default: break
    }
    // Somebody comes and says that the clock is right.
    if roundsWithoutTime > 1 {
      try world.restart(acceptsClock: true)
      restarts += 1
      try beganAnew()
    }
    moveClock()
    let jump: Int64 = fate == .settles && scribe.isOneOf(50) ? 600_000_000 : 0
    world.time.wallMicroseconds += jump
    delay = scribe.isOneOf(3) ? 10_000 : 0
    try writeRound()
    switch fate {
    case .settles: try world.settle(delay: delay, readTime: readTime)
    case .losesAnswers:
      try world.settle(delay: delay, readTime: readTime, loses: true)
      try kill()
    case .isInVain: try kill()
    }
    fate = .settles
    world.time.wallMicroseconds -= jump
    // What somebody sees who looks while projections trail.
    if scribe.isOneOf(12) { try FileChecks(world).run(after: max(0, reference.seq - 50)) }
    if scribe.isOneOf(6) { while try world.store.maintain(isIdle: true).isUnfinished, !scribe.isOneOf(4) {} }
  }

  private func kill() throws {
    try world.kill()
    kills += 1
    try beganAnew()
  }

  /// What is in the files after a start, of whatever was there at the last one too.
  private func beganAnew() throws {
    drift = 0
    try FileChecks(world).run(after: checkedSeq)
    checkedSeq = reference.seq
  }

  /// Mostly milliseconds; now and then days end, weeks and months; and the wall clock is set, back too.
  private func moveClock() {
    switch scribe.draw(24) {
    case 0, 1: world.time.pass(microseconds: Int64(1 + scribe.draw(14)) * 3_600_000_000)
    case 2: world.time.pass(microseconds: Int64(1 + scribe.draw(5)) * 86_400_000_000)
    case 3:
      let change = Int64(scribe.draw(40_000_000)) - 20_000_000
      if abs(drift + change) < 55_000_000 {
        drift += change
        world.time.wallMicroseconds += change
      }
    default: world.time.pass(microseconds: Int64(scribe.draw(4)) * 1_000 + Int64(scribe.draw(2)))
    }
  }

  // MARK: A round

  private func writeRound() throws {
    let wall = world.time.wallMicroseconds + delay
    let monotonic = world.time.monotonicMicroseconds + delay
    var clock = world.clock
    now = clock.time(wall: wall, monotonic: monotonic)
    readTime = now ?? clock.lastStored
    roundsWithoutTime = now == nil ? roundsWithoutTime + 1 : 0
    let before = reference.seq
    (queued, weight) = (0, 0)
    // Soon at first, so that no run ends without one.
    let isFlood = scribe.isOneOf(world.codes[.resourceExhausted] == nil ? 8 : 40)
    let target = isFlood ? World.queuedRequestsMax + 200 : 1 + scribe.draw(world.shape.roundMax)
    if !isFlood, scribe.isOneOf(6) {
      world.clients[scribe.draw(world.clients.count)].isLeaving = true
    }
    var written = 0
    while written < target, weight < 3500 {
      let client = world.clients[scribe.draw(world.clients.count)]
      let count = min(1 + scribe.draw(40), World.requestsInFlightMax - client.awaited.count - 1)
      for _ in 0..<max(0, count) { try writeRequest(to: client, isFlood: isFlood) }
      written += max(1, count)
      try world.send(client)
    }
    for client in world.clients where client.isLeaving {
      if scribe.isOneOf(2) {
        world.hangUp(client)
      } else {
        client.output = [0, 0, 0, 16] + [UInt8](repeating: 9, count: 16)
        try world.send(client)
      }
    }
    // Only what is done by mutations asks the clock.
    if weight > 0, fate != .isInVain {
      world.clock = clock
      if reference.seq != before, let now { world.clock.store(now) }
    }
  }

  private func writeRequest(to client: SimulatedClient, isFlood: Bool) throws {
    switch scribe.draw(1000) {
    case 0:
      guard admits(client, 9999, []) else { return }
      let figures = ProtobufWriter.message { $0.integer(1, 9999) }
      client.write(9999, [], .reply(.atDoor(Failure(code: .unimplemented, detail: 17, figures: figures))))
    case 1..<80: write(anyRead(), to: client)
    case 80..<105: writeItems(to: client)
    case 105..<135: writeBatch(to: client)
    default:
      if isFlood, scribe.isOneOf(2) { write(.balance(scribe.anyAddress()), to: client) } else { write(to: client) }
    }
  }

  /// Takes a place in the queues, when there is one.
  private func admits(_ client: SimulatedClient, _ method: UInt16, _ payload: [UInt8]) -> Bool {
    if queued < World.queuedRequestsMax { return true }
    client.write(method, payload, .reply(.atDoor(Failure(code: .resourceExhausted, retryMillis: 100))))
    return false
  }

  private func write(_ read: Read, to client: SimulatedClient) {
    guard admits(client, read.method, read.encoded) else { return }
    queued += 1
    client.write(read.method, read.encoded, .read(read))
  }

  private func write(to client: SimulatedClient) {
    let request = scribe.request(now: now ?? readTime)
    let (method, payload) = (request.verb.rawValue, request.encoded())
    guard admits(client, method, payload) else { return lose([request]) }
    commands += 1
    if let fault = request.fault, fault.isUnreadable {
      client.write(method, payload, .reply(.atDoor(.invalid(fault.field))))
      return
    }
    queued += 1
    if isUntaken(client, method, payload) { return lose([request]) }
    if client.isLeaving || fate == .isInVain {
      lose([request])
      client.write(method, payload, .reply(.atDoor(Failure(code: .internal))))
      return
    }
    weight += 1
    guard let now else {
      lose([request])
      client.write(method, payload, .reply(unavailable))
      return
    }
    let (outcome, isReplay) = reference.perform(request, client.caller, now: now)
    if isReplay { replays += 1 }
    let reply = ExpectedReply(outcome, isReplay: isReplay, seq: reference.seq)
    client.write(method, payload, millis: scribe.isOneOf(9) ? 60_000 : 0, .reply(reply))
  }

  private var unavailable: ExpectedReply {
    ExpectedReply(failure: Failure(code: .unavailable, retryMillis: 1000), commitSeq: reference.seq, isReplay: false)
  }

  /// Some are called back, and some come too late.
  private func isUntaken(_ client: SimulatedClient, _ method: UInt16, _ payload: [UInt8]) -> Bool {
    if scribe.isOneOf(150) {
      client.cancel(client.write(method, payload, .reply(.atDoor(Failure(code: .cancelled)))))
      queued -= 1
      return true
    }
    if delay > 0, scribe.isOneOf(60) {
      client.write(method, payload, millis: 5, .reply(.atDoor(Failure(code: .deadlineExceeded))))
      return true
    }
    return false
  }

  private func lose(_ requests: [Request]) {
    for request in requests where request.fault == nil && scribe.lost.count < 200 { scribe.lost.append(request) }
  }

  // MARK: Reads

  private func anyRead() -> Read {
    if !world.announced.isEmpty, scribe.isOneOf(2) {
      return world.announced.remove(at: scribe.draw(world.announced.count))
    }
    if world.announced.count > 40 { world.announced.removeFirst(20) }
    switch scribe.draw(20) {
    case 0: return infoOrTotals()
    case 1: return strangeCursor()
    case 2..<4:
      return .wallets(owner: "owner-\(scribe.draw(25))", size: 1 + scribe.draw(8), cursor: "", after: 0)
    case 4..<7: return .wallet(scribe.anyAddress())
    case 7..<12:
      return .transactions(
        scribe.anyAddress(), size: 1 + scribe.draw([4, 20, 60][scribe.draw(3)]), cursor: "",
        oldestFirst: scribe.isOneOf(2),
        version: 0)
    default: return .balance(scribe.anyAddress())
    }
  }

  private func infoOrTotals() -> Read {
    scribe.isOneOf(2)
      ? .info : .trialBalance(currency: ["", "", "USD", "KWD", "XXQ", "ESIM-\(scribe.draw(40))"][scribe.draw(6)])
  }

  private func strangeCursor() -> Read {
    var cursor = Cursor(
      ledgerID: Text(world.store.description.ledgerID), epoch: 1, list: .wallets, subject: "owner-1", position: 1)
    switch scribe.draw(4) {
    case 0: cursor.epoch = 2
    case 1: cursor.ledgerID = "another"
    case 2: cursor.subject = "owner-2"
    default: return .strange(cursor: "no-cursor", .invalid("cursor"))
    }
    let isOfAnother = cursor.subject == "owner-1"
    return .strange(cursor: cursor.encoded, isOfAnother ? Failure(code: .resumeInvalid) : .invalid("cursor"))
  }

  // MARK: Batches

  private func writeItems(to client: SimulatedClient) {
    var requests: [Request] = []
    for index in 0..<(1 + scribe.draw(30)) {
      var request = scribe.item(now: now ?? readTime)
      request.placeFault(below: "items[\(index)]")
      requests.append(request)
      if client.isLeaving || now == nil || fate == .isInVain { break }
    }
    let isFull = scribe.isOneOf(4)
    let payload = Request.batch(requests, key: nil, isFull: isFull)
    guard admits(client, 272, payload) else { return lose(requests) }
    commands += requests.count
    queued += 1
    if client.isLeaving || fate == .isInVain {
      lose(requests)
      client.write(272, payload, .reply(.atDoor(Failure(code: .internal))))
      return
    }
    weight += requests.count
    guard let now else {
      lose(requests)
      client.write(272, payload, .reply(unavailable))
      return
    }
    var items: [ExpectedReply.BatchItem] = []
    for (index, request) in requests.enumerated() {
      if let fault = request.fault, fault.isUnreadable {
        items.append(.init(outcome: .failed(.invalid(fault.field)), isReplay: false, seq: reference.seq))
        continue
      }
      let (outcome, isReplay) = reference.perform(request, client.caller, path: "items[\(index)].", now: now)
      if isReplay { replays += 1 }
      items.append(.init(outcome: outcome, isReplay: isReplay, seq: reference.seq))
    }
    client.write(272, payload, .reply(ExpectedReply(batch: items, isReplay: false, isFull: isFull)))
  }

  private func writeBatch(to client: SimulatedClient) {
    let batch = anyBatch()
    let isFull = scribe.isOneOf(4)
    let payload = Request.batch(batch.requests, key: batch.key, isFull: isFull)
    guard admits(client, 272, payload) else { return }
    commands += batch.requests.count
    if let fault = batch.requests.compactMap(\.fault).first(where: \.isUnreadable) {
      client.write(272, payload, .reply(.atDoor(.invalid(fault.field))))
      return
    }
    queued += 1
    if client.isLeaving || fate == .isInVain {
      client.write(272, payload, .reply(.atDoor(Failure(code: .internal))))
      return
    }
    weight += batch.requests.count
    guard let now else {
      client.write(272, payload, .reply(unavailable))
      return
    }
    let (outcome, isReplay) = reference.performAll(batch.requests, key: batch.key, client.caller, now: now)
    if isReplay { replays += 1 } else if case .failed = outcome {} else { batches.append(batch) }
    var reply = ExpectedReply(outcome, isReplay: isReplay, seq: reference.seq)
    if case .batch(let outcomes) = outcome {
      let items = outcomes.map { ExpectedReply.BatchItem(outcome: $0, isReplay: isReplay, seq: reference.seq) }
      reply = ExpectedReply(batch: items, isReplay: isReplay, isFull: isFull)
    }
    client.write(272, payload, .reply(reply))
  }

  private func anyBatch() -> Batch {
    if !batches.isEmpty, scribe.isOneOf(3) {
      var batch = batches[scribe.draw(batches.count)]
      switch scribe.draw(8) {
      case 0: batch.requests.removeLast(batch.requests.count > 1 ? 1 : 0)
      case 1: batch.requests[scribe.draw(batch.requests.count)].note = "another"
      default: break
      }
      return batch
    }
    var requests: [Request] = []
    for index in 0..<(1 + scribe.draw(25)) {
      var request = scribe.item(now: now ?? readTime)
      if request.fault?.field == "idempotency_key" { request.fault = nil }
      // Most are to be carried out.
      if request.verb == .debit, request.fault == nil, !scribe.isOneOf(3) { request.verb = .credit }
      request.placeFault(below: "items[\(index)]")
      requests.append(request)
    }
    return Batch(
      key: !reference.keys.isEmpty && scribe.isOneOf(20) ? anyKnownKey() : scribe.newKey(), requests: requests)
  }

  /// A key that isn't a batch's.
  private func anyKnownKey() -> String { reference.keys[scribe.draw(reference.keys.count)] }
}

/// The end of a run.
extension Rounds {
  /// Every wallet, its whole history and the files once more, before and after a restart.
  ///
  /// - Returns: How many digests were recomputed.
  func finish() throws -> Int {
    for pass in 0..<2 {
      if pass == 1 { try world.restart() }
      try readEverything()
    }
    try FileChecks(world).run(after: 0)
    try world.end()
    let problems = try LedgerFile.problems(world.path)
    try world.expect(problems.isEmpty, "\(problems)")
    return try ChainCheck(world).run()
  }

  private func readEverything() throws {
    var clock = world.clock
    let time = clock.time(wall: world.time.wallMicroseconds, monotonic: world.time.monotonicMicroseconds)
    let readTime = time ?? clock.lastStored
    let client = world.clients[0]
    for wallet in world.reference.wallets {
      client.write(257, Read.wallet(Address(id: wallet.id)).encoded, .read(.wallet(Address(id: wallet.id))))
      world.announced.append(
        .transactions(Address(id: wallet.id), size: 400, cursor: "", oldestFirst: wallet.id % 2 == 0, version: 0))
    }
    repeat {
      for read in world.announced.prefix(300) { client.write(read.method, read.encoded, .read(read)) }
      world.announced.removeFirst(min(300, world.announced.count))
      try world.send(client)
      try world.settle(delay: 0, readTime: readTime)
    } while !world.announced.isEmpty
  }
}
