import CLinux
import Dispatch
import Glibc
import WalletAdmin
import WalletCore
import WalletServer
import WalletStore
import WalletSystem
import WalletWire

/// Puts the server together: the only place where server, store and machine meet.
enum Assembly {
  /// Serves until a signal ends it. Never returns.
  static func run(
    ledger: any Ledger, listeners: [ListeningSocket], tls: ServerTLS?, limits: ServerLimits,
    authentication: Authentication, admin: AdminAddress, calls: CallLogging
  ) -> Never {
    // Where the C library can't, it is only slower.
    _ = walletd_keep_memory()
    let loopQueue = DispatchQueue(label: "walletd.loop", qos: .userInitiated)
    let process = ServingProcess(
      ledger: ledger, loopQueue: loopQueue, tls: tls, limits: limits, authentication: authentication, calls: calls)
    process.startAdmin(admin, limits)
    loopQueue.async { process.start(listeners) }
    dispatchMain()
  }
}

/// What lives as long as the process.
///
/// `@unchecked Sendable`: everything but `loopQueue` is touched on `loopQueue` only, and the ledger and
/// `loggedSeq` between gathers only.
private final class ServingProcess: @unchecked Sendable {
  private static let tickMilliseconds = 100
  private static let ticksBetweenHeads = 600
  private static let leaveSignals = [SIGTERM, SIGINT]
  private static let isLoop = DispatchSpecificKey<Bool>()

  private let loopQueue: DispatchQueue
  private let ledgerQueue = DispatchQueue(label: "walletd.ledger", qos: .userInitiated)
  private let readQueue = DispatchQueue(label: "walletd.reads", qos: .utility)
  private let watchQueue = DispatchQueue(label: "walletd.watch", qos: .utility)
  private let verifyQueue = DispatchQueue(label: "walletd.verify", qos: .utility)
  private let ledger: any Ledger
  private let queues: ServerQueues
  private let server: Server
  private let loop: EventLoop
  private let service = ServiceManager.ofEnvironment()
  private let time = SystemTime()
  private var sources: [any DispatchSourceProtocol] = []
  private var ticks = 0
  private var loggedSeq: Int64 = -1
  private var isLeaving = false
  private var listeners: [ListeningSocket] = []
  private let tls: ServerTLS?
  /// Between loop and server, when there is TLS.
  private let tlsTransport: TLSTransport?
  private var admin: AdminServer?

  init(
    ledger: any Ledger, loopQueue: DispatchQueue, tls: ServerTLS?, limits: ServerLimits, authentication: Authentication,
    calls: CallLogging
  ) {
    self.ledger = ledger
    self.tls = tls
    self.loopQueue = loopQueue
    loopQueue.setSpecific(key: Self.isLoop, value: true)
    let time = time
    do {
      loop = try EventLoop(queue: loopQueue)
      tlsTransport = tls?.makeTransport(over: loop, time: time)
      // A client that expects TLS could make nothing of it.
      if tls == nil { loop.refusal = Self.refusal }
      let description = ServerDescription(
        name: "walletd/\(Walletd.version)", ledger: ledger.description, limits: limits.announced,
        startedAt: time.wallMicroseconds)
      let server = Server(
        limits: limits, transport: tlsTransport ?? loop, time: time, description: description,
        schemaDigest: Digests.sha256(WireSchema.fileDescriptorSet), authentication: authentication,
        log: { Console.say($0) })
      self.server = server
      let reader = try ledger.makeReader()
      let delivery = Delivery(server: server, queue: loopQueue)
      let (ledgerQueue, readQueue) = (ledgerQueue, readQueue)
      let fault: @Sendable (LedgerFault) -> Never = { fault in
        // Answers of the gathers before it are on their way to the loop: they were committed and may leave. The loop
        // never waits for this queue. Before the loop enters the ledger itself there are none.
        if DispatchQueue.getSpecific(key: Self.isLoop) == nil { loopQueue.sync {} }
        Console.end(fault, during: "serving")
      }
      queues = ServerQueues(
        ledger: Confined(ledger), reader: Confined(reader), limits: limits, time: time, calls: calls,
        scheduleLedger: { work in ledgerQueue.async(execute: work) },
        scheduleReads: { work in readQueue.async(execute: work) },
        deliver: { completions in delivery.deliver(completions) }, log: { Console.say($0, level: .notice) },
        linger: limits.lingerMicroseconds > 0 ? Linger(microsecondsMax: limits.lingerMicroseconds) : nil,
        inPlace: InPlace(weightMax: limits.inPlaceMax), fault: fault)
      server.attach(
        queues,
        streams: try Self.streamQueues(ledger, watch: watchQueue, verify: verifyQueue, delivery, fault), calls: calls)
    } catch let fault as LedgerFault {
      Console.end(fault, during: "starting")
    } catch {
      Console.end(.storage, "starting: \(error)")
    }
  }

  /// What a client is told for whom there is no descriptor left.
  private static var refusal: [UInt8] {
    var bytes: [UInt8] = []
    ReplyEncoder().appendConnectionError(
      Failure(.resourceExhausted, .message("the server has no descriptor left for another connection")), into: &bytes)
    return bytes
  }

