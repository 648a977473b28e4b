import CLinux
import Glibc
import WalletSystem

/// The client's side of stream sockets.
enum ClientSocket {
  /// Connects, or says why not.
  ///
  /// - Parameter server: HOST:PORT; an IPv6 host stands in brackets.
  static func connect(_ server: String, timeoutMilliseconds: Int32) throws(BenchFailure) -> Int32 {
    guard let colon = server.lastIndex(of: ":"), UInt16(server[server.index(after: colon)...]) != nil else {
      throw .unreachable("--server must be HOST:PORT, not \(server)")
    }
    var host = String(server[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, String(server[server.index(after: colon)...]), &hints, &list)
    defer { if let list = unsafe list { unsafe freeaddrinfo(list) } }
    guard code == 0, let first = unsafe list?.pointee else {
      throw .unreachable("can't find \(host): \(unsafe String(cString: gai_strerror(code)))")
    }
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = unsafe socket(first.ai_family, kind, 0)
    guard descriptor >= 0 else { throw .unreachable("can't open a socket: \(SystemError.last("socket"))") }
    var result = retryingInterrupts { unsafe Glibc.connect(descriptor, first.ai_addr, first.ai_addrlen) }
    if result < 0, errno == EINPROGRESS {
      result = wait(descriptor, POLLOUT, timeoutMilliseconds) ? pendingError(descriptor) : ETIMEDOUT
    } else if result < 0 {
      result = errno
    }
    if result != 0 {
      Glibc.close(descriptor)
      let reason = SystemError(call: "connect", number: result)
      throw .unreachable("can't reach a server at \(server) (\(reason)). Start one with: walletd serve")
    }
    var one: Int32 = 1
    _ = unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    return descriptor
  }

  static func waitToRead(_ descriptor: Int32, timeoutMilliseconds: Int32) -> Bool {
    wait(descriptor, POLLIN, timeoutMilliseconds)
  }

  /// Bytes received; 0 at the end of the stream; `nil` when there is nothing yet; -1 when the connection is broken.
  static func receive(_ descriptor: Int32, into buffer: inout [UInt8]) -> Int? {
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      retryingInterrupts { unsafe recv(descriptor, bytes.baseAddress, bytes.count, 0) }
    }
    if count < 0, errno == EAGAIN { return nil }
    return count
  }

  /// Bytes sent; `nil` when none can be now; -1 when the connection is broken.
  static func send(_ descriptor: Int32, _ buffer: [UInt8], from start: Int) -> Int? {
    let count = unsafe buffer.withUnsafeBytes { bytes in
      retryingInterrupts {
        unsafe Glibc.send(
          descriptor, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start, Int32(MSG_NOSIGNAL))
      }
    }
    if count < 0, errno == EAGAIN { return nil }
    return count
  }

  static func close(_ descriptor: Int32) { Glibc.close(descriptor) }

  /// Lets this process have as many descriptors as the system grants it.
  static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    // When it fails, connecting says which connection was one too many.
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  private static func wait(_ descriptor: Int32, _ events: Int32, _ timeoutMilliseconds: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    return retryingInterrupts { unsafe poll(&request, 1, timeoutMilliseconds) } > 0
  }

  private static func pendingError(_ descriptor: Int32) -> Int32 {
    var error: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    let result = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length)
    return result == 0 ? error : errno
  }
}
