import HistoryChecker
import TestSupport

/// How a seed ends: everybody is answered, and all that there is is looked at once more.
extension Simulator {
  /// Everything that is under way comes one step further.
  func settleOnce(reads: Bool = true) throws {
    for link in known {
      while !link.isOver, !host.transport.isClosed(link.socket), link.hasOutput {
        let bytes = link.carry(.max)
        note("\(bytes.count) bytes of client \(link.client) arrive", bytes)
        host.transport.arrive(bytes, on: link.socket)
      }
    }
    repeat { turnLoop(all: true) } while hasReadable
    while host.ledgerWork.runNext() { if !host.life.isOver { judge.settled() } }
    host.readWork.runAll()
    while host.mail.hasAny { deliver() }
    host.backgroundWork.runAll()
    if reads {
      repeat {
        for link in links { try read(link, all: true) }
        turnLoop(all: true)
      } while links.contains { !$0.isOver && !$0.inbox.isEmpty }
    }
    if !host.life.isOver { try requireHead() }
  }

  private var hasReadable: Bool {
    known.contains {
      host.transport.isWatchedForReading($0.socket) && host.transport.hasArrived(on: $0.socket)
        && !host.transport.isClosed($0.socket)
    }
  }

  func finish() throws {
    host.disk.availableBytes = 1 << 40
    host.disk.mend()
    try answerAll()
    try readEverything()
    try restart(acceptsClock: true)
    try readEverything()
    try FileChecks(self).run(after: 0)
    try host.close()
    let problems = try LedgerFile.problems(path, vfs: vfs)
    try expect(problems.isEmpty, "\(problems)")
    _ = try ChainCheck(self).run()
    for link in links { giveUp(link) }
    try recorder.addRows(of: SQLiteFile("\(path)/ledger.db", vfs: vfs))
    let anomalies = Checker.anomalies(of: recorder.history)
    try expect(anomalies.isEmpty, "the history is none of a ledger: \(anomalies.prefix(5))")
    host.abandon()
  }

  /// Whoever waits on a sound connection gets his answer.
  private func answerAll() throws {
    for _ in 0..<500 {
      try settleOnce()
      if let found { throw found }
      if host.life.isOver { try dieOfFault() }
      // Whoever was held back for a flood goes on in a moment, and who doesn't read is put out.
      time.pass(milliseconds: 20)
      host.server.tick()
      if !links.contains(where: { !$0.isOver && !$0.pending.isEmpty && !host.transport.isClosed($0.socket) }) { return }
    }
    let waiting = links.filter { !$0.isOver && !$0.pending.isEmpty }
    throw failure("\(waiting.map { "client \($0.client): \($0.pending.count)" }) aren't answered")
  }

  /// Every wallet and its whole history, by a client that has come for it.
  private func readEverything() throws {
    for link in links { giveUp(link) }
    connect(0)
    let link = links[0]
    var reads = reference.wallets.map { Read.wallet(Address(id: $0.id)) }
    reads += reference.wallets.map {
      .transactions(Address(id: $0.id), size: 200, cursor: "", oldestFirst: $0.id % 2 == 0, version: 0)
    }
    reads += [.info, .trialBalance(currency: "")]
    announced = []
    while !reads.isEmpty {
      let count = min(reads.count, profile.limits.requestsInFlightMax, 50)
      for read in reads.prefix(count) {
        _ = link.write(
          .read(read), method: read.method, read.encoded, millis: 0, moment: nextMoment(),
          at: time.monotonicMicroseconds)
      }
      reads.removeFirst(count)
      try answerAll()
      reads += announced
      announced = []
    }
  }
}
