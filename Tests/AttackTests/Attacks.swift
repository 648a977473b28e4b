import TestSupport
import WalletWire

extension Attack {
  static let all = [
    halfOpen, dripBeforeHello, dripInFrame, neverReading, comeAndGo, pingFlood, amplification, halfBatches, garbage,
    requestFlood,
  ]

  /// Connections that say nothing, or four bytes and then nothing.
  static let halfOpen = Attack(name: "2,000 half-open connections", impatience: ["--hello-timeout", "1000"]) {
    target, isOver in
    var sockets: [PeerSocket] = []
    for index in 0..<2_000 where !isOver() {
      let socket = try PeerSocket(port: target.port)
      if index.isMultiple(of: 2) { socket.send(PeerSocket.hello.prefix(4)) }
      sockets.append(socket)
    }
    return attack(with: sockets, everyMilliseconds: 50, until: isOver) { socket, _ in socket.look() }
  }

  /// A byte now and then of a HELLO that never ends.
  static let dripBeforeHello = Attack(name: "500 one-byte drips before HELLO", impatience: ["--hello-timeout", "1000"])
  {
    target, isOver in
    let sockets = try (0..<500).map { _ in try PeerSocket(port: target.port) }
    var sent = 0
    return attack(with: sockets, everyMilliseconds: 200, until: isOver) { socket, index in
      if index == 0 { sent += 1 }
      socket.send(PeerSocket.hello[min(sent, PeerSocket.hello.count - 2)...].prefix(1))
      socket.look()
    }
  }

  /// The same within a frame, after HELLO.
  static let dripInFrame = Attack(name: "500 one-byte drips in a frame", impatience: ["--frame-timeout", "1000"]) {
    target, isOver in
    let sockets = try (0..<500).map { _ in try PeerSocket(port: target.port) }
    for socket in sockets {
      // The length of a frame of 1,000 bytes.
      socket.send(PeerSocket.hello + [0, 0, 3, 232, 3, 0])
    }
    return attack(with: sockets, everyMilliseconds: 200, until: isOver) { socket, _ in
      socket.send([0])
      socket.look()
    }
  }

  /// Lists of a thousand rows, asked for again and again and never read.
  static let neverReading = Attack(
    name: "50 clients that never read their lists", impatience: ["--output-stall", "1000"], memoryMax: 320
  ) { target, isOver in
    let lists = (1...64).flatMap { PeerSocket.frame(.transactions(target.richWallet), id: $0) }
    let sockets = try (0..<50).map { _ in try PeerSocket(port: target.port, receiveBytes: 4096) }
    for socket in sockets { socket.send(PeerSocket.hello + lists) }
    return attack(with: sockets, everyMilliseconds: 50, until: isOver) { socket, _ in socket.look() }
  }

  /// At least ten thousand of them.
  static let comeAndGo = Attack(name: "10,000 connects and closes", isPutOut: false) { target, isOver in
    let counts = try Threads.run(4) { thread in
      var count = 0
      while count < 2_500 || !isOver() {
        let socket = try PeerSocket(port: target.port)
        // Some with a request in flight.
        if count.isMultiple(of: 3) {
          socket.send(PeerSocket.hello + PeerSocket.frame(.balance(target.richWallet), id: 1))
        }
        if count.isMultiple(of: 8) { socket.close() } else { socket.reset() }
        count += 1
        if count >= 2_500, count.isMultiple(of: 50) { Threads.sleep(milliseconds: 10) }
      }
      return count
    }
    return Toll(connections: counts.reduce(0, +), putOut: 0)
  }

  static let pingFlood = Attack(name: "ping flood on 16 connections") { target, isOver in
    let pings = (1...2_000).flatMap { PeerSocket.ping(id: $0) }
    let sockets = try (0..<16).map { _ in try PeerSocket(port: target.port) }
    for socket in sockets { socket.send(PeerSocket.hello) }
    var starts = Array(repeating: 0, count: sockets.count)
    return attack(with: sockets, everyMilliseconds: 1, until: isOver) { socket, index in
      // What the kernel didn't take comes next time, so that frames stay whole.
      starts[index] = (starts[index] + socket.send(pings[starts[index]...])) % pings.count
      socket.drain()
    }
  }

