import ServerSimulation
import TestSupport
import WalletServer
import WalletSystem

/// One seed's world: a simulated machine with walletd on it, its clients, the network between them, and time.
///
/// It goes on by steps, each of which lets one of them do a little. Which, and how much, is drawn from the seed, and so is
/// everything else: the same seed brings the same steps.
final class Simulator: Checked {
  static let beginning: Int64 = 1_700_000_000_000_000
  static let monotonicBeginning: Int64 = 5_000_000

  let seed: UInt64
  let profile: Profile
  /// Planted, to be found.
  let flaw: Flaw?
  let reference = ReferenceLedger()
  let judge: Judge
  let scribe: Scribe
  let time = ManualTime(wall: beginning, monotonic: monotonicBeginning)
  let recorder = Recorder()
  /// All disks there were. Connections to them may be closed late.
  let disks: Disks
  var host: Host
  /// Of each client.
  var links: [Link] = []
  /// All that the server may still know, those that were given up too.
  var known: [Link] = []
  var trace = Trace()
  var figures = Figures()
  var batches: [(key: String, requests: [Request])] = []
  /// Pages that a list has announced.
  var announced: [Read] = []
  var codes: [Code: Int] = [:]
  /// What was found wrong where nothing can be thrown.
  var found: TestFailure?
  /// How far the wall clock has left the monotonic one.
  var drift: Int64 = 0
  private(set) var step = 0
  private var moment: Int64 = 0
  private var nextSlot: UInt32 = 0
  private var diskFailuresSeen: UInt64 = 0

  final class Disks {
    var all: [Disk] = []
  }

  /// What was done.
  struct Figures {
    var sent = 0
    var replies = 0
    var gathers = 0
    var kills = 0
    var powerCuts = 0
    var restarts = 0
    var breaks = 0
    var diskFailures = 0
    var rollbacks = 0
    var gathersLost = 0
    var unanswered = 0
    var steps = 0
  }

  var path: String { Disk.folder }
  var vfs: String? { host.disk.vfs }

  init(seed: UInt64, _ disks: Disks, _ flaw: Flaw?, tell: ((String) -> Void)?) throws {
    self.seed = seed
    self.disks = disks
    self.flaw = flaw
    scribe = Scribe(seed: seed, reference)
    profile = Profile(scribe.draw)
    judge = Judge(
      reference, ReferenceClock(lastStored: 0, wall: time.wallMicroseconds, monotonic: time.monotonicMicroseconds))
    trace.tell = tell
    let disk = Disk(seed: seed)
    disks.all.append(disk)
    host = try Host(disk, profile, time, flaw, acceptsClock: false)
    judge.settled()
    listen()
    for client in 0..<profile.clients { connect(client) }
  }

  // MARK: Steps

  func run() throws {
    while step < profile.steps {
      step += 1
      try takeStep()
      if let found { throw found }
    }
    try finish()
    figures.steps = step
    figures.gathers = judge.gathers
  }

  func note(_ line: String, _ bytes: [UInt8] = []) { trace.note("\(step): \(line)", bytes) }

  /// Of a clock that goes on with each request and each answer.
  func nextMoment() -> Int64 {
    moment += 1
    return moment
  }

  func draw(_ count: Int) -> Int { scribe.draw(count) }
  func isOneOf(_ count: Int) -> Bool { scribe.isOneOf(count) }

  // MARK: What the server tells

  private func listen() {
    // Whatever it hears of belongs to the process that is there.
    host.ear.hear = { [unowned self] in take($0) }
    host.ear.decided = { [unowned self] in gatherEnded() }
  }

  private func take(_ tickets: [Ticket]) {
    if host.life.isOver || found != nil { return }
    var taken: [(sent: Sent, caller: Caller)] = []
    for ticket in tickets {
      guard let link = known.first(where: { $0.socket == ticket.socket }), let sent = link.pending[ticket.requestID]
      else {
        return find("the ledger takes up request \(ticket.requestID) of \(ticket.socket.slot), which nobody sent")
      }
      if sent.expected != nil || sent.door != nil {
        return find("the ledger takes up what it may not: \(sent.content)")
      }
      if sent.isMutation {
        if sent.number < link.lastTaken { return find("mutations of one connection change places") }
        link.lastTaken = sent.number
      }
      taken.append((sent, link.caller))
    }
    diskFailuresSeen = host.disk.failures
    note("gather of \(taken.map { "\($0.sent.number)" }.joined(separator: " "))")
    judge.take(
      taken,
      Judge.Standing(
        wall: time.wallMicroseconds, monotonic: time.monotonicMicroseconds, isFull: host.disk.availableBytes == 0))
  }

  /// The ledger has done a gather, and its answers come next.
  private func gatherEnded() {
    let because = host.store.mutationsUnavailableBecause
    if because?.hasPrefix("the store can't write") == true, host.disk.failures > diskFailuresSeen {
      note("rolled back")
      figures.rollbacks += 1
      judge.rolledBack()
    }
    if host.store.head.seq != reference.seq { find("\(host.store.head.seq) rows after a gather, not \(reference.seq)") }
    if !host.disk.hasCrashed { judge.committed() }
  }

