import TestSupport
import WalletServer

/// What may happen in a step.
extension Simulator {
  func takeStep() throws {
    if isOneOf(profile.breaks) { return breakSomething() }
    if isOneOf(profile.kills) { return try die() }
    if isOneOf(profile.restarts) { return try restart(acceptsClock: isOneOf(3)) }
    if isOneOf(profile.failures) { failDisk() }
    switch draw(100) {
    case 0..<8: writeRequests()
    case 8..<34: carry(links[draw(links.count)])
    case 34..<52: turnLoop()
    case 52..<63: try work()
    case 63..<68: _ = host.readWork.runNext()
    case 68..<70: workInBackground()
    case 70..<80: deliver()
    case 80..<95: try read(links[draw(links.count)])
    case 95: pass()
    case 96: host.server.tick()
    case 97: try check()
    default: try reconnect()
    }
    if host.life.isOver { try dieOfFault() }
  }

  // MARK: The network

  func carry(_ link: Link) {
    if link.isOver || host.transport.isClosed(link.socket) { return }
    let bytes = link.carry(1 + draw(link.chunkMax))
    if bytes.isEmpty { return }
    note("\(bytes.count) bytes of client \(link.client) arrive", bytes)
    host.transport.arrive(bytes, on: link.socket)
  }

  /// The loop hears of what is ready, of some a little later.
  func turnLoop(all: Bool = false) {
    known.removeAll { host.transport.isClosed($0.socket) && $0.isOver }
    for link in known where all || !isOneOf(4) {
      let socket = link.socket
      if host.transport.isClosed(socket) { continue }
      host.transport.setRoom(link.room, socket)
      let reading =
        host.transport.isWatchedForReading(socket)
        && (host.transport.hasArrived(on: socket) || host.transport.hasEnded(socket))
      let writing = host.transport.isWatchedForWriting(socket) && link.room > 0
      if reading || writing {
        host.server.ready(socket, reading: reading, writing: writing)
      }
    }
    host.server.roundEnded()
    if !host.ledgerWork.hasPending { judgeIsSettled() }
    for link in known { collect(link) }
  }

  /// What the server has sent is on its way.
  private func collect(_ link: Link) {
    let bytes = host.transport.takeSent(link.socket)
    // What a process writes that is at its end leaves with it.
    if link.isOver || host.life.isOver { return }
    link.take(bytes)
    if !bytes.isEmpty { note("\(bytes.count) bytes for client \(link.client)", bytes) }
    if !host.transport.isClosed(link.socket) { host.transport.setRoom(link.room, link.socket) }
  }

  func deliver() {
    guard let completions = host.mail.takeFirstDelivered() else { return }
    host.server.deliver(completions)
    for link in known { collect(link) }
  }

  private func breakSomething() {
    let link = links[draw(links.count)]
    if link.isOver || host.transport.isClosed(link.socket) { return }
    figures.breaks += 1
    switch draw(4) {
    case 0:
      note("client \(link.client) sends what is no frame")
      link.spoil()
    case 1:
      note("client \(link.client) hangs up")
      host.transport.end(link.socket)
      giveUp(link)
    case 2:
      note("the connection of client \(link.client) breaks")
      host.transport.breakOff(link.socket)
      giveUp(link)
    default:
      // The other side hears of it later, or never.
      giveUp(link)
      if isOneOf(2) { host.transport.end(link.socket) }
    }
  }

  /// Whoever has lost his connection comes again.
  private func reconnect() throws {
    for link in links where link.isOver || host.transport.isClosed(link.socket) {
      if !link.isOver {
        // What was sent before the end is still read.
        try read(link, all: true)
        giveUp(link)
      }
      if isOneOf(2) { connect(link.client) }
    }
  }

  // MARK: The queues

  private func work() throws {
    if host.ledgerWork.runNext() {
      judgeIsSettled()
      try requireHead()
    }
  }

  private func judgeIsSettled() { if !host.life.isOver, !host.disk.hasCrashed { judge.settled() } }

  func requireHead() throws {
    if host.life.isOver { return }
    try expect(host.store.head.seq == reference.seq, "\(host.store.head.seq) rows are there, not \(reference.seq)")
  }

  private func workInBackground() {
    if host.backgroundWork.runNext() { note("log moved") }
  }

  // MARK: The machine

  /// The process dies or the power goes: now, or in the middle of what it does next.
  private func die() throws {
    let how = Disk.Crash.allCases[draw(3)]
    if isOneOf(2) { turnLoop() }
    if isOneOf(2) {
      host.disk.crash(after: UInt64(draw(12)), how, seed: scribe.generator.next())
      if host.backgroundWork.hasPending, isOneOf(2) { _ = host.backgroundWork.runNext() }
      if !host.ledgerWork.runNext() { turnLoop() }
      if let found { throw found }
    }
    try crash(how)
  }

  /// The store has failed for good, and the process has ended by itself.
  func dieOfFault() throws {
    note("ends: \(host.life.fault.map { "\($0.kind)" } ?? "")")
    if let fault = host.life.fault, host.disk.failures == 0 || fault.kind == .inconsistent {
      throw failure("the store fails on a sound disk: \(fault.message)")
    }
    figures.diskFailures += 1
    try crash(.kill)
  }

  private func failDisk() {
    switch draw(5) {
    case 0:
      host.disk.availableBytes = host.disk.availableBytes == 0 ? 1 << 40 : 0
      note("free space: \(host.disk.availableBytes)")
    case 1:
      host.disk.availableBytes = 1 << 40
      host.disk.mend()
    default:
      let (isFull, staysSo) = (isOneOf(2), isOneOf(4))
      note("the disk will fail: full \(isFull), for good \(staysSo)")
      host.disk.fail(after: UInt64(draw(60)), isFull: isFull, staysSo: staysSo)
    }
  }

  /// Mostly milliseconds; now and then hours and days; and the wall clock is set, back too.
  private func pass() {
    switch draw(40) {
    case 0: time.pass(microseconds: Int64(1 + draw(14)) * 3_600_000_000)
    case 1: time.pass(microseconds: Int64(1 + draw(5)) * 86_400_000_000)
    case 2, 3: time.pass(milliseconds: Int64(1_000 + draw(20_000)))
    case 4:
      let change = Int64(draw(40_000_000)) - 20_000_000
      if abs(drift + change) < 55_000_000 {
        drift += change
        time.wallMicroseconds += change
      }
    default: time.pass(microseconds: Int64(draw(40)) * 1_000 + Int64(draw(2)))
    }
    note("time \(time.wallMicroseconds) \(time.monotonicMicroseconds)")
  }

  /// What somebody sees who looks at the files meanwhile.
  private func check() throws {
    try FileChecks(self).run(after: max(0, reference.seq - 50))
    // Somebody comes and says that the clock is right.
    var clock = judge.clock
    if clock.time(wall: time.wallMicroseconds, monotonic: time.monotonicMicroseconds) == nil {
      try restart(acceptsClock: true)
    }
  }
}
