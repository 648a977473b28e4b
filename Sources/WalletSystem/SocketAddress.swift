// For SOCK_STREAM: clang takes it for that of whichever module it has read first.
internal import CLinux
internal import Glibc

/// An IPv4 or IPv6 address with a port.
package struct SocketAddress: Sendable, CustomStringConvertible {
  private var storage: sockaddr_storage
  private var length: socklen_t

  /// Why text is not an address.
  package struct ParseError: Error, Sendable {
    package var message: String

    package init(message: String) { self.message = message }
  }

  /// Reads `HOST:PORT`, where an IPv6 host stands in brackets and names are looked up. May block while it looks up.
  package init(_ text: String) throws(ParseError) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw ParseError(message: "\"\(text)\" is not HOST:PORT")
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty else { throw ParseError(message: "\"\(text)\" has no host") }
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, String(port), &hints, &list)
    defer { if let list = unsafe list { unsafe freeaddrinfo(list) } }
    guard code == 0, let first = unsafe list?.pointee, let address = unsafe first.ai_addr else {
      throw ParseError(message: "\(host): \(unsafe String(cString: gai_strerror(code)))")
    }
    unsafe self.init(address, first.ai_addrlen)
  }

  /// The address that a socket is bound to.
  init(boundTo descriptor: Int32) throws(SystemError) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(descriptor, $0, &length) }
    }
    guard result == 0 else { throw .last("getsockname") }
    self.storage = storage
    self.length = length
  }

  @unsafe
  private init(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) {
    storage = sockaddr_storage()
    self.length = length
    unsafe withUnsafeMutableBytes(of: &storage) {
      unsafe $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(length)))
    }
  }

  var family: Int32 { Int32(storage.ss_family) }

  @unsafe
  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    unsafe withUnsafePointer(to: storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
    }
  }

  package var description: String { "\(bracketedHost):\(port)" }

  /// Numeric.
  package var host: String { unsafe withPointer { pointer, _ in unsafe Self.host(of: pointer) } }

  package var bracketedHost: String { family == AF_INET6 ? "[\(host)]" : host }

  /// The path of a Unix socket; `nil` for any other address.
  var unixPath: String? {
    guard family == AF_UNIX else { return nil }
    let bytes = unsafe withUnsafeBytes(of: storage) { unsafe Array($0.prefix(Int(length)).dropFirst(2)) }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  package var port: UInt16 {
    unsafe withPointer { pointer, _ in
      unsafe UnsafeRawPointer(pointer).loadUnaligned(fromByteOffset: 2, as: UInt16.self).bigEndian
    }
  }

  package var isLoopback: Bool {
    Self.isLoopback(host: unsafe withPointer { pointer, _ in unsafe Self.host(of: pointer) })
  }

  /// The host of whoever comes over a Unix socket.
  package static let localHost = "local"

  /// Whether a numeric host, or `localHost`, is this machine's own.
  package static func isLoopback(host: String) -> Bool {
    host.hasPrefix("127.") || host == "::1" || host == "::ffff:127.0.0.1" || host == localHost
  }

  /// The numeric host of an address; `localHost` for a Unix socket.
  @unsafe
  static func host(of address: UnsafePointer<sockaddr>) -> String {
    let family = unsafe Int32(address.pointee.sa_family)
    guard family == AF_INET || family == AF_INET6 else { return localHost }
    let length = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let code = unsafe getnameinfo(
      address, socklen_t(length), &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST)
    guard code == 0 else { return "unknown" }
    return String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