  func find(_ comment: String) { if found == nil { found = failure(comment) } }

  // MARK: Connections

  func connect(_ client: Int) {
    nextSlot += 1
    let socket = SocketID(slot: nextSlot, generation: 1)
    let caller = Caller(source: "10.0.0.\(1 + client % 3)", client: ["shop/1.2", "", "back-office"][client % 3])
    let link = Link(
      client: client, socket: socket, caller: caller, chunkMax: profile.chunkMax[client],
      capacity: profile.capacities[client], openedAt: time.monotonicMicroseconds)
    host.transport.open(socket)
    host.transport.setRoom(link.room, socket)
    host.server.accepted(socket, peer: caller.source)
    known.append(link)
    if client < links.count { links[client] = link } else { links.append(link) }
    note("client \(client) connects")
  }

  /// Its client knows nothing of what is still open, and asks again on another connection.
  func giveUp(_ link: Link) {
    if link.isOver { return }
    let open = link.giveUp()
    for sent in open {
      figures.unanswered += 1
      recorder.unknown(sent, link)
      lose(sent.requests)
      if case .batch(let key, let requests, _) = sent.content, batches.count < 100 { batches.append((key, requests)) }
    }
    note("client \(link.client) gives \(open.count) up")
  }

  func lose(_ requests: [Request]) {
    for request in requests where request.fault == nil && scribe.lost.count < 200 { scribe.lost.append(request) }
  }

  // MARK: Ends and beginnings

  /// The process dies, or the power goes.
  func crash(_ how: Disk.Crash) throws {
    if !host.disk.hasCrashed { host.disk.crash(after: 0, how, seed: scribe.generator.next()) }
    guard let disk = host.disk.survivor(seed: seed) else { throw failure("a crash leaves no disk") }
    if how == .kill { figures.kills += 1 } else { figures.powerCuts += 1 }
    note("crash: \(how)")
    try begin(on: disk)
  }

  private func begin(on disk: Disk, acceptsClock: Bool = false) throws {
    for link in links { giveUp(link) }
    disks.all.append(disk)
    host.abandon()
    known = []
    let before = reference.seq
    if isOneOf(4) { disk.fail(after: UInt64(draw(40)), isFull: isOneOf(2), staysSo: isOneOf(2)) }
    do {
      host = try Host(disk, profile, time, flaw, acceptsClock: acceptsClock)
    } catch {
      // Nobody was told anything by it.
      guard disk.failures > 0 else { throw failure("walletd doesn't start: \(error)") }
      note("a start fails")
      figures.diskFailures += 1
      disk.mend()
      host = try Host(disk, profile, time, flaw, acceptsClock: acceptsClock)
    }
    disk.mend()
    guard judge.comeBack(with: host.store.head.seq) else {
      throw failure("\(host.store.head.seq) rows after a start; \(judge.durableSeq) were durable, \(before) written")
    }
    if reference.seq != before { figures.gathersLost += 1 }
    judge.started(wall: time.wallMicroseconds, monotonic: time.monotonicMicroseconds, acceptsClock: acceptsClock)
    drift = 0
    listen()
    note("start at \(reference.seq)")
    try FileChecks(self).run(after: 0)
    for client in 0..<profile.clients { connect(client) }
  }

  /// Leaves in order, as on SIGTERM, and starts again.
  func restart(acceptsClock: Bool = false) throws {
    note("drain")
    figures.restarts += 1
    host.beginDrain()
    // What it has begun ends; who doesn't read isn't waited for.
    for round in 0..<400 where !host.isDrained {
      try settleOnce(reads: round < 200)
      time.pass(milliseconds: 100)
      host.server.tick()
      if let found { throw found }
      if host.life.isOver { return try crash(.kill) }
    }
    if !host.isDrained { throw failure("walletd doesn't end when it is told to") }
    do { try host.close() } catch {
      guard host.disk.failures > 0 else { throw failure("walletd can't close its ledger: \(error)") }
      note("it ends with a failure")
      figures.diskFailures += 1
    }
    let seq = reference.seq
    judge.settled()
    host.disk.forgetCrash()
    host.disk.crash(after: 0, isOneOf(2) ? .kill : .lose, seed: scribe.generator.next())
    guard let disk = host.disk.survivor(seed: seed) else { throw failure("an end leaves no disk") }
    try begin(on: disk, acceptsClock: acceptsClock)
    try expect(reference.seq == seq, "rows are lost in an orderly end")
  }

  func failure(_ comment: String) -> TestFailure {
    TestFailure(
      "seed \(seed), step \(step), at seq \(reference.seq): \(comment)\n  the last steps:\n    "
        + trace.last.joined(separator: "\n    ") + "\n`make simulate SEED=\(seed)` replays it")
  }
}
