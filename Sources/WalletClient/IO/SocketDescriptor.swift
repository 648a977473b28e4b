import Glibc

/// Why a system call failed.
struct SocketError: Error {
  var text: String

  init(_ call: String, _ number: Int32) {
    text = unsafe "\(call): \(String(cString: strerror(number)))"
  }

  init(text: String) { self.text = text }
}

/// A socket's descriptor, closed with its last reference. One wrapper per system call: EINTR is retried, would-block is a
/// value.
final class SocketDescriptor: Sendable {
  let number: Int32

  init(family: Int32) throws(SocketError) {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    number = socket(family, kind, 0)
    guard number >= 0 else { throw SocketError("socket", errno) }
    guard family != AF_UNIX else { return }
    var one: Int32 = 1
    // Without it small frames would wait for acknowledgements. A failure costs speed only.
    _ = unsafe setsockopt(
      number, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit {
    if number >= 0 { Glibc.close(number) }
  }

  /// Begins to connect; `true` when that is done already.
  func connect(_ address: SocketAddress) throws(SocketError) -> Bool {
    let result = unsafe address.bytes.withUnsafeBytes { buffer in
      // The bytes are a sockaddr of the family's own kind, as getaddrinfo or `SocketAddress.unix` laid it out.
      unsafe buffer.baseAddress.map {
        unsafe Glibc.connect(number, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(buffer.count))
      } ?? -1
    }
    if result == 0 { return true }
    // An interrupted connect goes on by itself.
    if errno == EINPROGRESS || errno == EINTR { return false }
    throw SocketError("connect", errno)
  }

  /// What became of a connect, or of the socket since.
  func pendingError() -> SocketError? {
    var error: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &error, &length) == 0 else {
      return SocketError("getsockopt", errno)
    }
    return error == 0 ? nil : SocketError("connect", error)
  }

  /// Bytes that are there: empty at the end of the stream, `nil` when there are none yet.
  func read(upTo count: Int) -> Result<[UInt8]?, SocketError> {
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var received = -1
      repeat { received = unsafe recv(number, buffer.baseAddress, count, 0) } while received < 0 && errno == EINTR
      if received < 0 { failure = errno }
      filled = max(0, received)
    }
    if failure == 0 { return .success(bytes) }
    return failure == EAGAIN || failure == EWOULDBLOCK ? .success(nil) : .failure(SocketError("recv", failure))
  }

  /// How many bytes the socket took; `nil` when it takes none now.
  func write(_ bytes: [UInt8], from start: Int) -> Result<Int?, SocketError> {
    var sent = -1
    repeat {
      sent = unsafe bytes.withUnsafeBytes { buffer in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[start...])
        return unsafe Glibc.send(number, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
      }
    } while sent < 0 && errno == EINTR
    if sent >= 0 { return .success(sent) }
    return errno == EAGAIN || errno == EWOULDBLOCK ? .success(nil) : .failure(SocketError("send", errno))
  }
}

/// A socket address as the kernel takes it.
struct SocketAddress: Sendable {
  var family: Int32
  var bytes: [UInt8]

  /// The address of a path or of a numeric host, which needs no resolver; `nil` for a name.
  static func known(_ endpoint: WalletEndpoint) -> [SocketAddress]? {
    switch endpoint {
    case .unix(let path): [unix(path)]
    case .tcp(let host, let port): try? resolve(host, port, flags: AI_NUMERICHOST).get()
    }
  }

  /// The addresses of an endpoint, in the resolver's order. May block for long.
  static func resolve(_ endpoint: WalletEndpoint) -> Result<[SocketAddress], SocketError> {
    switch endpoint {
    case .unix(let path): .success([unix(path)])
    case .tcp(let host, let port): resolve(host, port, flags: 0)
    }
  }

  private static func resolve(
    _ host: String, _ port: UInt16, flags: Int32
  ) -> Result<[SocketAddress], SocketError> {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV | flags
    var list: UnsafeMutablePointer<addrinfo>?
    let status = unsafe getaddrinfo(host, String(port), &hints, &list)
    guard status == 0 else {
      return .failure(SocketError(text: unsafe "can't resolve \(host): \(String(cString: gai_strerror(status)))"))
    }
    defer { unsafe freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var next = unsafe list
    while let entry = unsafe next?.pointee {
      if let address = unsafe entry.ai_addr {
        let bytes = unsafe Array(UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen)))
        unsafe addresses.append(SocketAddress(family: entry.ai_family, bytes: bytes))
      }
      unsafe next = entry.ai_next
    }
    return .success(addresses)
  }

  /// A sockaddr_un: the family in two bytes of the machine's order, then the path and a NUL.
  private static func unix(_ path: String) -> SocketAddress {
    let family = UInt16(AF_UNIX)
    let familyBytes = unsafe withUnsafeBytes(of: family) { unsafe Array($0) }
    return SocketAddress(family: AF_UNIX, bytes: familyBytes + Array(path.utf8) + [0])
  }
}
