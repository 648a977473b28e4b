import CLinux
import Glibc
import WalletSystem

/// The client's side of stream sockets.
enum ClientSocket {
  /// Connects, or says why not.
  ///
  /// - Parameter server: HOST:PORT, where an IPv6 host stands in brackets, or unix:PATH.
  static func connect(_ server: String, timeoutMilliseconds: Int32) throws(BenchFailure) -> Int32 {
    if server.hasPrefix("unix:") { return try connect(path: String(server.dropFirst(5))) }
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

  private static func connect(path: String) throws(BenchFailure) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw .unreachable("the path of --server is too long for a Unix socket: \(path)")
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { throw .unreachable("can't open a socket: \(SystemError.last("socket"))") }
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        retryingInterrupts { unsafe Glibc.connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_un>.size)) }
      }
    }
    guard result == 0 else {
      let reason = SystemError.last("connect")
      Glibc.close(descriptor)
      throw .unreachable("can't reach a server at unix:\(path) (\(reason)). Start one with: walletd serve")
    }
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

  /// The same, behind what is there, and at most 64 KiB.
  static func receive(_ descriptor: Int32, appendingTo bytes: inout [UInt8]) -> Int? {
    unsafe withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 64) { buffer in
      let count = retryingInterrupts { unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0) }
      if count < 0, errno == EAGAIN { return nil }
      if count > 0 { unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
      return count
    }
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
