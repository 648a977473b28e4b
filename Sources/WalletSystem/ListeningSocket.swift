internal import CLinux
internal import Glibc

/// A TCP or Unix socket that listens.
package struct ListeningSocket: Sendable {
  package enum Address: Sendable, CustomStringConvertible {
    /// With the port that the system chose where 0 was asked for.
    case tcp(SocketAddress)
    case unix(path: String)

    package var description: String {
      switch self {
      case .tcp(let address): "\(address)"
      case .unix(let path): "unix:\(path)"
      }
    }

    /// Whether only this machine can reach it.
    package var isLocal: Bool {
      switch self {
      case .tcp(let address): address.isLoopback
      case .unix: true
      }
    }
  }

  let descriptor: Int32
  package let address: Address
  /// The file of a Unix socket that this process has made, to be removed with it.
  private var file: FileIdentity?

  /// Connections that may wait to be accepted.
  private static let backlog: Int32 = 1024
  /// What `sockaddr_un` has room for, less a NUL.
  package static let pathBytesMax = 107

  /// Listens on a TCP address.
  package init(_ address: SocketAddress) throws(SystemError) {
    let descriptor = try Self.makeSocket(address.family)
    do throws(SystemError) {
      var one: Int32 = 1
      guard unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size)) == 0
      else { throw .last("setsockopt") }
      guard unsafe address.withPointer({ unsafe bind(descriptor, $0, $1) }) == 0 else { throw .last("bind \(address)") }
      guard Glibc.listen(descriptor, Self.backlog) == 0 else { throw .last("listen \(address)") }
      self.address = .tcp(try SocketAddress(boundTo: descriptor))
      self.descriptor = descriptor
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  /// Listens on a Unix socket at a path of at most `pathBytesMax` bytes. One that a server left behind is replaced; where
  /// one still answers, the address is in use.
  ///
  /// - Parameter mode: Who may connect: those who may write to the file.
  package init(unix path: String, mode: UInt32) throws(SystemError) {
    try Self.removeStale(path)
    let descriptor = try Self.makeSocket(AF_UNIX)
    do throws(SystemError) {
      // The file gets the mode of the socket, so that at no time more may connect than later.
      guard fchmod(descriptor, mode) == 0 else { throw .last("fchmod unix:\(path)") }
      guard unsafe Self.withAddress(path, { unsafe bind(descriptor, $0, $1) }) == 0 else {
        throw .last("bind unix:\(path)")
      }
      file = FileIdentity(path)
      // What the umask took away.
      guard unsafe chmod(path, mode) == 0 else { throw .last("chmod \(path)") }
      guard Glibc.listen(descriptor, Self.backlog) == 0 else { throw .last("listen unix:\(path)") }
    } catch {
      Glibc.close(descriptor)
      throw error
    }
    address = .unix(path: path)
    self.descriptor = descriptor
  }

  /// Takes over a socket that somebody else opened, bound and listens on. The file of a Unix socket is left where it is.
  package init(adopting descriptor: Int32) throws(SystemError) {
    let name = "descriptor \(descriptor)"
    let flags = walletd_fcntl(descriptor, F_GETFL, 0)
    guard flags >= 0 else { throw .last(name) }
    guard try Self.option(SO_TYPE, of: descriptor, name) == Int32(SOCK_STREAM.rawValue),
      try Self.option(SO_ACCEPTCONN, of: descriptor, name) == 1
    else { throw SystemError(call: "\(name) isn't a stream socket that listens", number: EINVAL) }
    guard walletd_fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0,
      walletd_fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
    else { throw .last("fcntl of \(name)") }
    let address = try SocketAddress(boundTo: descriptor)
    self.address = address.unixPath.map { .unix(path: $0) } ?? .tcp(address)
    self.descriptor = descriptor
  }

  private static func option(_ option: Int32, of descriptor: Int32, _ name: String) throws(SystemError) -> Int32 {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard unsafe getsockopt(descriptor, SOL_SOCKET, option, &value, &length) == 0 else {
      throw .last("getsockopt of \(name)")
    }
    return value
  }

  /// Accepts no more, and removes the file of a Unix socket that this process has made.
  func close() {
    Glibc.close(descriptor)
    // Another server may have put its own there meanwhile.
    if let file, FileIdentity(file.path) == file { unsafe unlink(file.path) }
  }

  private static func makeSocket(_ family: Int32) throws(SystemError) -> Int32 {
    let descriptor = socket(
      family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .last("socket") }
    return descriptor
  }

  // MARK: Unix sockets

  /// Removes a socket on which nobody listens. Anything else stays, and is in the way of `bind`.
  private static func removeStale(_ path: String) throws(SystemError) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw SystemError(call: "\(path) is there and isn't a socket", number: EEXIST)
    }
    let probe = try makeSocket(AF_UNIX)
    defer { Glibc.close(probe) }
    let result = retryingInterrupts { unsafe withAddress(path) { unsafe connect(probe, $0, $1) } }
    // A full backlog is one of somebody who listens.
    guard result != 0, errno == ECONNREFUSED else { throw SystemError(call: "bind unix:\(path)", number: EADDRINUSE) }
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .last("unlink \(path)") }
  }

  @unsafe
  private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    precondition(path.utf8.count <= pathBytesMax)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// Tells whether a path still leads to the same file.
  private struct FileIdentity: Equatable {
    let path: String
    private let device: UInt64
    private let number: UInt64

    init?(_ path: String) {
      var status = stat()
      guard unsafe lstat(path, &status) == 0 else { return nil }
      self.path = path
      device = UInt64(status.st_dev)
      number = UInt64(status.st_ino)
    }
  }
}
