import ServerSimulation
import WalletCore
import WalletServer
import WalletSystem
import WalletWire

/// A server on sockets in memory, with one connection, in front of a ledger that refuses everything.
final class Door {
  /// What its client sees.
  struct Outcome: Equatable {
    /// Everything that the server has sent.
    var sent: [UInt8] = []
    var isClosed = false
  }

  static let ledger = LedgerDescription(ledgerID: "fuzzed-ledger", epoch: 1, storage: "memory")
  static let now: Int64 = 1_700_000_000_000_000

  private let transport = MemoryTransport()
  private let work = Work()
  private let server: Server
  private let socket = SocketID(slot: 1, generation: 1)

  init(_ authentication: Authentication = .off) {
    let (time, limits) = (ManualTime(wall: Self.now), ServerLimits())
    server = Server(
      limits: limits, transport: transport, time: time,
      description: ServerDescription(
        name: "walletd/fuzz", ledger: Self.ledger, limits: limits.announced, startedAt: Self.now),
      schemaDigest: [1, 2, 3], authentication: authentication, log: { _ in })
    let (work, ledger) = (work, RefusingLedger())
    server.attach(
      ServerQueues(
        ledger: Confined(ledger), reader: Confined(ledger), limits: limits, time: time,
        scheduleLedger: { work.add($0) }, scheduleReads: { work.add($0) }, deliver: { work.deliver($0) },
        log: { _ in }, fault: { preconditionFailure("\($0)") }))
    transport.open(socket)
    server.accepted(socket, peer: "10.0.0.1")
  }

  /// All that the client has to say arrives before the ledger's turn comes, so it doesn't matter how it is cut.
  func outcome(of pieces: [[UInt8]]) throws -> Outcome {
    for piece in pieces {
      transport.arrive(piece, on: socket)
      takeTurns()
    }
    while work.hasAny {
      work.runAll()
      for completions in work.takeDelivered() { server.deliver(completions) }
      takeTurns()
    }
    return Outcome(sent: transport.takeSent(socket), isClosed: transport.isClosed(socket))
  }

  private func takeTurns() {
    while !transport.isClosed(socket) {
      let reading = transport.isWatchedForReading(socket) && transport.hasArrived(on: socket)
      let writing = transport.isWatchedForWriting(socket)
      guard reading || writing else { break }
      server.ready(socket, reading: reading, writing: writing)
    }
    server.roundEnded()
  }

  /// The client goes. Nothing of it may be left.
  func end() throws {
    transport.end(socket)
    if !transport.isClosed(socket) { server.ready(socket, reading: true, writing: false) }
    server.roundEnded()
    work.runAll()
    for completions in work.takeDelivered() { server.deliver(completions) }
    let left = server.measure()
    try demand(transport.isClosed(socket), "the connection outlives its client")
    let counts = [
      left.connections, left.greetingConnections, left.queuedRequests, left.queuedBytes, left.outputBytes,
    ]
    try demand(
      counts.allSatisfy { $0 == 0 },
      "of connections, greetings, requests, their bytes and output is left: \(counts)")
  }
}

/// Answers as a ledger would in which there is nothing.
private final class RefusingLedger: Ledger, LedgerReader {
  let description = Door.ledger
  let head = JournalHead(seq: 9, digest: [])
  let mutationsUnavailableBecause: String? = nil

  func perform(
    _ requests: [LedgerRequest], reading: LedgerClock.Reading, isDue: (Int) -> Bool
  ) throws(LedgerFault) -> [LedgerOutcome] {
    requests.map { (request) -> LedgerOutcome in
      switch request {
      case .info: return .info(description, head: head, mutationsUnavailableBecause: nil)
      case .mutation(let command), .dryRun(.mutation(let command)): return refused(command.violation)
      case .batch(let batch): return outcome(of: batch)
      case .dryRun(.batch(let batch)): return .projected(outcome(of: batch), commitSeq: head.seq)
      default: return refused(nil)
      }
    }
  }

  private func refused(_ violation: Failure?) -> LedgerOutcome {
    let failure = violation ?? Failure(.walletNotFound, .wallet(id: 1, nil))
    return .failed(failure, commitSeq: head.seq, replayed: false)
  }

  private func outcome(of batch: BatchCommand) -> LedgerOutcome {
    let outcomes = batch.items.map { (item) -> LedgerOutcome in
      switch item {
      case .command(let command): refused(command.violation)
      case .malformed(let failure): refused(failure)
      }
    }
    return .batch(outcomes, commitSeq: head.seq, replayed: false, isFull: batch.wantsFullResults)
  }

  func perform(_ read: DeferredRead) throws(LedgerFault) -> LedgerOutcome { refused(nil) }
  func maintain(isIdle: Bool) throws(LedgerFault) -> Upkeep { Upkeep() }
  func makeReader() throws(LedgerFault) -> any LedgerReader { self }
  func close() throws(LedgerFault) {}
}
