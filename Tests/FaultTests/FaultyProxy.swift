import Glibc
import Synchronization
import TestSupport

/// A proxy on loopback that does to connections what networks do: each has a way of its own, in an order drawn from the seed, and
/// none lasts.
final class FaultyProxy: Sendable {
  enum Way: CaseIterable, Sendable {
    /// Pieces wait some milliseconds.
    case delays
    /// Each byte comes alone.
    case slices
    /// After some bytes both sides see a reset.
    case resets
    /// After some bytes both sides see an end, in the middle of a frame as a rule.
    case ends
    /// After some bytes nothing comes through any more, in either direction, and the connection stays.
    case swallows
    /// The bytes to the server come through, and nothing comes back.
    case swallowsReplies
  }

  private struct State {
    var generator: SeededGenerator
    var isClosed = false
    var next: [Way] = []
    var counts: [Way: Int] = [:]

    mutating func takeWay() -> Way {
      if next.isEmpty { next = Way.allCases.shuffled(using: &generator) }
      let way = next.removeLast()
      counts[way, default: 0] += 1
      return way
    }
  }

  let port: UInt16
  private let listener: Int32
  private let server: UInt16
  private let state: Mutex<State>
  private let running: Mutex<Threads.Running<Void>?>

  init(to server: UInt16, seed: UInt64) throws {
    self.server = server
    state = Mutex(State(generator: SeededGenerator(seed: seed)))
    running = Mutex(nil)
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard listener >= 0 else { throw TestFailure("socket: errno \(errno)") }
    var address = sockaddr_in.loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (listener, size) = (listener, length)
    let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(listener, pointer, size) == 0 && listen(listener, 64) == 0
          && getsockname(listener, pointer, &length) == 0
      }
    }
    guard isListening else { throw TestFailure("listen: errno \(errno)") }
    port = UInt16(bigEndian: address.sin_port)
    let accepting = Threads.start(1) { [self] _ in self.accept() }
    running.withLock { $0 = accepting }
  }

  /// How many connections went which way.
  var counts: [Way: Int] { state.withLock { $0.counts } }

  /// Ends all connections, and waits until they are ended.
  func close() throws {
    state.withLock { $0.isClosed = true }
    _ = try running.withLock { $0 }?.wait()
    Glibc.close(listener)
  }

  private var isClosed: Bool { state.withLock { $0.isClosed } }

  private func accept() {
    var connections: [Threads.Running<Void>] = []
    while !isClosed {
      var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&waiting, 1, 50) > 0 else { continue }
      let client = Glibc.accept(listener, nil, nil)
      guard client >= 0 else { continue }
      guard let other = connect() else {
        Glibc.close(client)
        continue
      }
      let (way, seed) = state.withLock { ($0.takeWay(), $0.generator.next()) }
      connections.append(
        Threads.start(1) { [self] _ in
          var connection = ProxiedConnection(client: client, server: other, way, SeededGenerator(seed: seed))
          connection.run { self.isClosed }
        })
    }
    for connection in connections { _ = try? connection.wait() }
  }

  private func connect() -> Int32? {
    let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard other >= 0 else { return nil }
    var address = sockaddr_in.loopback(port: server)
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.connect(other, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if result == 0 { return other }
    Glibc.close(other)
    return nil
  }
}

extension sockaddr_in {
  fileprivate static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}

/// Both sides of a connection, moved by one thread.
private struct ProxiedConnection {
  let client: Int32
  let server: Int32
  let way: FaultyProxy.Way
  var generator: SeededGenerator
  /// Bytes that still come through before what the way is about.
  private var rest: Int
  private var worn = 0
  private var isOver = false

  init(client: Int32, server: Int32, _ way: FaultyProxy.Way, _ generator: SeededGenerator) {
    self.client = client
    self.server = server
    self.way = way
    self.generator = generator
    // A greeting takes some 150 bytes: some connections break in it, most behind it.
    rest = Int.random(in: 0..<6000, using: &self.generator)
    var one: Int32 = 1
    var timeout = timeval(tv_sec: 2, tv_usec: 0)
    for descriptor in [client, server] {
      unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
      unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  mutating func run(until isClosed: () -> Bool) {
    while !isOver, !isClosed() {
      var waiting = [
        pollfd(fd: client, events: Int16(POLLIN), revents: 0), pollfd(fd: server, events: Int16(POLLIN), revents: 0),
      ]
      guard unsafe poll(&waiting, 2, 50) > 0 else { continue }
      if waiting[0].revents != 0 { move(from: client, to: server, isReply: false) }
      if waiting[1].revents != 0, !isOver { move(from: server, to: client, isReply: true) }
    }
    Glibc.close(client)
    Glibc.close(server)
  }

  private mutating func move(from source: Int32, to target: Int32, isReply: Bool) {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = unsafe recv(source, &buffer, buffer.count, 0)
    guard count > 0 else {
      isOver = true
      return
    }
    var bytes = Array(buffer[..<count])
    switch way {
    case .delays:
      usleep(UInt32.random(in: 0..<20_000, using: &generator))
      wearOut(bytes.count)
    case .slices:
      wearOut(bytes.count)
      for byte in bytes where !isOver { send([byte], to: target) }
      return
    case .swallows, .swallowsReplies:
      if way == .swallowsReplies, !isReply { break }
      bytes = Array(bytes.prefix(rest))
      rest -= bytes.count
    case .resets, .ends:
      bytes = Array(bytes.prefix(rest))
      rest -= bytes.count
      if rest == 0 {
        send(bytes, to: target)
        if way == .resets { resetWhenClosed() }
        isOver = true
        return
      }
    }
    send(bytes, to: target)
  }

  /// It ends after some more than the others, between two pieces.
  private mutating func wearOut(_ count: Int) {
    worn += count
    if worn > 8_000 + rest { isOver = true }
  }

  private mutating func send(_ bytes: [UInt8], to target: Int32) {
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Glibc.send(target, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else {
        isOver = true
        return
      }
      start += count
    }
  }

  private func resetWhenClosed() {
    var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
    for descriptor in [client, server] {
      unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }
  }
}