  /// `nil` where the ledger has no streams.
  private static func streamQueues(
    _ ledger: any Ledger, watch: DispatchQueue, verify: DispatchQueue, _ delivery: Delivery,
    _ fault: @escaping @Sendable (LedgerFault) -> Never
  ) throws(LedgerFault) -> StreamQueues? {
    let make = { (queue: DispatchQueue) throws(LedgerFault) -> StreamQueue? in
      guard let source = try ledger.makeStreamSource() else { return nil }
      return StreamQueue(
        source: Confined(source), schedule: { work in queue.async(execute: work) },
        deliver: { deliveries in delivery.deliver(deliveries) }, fault: fault)
    }
    guard let watch = try make(watch), let verify = try make(verify) else { return nil }
    return StreamQueues(watch: watch, verify: verify)
  }

  /// Before the loop starts. What the port is asked until then waits for its queue.
  func startAdmin(_ address: AdminAddress, _ limits: ServerLimits) {
    let source = ServerSource(
      server: server, queues: queues, loop: loop, ledger: ledger, loopQueue: loopQueue, time: SystemTime())
    admin = AdminPort.start(address, source, limits: limits)
  }

  func start(_ listeners: [ListeningSocket]) {
    self.listeners = listeners
    tlsTransport?.report(to: server)
    do throws(SystemError) {
      loop.start(tlsTransport ?? server)
      for listener in listeners { try loop.listen(on: listener) }
    } catch {
      Console.end(.addressUnavailable, "starting: \(error)")
    }
    startTicking()
    watchSignals()
  }

  /// A signal counts from here on.
  private func announce() {
    if let recovery = (ledger as? LedgerStore)?.recovery, recovery.rows > 0 {
      Console.say("recovered \(recovery.rows) rows of projections in \(recovery.microseconds / 1000) ms")
    }
    Console.say("ledger \(ledger.description.ledgerID), \(ledger.description.storage), at seq \(ledger.head.seq)")
    if let tls { Console.say("TLS with the certificate of \(tls.context.summary)") }
    for listener in listeners { Console.say("listening on \(listener.address)") }
    service.ready("serving on \(listeners.map(\.address.description).joined(separator: ", "))")
  }

  private func watchSignals() {
    signal(SIGPIPE, SIG_IGN)
    let signals = Self.leaveSignals + [SIGHUP]
    var missing = signals.count
    for number in signals {
      let source = DispatchSource.makeSignalSource(signal: number, queue: loopQueue)
      source.setEventHandler { [unowned self] in number == SIGHUP ? self.reload() : self.leave() }
      // Until the source is registered a signal ends the process as it would any other. Ignored before, it would be lost;
      // ignored after, it would never reach the source.
      source.setRegistrationHandler { [unowned self] in
        missing -= 1
        if missing == 0 { self.announce() }
      }
      source.activate()
      sources.append(source)
    }
  }

  /// Reads anew what may change while it serves.
  private func reload() {
    service.reloading {
      guard let tls, let tlsTransport else { return Console.say("reloaded: there is nothing to read anew without TLS") }
      tls.reload(tlsTransport)
    }
  }

  private func startTicking() {
    let timer = DispatchSource.makeTimerSource(queue: loopQueue)
    timer.schedule(deadline: .now(), repeating: .milliseconds(Self.tickMilliseconds), leeway: .milliseconds(20))
    timer.setEventHandler { [unowned self] in self.tick() }
    timer.activate()
    sources.append(timer)
  }

  private func tick() {
    server.tick()
    service.tick(now: time.monotonicMicroseconds) {
      queues.betweenGathers { [self] in loopQueue.async { [self] in service.answered() } }
    }
    ticks += 1
    if ticks.isMultiple(of: Self.ticksBetweenHeads) { logHead() }
  }

  /// Whoever keeps these lines elsewhere can tell whether the journal before them was changed.
  private func logHead() {
    queues.betweenGathers { [self] in
      let head = ledger.head
      guard head.seq != loggedSeq else { return }
      loggedSeq = head.seq
      Console.say("head \(head.seq) \(Hexadecimal.text(head.digest.bytes))")
    }
  }

  private func leave() {
    guard !isLeaving else { Console.end(.done, "ended at once by a second signal") }
    isLeaving = true
    Console.say("draining")
    service.stopping()
    server.beginDrain { [self] in
      // A step of a stream that nobody waits for any more may still read, and hold the log back.
      watchQueue.async { [self] in verifyQueue.async { [self] in queues.betweenGathers { [self] in close() } } }
    }
  }

  private func close() {
    Opening.close(ledger)
    let head = ledger.head
    Console.end(.done, "stopped at seq \(head.seq), digest \(Hexadecimal.text(head.digest.bytes))")
  }
}

/// Brings answers to the loop's queue, in one hop for each gather.
///
/// `@unchecked Sendable`: the server is touched on `queue` only.
private final class Delivery: @unchecked Sendable {
  private let server: Server
  private let queue: DispatchQueue

  init(server: Server, queue: DispatchQueue) {
    self.server = server
    self.queue = queue
  }

  func deliver(_ completions: Completions) {
    queue.async { self.server.deliver(completions) }
  }

  func deliver(_ deliveries: [StreamDelivery]) {
    queue.async { self.server.deliver(deliveries) }
  }
}
