// For SOCK_STREAM: clang takes it for that of whichever module it has read first.
internal import CLinux
internal import Glibc
package import WalletTLS
internal import WalletWire

/// A blocking client of the wire, for one thread. It shares frames with the server and nothing else.
package final class TestClient {
  /// What the server may say unasked.
  package enum Event: Sendable {
    case reply(TestReply)
    case goAway
    /// The connection is at its end.
    case closed

    package var isEnd: Bool { if case .closed = self { true } else { false } }
  }

  private static let frameBytesMax = 8 << 20

  private let descriptor: Int32
  private var input: [UInt8] = []
  private var tls: TLSEngine?
  private var nextRequestID: UInt32 = 1
  /// The HELLO_ACK.
  package private(set) var greeting: [UInt8] = []

  /// Connects and says HELLO.
  ///
  /// - Parameters:
  ///   - tls: With it the client speaks TLS, and expects the server to be localhost.
  ///   - timeoutSeconds: How long a receive waits before it throws: a test must not hang.
  package init(port: UInt16, tls: TLSContext? = nil, timeoutSeconds: Int = 20) throws(TestFailure) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw TestFailure("socket: \(errno)") }
    try connect(port, timeoutSeconds)
    if let tls { try shakeHands(tls) }
    try greet()
  }

  /// The same over a Unix socket.
  package init(unix path: String, timeoutSeconds: Int = 20) throws(TestFailure) {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw TestFailure("socket: \(errno)") }
    limitWaiting(timeoutSeconds)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8.prefix(107)) }
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw TestFailure("connect to \(path): \(errno)") }
    try greet()
  }

  private func shakeHands(_ context: TLSContext) throws(TestFailure) {
    var output: [UInt8] = []
    let engine: TLSEngine
    do throws(TLSFailure) {
      engine = try TLSEngine(context, pipe: TLSPipe(), expecting: "localhost")
      try engine.start(output: &output)
    } catch {
      throw TestFailure("TLS: \(error)")
    }
    tls = engine
    try sendAll(output)
    while !engine.isEstablished {
      guard try read() else { throw TestFailure("the server closed the connection during the handshake") }
    }
  }

  /// The names of the server's certificate.
  package var serverNames: [String] { tls?.peerNames ?? [] }

  private func greet() throws(TestFailure) {
    var hello = ProtobufWriter()
    // A packed field of one varint.
    hello.text(1, "\u{1}")
    hello.text(2, "fault-test")
    var output = FrameHeader.preface
    output.appendFrame(FrameHeader(type: .hello), payload: hello.bytes)
    try write(output)
    guard let (header, payload) = try frame(), header.type == .helloAck else {
      throw TestFailure("no HELLO_ACK")
    }
    greeting = payload
  }

  deinit { Glibc.close(descriptor) }

  private func limitWaiting(_ timeoutSeconds: Int) {
    var timeout = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
  }

  private func connect(_ port: UInt16, _ timeoutSeconds: Int) throws(TestFailure) {
    var one: Int32 = 1
    limitWaiting(timeoutSeconds)
    unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw TestFailure("connect to port \(port): \(errno)") }
  }

  /// The server's port as the client's side sees its own: names the connection in the server's records.
  package var localPort: UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(descriptor, $0, &length) }
    }
    return UInt16(bigEndian: address.sin_port)
  }

  // MARK: Requests

  /// Sends requests in one piece.
  ///
  /// - Returns: Their ids.
  @discardableResult
  package func send(_ requests: [TestRequest]) throws(TestFailure) -> [UInt32] {
    var output: [UInt8] = []
    var ids: [UInt32] = []
    for request in requests {
      let header = FrameHeader(
        type: .request, code: request.method, requestID: nextRequestID, millis: request.deadline)
      ids.append(nextRequestID)
      nextRequestID += 1
      output.appendFrame(header, payload: request.payload)
    }
    try write(output)
    return ids
  }

  /// Whether something has come, or the connection has ended, within that time.
  package func hasInput(withinMilliseconds milliseconds: Int32) throws(TestFailure) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let count = unsafe poll(&waiting, 1, milliseconds)
    if count < 0, errno != EINTR { throw TestFailure("poll: \(errno)") }
    return count > 0
  }

  /// The replies that are here already, without waiting for the rest of one. An end of the connection is none.
  package func receiveWhatIsThere() throws(TestFailure) -> [TestReply] {
    var replies: [TestReply] = []
    while true {
      while try hasWholeFrame() {
        guard let (header, payload) = try frame() else { break }
        if header.type == .response { replies.append(TestReply(header: header, payload: payload)) }
      }
      guard try hasInput(withinMilliseconds: 0), try read() else { return replies }
    }
  }

  private func hasWholeFrame() throws(TestFailure) -> Bool {
    do throws(FrameError) {
      return try Self.firstFrame(in: input) != nil
    } catch {
      throw TestFailure("the server sent what is no frame: \(error)")
    }
  }

  /// What comes next.
  ///
  /// - Throws: When nothing comes in time, or something that isn't a frame.
  package func receive() throws(TestFailure) -> Event {
    while let (header, payload) = try frame() {
      switch header.type {
      case .response: return .reply(TestReply(header: header, payload: payload))
      case .goAway: return .goAway
      case .pong, .event: continue
      default: throw TestFailure("the server sent \(header.type): \(String(decoding: payload, as: UTF8.self))")
      }
    }
    return .closed
  }

  /// Sends one request and waits for its reply.
  package func call(_ request: TestRequest) throws(TestFailure) -> TestReply {
    try calls([request])[0]
  }

  /// Sends requests and waits for all replies, which come back in the order of the requests.
  package func calls(_ requests: [TestRequest]) throws(TestFailure) -> [TestReply] {
    var replies: [UInt32: TestReply] = [:]
    var ordered: [TestReply] = []
    var rest = requests[...]
    while !rest.isEmpty {
      let ids = try send(Array(rest.prefix(512)))
      rest = rest.dropFirst(512)
      while replies.count < ids.count {
        switch try receive() {
        case .reply(let reply): replies[reply.header.requestID] = reply
        case .goAway: continue
        case .closed: throw TestFailure("the connection closed with \(ids.count - replies.count) calls open")
        }
      }
      for id in ids {
        guard let reply = replies.removeValue(forKey: id) else { throw TestFailure("no reply to request \(id)") }
        ordered.append(reply)
      }
    }
    return ordered
  }

  // MARK: Bytes

  /// The next frame; `nil` at the end of the connection.
  private func frame() throws(TestFailure) -> (FrameHeader, [UInt8])? {
    while true {
      let slice: FrameSlice?
      do throws(FrameError) {
        slice = try Self.firstFrame(in: input)
      } catch {
        throw TestFailure("the server sent what is no frame: \(error)")
      }
      if let slice {
        let payload = Array(input[slice.payload])
        input.removeFirst(slice.end)
        return (slice.header, payload)
      }
      guard try read() else { return nil }
    }
  }

  private static func firstFrame(in bytes: [UInt8]) throws(FrameError) -> FrameSlice? {
    try FrameParser.frame(in: bytes.span, from: 0, frameBytesMax: frameBytesMax)
  }

  private func read() throws(TestFailure) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    if count > 0 {
      guard let tls else {
        input += buffer[..<count]
        return true
      }
      var output: [UInt8] = []
      do throws(TLSFailure) {
        try tls.receive(Array(buffer[..<count]), into: &input, output: &output)
      } catch {
        throw TestFailure("TLS: \(error)")
      }
      try sendAll(output)
      return !tls.hasEnded
    }
    if count == 0 || errno == ECONNRESET { return false }
    throw TestFailure(errno == EAGAIN ? "the server said nothing in time" : "recv: \(errno)")
  }

  private func write(_ bytes: [UInt8]) throws(TestFailure) {
    guard let tls, !bytes.isEmpty else { return try sendAll(bytes) }
    var output: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 64 * 1024) {
      do throws(TLSFailure) {
        try tls.send(bytes, from: start, count: min(64 * 1024, bytes.count - start), output: &output)
      } catch {
        throw TestFailure("TLS: \(error)")
      }
    }
    try sendAll(output)
  }

  /// A connection that breaks while it is written shows its end to the next receive.
  private func sendAll(_ bytes: [UInt8]) throws(TestFailure) {
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Glibc.send(
          descriptor, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start, Int32(MSG_NOSIGNAL))
      }
      if count < 0 {
        if errno == EPIPE || errno == ECONNRESET { return }
        throw TestFailure("send: \(errno)")
      }
      start += count
    }
  }
}
