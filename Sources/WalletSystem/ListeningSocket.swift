internal import CLinux
internal import Glibc

/// A TCP socket that listens.
package struct ListeningSocket: Sendable {
  let descriptor: Int32
  /// The address that it listens on, with the port that the system chose where 0 was asked for.
  package let address: SocketAddress

  /// Connections that may wait to be accepted.
  private static let backlog: Int32 = 1024

  package init(_ address: SocketAddress) throws(SystemError) {
    let descriptor = socket(
      address.family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .last("socket") }
    do throws(SystemError) {
      var one: Int32 = 1
      guard unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size)) == 0
      else { throw .last("setsockopt") }
      guard unsafe address.withPointer({ unsafe bind(descriptor, $0, $1) }) == 0 else { throw .last("bind \(address)") }
      guard Glibc.listen(descriptor, Self.backlog) == 0 else { throw .last("listen \(address)") }
      self.address = try SocketAddress(boundTo: descriptor)
      self.descriptor = descriptor
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }
  /// Takes over a socket that somebody else opened, bound and listens on.
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
    address = try SocketAddress(boundTo: descriptor)
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
}