  /// Small requests with long replies, all of which are read.
  static let amplification = Attack(
    name: "amplifying frames on 8 connections", isPutOut: false, memoryMax: 192
  ) { target, isOver in
    let sockets = try (0..<8).map { _ in try PeerSocket(port: target.port) }
    let batch = TestRequest.batch((0..<100).map { .debit(target.richWallet, 1, key: "never-\($0)-0000") }, isFull: true)
    for socket in sockets { socket.send(PeerSocket.hello) }
    var id: UInt32 = 0
    var received = Array(repeating: -1, count: sockets.count)
    return attack(with: sockets, everyMilliseconds: 5, mustEnd: false, until: isOver) { socket, index in
      socket.drain()
      guard socket.receivedBytes > received[index] + 1_000_000 || received[index] < 0 else { return }
      received[index] = socket.receivedBytes
      var requests: [UInt8] = []
      for number in 0..<40 {
        id += 1
        let request: TestRequest =
          number % 20 == 0 ? .transactions(target.richWallet) : number == 39 ? batch : .schema
        requests += PeerSocket.frame(request, id: id)
      }
      socket.send(requests)
    }
  }

  /// Three quarters of a batch of 4 MiB, and then nothing.
  static let halfBatches = Attack(
    name: "60 batches that stop at 3 of 4 MiB",
    impatience: ["--frame-timeout", "1500", "--max-input-bytes", "67108864"],
    memoryMax: 320
  ) { target, isOver in
    var beginning: [UInt8] = []
    beginning.appendFrame(
      FrameHeader(type: .request, code: 272, requestID: 1), payload: Array(repeating: 0, count: 4 << 20))
    beginning.removeLast(1 << 20)
    let bytes = PeerSocket.hello + beginning
    let sockets = try (0..<60).map { _ in try PeerSocket(port: target.port) }
    var starts = Array(repeating: 0, count: sockets.count)
    return attack(with: sockets, everyMilliseconds: 2, until: isOver) { socket, index in
      let piece = bytes[starts[index]...].prefix(256 * 1024)
      starts[index] += piece.isEmpty ? 0 : socket.send(piece)
      socket.look()
    }
  }

  /// Bytes that are no frames: at once, behind the preface, behind HELLO.
  static let garbage = Attack(name: "garbage from 32 connections at a time") { target, isOver in
    var random = SeededGenerator(seed: 7)
    var toll = Toll()
    var sockets: [PeerSocket] = []
    while !isOver() || !sockets.isEmpty {
      while sockets.count < 32, !isOver() {
        let socket = try PeerSocket(port: target.port)
        let noise = (0..<2_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let beginning =
          switch toll.connections % 3 {
          case 0: [UInt8]()
          case 1: FrameHeader.preface
          // A length that may be, and then a wrong checksum.
          default: PeerSocket.hello + [0, 0, 0, 100]
          }
        socket.send(beginning + noise)
        sockets.append(socket)
        toll.connections += 1
      }
      for socket in sockets { socket.drain() }
      toll.putOut += sockets.count { $0.isPutOut }
      sockets.removeAll { $0.isPutOut }
      Threads.sleep(milliseconds: 1)
    }
    return toll
  }

  /// Clients that pay for everything and have as much in flight as they may.
  static let requestFlood = Attack(
    name: "8 connections with 1,024 debits in flight each", impatience: ["--max-gather", "512"], isPutOut: false,
    memoryMax: 192, isCompetition: true
  ) { target, isOver in
    let tolls = try Threads.run(8) { thread in
      let client = try TestClient(port: target.port)
      var sent = 0
      var replies = 0
      while !isOver() || replies < sent {
        if !isOver(), sent - replies <= 768 {
          try client.send(
            (0..<256).map { .debit(target.wallets[thread], 1, key: "flood-\(thread)-\(sent + $0)-\(target.port)") })
          sent += 256
        }
        guard case .reply(let reply) = try client.receive(), reply.isOK else {
          throw TestFailure("a debit of the flood isn't answered OK")
        }
        replies += 1
      }
      return Toll(connections: 1)
    }
    return Toll(connections: tolls.count)
  }
}
