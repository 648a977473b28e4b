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
}
