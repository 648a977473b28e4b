import ServerSimulation
import WalletCore
import WalletSystem

@testable import WalletServer
@testable import WalletWire

/// A server on sockets in memory, with a clock and queues that the test turns: no thread, no file, no system call.
final class ServerFixture {
  let time = ManualTime()
  let transport = MemoryTransport()
  let ledger = ScriptedLedger()
  let streams = ScriptedStreams()
  let work = Work()
  let server: Server
  let queues: ServerQueues
  private var nextSlot: UInt32 = 0

  init(
    hasStreams: Bool = true, calls: CallLogging = .off, _ change: (inout ServerLimits) -> Void = { _ in }
  ) {
    var limits = ServerLimits()
    // Each gather has its turn when the test says so.
    limits.inPlaceMax = 0
    change(&limits)
    let description = ServerDescription(
      name: "walletd/test", ledger: ledger.description, limits: limits.announced, startedAt: 0)
    server = Server(
      limits: limits, transport: transport, time: time, description: description, schemaDigest: [1, 2, 3],
      log: { _ in })
    let work = work
    queues = ServerQueues(
      ledger: Confined(ledger), reader: Confined(ledger), limits: limits, time: time, calls: calls,
      scheduleLedger: { work.add($0) }, scheduleReads: { work.add($0) }, deliver: { work.deliver($0) }, log: { _ in },
      inPlace: InPlace(weightMax: limits.inPlaceMax), fault: { preconditionFailure("\($0)") })
    server.attach(
      queues,
      streams: hasStreams ? StreamQueues(watch: streamQueue(), verify: streamQueue()) : nil, calls: calls)
  }

  private func streamQueue() -> StreamQueue {
    let work = work
    return StreamQueue(
      source: Confined(streams), schedule: { work.add($0) }, deliver: { work.deliver($0) },
      fault: { preconditionFailure("\($0)") })
  }

  /// Runs what the queues have been given and brings the answers home.
  func settle() {
    work.runAll()
    for completions in work.takeDelivered() { server.deliver(completions) }
  }

  /// Does the same until nothing is left to do, streams included.
  func settleAll() {
    while work.hasAny {
      settle()
      for deliveries in work.takeStreamDeliveries() { server.deliver(deliveries) }
    }
  }

  func connect(peer: String = "10.0.0.1") -> MemoryClient {
    nextSlot += 1
    let id = SocketID(slot: nextSlot, generation: 1)
    transport.open(id)
    server.accepted(id, peer: peer)
    return MemoryClient(id: id, fixture: self)
  }

  func greeted() -> MemoryClient {
    let client = connect()
    client.send(FrameHeader.preface + MemoryClient.hello)
    _ = client.frames()
    return client
  }
}

/// The client's end of a connection in memory.
struct MemoryClient {
  let id: SocketID
  let fixture: ServerFixture

  static var hello: [UInt8] { frame(.hello, payload: [0x0A, 0x01, 0x01]) }

  static func frame(
    _ type: FrameType, code: UInt16 = 0, id: UInt32 = 0, millis: UInt32 = 0, payload: [UInt8] = []
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendFrame(FrameHeader(type: type, code: code, requestID: id, millis: millis), payload: payload)
    return bytes
  }

  /// GetBalance of wallet 1.
  static func balance(id: UInt32, millis: UInt32 = 0) -> [UInt8] {
    frame(.request, code: Verb.getBalance.rawValue, id: id, millis: millis, payload: [0x0A, 0x02, 0x08, 0x01])
  }

  /// ExplainBalance of wallet 1.
  static func explain(id: UInt32, millis: UInt32 = 0) -> [UInt8] {
    frame(.request, code: Verb.explainBalance.rawValue, id: id, millis: millis, payload: [0x0A, 0x02, 0x08, 0x01])
  }

  /// ListTransactions of wallet 1.
  static func list(id: UInt32) -> [UInt8] {
    frame(.request, code: Verb.listTransactions.rawValue, id: id, payload: [0x0A, 0x02, 0x08, 0x01])
  }

  /// A Release of hold 5.
  static func release(id: UInt32) -> [UInt8] {
    // idempotency_key: "12345678", reason: "r", hold_id: 5
    let payload: [UInt8] = [0x1A, 8] + Array("12345678".utf8) + [0x22, 1, 0x72, 0x80, 1, 5]
    return frame(.request, code: Verb.release.rawValue, id: id, payload: payload)
  }

  /// A Transfer from wallet 1 to wallet 2.
  static func transfer(id: UInt32, millis: UInt32 = 0) -> [UInt8] {
    // wallet { id: 1 }, amount: 7, idempotency_key: "12345678", reason: "r", to { id: 2 }
    let payload: [UInt8] =
      [0x0A, 2, 8, 1, 0x10, 7, 0x1A, 8] + Array("12345678".utf8) + [0x22, 1, 0x72, 0x82, 1, 2, 8, 2]
    return frame(.request, code: Verb.transfer.rawValue, id: id, millis: millis, payload: payload)
  }

  /// A Batch of debits that are as short as they can be.
  static func batch(id: UInt32, count: Int) -> [UInt8] {
    // wallet { id: 1 }, amount: 1, idempotency_key: "12345678", reason: "r"
    let debit: [UInt8] = [0x0A, 2, 8, 1, 0x10, 1, 0x1A, 8] + Array("12345678".utf8) + [0x22, 1, 0x72]
    let item = [0x7A, UInt8(debit.count + 2), 0x12, UInt8(debit.count)] + debit
    return frame(
      .request, code: Verb.batch.rawValue, id: id, payload: Array(repeatElement(item, count: count).joined()))
  }

  func send(_ bytes: [UInt8]) {
    fixture.transport.arrive(bytes, on: id)
    // One read takes no more than 64 KiB.
    repeat {
      guard fixture.transport.isWatchedForReading(id) else { break }
      fixture.server.ready(id, reading: true, writing: false)
    } while fixture.transport.hasArrived(on: id) && !isClosed
    fixture.server.roundEnded()
  }

  func hangUp() {
    fixture.transport.end(id)
    fixture.server.ready(id, reading: true, writing: false)
    fixture.server.roundEnded()
  }

  var isClosed: Bool { fixture.transport.isClosed(id) }

  /// What the server has sent since the last time.
  func frames() -> [(header: FrameHeader, payload: [UInt8])] {
    let bytes = fixture.transport.takeSent(id)
    var frames: [(header: FrameHeader, payload: [UInt8])] = []
    var start = 0
    while let slice = try? FrameParser.frame(in: bytes.span, from: start, frameBytesMax: 8 << 20) {
      frames.append((slice.header, Array(bytes[slice.payload])))
      start = slice.end
    }
    return frames
  }
}

/// A ledger that answers every balance with the same wallet and keeps what it was asked.
final class ScriptedLedger: Ledger, LedgerReader {
  private(set) var gathers: [[LedgerRequest]] = []
  /// Whether the wallet lies in memory.
  var knowsWallet = false
  private(set) var glances = 0
  /// What each item of a batch is answered with.
  var batchFailure = Failure(.insufficientFunds)
  /// What a mutation is answered with; the wallet where there is nothing.
  var mutationOutcome: LedgerOutcome?
  /// How often an explanation is handed back before it is finished.
  var explanationSlices = 3
  var beforeReading: () -> Void = {}
  var beforePerforming: () -> Void = {}
  var whilePerforming: ([LedgerRequest]) -> Void = { _ in }
  var lastCommitMicroseconds: Int64 = 0
  private(set) var upkeeps = 0
  /// What the reader did, in its order.
  private(set) var readings: [String] = []
  let description = LedgerDescription(ledgerID: "test-ledger", epoch: 1, storage: "memory")
  let head = JournalHead(seq: 9, digest: [])
  let mutationsUnavailableBecause: String? = nil

  func perform(
    _ requests: [LedgerRequest], reading: LedgerClock.Reading, isDue: (Int) -> Bool
  ) throws(LedgerFault) -> [LedgerOutcome] {
    beforePerforming()
    whilePerforming(requests)
    gathers.append(requests)
    let wallet = wallet
    return requests.map { request in
      switch request {
      case .explanation: return .deferred(.explain(work(slices: explanationSlices)))
      case .history: return .deferred(.history(page))
      default: break
      }
      if case .mutation = request, let mutationOutcome { return mutationOutcome }
      guard case .batch(let batch) = request else { return .wallet(wallet, commitSeq: 9) }
      let failed = LedgerOutcome.failed(batchFailure, commitSeq: 9, replayed: false)
      return .batch(batch.items.map { _ in failed }, commitSeq: 9, replayed: false, isFull: false)
    }
  }

  func glance(_ requests: [LedgerRequest]) -> [LedgerOutcome]? {
    glances += 1
    return knowsWallet ? requests.map { _ in .wallet(wallet, commitSeq: 9) } : nil
  }

  private var wallet: Wallet {
    Wallet(
      id: 1, name: WalletName(owner: "u1", currency: "USD", name: "main"), exponent: 2, balance: 700, version: 3,
      createdAt: 1, createdBy: "local", updatedAt: 1, updatedBy: "local", lastSeq: 9)
  }

  func perform(_ read: DeferredRead) throws(LedgerFault) -> LedgerOutcome {
    beforeReading()
    guard case .explain(let work) = read else {
      readings.append("list")
      return .wallets([], nextCursor: "", commitSeq: 9)
    }
    readings.append("slice")
    // The commit's place counts what is left.
    if work.commitSeq > 10 { return .deferred(.explain(self.work(slices: Int(work.commitSeq) - 11))) }
    return .explanation(BalanceExplanation(work, holds: [], lastChanges: []))
  }

  private func work(slices: Int) -> ExplainWork {
    ExplainWork(
      wallet: wallet, controls: WalletControls(), now: 0, commitSeq: 10 + Int64(slices),
      fold: HistoryFold(of: wallet, from: 0, lastChangesMax: 0))
  }

  private var page: HistoryRequest {
    HistoryRequest(wallet: wallet, rowsMax: 1, oldestFirst: false, position: 0, entrySeq: 9, commitSeq: 9)
  }

  func maintain(isIdle: Bool) throws(LedgerFault) -> Upkeep {
    upkeeps += 1
    return Upkeep()
  }
  func makeReader() throws(LedgerFault) -> any LedgerReader { self }
  func close() throws(LedgerFault) {}
}
